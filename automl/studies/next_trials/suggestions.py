"""What the search of a study on disk would try next; the journal is read, and nothing changed."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from automl.clock import Clock
from automl.engine.actions import moment_of
from automl.errors import AutomlError
from automl.journal.events import StudyOpened
from automl.journal.journal import load
from automl.launch.launcher import Launcher
from automl.search.algorithms import make_proposer
from automl.search.problem import problem_of
from automl.studies.next_trials.free_slots import Earlier, FreeSlots
from automl.studies.next_trials.told_so_far import ToldSoFar, told_so_far
from automl.studies.on_disk.recorded import recorded_spec
from automl.studies.study import Study
from automl.study.spec import StudySpec
from automl.study.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A new trial that the search proposes.

    Attributes:
        trial: its id, values, budget and the trial whose checkpoint it continues.
        command: its commands as a line for a shell; empty where it cannot be told from here.
    """

    trial: Trial
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What a study would launch next, if slots were free now.

    Attributes:
        algorithm: what proposes, by its type.
        new: the new trials, the next one first.
        earlier: the trials that are launched before these.
        reason: why there are no more of them; empty where there are as many as were asked for.
        notes: what else may lead to others, a sentence each.
    """

    algorithm: str
    new: Sequence[Suggestion]
    earlier: Sequence[Earlier]
    reason: str
    notes: Sequence[str]


def suggestions(study: Study, count: int, clock: Clock) -> Suggestions:
    """Return the trials that the search of a study would propose next.

    The same seed and the same results give the same values as the study itself will try.

    Args:
        study: which; whether it runs is up to it.
        count: how many trials at the most.
        clock: the time.

    Raises:
        AutomlError: the study has not begun, or its journal or its search cannot be understood.
    """
    runs = study.state == "running"
    events, _ = load(study.folder.journal)
    opening = next((one for one in reversed(events) if isinstance(one, StudyOpened)), None)
    spec = recorded_spec(study.folder.path.name, opening)
    assert opening is not None  # noqa: S101 - for the type checker: else there is no spec
    told = told_so_far(events, spec, runs=runs)
    notes = list(_notes(told, opening, runs=runs))
    search = make_proposer(spec.algorithm, problem_of(spec, opening.seed, told.max_trials))
    now = moment_of(clock)
    ago_s = (now.at - opening.at).total_seconds() if runs else 0.0
    control = None if runs else study.folder
    slots = FreeSlots(spec, told, search.proposer, now, now.monotonic_s - ago_s, control)
    new = slots.new_trials(count)
    lines, problem = _command_lines(study, spec, opening, new)
    return Suggestions(
        algorithm=spec.algorithm.type,
        new=[Suggestion(trial=one, command=line) for one, line in zip(new, lines, strict=True)],
        earlier=slots.earlier,
        reason="" if len(new) == count else slots.why_no_more,
        notes=[*notes, *([problem] if problem else [])],
    )


def _notes(told: ToldSoFar, opening: StudyOpened, *, runs: bool) -> Iterator[str]:
    """Give what the journal does not know, and which may lead to other trials."""
    if opening.known:
        yield (
            f"the search also knows {opening.known} results of other studies (warm_start), which "
            "the journal has not, so it may propose others"
        )
    left = [one.id for one in told.state.trials.values() if one.launched]
    if left and not runs:
        yield (
            f"what trial {', '.join(map(str, left))} gave since the study was left is not known "
            "before its next start"
        )


def _command_lines(
    study: Study, spec: StudySpec, opening: StudyOpened, trials: Sequence[Trial]
) -> tuple[list[str], str]:
    """Return each trial's commands as a line for a shell, and why there are none if so."""
    if spec.of_functions:
        return [""] * len(trials), "a function has no command: the study itself calls it"
    # No line has the values of these, so they need not be known here.
    without = replace(spec, secret_env=())
    try:
        launcher = Launcher(without, study.folder, opening.seed, opening.uid, os.environ)
        return [launcher.command_line(one, os.path.realpath(".")) for one in trials], ""
    except AutomlError as error:
        return [""] * len(trials), f"the commands cannot be told from here: {error}"
