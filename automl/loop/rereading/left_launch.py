"""The launches of a trial of which something was left that can be read anew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from automl.study.failure import FailureClass
from automl.study.trial import EndedLaunch, Purpose, Result, Trial, TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftLaunch:
    """A launch that has ended.

    Attributes:
        trial: whose, with the stage of that launch.
        attempt: its number, from 1.
        duration_s: how long it ran, if that is known.
        result: what it gave so far, None where it gave nothing that counts as a result.
        cut: whether it was stopped before its end, so that its number is what it had by then.
    """

    trial: Trial
    attempt: int
    duration_s: float | None
    result: Result | None = None
    cut: bool = False

    @property
    def confirms(self) -> bool:
        """Whether it confirmed what the search found."""
        return self.trial.stage.purpose is Purpose.CONFIRM

    @property
    def last(self) -> bool:
        """Whether no later launch of the trial has begun, so that its files are in their place."""
        return self.attempt == self.trial.attempts and not self.trial.state.launched

    @property
    def had_value(self) -> bool:
        """Whether its files gave a number so far."""
        return self.result is not None or (self.cut and self.trial.value is not None)

    @property
    def ended(self) -> EndedLaunch:
        """The launch as the journal keeps it where there is no number in it."""
        return EndedLaunch(stage=self.trial.stage, attempt=self.attempt, duration_s=self.duration_s)


def left_by(trial: Trial) -> Sequence[LeftLaunch]:
    """Return the launches of a trial that are read anew, in their order.

    A launch that crashed or took too long stays what it is, whatever its numbers are.
    """
    with_number = {one.stage for one in trial.results}
    others = [one for one in trial.without_number if one.stage not in with_number]
    found = [_left(trial, one, one) for one in trial.results]
    found += [_left(trial, one, None) for one in others]
    known = {one.attempt for one in found}
    if trial.state.finished and trial.attempts and trial.attempts not in known:
        cut = trial.stopped_step is not None or trial.state is TrialState.STOPPED
        if cut or trial.failure is FailureClass.NO_METRIC or _could_not_confirm(trial):
            lasted_s, attempt = trial.duration_s, trial.attempts
            found.append(LeftLaunch(trial=trial, attempt=attempt, duration_s=lasted_s, cut=cut))
    return sorted(found, key=lambda one: one.attempt)


def _left(trial: Trial, ended: Result | EndedLaunch, result: Result | None) -> LeftLaunch:
    return LeftLaunch(
        trial=replace(trial, stage=ended.stage),
        attempt=ended.attempt,
        duration_s=ended.duration_s,
        result=result,
    )


def _could_not_confirm(trial: Trial) -> bool:
    """Tell whether the last launch ended well, but gave no number to confirm anything by."""
    ended_well = trial.exit is not None and trial.exit.code == 0
    return trial.confirms and ended_well and trial.state is not TrialState.FAILED
