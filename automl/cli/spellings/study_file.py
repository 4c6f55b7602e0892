"""The spelling of study files: `max_trial_num: 40`, or as JSON and TOML have it."""

import json
from collections.abc import Mapping, Sequence


class StudyFileText:
    """How a study's file writes.

    Args:
        suffix: how the file's name ends, `.yaml`, `.json` or `.toml`.
    """

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix
        self._between = " = " if suffix == ".toml" else ": "

    def name(self, keyword: str) -> str:
        """Return a key."""
        return json.dumps(keyword) if self._suffix == ".json" else keyword

    def setting(self, keyword: str, value: object) -> str:
        """Return a key with its value."""
        return f"{self.name(keyword)}{self._between}{self._value(value)}"

    def part(self, keyword: str, options: Mapping[str, object]) -> str:
        """Return a part as a dictionary on one line."""
        del keyword
        inside = ", ".join(self.setting(name, value) for name, value in options.items())
        return f"{{{inside}}}" if inside else "a dictionary of its options"

    def _value(self, value: object) -> str:
        if value is ...:
            return "..."
        if isinstance(value, Mapping):
            return self.part("", value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return f"[{', '.join(map(self._value, value))}]"
        if isinstance(value, str):
            return self._text(value)
        return json.dumps(value, default=str)

    def _text(self, text: str) -> str:
        """Return a text; patterns keep their backslashes single, where the format allows it."""
        if self._suffix == ".json":
            return json.dumps(text, ensure_ascii=False)
        if self._suffix == ".toml":
            literal = "\\" in text and "'" not in text and text.isprintable()
            return f"'{text}'" if literal else json.dumps(text, ensure_ascii=False)
        from automl.render.config import yaml_line  # noqa: PLC0415 - most commands say nothing

        return yaml_line(text)
