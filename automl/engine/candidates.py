"""What there is to launch, and what of it can end in time."""

from collections.abc import Callable, Collection, Iterator

from automl.engine.planning import Planning
from automl.engine.relaunches import Advance, Relaunches
from automl.engine.timing.time_left import TimeLeft
from automl.engine.waiting import WaitingTrials
from automl.journal.fold import StudyState
from automl.study.trial import WHOLE, Stage


class Candidates:
    """Trials that wait, trials that may go on, and new ones; it launches none of them.

    Args:
        state: the study, as it stands at every moment.
        running: the trials that run, the same.
        waiting: those that wait, the same.
        relaunches: knows which trials go on.
        planning: knows how far a new trial is to go at first.
        time_left: knows how long a launch may take.
    """

    def __init__(
        self,
        state: StudyState,
        running: Collection[int],
        waiting: WaitingTrials,
        relaunches: Relaunches,
        planning: Planning,
        time_left: TimeLeft,
    ) -> None:
        self._state = state
        self._running = running
        self._waiting = waiting
        self._relaunches = relaunches
        self._planning = planning
        self._time = time_left

    def advance(self, *, may_plan: bool, without: tuple[float, ...] = ()) -> Advance | None:
        """Return which trial is to go on next, None for none.

        Args:
            may_plan: whether new trials may still come.
            without: budgets for which there is no time.
        """
        unfinished = [*self._running, *self._waiting]
        return self._relaunches.next(unfinished, last=not may_plan, without=without)

    def fitting_advance(self, now_s: float, *, may_plan: bool) -> Advance | None:
        """Return which trial is to go on next among those that can end in time."""
        advance = self.advance(may_plan=may_plan, without=self._time.too_long(now_s))
        fits = advance and self._time.fits(advance.stage or WHOLE, now_s)
        return advance if fits else None

    def fits(self, now_s: float) -> Callable[[int], bool]:
        """Return what tells whether a trial, planned or still to come, can end in time."""
        return lambda trial_id: self._time.fits(self._stage(trial_id), now_s)

    def enough_time(self, now_s: float, median_s: float | None, *, may_plan: bool) -> bool:
        """Tell whether anything that there is to launch, or may yet be, can end in time.

        Args:
            now_s: the monotonic second.
            median_s: the median duration of the completed trials, None before the first.
            may_plan: whether new trials may still come.
        """
        stages = self._stages(now_s, may_plan=may_plan)
        return self._time.enough(stages, now_s, median_s, running=bool(self._running))

    def _stages(self, now_s: float, *, may_plan: bool) -> Iterator[Stage]:
        # What runs is among them, as it may have to be launched again.
        new = [len(self._state.trials)] if may_plan else []
        yield from map(self._stage, [*self._running, *self._waiting, *new])
        advance = self.fitting_advance(now_s, may_plan=may_plan)
        if advance:
            yield advance.stage or WHOLE

    def _stage(self, trial_id: int) -> Stage:
        trial = self._state.trials.get(trial_id)
        return trial.stage if trial else self._planning.first_stage(trial_id)
