"""What there is to do for trials that were launched before: going on, repeating, confirming."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from automl.search.ladder.promotion import Promotion
from automl.search.ladder.racing import hopeless
from automl.study.ranking.finalists import finalists, found_whole
from automl.study.ranking.rank import best, rank
from automl.study.ranking.reached import GIVEN_UP, paused
from automl.study.spec import StudySpec
from automl.study.trial import Purpose, Stage, Trial, TrialState

RERUNS = 3
"""How many stopped trials are rerun to their end at the most, and how high they must rank."""

BY_THE_USER = "stopped by the user"
"""Why a trial ended that a request stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """One trial that is to be launched again.

    Attributes:
        trial_id: which.
        stage: what its launch is to do; None: the same again.
        reason: why, in one line.
        usual: whether it is a matter of course, of which the user need not be told.
    """

    trial_id: int
    stage: Stage | None
    reason: str
    usual: bool = False


class Relaunches:
    """Knows which trials that ended are to be launched again; it changes none of them.

    In this order: combinations are repeated with their other seeds, trials go on to the next
    budget, and once nothing else is left, stopped ones that may be among the best are rerun to
    their end and the best are confirmed.

    Args:
        spec: the study.
        trials: its trials, as they stand at every moment.
    """

    def __init__(self, spec: StudySpec, trials: Mapping[int, Trial]) -> None:
        self._spec = spec
        self._trials = trials
        self._repeating: dict[int, None] = {}
        ladder = spec.ladder
        self._promotion = Promotion(ladder, spec.objectives.direction) if ladder else None
        self._changes = 0
        self._asked: tuple[object, ...] = ()
        self._answer: Advance | None = None
        for trial in trials.values():
            self.changed(trial)

    def verdict(self, trial: Trial, value: float) -> tuple[TrialState, str]:
        """Return what a launch that gave `value` makes of its trial, and why if not complete."""
        state, reason = reached_by(trial.stage, self._spec)
        if state is TrialState.PRUNED and self._spec.noise.repeats > 1:
            why = self._hopeless(trial.id, [*trial.seeds, value])
            return state, f"{GIVEN_UP}: {reason}, {why}" if why else reason
        return state, reason

    def changed(self, trial: Trial) -> None:
        """Take in that a trial was planned, launched again or ended."""
        self._changes += 1
        waits = paused(trial)
        self._repeating.pop(trial.id, None)
        # What was given up stays so, even if later launches show a larger spread.
        given_up = trial.reason.startswith(GIVEN_UP)
        if waits and not given_up and len(trial.seeds) < self._spec.noise.repeats:
            self._repeating[trial.id] = None
        if self._promotion is None:
            return
        for result in trial.results:
            if result.stage.purpose is Purpose.SEARCH and result.stage.budget is not None:
                budget, broken = result.stage.budget, result.violation
                self._promotion.told(trial.id, budget, result.value, broken)
        # One that is confirmed had the whole budget then, however far the search let it come.
        if waits or (trial.state is TrialState.COMPLETED and not trial.confirms):
            self._promotion.free(trial.id)
        elif trial.state.finished:
            self._promotion.gone(trial.id)
        else:
            self._promotion.busy(trial.id)

    def further(self, trial: Trial) -> Stage | None:
        """Return what a trial that waits at a rung or between two seeds does next if it goes on.

        None for every other trial: it would do again what it did last.
        """
        ladder, stage = self._spec.ladder, trial.stage
        if not paused(trial):
            return None
        if ladder is None or stage.budget is None:
            return replace(stage, seed_number=stage.seed_number + 1)
        after = ladder.next_after(stage.budget)
        return Stage(budget=after, previous_budget=stage.budget) if after else None

    def whole(self, trial: Trial) -> bool:
        """Tell whether a trial that is confirmed is complete, by the search or by a fresh seed."""
        return bool(trial.confirmations) or found_whole(trial, self._spec)

    def next(
        self, unfinished: Collection[int], *, last: bool, without: tuple[float, ...] = ()
    ) -> Advance | None:
        """Return what to launch again now, None for nothing.

        It may be asked as often as one likes: all trials are gone through only after a change.

        Args:
            unfinished: the trials that run or wait.
            last: no new trial will come.
            without: budgets for which there is no time, so that no trial goes on to them.
        """
        asked = (self._changes, last, without, *unfinished)
        if asked != self._asked:
            self._asked, self._answer = asked, self._next(unfinished, last=last, without=without)
        return self._answer

    def _next(
        self, unfinished: Collection[int], *, last: bool, without: tuple[float, ...]
    ) -> Advance | None:
        repeat = self._next_repeat()
        if repeat:
            return repeat
        if self._promotion:
            promoted = self._promotion.next(last=last, without=without)
            if promoted:
                return self._promoted(*promoted)
            if without and self._promotion.next(last=last):
                return None  # what closes the study comes after those that wait for time
        if not last or any(not self._closing(self._trials[one]) for one in unfinished):
            return None
        return self._next_rerun(unfinished) or self._next_confirmation(unfinished)

    def _next_repeat(self) -> Advance | None:
        for trial_id in list(self._repeating):
            trial = self._trials[trial_id]
            if self._hopeless(trial_id, trial.seeds):
                del self._repeating[trial_id]
                continue
            reason = f"seed {trial.stage.seed_number + 2} of {self._spec.noise.repeats}"
            stage = self.further(trial)
            return Advance(trial_id=trial_id, stage=stage, reason=reason, usual=True)
        return None

    def _hopeless(self, trial_id: int, seeds: Sequence[float]) -> str:
        """Return why a trial with these values needs no more seeds, empty if it does.

        None is given up where several objectives are compared: it may be the best in another one.
        """
        leader = best(self._trials.values(), self._spec.objectives)
        if leader is None or not self._spec.objectives.single:
            return ""
        return hopeless(
            seeds,
            leader.seeds,
            [seeds, *(one.seeds for one in self._trials.values() if one.id != trial_id)],
            self._spec.noise.repeats,
            self._spec.objectives.direction,
        )

    def _promoted(self, trial_id: int, budget: float) -> Advance:
        trial = self._trials[trial_id]
        stage = Stage(budget=budget, previous_budget=trial.stage.budget or 0)
        name = self._spec.budget.name if self._spec.budget else ""
        reason = f"goes on to {budget:g} {name}"
        return Advance(trial_id=trial_id, stage=stage, reason=reason, usual=True)

    @staticmethod
    def _closing(trial: Trial) -> bool:
        return trial.spared or trial.confirms

    def _next_rerun(self, unfinished: Collection[int]) -> Advance | None:
        """Return a stopped trial that may be among the best; all are seen to before the rest."""
        # What ended itself, as functions do, would do so again.
        if self._spec.pruner is None or self._spec.of_functions:
            return None
        if sum(trial.spared for trial in self._trials.values()) >= RERUNS:
            return None
        stopped = [trial for trial in self._trials.values() if trial.stopped_step is not None]
        if not stopped:
            return None
        rerun = sum(_rerun(self._trials[one]) for one in unfinished)
        for trial in self._as_if_completed(stopped)[: RERUNS - rerun]:
            if trial.id not in unfinished and self._trials[trial.id].stopped_step is not None:
                reason = "rerun to its end: its last value ranks among the first three"
                return Advance(trial_id=trial.id, stage=None, reason=reason)
        return None

    def _as_if_completed(self, stopped: Iterable[Trial]) -> list[Trial]:
        completed = [
            one
            for one in self._trials.values()
            if one.state is TrialState.COMPLETED or one.confirms
        ]
        as_if = [
            replace(one, state=TrialState.COMPLETED) for one in stopped if one.value is not None
        ]
        return rank([*completed, *as_if], self._spec.objectives)

    def _next_confirmation(self, unfinished: Collection[int]) -> Advance | None:
        noise = self._spec.noise
        if not noise.confirm or any(_rerun(self._trials[one]) for one in unfinished):
            return None
        for trial in finalists(self._trials, self._spec):
            done = trial.stage.seed_number if trial.confirms else 0
            stopped = trial.confirms and trial.reason == BY_THE_USER
            if trial.id not in unfinished and done < noise.confirm_seeds and not stopped:
                budget = self._spec.ladder.max if self._spec.ladder else trial.stage.budget
                stage = Stage(budget=budget, seed_number=done + 1, purpose=Purpose.CONFIRM)
                reason = f"confirmed with fresh seed {done + 1} of {noise.confirm_seeds}"
                return Advance(trial_id=trial.id, stage=stage, reason=reason, usual=True)
        return None


def reached_by(stage: Stage, spec: StudySpec) -> tuple[TrialState, str]:
    """Return what a launch that ran to its end makes of its trial, and why if not complete.

    Whether the trial goes on is another question.
    """
    if stage.purpose is Purpose.CONFIRM:
        return TrialState.COMPLETED, ""
    ladder, repeats = spec.ladder, spec.noise.repeats
    if ladder and stage.budget is not None and stage.budget < ladder.max:
        return TrialState.PRUNED, f"at {stage.budget:g} of {ladder.max:g} {ladder.name}"
    if stage.seed_number + 1 < repeats:
        return TrialState.PRUNED, f"after seed {stage.seed_number + 1} of {repeats}"
    return TrialState.COMPLETED, ""


def _rerun(trial: Trial) -> bool:
    """Tell whether a trial's next or last launch reruns it to its end."""
    return trial.spared and not trial.confirms
