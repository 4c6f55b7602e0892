"""TOML files: only the text of a changed value becomes another."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.number_words import float_word
from automl.render.patch.patcher import Steps

_BOM = "\ufeff"
_NEWLINE = re.compile(r"(?<!\r)\n")
_DATES = (dt.date, dt.time)


class TomlFormat:
    """Patches TOML; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".toml",)

    def data(self, text: str) -> dict[str, Any]:
        """Return what a text holds; see `Patcher`."""
        try:
            return tomllib.loads(text.removeprefix(_BOM))
        except tomllib.TOMLDecodeError as error:
            raise SpecError(f"it is no TOML: {error}") from error

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401 - any value
        """Return a value as TOML has it: a date in place of a date; see `Patcher`."""
        if isinstance(value, str) and isinstance(before, _DATES):
            return _date(value, before)
        if isinstance(value, dict):
            known = before if isinstance(before, dict) else {}
            return {key: self.as_read(one, known.get(key)) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.as_read(one, None) for one in value]
        if value is None:
            raise SpecError("TOML has no null; leave the key out of the file, or set a value")
        return value

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        import tomlkit  # noqa: PLC0415 - slow to load

        document = tomlkit.parse(text.removeprefix(_BOM))
        for steps, value in changes.items():
            around: Any = document
            for step in steps[:-1]:
                around = around[step]
            around[steps[-1]] = self._item(around[steps[-1]], steps, value)
        return _like(text, tomlkit.dumps(document))

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
        """Return the text with a key or an item more; see `Patcher`."""
        import tomlkit  # noqa: PLC0415 - slow to load

        document = tomlkit.parse(text.removeprefix(_BOM))
        around: Any = document
        for step in steps[:-1]:
            around = around[step]
        item = tomlkit.value(_word(self.as_read(value, None)))
        if isinstance(around, tomlkit.items.AoT):
            raise SpecError(
                f"{path_text(steps)!r} would be one more [[{path_text(steps[:-1])}]]; "
                "write a first value for it into the file"
            )
        if isinstance(steps[-1], int):
            around.append(item)
        else:
            around[steps[-1]] = item
        return _like(text, tomlkit.dumps(document))

    def _item(self, old: Any, steps: Steps, value: object) -> Any:  # noqa: ANN401 - tomlkit's
        """Return what takes the place of a part of a document."""
        import tomlkit  # noqa: PLC0415 - slow to load
        from tomlkit.items import AoT, InlineTable, Item, String  # noqa: PLC0415 - as above

        if isinstance(old, AoT | dict) and not isinstance(old, InlineTable):
            raise SpecError(
                f"{path_text(steps)!r} is a table with lines of its own; set the values in it"
            )
        if isinstance(value, str) and isinstance(old, String):
            return _text_like(old.as_string(), value)
        before = old.unwrap() if isinstance(old, Item) else old
        return tomlkit.value(_word(self.as_read(value, before)))


def _like(text: str, written: str) -> str:
    """Return what was written with the mark at its beginning and the line ends of a text."""
    if "\r\n" in text and not _NEWLINE.search(text):
        written = _NEWLINE.sub("\r\n", written)
    return _BOM + written if text.startswith(_BOM) else written


def _date(text: str, before: object) -> object:
    """Return the date, time or both that a text is, or the text, if it is none of that kind."""
    try:
        found = tomllib.loads(f"date = {text}")["date"] if "\n" not in text else text
    except tomllib.TOMLDecodeError:
        return text
    return found if type(found) is type(before) else text


def _text_like(old: str, value: str) -> Any:  # noqa: ANN401 - tomlkit's
    """Return a text in such quotes as another, if they can hold it."""
    import tomlkit  # noqa: PLC0415 - slow to load

    quote = next(one for one in ("'''", '"""', "'", '"') if old.startswith(one))
    literal = quote[0] == "'" and value.isprintable() and "'" not in value
    several = len(quote) > 1 and "\r" not in value
    word = tomlkit.string(value, literal=literal, multiline=several).as_string()
    first = "\n" if several and old[len(quote) :].startswith(("\n", "\r\n")) else ""
    return tomlkit.value(word[: len(quote)] + first + word[len(quote) :] if first else word)


def _word(value: object) -> str:
    """Return a value as TOML writes it in one line."""
    import tomlkit  # noqa: PLC0415 - slow to load

    if isinstance(value, dict):
        pairs = [
            f"{tomlkit.key(str(key)).as_string()} = {_word(one)}" for key, one in value.items()
        ]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_word, value))}]"
    if isinstance(value, float):
        return float_word(value)
    return str(tomlkit.item(value).as_string())
