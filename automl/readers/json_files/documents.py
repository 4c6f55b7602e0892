"""The JSON documents of a text that comes in pieces: one alone, one a line, one behind another."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LARGEST_CHARS = 32 << 20
"""A longer document is not read: it would take a gigabyte as Python has it."""

_BETWEEN = re.compile(r"[\s\x1e\ufeff]*")
_BLANKS = re.compile(r"[ \t]*")
_STRING = r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"'
_INSIDE = re.compile(rf"[}}\],:]|{_STRING}[ \t]*:")
_SEVERAL = re.compile(r'["{,]')
_BEGINNING = re.compile(r"""[\[{"\-\dNItfn]""")
_REST_OF_LINE = re.compile(r"[ \t,]*(?:\n|$)")
_GOES_ON = ("{", "[", ",", ":")
_UNFINISHED = re.compile(r".{0,16}\s*\Z", re.DOTALL)
"""No word or number of JSON that was cut off leaves a mistake that lies further from the end."""

_SHOWN_CHARS = 200
_BEHIND_CHARS = 64 << 10
_MOST_TWICE = 100


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    Attributes:
        value: what it says.
        line: the number of the line in which it begins.
        text: the beginning of that line.
    """

    value: Any
    line: int
    text: str


class Documents:
    """Takes documents out of a text, each once it is whole.

    A line that is no JSON, such as a message among lines of JSON, is passed over; so is a line that
    a crash cut off, if the next ones are documents again. Where a document of several lines is
    broken, what follows may be a part of it, and is left out: of a part no number is read.

    Attributes:
        left_out: what was left out, in words; empty for nothing.
        mistake: the first mistake, with its line; empty without one.
        unfinished: whether the text ended within a document.
        twice: keys that stood twice in one object, the first ones.
    """

    def __init__(self) -> None:
        self.left_out = ""
        self.mistake = ""
        self.unfinished = False
        self.twice: set[str] = set()
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object)
        # A line may end in "\r" alone, and no text within a document has one.
        self._newlines = io.IncrementalNewlineDecoder(None, translate=True)
        self._text = ""
        self._at = 0
        self._line = 1
        self._skips_line = self._comma_may_follow = False
        self._patience = 0

    def feed(self, text: str, *, final: bool, more: bool) -> Iterator[Document]:
        """Yield the documents that a text completes; exhaust it before the next call."""
        if self.left_out:
            return
        self._text += self._newlines.decode(text, final=final)
        # One that did not end is tried again once there is much more of it, or no more for now.
        if more and len(self._text) < self._patience:
            return
        self._patience = 0
        while self._begins():
            found = self._decoded(final=final)
            if found is None:
                break
            yield from found
        self._text = self._text[self._at :]
        self._at = 0
        if len(self._text) > LARGEST_CHARS:
            self._give_up(
                f"the JSON that begins in line {self._line} is longer than {LARGEST_CHARS:,} "
                "characters, and is not read"
            )

    def _begins(self) -> bool:
        """Go to the next document; tell whether there is one."""
        while True:
            if self._skips_line and not self._skip_line():
                return False
            if self._comma_may_follow and not self._pass_comma():
                return False
            self._go_to(_BETWEEN.match(self._text, self._at).end())  # type: ignore[union-attr] # it matches nothing too
            if self._at == len(self._text):
                self.unfinished = False
                return False
            if _INSIDE.match(self._text, self._at):
                self._break_off("a part of a document whose beginning is not there", self._at)
                return False
            if _BEGINNING.match(self._text, self._at):
                return True
            self._note("no JSON", self._at)
            self._skips_line = True

    def _decoded(self, *, final: bool) -> list[Document] | None:
        """Return the next document; nothing for a broken line, None if it has not ended yet."""
        start = self._at
        try:
            value, end = self._decoder.raw_decode(self._text, start)
        except json.JSONDecodeError as error:
            if not final and self._may_go_on(error):
                self.unfinished = True
                self._patience = 2 * (len(self._text) - start)
                return None
            return self._broken(error.msg, error.pos, final=final)
        except RecursionError:
            return self._broken("nested too deeply", start, final=final, begun=True)
        except ValueError:
            return self._broken("a number of too many digits", start, final=final, begun=True)
        if not isinstance(value, dict | list):
            whole = self._is_alone(end, final=final)
            if not whole:
                return None if whole is None else self._broken("no JSON", end, final=final)
        document = Document(value, self._line, self._shown(start))
        self.unfinished = False
        self._go_to(end)
        self._comma_may_follow = True
        return [document]

    def _is_alone(self, end: int, *, final: bool) -> bool | None:
        """Tell whether nothing follows a number or a text in its line; None if it may go on."""
        rest = _REST_OF_LINE.match(self._text, end)
        if rest is None:
            return False
        return True if final or rest.end() < len(self._text) or rest[0].endswith("\n") else None

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Tell whether a document may only lack its end."""
        return (
            error.msg.startswith("Unterminated string")
            or _UNFINISHED.match(self._text, error.pos) is not None
        )

    def _broken(
        self, what: str, place: int, *, final: bool, begun: bool = False
    ) -> list[Document] | None:
        """Pass over a line that is no document; give up where the next ones may be a part of it."""
        end = self._text.find("\n", self._at)
        begun = begun or 0 <= end < place
        if begun or _SEVERAL.search(self._text, self._at + 1, place):
            if end < 0 and not final:
                # How the line ends tells what follows it.
                self._patience = 2 * (len(self._text) - self._at)
                return None
            line = self._text[self._at : end if end >= 0 else len(self._text)]
            if line.rstrip().endswith(_GOES_ON):
                self._break_off(what, place)
                return []
        self._note(what, place)
        self._skips_line = True
        if self._at > _BEHIND_CHARS:
            # What tells of a mistake counts the lines from the beginning of the text.
            self._text, self._at = self._text[self._at :], 0
        return []

    def _break_off(self, what: str, place: int) -> None:
        mistake = self._note(what, place)
        self._give_up(f"its JSON is broken in {mistake}: what follows is not read")

    def _give_up(self, why: str) -> None:
        self.left_out = why
        self._text, self._at = "", 0

    def _skip_line(self) -> bool:
        """Go behind the end of this line; tell whether it is there yet."""
        end = self._text.find("\n", self._at)
        self._skips_line = end < 0
        self._go_to(end + 1 if end >= 0 else len(self._text))
        return end >= 0

    def _pass_comma(self) -> bool:
        """Go behind a comma that may follow a document in its line; tell whether that is known."""
        end = _BLANKS.match(self._text, self._at).end()  # type: ignore[union-attr] # it matches nothing too
        if end == len(self._text):
            return False
        self._comma_may_follow = False
        self._go_to(end + self._text.startswith(",", end))
        return True

    def _go_to(self, place: int) -> None:
        self._line += self._text.count("\n", self._at, place)
        self._at = place

    def _note(self, what: str, place: int) -> str:
        """Return a mistake with its line; the first one is kept."""
        line = self._line + self._text.count("\n", self._at, place)
        start = self._text.rfind("\n", 0, place) + 1
        mistake = f"line {line}, {self._shown(start)[:80]!r}: {what}"
        self.mistake = self.mistake or mistake
        return mistake

    def _shown(self, start: int) -> str:
        """Return the beginning of a line."""
        return self._text[start : start + _SHOWN_CHARS].partition("\n")[0].rstrip()

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs) and len(self.twice) < _MOST_TWICE:
            self.twice |= {
                key for key, count in Counter(key for key, _ in pairs).items() if count > 1
            }
        return found
