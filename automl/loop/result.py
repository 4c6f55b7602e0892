"""What a controller leaves of a study when it ends."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from automl.engine.requests import failed_in
from automl.engine.view import View
from automl.launch.launcher import Launcher
from automl.loop.opening.program_files import change_note
from automl.study.limits import known_limit
from automl.study.ranking.finalists import default_of, finalists
from automl.study.ranking.rank import best, inside
from automl.study.spec import StudySpec
from automl.study.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """What a controller leaves.

    Attributes:
        trials: every trial, by id.
        best: the best completed one that keeps the constraints, None if there is none.
        confirmed: the trials that were to be judged anew, by id.
        default: the trial with the user's own values, None if there is none.
        reached: whether a trial was good enough to end the study.
        best_command: the shell line that runs the best one again, empty without one.
        continued: whether a launch goes on from what the one before it left.
        max_trials: the limit in force, which requests may have changed.
        reason: why the controller ended.
        complete: whether nothing is left to do.
        idle: whether the study was complete before, so that nothing was started.
        news: whether this end is one that no earlier controller could tell of.
        shell: the name of the shell that runs a trial's script.
        signal: what the user stopped it with, such as `SIGINT`; empty if it ended by itself.
    """

    trials: tuple[Trial, ...]
    best: Trial | None
    confirmed: tuple[int, ...]
    default: Trial | None
    reached: bool
    best_command: str
    continued: bool
    max_trials: int
    reason: str
    complete: bool
    idle: bool
    signal: str
    news: bool = True
    shell: str = "sh"

    @property
    def limit(self) -> int | None:
        """How many trials there are at the most, None where that is any number."""
        return known_limit(self.max_trials)


def result_of(
    spec: StudySpec, view: View, launcher: Launcher, *, idle: bool, signal: str
) -> StudyResult:
    """Return how a study stands at the end of its controller.

    Args:
        spec: the study.
        view: how it stands.
        launcher: tells the command of the best trial.
        idle: whether nothing was started.
        signal: what the user stopped it with, empty if it ended by itself.
    """
    found = best(inside(view.trials.values(), spec.space), spec.objectives)
    return StudyResult(
        trials=tuple(view.trials.values()),
        best=found,
        confirmed=tuple(trial.id for trial in finalists(view.trials, spec)),
        default=default_of(view.trials.values(), spec),
        reached=view.reached,
        max_trials=view.max_trials,
        continued=launcher.continues,
        best_command=launcher.command_line(found, _here()) if found else "",
        reason=view.closed.reason if view.closed else view.reason,
        complete=view.complete,
        idle=idle,
        shell=os.path.basename(launcher.shell),  # noqa: PTH119 - a name for text
        signal=signal,
    )


def _here() -> str:
    """Return the current folder, nothing where it was removed."""
    try:
        return os.getcwd()  # noqa: PTH109 - a path for text
    except FileNotFoundError:
        return ""


def plan_of(view: View) -> str:
    """Return what is going to be done, in a few words."""
    limit = known_limit(view.max_trials)
    most = "until it is stopped" if limit is None else f"up to {limit} trials"
    plan = f"{most}, {view.max_parallel} at a time"
    return f"going on after {view.finished} trials, {plan}" if view.trials else plan


def changes_since(view: View, spec: StudySpec, changed: Sequence[str], ran: int) -> list[str]:
    """Return what is told of that space or programs are others than when trials ran.

    Args:
        view: how the study stands.
        spec: the study.
        changed: the files of its programs that changed.
        ran: how many trials ran before.
    """
    failed = {*failed_in(view, spec.space)} - {*view.to_run_again}
    notes = [_outside_the_space(view, spec), change_note(spec.name, changed, ran, len(failed))]
    return [note for note in notes if note]


def _outside_the_space(view: View, spec: StudySpec) -> str:
    """Return how many trials the space does not hold any more, empty where it holds all."""
    count = len(view.trials) - len(inside(view.trials.values(), spec.space))
    if not count:
        return ""
    are = "trial is" if count == 1 else "trials are"
    return (
        f"{count} earlier {are} outside the space as it is described now: in the table, but not "
        "told to the search, and never the best"
    )
