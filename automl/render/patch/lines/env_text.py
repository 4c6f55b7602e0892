"""Where each variable of a `.env` text stands, read as python-dotenv reads it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from automl.errors import SpecError
from automl.render.patch.edits import line_number

_ASSIGNMENT = re.compile(
    r"""
    \ufeff? [^\S\r\n]* (?:export[^\S\r\n]+)?
    (?: (?P<key>[^=\#\s'"]+) | '(?P<quoted>[^'\r\n]+)' ) [^\S\r\n]* = (?P<gap>[^\S\r\n]*)
    (?P<value>
        (?P<one>'(?:\\'|[^'])*')
        | (?P<two>"(?:\\"|\\\\|[^"])*")
        | (?P<bare>[^'"\r\n][^\r\n]*)?
    )
    (?P<rest>[^\r\n]*)
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r"[^\S\r\n]+#.*")
_IN_SINGLE = re.compile(r"\\([\\'])")
_IN_DOUBLE = re.compile(r"\\([\\'\"$`abfnrtv])")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a `.env` text.

    Attributes:
        key: its name.
        start: the first character of its value, the quotes too.
        end: what follows the last one.
        value: its value.
        quote: what it stands in, empty if in no quotes.
    """

    key: str
    start: int
    end: int
    value: str
    quote: str


def parse_env(text: str) -> Iterator[Variable]:
    """Yield the variables of a text; lines that set none are passed over, as by its readers.

    Raises:
        SpecError: a text in quotes does not end, or something follows it.
    """
    start = 0
    while start < len(text):
        found = _ASSIGNMENT.match(text, start)
        if found:
            yield _variable(text, found)
        end = _LINE_END.search(text, found.end() if found else start)
        start = end.end() if end else len(text)


def _variable(text: str, found: re.Match[str]) -> Variable:
    key = found["key"] or found["quoted"]
    begin, end = found.span("value")
    value = found["value"]
    if found["one"] is not None or found["two"] is not None:
        if _COMMENT.sub("", found["rest"]).strip():
            raise _wrong(text, begin, f"{key}: {found['rest'].strip()[:40]!r} follows the quotes")
        return Variable(key, begin, end, _decoded(value), value[0])
    if found["rest"]:
        raise _wrong(text, begin, f"{key}: a quote that does not end")
    # The gap belongs to a comment that takes the value's place.
    value = _COMMENT.sub("", found["gap"] + value).strip()
    return Variable(key, begin, begin + len(value), value, "")


def _decoded(quoted: str) -> str:
    """Return what a text in quotes means; its line ends are newlines."""
    inner = _LINE_END.sub("\n", quoted[1:-1])
    pattern = _IN_SINGLE if quoted[0] == "'" else _IN_DOUBLE
    return pattern.sub(lambda found: _LETTERS.get(found[1], found[1]), inner)


def _wrong(text: str, at: int, what: str) -> SpecError:
    return SpecError(f"it is no .env: line {line_number(text, at)}: {what}")
