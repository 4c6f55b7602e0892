"""What the end of an attempt makes of its trial: over, for whatever reason, or launched again."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import nan

from automl.engine.early_stops import EarlyStopping, Stop
from automl.engine.outcome import Failure, Outcome
from automl.engine.relaunches import BY_THE_USER, Relaunches
from automl.journal.events import VERSION, TrialEnded
from automl.study.failure import FailureClass
from automl.study.limits import TrialLimits
from automl.study.trial import Trial, TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """The trial has ended.

    Attributes:
        state: how.
        reason: why it is not complete, empty if it is.
        outcome: what counts of the attempt.
        failure: the kind of failure, None if there was none.
        stopped_step: the step at which a pruner stopped it, None if none did.
        note: what to tell the user besides, empty for nothing.
    """

    state: TrialState
    reason: str = ""
    outcome: Outcome
    failure: FailureClass | None = None
    stopped_step: float | None = None
    note: str = ""

    def event(self, trial_id: int, at: datetime) -> TrialEnded:
        """Return what the journal keeps of it."""
        outcome = self.outcome
        how, failed = outcome.exit, self.state is TrialState.FAILED
        # What a failed trial printed is in its files; in the table it would pass for a result.
        value = None if failed else outcome.usable_value
        return TrialEnded(
            v=VERSION,
            at=at,
            trial=trial_id,
            state=self.state,
            value=value,
            metrics={} if value is None else dict(outcome.metrics),
            violation=0.0 if value is None else outcome.violation,
            stopped_step=self.stopped_step,
            measurements=outcome.measurements,
            reason=self.reason,
            failure=self.failure,
            output=list(outcome.last_lines) if failed else [],
            exit_code=how.code if how else None,
            peak_memory_bytes=how.peak_memory_bytes if how else None,
            cpu_s=how.cpu_s if how else None,
            duration_s=outcome.duration_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The trial is launched again.

    Attributes:
        reason: why.
        failure: the failure that is tried again, None if the trial is not to blame.
        delay_s: how long it waits before, None if it need not.
        note: what to tell the user, empty for nothing.
    """

    reason: str
    failure: FailureClass | None = None
    delay_s: float | None = None
    note: str = ""


class Verdicts:
    """Decides on the ends of attempts, and remembers why those that were stopped were.

    Args:
        limits: how often a trial is tried.
        relaunches: knows what a launch that ran to its end is good for.
        stopping: knows which trials the pruner stopped, None without a pruner.
    """

    def __init__(
        self, limits: TrialLimits, relaunches: Relaunches, stopping: EarlyStopping | None
    ) -> None:
        self._limits = limits
        self._relaunches = relaunches
        self._stopping = stopping
        self._condemned: dict[int, Failure] = {}
        self._pardoned: set[int] = set()
        self._dismissed: set[int] = set()

    def condemn(self, trial_id: int, failure: Failure) -> None:
        """Note that an attempt is stopped as it took too long."""
        self._condemned[trial_id] = failure

    def pardon(self, trial_id: int) -> bool:
        """Forget, once for each trial, that an attempt took too long; tell whether that was done.

        It is for one that may have been held up by the machine.
        """
        if trial_id not in self._condemned or trial_id in self._pardoned:
            return False
        self._pardoned.add(trial_id)
        del self._condemned[trial_id]
        return True

    def dismiss(self, trial_id: int) -> None:
        """Note that the user wants a trial to end."""
        self._dismissed.add(trial_id)

    def dismissed(self, trial_id: int) -> bool:
        """Tell whether the user wants a trial to end."""
        return trial_id in self._dismissed

    def verdicts(
        self, trial: Trial, outcome: Outcome, why: str, *, again: bool, beside: bool
    ) -> Over | Again:
        """Return what becomes of a trial whose attempt is over.

        Args:
            trial: as it stood.
            outcome: how the attempt ended.
            why: why the study ends what runs, if it does.
            again: whether what it ends is launched again later.
            beside: whether other trials may have run beside it.
        """
        condemned = self._condemned.pop(trial.id, None)
        stop = self._stopping.take(trial.id) if self._stopping else None
        if trial.id in self._dismissed:
            self._dismissed.discard(trial.id)
            return self.stopped(trial, outcome, BY_THE_USER)
        # What tells how it ended was not stopped, but asked to end; it may have gone on instead.
        if condemned is None and (outcome.pruned or (stop and not outcome.tells)):
            return _pruned(outcome, stop)
        if condemned is None and trial.state is TrialState.STOPPING:
            if again:
                return Again(reason="interrupted")
            return self.stopped(trial, outcome, why)
        failure = condemned or outcome.failure()
        if failure is None:
            state, reason = self._relaunches.verdict(trial, outcome.value)
            return Over(state=state, reason=reason, outcome=outcome)
        return self._failed(trial, outcome, failure, beside=beside)

    def stopped(self, trial: Trial, outcome: Outcome, why: str) -> Over:
        """Return what becomes of a trial that is stopped for good."""
        if trial.confirms:
            return self._unconfirmed(trial, outcome, why)
        return Over(state=TrialState.STOPPED, reason=why, outcome=outcome)

    def _failed(
        self, trial: Trial, outcome: Outcome, failure: Failure, *, beside: bool
    ) -> Over | Again:
        if trial.asked:
            return _over(outcome, failure)
        beside = beside and not (outcome.exit and outcome.exit.over_own_share)
        if failure.kind is FailureClass.OUT_OF_MEMORY and beside and not trial.runs_alone:
            note = f"trial {trial.id} runs again, alone, at the end: {failure.reason}"
            return Again(reason=failure.reason, failure=failure.kind, note=note)
        retries = sum(kind.may_pass for kind in trial.failures)
        most = self._limits.max_retries
        if failure.kind.may_pass and retries < most:
            return Again(
                reason=failure.reason,
                failure=failure.kind,
                delay_s=self._limits.retry_delay_s * 2**retries,
                note=f"trial {trial.id} is tried again ({retries + 1} of {most}): {failure.reason}",
            )
        if trial.confirms:
            return self._unconfirmed(trial, outcome, failure.reason)
        return _over(outcome, failure)

    def _unconfirmed(self, trial: Trial, outcome: Outcome, why: str) -> Over:
        """Return that a trial is what it was before: what is known of it stays true."""
        return Over(
            state=TrialState.COMPLETED if self._relaunches.whole(trial) else TrialState.PRUNED,
            reason=why if why == BY_THE_USER else f"not confirmed: {why}",
            outcome=replace(outcome, value=nan),
            note=f"trial {trial.id} could not be confirmed: {why}",
        )


def without_process(trial: Trial, over: Over) -> Over:
    """Return the end of a trial; of one that a program asked for, without an exit code."""
    return replace(over, outcome=replace(over.outcome, exit=None)) if trial.asked else over


def _over(outcome: Outcome, failure: Failure) -> Over:
    """Return that a trial has failed for good."""
    return Over(
        state=TrialState.FAILED, reason=failure.reason, outcome=outcome, failure=failure.kind
    )


def _pruned(outcome: Outcome, stop: Stop | None) -> Over:
    """Return that a trial ended early: by a pruner's word, or by its own."""
    said = outcome.told.message if outcome.told else ""
    own = f"ended itself early{': ' if said else ''}{said}"
    return Over(
        state=TrialState.PRUNED,
        reason=stop.reason if stop else own,
        outcome=outcome,
        stopped_step=stop.step if stop else outcome.step or 0.0,
    )
