"""How a value must be quoted at a place in a user's shell line."""

import re
import shlex
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Quoting(StrEnum):
    """What is done to a value so that the shell takes it as the text it is."""

    WORD = "word"
    FORCED = "forced"
    SINGLE = "single"
    DOUBLE = "double"
    PLAIN = "plain"


def single_quoted(text: str) -> str:
    """Return `text` in single quotes, even where it needs none."""
    return f"'{_inside_single(text)}'"


def quote(quoting: Quoting, text: str) -> str:
    r"""Return `text` as it must be written at a place of this kind.

    | place   | written                                                        |
    |---------|----------------------------------------------------------------|
    | WORD    | in single quotes, unless it is plain                           |
    | FORCED  | in single quotes                                               |
    | SINGLE  | as it is, `'` as `'"'"'`: the place is inside single quotes    |
    | DOUBLE  | as it is, with a `\` before what is special in double quotes   |
    | PLAIN   | as it is                                                       |

    >>> quote(Quoting.WORD, "a b"), quote(Quoting.DOUBLE, "a b $x"), quote(Quoting.WORD, "0.1")
    ("'a b'", 'a b \\$x', '0.1')

    Raises:
        ValueError: the place is PLAIN and `text` is not: it has other characters than letters,
            digits and `@%+=:,./-_`, or none.
    """
    if quoting is Quoting.WORD:
        return shlex.quote(text)
    if quoting is Quoting.DOUBLE:
        return re.sub(r'([\\"$`])', r"\\\1", text)
    if quoting is Quoting.SINGLE:
        return _inside_single(text)
    if quoting is Quoting.FORCED:
        return single_quoted(text)
    if shlex.quote(text) != text:
        raise ValueError(
            f"the value {text!r} cannot be quoted safely at its place (behind backquotes, "
            "a backslash, '$', '$((', '$(' in double quotes, or within '${...}', a comment or a "
            "here-document); put it as a word of its own, or give the command as a list"
        )
    return text


def _inside_single(text: str) -> str:
    return text.replace("'", "'\"'\"'")


@dataclass(slots=True)
class Spot:
    """One place where a value goes; what follows it in the line may still change `quoting`."""

    quoting: Quoting


State: TypeAlias = tuple[str, str, bool, bool, str]


class ShellScanner:
    """Follows a shell line from left to right and says how a value is quoted at each place.

    It knows quotes, backslashes, comments, `${...}` and where here-documents begin. From anything
    harder on (backquotes, arithmetic, `$(...)` in double quotes, the text of a here-document) it
    allows only plain values, which are the same with and without quotes.
    """

    def __init__(self) -> None:
        self._mode = "code"
        self._behind_brace = "code"
        self._escaped = False
        self._here_document = False
        self._previous = "\n"
        self._spot: Spot | None = None

    @property
    def state(self) -> State:
        """Where the scanner stands; two places of equal state are quoted alike."""
        joining = self._previous if self._previous in "$(<" else ""
        return self._mode, self._behind_brace, self._escaped, self._here_document, joining

    def feed(self, text: str) -> None:
        """Go on over a piece of the user's own text."""
        if text and self._spot and self._spot.quoting is Quoting.WORD and text[0] in "<>":
            # A bare 2 in front of `>` would be read as a file descriptor.
            self._spot.quoting = Quoting.FORCED
        if text:
            self._spot = None
        for char in text:
            if self._escaped:
                self._escaped = False
                self._previous = "x"
                continue
            self._mode = self._next_mode(char)
            self._previous = char

    def value(self) -> Spot:
        """Note that a value is inserted here, and return how it is quoted."""
        quoting = {
            "code": Quoting.WORD,
            "single": Quoting.SINGLE,
            "double": Quoting.DOUBLE,
        }.get(self._mode, Quoting.PLAIN)
        if self._escaped or (self._previous == "$" and self._mode != "single"):
            quoting = Quoting.PLAIN
        self._escaped = False
        self._previous = "x"
        self._spot = Spot(quoting)
        return self._spot

    def _next_mode(self, char: str) -> str:
        if self._mode == "code":
            return self._from_code(char)
        if self._mode == "double":
            return self._from_double(char)
        if self._mode == "brace":
            return self._from_brace(char)
        if self._mode == "single" and char == "'":
            return "code"
        if self._mode == "comment" and char == "\n":
            return "unclear" if self._here_document else "code"
        return self._mode

    def _from_brace(self, char: str) -> str:
        if char == "}":
            return self._behind_brace
        return "unclear" if char in "'\"\\`$" else "brace"

    def _from_code(self, char: str) -> str:
        pair = self._previous + char
        if char == "`" or pair in {"$'", "$[", "(("}:
            return "unclear"
        if char == "\n" and self._here_document:
            return "unclear"
        if char == "#" and self._previous in " \t\n;&|(":
            return "comment"
        if pair == "<<":
            self._here_document = True
        if pair == "${":
            self._behind_brace = "code"
            return "brace"
        self._escaped = char == "\\"
        return {"'": "single", '"': "double"}.get(char, "code")

    def _from_double(self, char: str) -> str:
        pair = self._previous + char
        if char == "`" or pair in {"$(", "$["}:
            return "unclear"
        if pair == "${":
            self._behind_brace = "double"
            return "brace"
        self._escaped = char == "\\"
        return "code" if char == '"' else "double"
