"""All that a study file for an undescribed program is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from automl.discovery.option import Found
from automl.studies.draft.judging.judge import Judged, Verdict

TRIALS, AT_ONCE = 20, 1
"""How many trials, and how many at once, as where a command line does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What trials are ranked by, as far as it is known.

    Attributes:
        name: as the program prints it; empty if nobody said.
        direction: `maximize` or `minimize`; empty if nobody said.
        reader: what finds it, as `metric_reader` has it; empty for one by its name.
        told: what was seen of it, sentences for the user.
        reported: whether the program reports it, so that nothing has to find it.
        path: the file that has it, which the command must write for each trial anew; empty if the
            command prints it.
    """

    name: str = ""
    direction: str = ""
    reader: Mapping[str, Any] = field(default_factory=dict)
    told: Sequence[str] = ()
    reported: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A study that is proposed.

    Attributes:
        words: the command as it was typed.
        found: the options of its program, and where its own words begin.
        judged: what becomes of each option.
        metrics: what trials are ranked by; one without a name if nobody said.
        name: the study's; empty for that of its file.
        file: what the file is called, for the commands that it tells of.
        cwd: the command's working directory as seen from the file's folder; empty if that is it.
        files: config files that are written for each trial, as a task has them.
        command: the command with placeholders.
    """

    words: Sequence[str]
    found: Found
    judged: Sequence[Judged]
    metrics: Sequence[Metric]
    command: Sequence[str]
    name: str = ""
    file: str = "study.yaml"
    cwd: str = ""
    files: Sequence[Mapping[str, Any]] = ()

    @property
    def tuned(self) -> list[Judged]:
        """The options that are searched."""
        return [one for one in self.judged if one.verdict is Verdict.TUNED]

    @property
    def length(self) -> Judged | None:
        """The option that says how long a trial trains, None without one."""
        pure = [one for one in self.judged if one.verdict is Verdict.LENGTH]
        return next(iter([*pure, *(one for one in self.judged if one.length)]), None)
