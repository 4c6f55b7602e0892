"""What was typed at a terminal for studies that a script describes, and how these ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn


@dataclass(slots=True)
class FromTerminal:
    """What was typed for every study of this process, and how these ended.

    Attributes:
        keywords: these replace what the script gives, as plain data.
        quiet: a line for each trial is wanted, not the live view.
        ended: how often a study has ended, or has got a trial that it was asked for or was told of.
        valued: whether a trial of any of them has a value.
        instead: takes a study in the place of running it, and ends the script; None to run it.
    """

    keywords: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False
    ended: int = 0
    valued: bool = False
    instead: Callable[[Any], NoReturn] | None = None

    def begin(self, keywords: Mapping[str, Any], *, quiet: bool) -> None:
        """Take in what was typed; no study has ended yet."""
        self.keywords, self.quiet = keywords, quiet
        self.ended, self.valued = 0, False

    def take_in(self, *, valued: bool) -> None:
        """Take in that a study ended, or did what it was asked; and whether that gave a value."""
        self.ended += 1
        self.valued = self.valued or valued


FROM_TERMINAL = FromTerminal()
"""That of this process: nothing was typed unless `automl` runs it."""
