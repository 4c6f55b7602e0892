"""What readers need to know of a launch, such as of which time the files are that it wrote."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from automl.readers.patterns.walk import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """A launch, by which what it wrote is told from what others did.

    Attributes:
        note: what was written just before it began; empty where all files are its own.
        until_ns: when it had ended, in nanoseconds since 1970; None if it may go on.
        shared: whether other trials may write files of such names at the same time.
        study_folder: the study's folder, in which no `*` looks for anything.
        mark: what every process of its trial carries; as the note tells, if not given.
        attempt: its number, from 1; likewise.
        folder: its trial's folder; empty where that is not known.
        cwd: the working directory of its commands; empty for that of this process.
    """

    note: str = ""
    until_ns: int | None = None
    shared: bool = False
    study_folder: str = ""
    mark: str = ""
    attempt: int = 0
    folder: str = ""
    cwd: str = ""

    def own(self, matches: Sequence[Match]) -> list[Match]:
        """Return the files that were made or changed since the launch began.

        Both times must tell so: one can be set by hand, the other changes with a link or a mode.
        """
        if not self.note:
            return list(matches)
        try:
            since_ns = os.stat(self.note).st_mtime_ns  # noqa: PTH116 - asked at each look
        except OSError:
            return []
        return [
            one
            for one in matches
            if min(one.written_ns, one.changed_ns) > since_ns
            and (self.until_ns is None or one.written_ns <= self.until_ns)
        ]


ANY = Launched()
"""A launch of which nothing is known: all files are its own."""
