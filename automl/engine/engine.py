"""What to do next: stimuli in, actions out; no clock, disk or process."""

from collections.abc import Sequence
from types import MappingProxyType

from automl.engine.actions import Action, Moment, Note, Phase
from automl.engine.handlers.assembly import parts_of
from automl.engine.handlers.attempts import Attempts
from automl.engine.handlers.filling import Filling
from automl.engine.handlers.leavings import Leavings
from automl.engine.handlers.relaunching import Relaunching
from automl.engine.handlers.study_end import StudyEnd
from automl.engine.stimuli import (
    FailedRetryAsked,
    PhaseAsked,
    Proposed,
    Requested,
    SlotFree,
    Stimulus,
    StopAsked,
    StudyEnded,
    Tick,
    TrialAdded,
    TrialAsked,
    TrialRetryAsked,
    Vanished,
)
from automl.engine.view import History, View
from automl.journal.fold import StudyState
from automl.search.pruning.pruner import Pruner
from automl.search.sampler import Told
from automl.study.failure import FailureClass
from automl.study.spec import StudySpec
from automl.study.trial import TrialState


class Engine:
    """Decides what a study does; whoever tells it what happens carries out what it answers.

    Nobody writes into it: news come in through `handle`, and how it stands is read from `view`.

    Args:
        spec: the study.
        state: what the journal told so far; the engine's own from now on.
        began_s: monotonic second at which this controller began.
        capacity: how many trials the machine takes at once, None for any number.
        pruner: what stops running trials early, None for nothing.
        continues: whether a launch goes on from what the one before it left.
        known: what the search is told of other studies, before anything of this one.
    """

    def __init__(  # noqa: PLR0913 - what differs between two controllers
        self,
        spec: StudySpec,
        state: StudyState,
        began_s: float,
        capacity: int | None = None,
        pruner: Pruner | None = None,
        *,
        continues: bool = False,
        known: Sequence[Told] = (),
    ) -> None:
        self._parts = parts = parts_of(
            spec,
            state,
            began_s,
            capacity=capacity,
            pruner=pruner,
            continues=continues,
            known=known,
        )
        self._relaunching = Relaunching(parts)
        self._study_end = StudyEnd(parts)
        self._filling = Filling(parts, self._relaunching)
        self._attempts = Attempts(parts, self._relaunching, self._study_end)
        self._leavings = Leavings(spec, state.trials, continues=continues)
        self._trials = MappingProxyType(state.trials)
        self._stops = MappingProxyType(state.stops)
        self._answers = MappingProxyType(state.answers)
        self._further_counts = MappingProxyType(state.further_counts)
        self._view: View | None = None
        self._to_run_again = self._failed_alike()
        if reason := self._study_end.good_enough():
            parts.course.stop(Phase.ENDING, reason)

    @property
    def view(self) -> View:
        """How the study stands now."""
        if self._view is None:
            self._view = self._looked_at()
        return self._view

    def handle(self, stimulus: Stimulus, now: Moment) -> list[Action]:
        """Take in what happened, and return what is to be done about it, in this order."""
        self._view = None
        actions = self._handled(stimulus, now)
        return actions + self._leavings.after(actions)

    def _handled(self, stimulus: Stimulus, now: Moment) -> list[Action]:
        match stimulus:
            case SlotFree() | Proposed() | TrialAdded() | TrialAsked():
                return self._filling.handle(stimulus, now)
            case Tick() | StopAsked() | PhaseAsked() | StudyEnded():
                return self._study_end.handle(stimulus, now)
            case Vanished() | TrialRetryAsked() | FailedRetryAsked():
                return self._relaunching.handle(stimulus, now)
            case Requested():
                return self._requested(stimulus, now)
            case _:
                return self._attempts.handle(stimulus, now)

    def _requested(self, request: Requested, now: Moment) -> list[Action]:
        actions = self._parts.record(request.event)
        if request.note:
            actions.append(Note(request.note))
        return actions + (self._handled(request.wish, now) if request.wish else [])

    def _looked_at(self) -> View:
        parts, course, tally = self._parts, self._parts.course, self._parts.tally
        return View(
            phase=course.phase,
            reason=course.reason,
            reached=course.reached,
            over=self._study_end.over,
            complete=self._study_end.complete,
            wants_start=self._filling.wants_start,
            proposing=self._filling.proposing,
            next_to_propose=self._filling.next_to_propose,
            next_due_s=parts.waiting.next_due_s,
            max_parallel=parts.max_parallel,
            max_trials=parts.max_trials,
            trials=self._trials,
            stops=self._stops,
            finished=tally.finished,
            failed=tally.failed,
            best=tally.best,
            history=History(tally.history),
            further_counts=self._further_counts,
            answers=self._answers,
            unfinished=tuple(parts.state.unfinished),
            control_offset=parts.state.control_offset,
            closed=parts.state.closed,
            to_run_again=self._to_run_again,
            losers=self._leavings.losers,
        )

    def _failed_alike(self) -> tuple[int, ...]:
        """Return which trials run again, as no more were started for their failures.

        Those in which a corrected reader finds no number either do not: it may be wrong again, and
        then all of them would be trained for a slip. Nothing more is started for them once more.
        """
        state = self._parts.state
        failed = [one for one in state.trials.values() if one.state is TrialState.FAILED]
        silent = {one.id for one in failed if one.failure is FailureClass.NO_METRIC} & state.reread
        for trial in failed:
            if trial.id in silent:
                self._study_end.pause_if_failing(trial)
        failed_alike = {one.id for one in failed} & state.failed_alike.keys()
        return tuple(sorted(failed_alike - silent))
