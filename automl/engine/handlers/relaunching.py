"""Trials that are launched again, whoever decided it."""

from automl.engine.actions import Action, Moment, Note, Phase
from automl.engine.handlers.parts import Parts
from automl.engine.outcome import VANISHED
from automl.engine.relaunches import Advance
from automl.engine.stimuli import FailedRetryAsked, RelaunchNews, TrialRetryAsked, Vanished
from automl.journal.events import VERSION, TrialRequeued
from automl.study.failure import FailureClass
from automl.study.trial import Stage, TrialState


class Relaunching:
    """Puts trials back in line, each with its record."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._once_failed: set[int] = set()

    def handle(self, news: RelaunchNews, now: Moment) -> list[Action]:
        """Launch a trial again that vanished, or that the user wants tried again."""
        match news:
            case Vanished():
                return self.requeue(news.trial_id, VANISHED, now)
            case TrialRetryAsked():
                return self._retry(news.trial_id, news.reason, now)
            case FailedRetryAsked():
                self._forgive()
                trials = self._parts.state.trials
                failed = [one for one in news.trial_ids if trials[one].state is TrialState.FAILED]
                self._once_failed |= {*news.trial_ids} - {*failed}
                again = [TrialRetryAsked(trial_id) for trial_id in failed]
                # Each goes to the head of the line.
                return [action for one in reversed(again) for action in self.handle(one, now)]

    def ended(self, trial_id: int, now: Moment) -> list[Action]:
        """Launch a trial again that has ended now, if that is wanted of it once it failed."""
        if trial_id not in self._once_failed:
            return []
        self._once_failed.remove(trial_id)
        if self._parts.state.trials[trial_id].state is not TrialState.FAILED:
            return []
        return self.handle(TrialRetryAsked(trial_id), now)

    def _forgive(self) -> None:
        """Start trials again if none were started for failures of before, as these do not count."""
        course, reason = self._parts.course, self._parts.tally.forgive()
        if reason and course.phase is Phase.DRAINING and course.reason == reason:
            course.enter(Phase.RUNNING, "")

    def _retry(self, trial_id: int, reason: str, now: Moment) -> list[Action]:
        """Launch a trial again that has ended; one that waits at a rung goes on from there."""
        trial = self._parts.state.trials[trial_id]
        self._parts.tally.launched_again(trial)
        stage = self._parts.relaunches.further(trial)
        return self.requeue(trial_id, reason, now, stage=stage)

    def advanced(self, advance: Advance, now: Moment) -> list[Action]:
        """Let a trial go on that ended."""
        trial = self._parts.state.trials[advance.trial_id]
        self._parts.tally.launched_again(trial)
        note = [] if advance.usual else [Note(f"trial {trial.id} {advance.reason}")]
        return [*note, *self.requeue(trial.id, advance.reason, now, stage=advance.stage)]

    def requeue(
        self,
        trial_id: int,
        reason: str,
        now: Moment,
        *,
        failure: FailureClass | None = None,
        delay_s: float | None = None,
        stage: Stage | None = None,
    ) -> list[Action]:
        """Put a trial back in line.

        Args:
            trial_id: which.
            reason: why.
            now: this moment.
            failure: the failure that is tried again, None if the trial is not to blame.
            delay_s: how long it waits before, None if it need not.
            stage: what its launch is to do, None for the same again.
        """
        again = TrialRequeued(
            v=VERSION, at=now.at, trial=trial_id, reason=reason, failure=failure, stage=stage
        )
        actions = self._parts.record(again)
        trial = self._parts.state.trials[trial_id]
        self._parts.changed(trial)
        due_s = None if delay_s is None else now.monotonic_s + delay_s
        self._parts.waiting.requeue(trial_id, due_s, alone=trial.runs_alone)
        return actions
