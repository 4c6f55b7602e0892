"""The parts of an engine, put together for one controller."""

from collections.abc import Iterable
from functools import partial

from automl.engine.candidates import Candidates
from automl.engine.early_stops import EarlyStopping
from automl.engine.handlers.parts import Parts, recorded
from automl.engine.handlers.phase_and_slots import Course, Slots
from automl.engine.planning import Planning
from automl.engine.relaunches import Relaunches
from automl.engine.stops import Stops
from automl.engine.tally import Tally
from automl.engine.timing.time_left import TimeLeft
from automl.engine.verdicts import Verdicts
from automl.engine.waiting import WaitingTrials
from automl.journal.fold import StudyState
from automl.search.pruning.pruner import Pruner
from automl.search.sampler import Told
from automl.study.spec import StudySpec


def parts_of(  # noqa: PLR0913 - what differs between two controllers
    spec: StudySpec,
    state: StudyState,
    began_s: float,
    *,
    capacity: int | None,
    pruner: Pruner | None,
    continues: bool,
    known: Iterable[Told],
) -> Parts:
    """Return the parts of an engine, which know what happened; see there for the arguments."""
    trials = state.trials.values()
    slots, waiting = Slots(), WaitingTrials.of(trials)
    planning = Planning(spec, max((trial.call for trial in trials), default=0))
    relaunches = Relaunches(spec, state.trials)
    time = TimeLeft(spec, began_s, trials, continues=continues)
    early = EarlyStopping.of(pruner, spec) if pruner else None
    verdicts = Verdicts(spec.trial_limits, relaunches, early)
    parts = Parts(
        spec=spec,
        state=state,
        capacity=capacity,
        course=Course(),
        slots=slots,
        tally=Tally(spec.objectives, spec.space),
        waiting=waiting,
        planning=planning,
        relaunches=relaunches,
        candidates=Candidates(state, slots.running, waiting, relaunches, planning, time),
        time=time,
        early=early,
        verdicts=verdicts,
        stops=Stops(
            state,
            spec.limits.grace_s,
            verdicts,
            early,
            partial(recorded, state),
            asks=spec.of_functions,
        ),
    )
    _take_in(parts, known)
    return parts


def _take_in(parts: Parts, known: Iterable[Told]) -> None:
    """Let the parts know of other studies, and what became of the trials so far."""
    parts.tally.know(known)
    trials = parts.state.trials.values()
    for trial in trials:
        parts.tally.planned(trial)
    for trial in trials:
        if trial.state.finished:
            parts.tally.ended(trial)
            parts.changed(trial)
