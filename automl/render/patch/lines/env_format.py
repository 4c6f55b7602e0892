"""`.env` files: only the text of a changed value becomes another."""

import re
from collections.abc import Mapping
from typing import Any

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.edits import Edit, edited, line_end
from automl.render.patch.lines.env_text import parse_env
from automl.render.patch.lines.words import word_of
from automl.render.patch.patcher import Steps

_WHAT = ".env"
_PLAIN = re.compile(r"[\w./:,+@%=^-]*", re.ASCII)
"""What a shell, too, takes as it is."""

_LOOSE = re.compile(r"[^\s'\"#$`\\](?:[^\r\n'\"#$`\\]*[^\s'\"#$`\\])?")
_KEY = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


class EnvFormat:
    """Patches `.env` files; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".env",)

    def data(self, text: str) -> dict[str, Any]:
        """Return the variables, all of them texts, references to others as written."""
        return {one.key: one.value for one in parse_env(text)}

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401 - any value
        """Return a value as a `.env` file has it; see `Patcher`."""
        return word_of(value, before=before, what=_WHAT)

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        there = {one.key: one for one in parse_env(text)}
        edits = []
        for steps, value in changes.items():
            variable = there[_key(steps)]
            word = word_of(value, before=variable.value, what=_WHAT)
            loose = not variable.quote and not _PLAIN.fullmatch(variable.value)
            written = _written(word, variable.quote, line_end(text), loose=loose)
            behind = " " if text[variable.end : variable.end + 1] == "#" else ""
            edits.append(Edit(variable.start, variable.end, written + behind))
        return edited(text, edits)

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
        """Return the text with a variable more; see `Patcher`."""
        key = _key(steps)
        if not _KEY.fullmatch(key):
            raise SpecError(f"{key!r} is no name of a variable: letters, digits and underscores")
        end = line_end(text)
        gap = end if text and text[-1] not in "\r\n" else ""
        word = _written(word_of(value, before=None, what=_WHAT), "", end, loose=False)
        return f"{text}{gap}{key}={word}{end}"


def _key(steps: Steps) -> str:
    if len(steps) == 1:
        return str(steps[0])
    raise SpecError(
        f"{path_text(steps)!r}: a .env file has variables with one text each; write NAME, or "
        "['a.b'] for a name with a dot"
    )


def _written(word: str, quote: str, end: str, *, loose: bool) -> str:
    """Return a text so that shells and readers of `.env` files take it for itself.

    Args:
        word: the text.
        quote: what the value before stood in, which stays where it can.
        end: how lines end.
        loose: the value before stood without quotes though a shell needs them.
    """
    plain = _PLAIN.fullmatch(word) or (loose and _LOOSE.fullmatch(word))
    if not quote and plain:
        return word
    single = not re.search(r"'|\\\\|\\$", word)
    double = not re.search(r"[$`]", word)
    if single and (quote != '"' or not double):
        written = f"'{word}'"
    elif double:
        written = '"' + re.sub(r"([\\\"])", r"\\\1", word) + '"'
    else:
        raise SpecError(f"no quotes keep {word!r} as it is in every program that reads .env files")
    return written.replace("\n", end)
