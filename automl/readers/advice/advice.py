"""What to tell of a file in which no number was found, while its program runs and at its end."""

import os
import re
from collections.abc import Sequence
from typing import Protocol

from automl.readers.advice.line_breaks import matches_across
from automl.readers.advice.outputs import line_with_number, names_in, size_of, tail_of
from automl.readers.advice.proposal import Proposal, propose, words_of
from automl.readers.follower import NO_MATCH_YET
from automl.spelling.spelling import spelled
from automl.study.tasks.reader import LocalReader

_LIKED_LOOKS, _REPEATED_LOOKS, _SOME_LOOKS, _MANY_LOOKS = 2, 3, 5, 10
_REPEATED, _MANY_LINES = 3, 20
_LOOKS_ELSEWHERE = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89}
_SHOWN_CHARS = 120


class Followed(Protocol):
    """A file without a number, as far as it was read."""

    @property
    def line_count(self) -> int:
        """How many lines it has."""
        ...

    @property
    def recent(self) -> Sequence[str]:
        """The last of them."""
        ...

    @property
    def unparsed(self) -> tuple[str, str] | None:
        """The first text that matched and is no number, and its line."""
        ...


class Advice:
    """Looks at what a program prints as long as no number was found.

    It tells once, and only when lines have come in several looks: many programs print their metric
    at the end. Where it says what to write, that was tried on the program's own lines.

    Args:
        reader: what was described.
        path: its file.
        outputs: other files that the program may have printed it to.
        maximize: whether the number is to be large or small; None where that is not known.
    """

    def __init__(
        self,
        reader: LocalReader,
        path: str,
        outputs: Sequence[str],
        *,
        maximize: bool | None = None,
    ) -> None:
        self._maximize = maximize
        self._pattern = reader.parser_pattern
        self._names = words_of(reader.parser_pattern, reader.metric)
        self._path = path
        self._others = [one for one in outputs if one != path]
        self._lines = self._looks = self._size = self._looks_elsewhere = 0
        self._told: dict[str, str] = {}

    def look(self, file: Followed) -> dict[str, str]:
        """Return what to tell by now of a program that runs, by kind; once told, it stays."""
        if file.line_count > self._lines:
            self._looks += 1
        grew, self._lines = file.line_count > self._lines, file.line_count
        if file.unparsed and "no number" not in self._told:
            self._told["no number"] = self._no_number(*file.unparsed)
        elif grew and not self._told:
            self._tell_silence(file)
        if not self._told:
            self._tell_elsewhere()
        return self._told

    def at_end(self, file: Followed) -> str:
        """Return the likely cause and what to do, to be put behind the reason; empty if unknown."""
        cause = self._elsewhere() or (
            self._across(file) if file.line_count else self._missing_file()
        )
        if cause:
            return f"; {cause}"
        lines = [file.unparsed[1]] if file.unparsed else file.recent
        found = self._propose(lines) or self._propose(self._tails())
        if found is None:
            return ""
        return f"; if {found.line.strip()[:_SHOWN_CHARS]!r} has the metric: {found}"

    def _propose(self, lines: Sequence[str]) -> Proposal | None:
        return propose(lines, self._names, maximize=self._maximize)

    def _tell_silence(self, file: Followed) -> None:
        found = self._propose(file.recent)
        if not self._is_time(file, found):
            return
        shown = (found.line if found else file.recent[-1]).strip()[:_SHOWN_CHARS]
        cure = f": if it is there, {found}" if found else ""
        self._told[NO_MATCH_YET] = (
            f"parser_pattern {self._pattern!r} has not matched yet in the {file.line_count} lines "
            f"of {self._path}, such as {shown!r}{cure}. All is well if the metric comes later"
        )

    def _is_time(self, file: Followed, found: Proposal | None) -> bool:
        if found is None:
            return self._looks >= _MANY_LOOKS
        if found.liked:
            return self._looks >= _LIKED_LOOKS
        alike = sum(re.search(found.pattern, line) is not None for line in file.recent)
        if alike >= _REPEATED and self._looks >= _REPEATED_LOOKS:
            return True
        return self._looks >= _SOME_LOOKS and file.line_count >= _MANY_LINES

    def _no_number(self, text: str, line: str) -> str:
        found = self._propose([line])
        cure = f". In this line, {found}" if found else ""
        return (
            f"parser_pattern {self._pattern!r} matched {text[:_SHOWN_CHARS]!r} in the line "
            f"{line.strip()[:_SHOWN_CHARS]!r} of {self._path}, which is no number, and none was "
            f"read yet{cure}"
        )

    def _tell_elsewhere(self) -> None:
        size = sum(map(size_of, self._others))
        if size == self._size:
            return
        self._size = size
        self._looks_elsewhere += 1
        if self._looks_elsewhere in _LOOKS_ELSEWHERE:
            cause = self._elsewhere()
            if cause:
                self._told[NO_MATCH_YET] = (
                    f"parser_pattern {self._pattern!r} has not matched yet in {self._path}, but "
                    f"{cause}"
                )

    def _elsewhere(self) -> str:
        """Tell where the pattern does match, empty if it matches nowhere."""
        for path in self._others:
            line = line_with_number(self._pattern, tail_of(path))
            if line is not None:
                name = os.path.basename(path)  # noqa: PTH119 - a text
                there = spelled("location", f"{{{{ trial.dir }}}}/{name}")
                return (
                    f"it matches {line.strip()[:_SHOWN_CHARS]!r} in the trial's {name}; if that is "
                    f"the metric, use {there}"
                )
        return ""

    def _across(self, file: Followed) -> str:
        if file.unparsed or not matches_across(self._pattern, file.recent):
            return ""
        found = self._propose(file.recent)
        cure = str(found) if found else "write it for the line of the number alone"
        return f"it matches only over several lines, but each line is searched by itself: {cure}"

    def _missing_file(self) -> str:
        if os.path.lexists(self._path):
            return ""
        folder = os.path.dirname(self._path)  # noqa: PTH120 - a text
        found = names_in(folder) if folder not in map(os.path.dirname, self._others) else []
        names = ", ".join(map(repr, found))
        return f"its folder has {names}: if one holds the metric, name it" if found else ""

    def _tails(self) -> list[str]:
        return [line for path in self._others for line in tail_of(path)[-_MANY_LINES:]]
