"""The files of one launch that a pattern names, looked for again and again."""

import os
import re
import time
from collections.abc import Mapping, Sequence

from automl.readers.patterns.launched import Launched
from automl.readers.patterns.walk import Match, Walk, split

_SHARE = 20.0
"""A look that took so long is not repeated before this many times as long has passed."""

_ESCAPED = re.compile(r"\[([*?\[])\]")
_HOME = "automl_studies"


class PatternFiles:
    """Finds the files of a launch.

    Args:
        pattern: an absolute path with `*`, `**` or `?`.
        launched: which files are its own.

    Attributes:
        strange: how many files had such a name at the last look, but are not of this launch.
        ended_early: whether there was more below the folder than is looked at.
    """

    def __init__(self, pattern: str, launched: Launched) -> None:
        self.strange = 0
        self.ended_early = False
        self._pattern = pattern
        self._launched = launched
        self._avoided = _avoided(launched.study_folder)
        self._found: Sequence[Match] = ()
        self._next_s = 0.0

    def look(self, *, now: bool) -> Sequence[Match]:
        """Return the files in the order in which they were written, or those of a look before.

        Args:
            now: look in any case.

        Raises:
            OSError: the machine cannot tell now.
        """
        began_s = time.monotonic()
        if not now and began_s < self._next_s:
            return self._found
        literal = without_escapes(self._pattern)
        walk = Walk(literal if os.path.lexists(literal) else self._pattern, self._avoided)
        matches = walk.matches()
        self._found = self._launched.own(matches)
        self.strange = len(matches) - len(self._found)
        self.ended_early = walk.ended_early
        ended_s = time.monotonic()
        self._next_s = ended_s + _SHARE * (ended_s - began_s)
        return self._found


def any_file(pattern: str) -> bool:
    """Tell whether a pattern names a file, whoever wrote it."""
    return bool(PatternFiles(pattern, Launched()).look(now=True))


def without_escapes(pattern: str) -> str:
    """Return the path that a pattern is, if what it names is there under that very name.

    >>> without_escapes("a[*][[]b]")
    'a*[b]'
    """
    return _ESCAPED.sub(r"\1", pattern)


def kept_files(pattern: str, kept: str, paths: Sequence[str]) -> Mapping[str, str]:
    """Return where each file of a pattern is kept: where the pattern's own place names it.

    Args:
        pattern: an absolute path.
        kept: the place of the pattern itself, which ends as it does.
        paths: the files.
    """
    fixed, rest = split(pattern)
    base = kept.removesuffix("/".join(rest))
    return (
        {path: f"{base}{path[len(fixed) :].lstrip('/')}" for path in paths}
        if rest
        else dict.fromkeys(paths, kept)
    )


def _avoided(study_folder: str) -> Sequence[str]:
    """Return the folders of studies, which hold copies of files and much that is no metric."""
    home, _ = os.path.split(study_folder)
    return [study_folder, *([home] if os.path.basename(home) == _HOME else [])]  # noqa: PTH119
