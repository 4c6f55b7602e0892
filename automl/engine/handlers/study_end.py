"""The end of the study: asked for, by its limits, or as nothing is left to do."""

from datetime import datetime

from automl.engine.actions import STARTING, STOPPING, Action, Moment, Phase
from automl.engine.handlers.parts import Parts
from automl.engine.stimuli import PhaseAsked, StopAsked, StudyEnded, StudyNews, Tick
from automl.engine.timing.overdue import overdue
from automl.journal.events import VERSION, StudyClosed
from automl.study.limits import TrialLimits
from automl.study.ranking.totals import totals_of
from automl.study.trial import Trial, TrialState


class StudyEnd:
    """Knows when the study ends, and stops what still runs then."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def over(self) -> bool:
        """Whether nothing runs and nothing will be started by this controller."""
        phase = self._parts.course.phase
        if self._parts.slots.running or phase is Phase.PAUSED:
            return phase is Phase.DETACHED
        return not self._parts.may_start()

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do for the study as it is described."""
        parts = self._parts
        left = parts.slots.running or parts.waiting or parts.may_plan or parts.advance
        return parts.course.reached or (parts.course.phase is Phase.RUNNING and not left)

    def handle(self, news: StudyNews, now: Moment) -> list[Action]:
        """Take in what concerns the study as a whole."""
        match news:
            case Tick():
                return self._tick(news, now)
            case StopAsked():
                return self._stop(news, now)
            case PhaseAsked():
                self._parts.course.enter(news.phase, news.reason)
                self._parts.course.reached = self._parts.course.reached or news.done
                return []
            case StudyEnded():
                return self._close(now)

    def _stop(self, asked: StopAsked, now: Moment) -> list[Action]:
        """Start nothing more and stop what runs; asking again can only shorten the grace."""
        self._parts.course.stop(asked.phase, asked.reason)
        return self.stop_trials(sorted(self._parts.slots.running), now, asked.grace_s)

    def stop_trials(
        self, trial_ids: list[int], now: Moment, grace_s: float | None = None
    ) -> list[Action]:
        """Stop trials as the study ends, or is interrupted."""
        course = self._parts.course
        grace_s = self._parts.spec.limits.grace_s if grace_s is None else grace_s
        again = course.phase is Phase.INTERRUPTED
        return self._parts.stops.of_study(trial_ids, course.reason, now, grace_s, again=again)

    def stop_early(self, trial_id: int, at: datetime, *, over: bool) -> list[Action]:
        """Stop a trial if the pruner says so, but one that is over is past stopping."""
        parts = self._parts
        if over or parts.course.phase not in STARTING:
            return []
        return parts.stops.early(parts.state.trials[trial_id], parts.tally.best, at)

    def _tick(self, tick: Tick, now: Moment) -> list[Action]:
        """Look at what only time brings: trials that take too long, and the study's own end."""
        parts = self._parts
        median_s = parts.tally.median_s(TrialLimits.MEDIAN_NEEDS)
        trials = parts.state.trials
        running = [one for one in tick.progress_s if trials[one].state is TrialState.RUNNING]
        since_s = {one: parts.slots.running[one] for one in running}
        limits, now_s = parts.spec.trial_limits, now.monotonic_s
        verdicts = overdue(since_s, tick.progress_s, limits, median_s, now_s)
        actions = parts.stops.late(verdicts, now)
        if parts.time.deadline.passed(now_s) and parts.course.phase not in STOPPING:
            actions += self._stop(StopAsked(Phase.ENDING, parts.time.deadline.reason), now)
        return actions

    def after(self, trial: Trial, now: Moment) -> list[Action]:
        """Return what the end of a trial means for the study."""
        phase = self._parts.course.phase
        if phase in STOPPING | {Phase.DETACHED} or trial.state is TrialState.PRUNED:
            return []
        if trial.state is TrialState.FAILED:
            self.pause_if_failing(trial)
            return []
        reason = self.good_enough()
        return self._stop(StopAsked(Phase.ENDING, reason), now) if reason else []

    def pause_if_failing(self, trial: Trial) -> None:
        """Start nothing more if the first trials all failed alike; one more has failed.

        What a program says of the trials that it asked for does not count.
        """
        parts = self._parts
        if trial.asked:
            return
        reason = parts.tally.failing(trial, parts.spec.limits.fail_fast)
        if reason and parts.course.phase is Phase.RUNNING:
            parts.course.enter(Phase.DRAINING, reason)

    def good_enough(self) -> str:
        """Return why the best trial ends the study, empty while it does not."""
        reason = self._parts.tally.good_enough(self._parts.spec.early_stop)
        self._parts.course.reached = self._parts.course.reached or bool(reason)
        return reason

    def _close(self, now: Moment) -> list[Action]:
        """Return the closing record."""
        parts = self._parts
        planned, ended = len(parts.state.trials), parts.tally.finished
        done = parts.planning.all_done(planned, ended, parts.max_trials)
        reason = done if parts.course.phase is Phase.RUNNING else parts.course.reason
        closed = StudyClosed(
            v=VERSION,
            at=now.at,
            reason=reason,
            complete=self.complete,
            failed_alike=parts.tally.failed_alike,
            totals=totals_of(parts.state.trials.values(), parts.spec.objectives, parts.spec.space),
        )
        return parts.record(closed)
