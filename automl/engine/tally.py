"""How the study stands: counts, the best trial, durations, and what the sampler is told."""

import bisect
from collections.abc import Iterable

from automl.search.sampler import Told
from automl.space.space import SearchSpace
from automl.spelling.spelling import spelled
from automl.study.failure import FailureClass, likeness
from automl.study.limits import EarlyStop
from automl.study.objective import Objectives
from automl.study.ranking.no_effect import Effects
from automl.study.ranking.rank import best_so_far, inside
from automl.study.ranking.reached import reached
from automl.study.ranking.shared_failures import FailureCounts
from automl.study.trial import Trial, TrialState


class Tally:
    """Figures that are kept up at each planning and end, so that reading them costs nothing.

    Args:
        objectives: what trials are ranked by.
        space: the parameters, whose values are compared where trials fail; no trial outside is the
            best. None if it does not matter.

    Attributes:
        history: what the sampler is told, oldest first; it only grows.
        finished: how many trials ended for good.
        failed: how many of these failed.
        best: the best completed trial that keeps the constraints, the first of equals; by the
            first objective where there are several.
    """

    def __init__(self, objectives: Objectives, space: SearchSpace | None = None) -> None:
        self.history: list[Told] = []
        self.finished = 0
        self.failed = 0
        self.best: Trial | None = None
        self._objectives = objectives
        self._space = space
        self._durations_s: list[float] = []
        self._failing: list[tuple[int, tuple[str, str]]] = []
        self._stopped_for: tuple[str, str] | None = None
        self._stopped_because = ""
        self._gave_values = False
        self._failures = FailureCounts(space) if space else None
        self._effects = Effects(space, objectives.metrics) if space else None

    def know(self, told: Iterable[Told]) -> None:
        """Take in what other studies found, before anything of this one."""
        self.history.extend(told)

    def planned(self, trial: Trial) -> None:
        """Take in a new combination, or what a trial asks for where the space is learnt."""
        self._tell(trial, TrialState.PLANNED)

    def ended(self, trial: Trial) -> None:
        """Take in that a trial ended for good."""
        self.finished += 1
        self.failed += trial.state is TrialState.FAILED
        self._gave_values |= trial.state is not TrialState.FAILED and trial.value is not None
        self._tell(trial, trial.state)
        if self._failures:
            self._failures.add(trial)
        if self._effects:
            self._effects.add(trial)
        if trial.state is TrialState.COMPLETED:
            # A complete one has a reason if its last launch, to confirm it, came to nothing. One
            # that a program asked for takes as long as that likes.
            if trial.duration_s is not None and not trial.reason and not trial.asked:
                bisect.insort(self._durations_s, trial.duration_s)
            if inside([trial], self._space):
                self.best = best_so_far(self.best, trial, self._objectives)

    def launched_again(self, trial: Trial) -> None:
        """Take back the end of a trial that is launched again."""
        self.finished -= 1
        self.failed -= trial.state is TrialState.FAILED
        if self._failures:
            self._failures.add(trial, by=-1)

    def median_s(self, at_least: int = 1) -> float | None:
        """Return the median duration of the completed trials, None before `at_least` of them."""
        count = len(self._durations_s)
        return self._durations_s[count // 2] if count >= at_least else None

    def good_enough(self, stop: EarlyStop | None) -> str:
        """Return why the study may end, empty while the best trial is not good enough for that."""
        trial = self.best
        if stop is None or trial is None or trial.value is None or not stop.reached(trial.value):
            return ""
        return f"trial {trial.id} reached {trial.value:g} (threshold {stop.threshold:g})"

    def shared_failure(self) -> str:
        """Return, once, which values of a parameter failed in every trial; empty if none did."""
        text = self._failures.text() if self._failures else ""
        self._failures = None if text else self._failures
        return text

    def no_effect(self) -> str:
        """Return, once, that the values are all the same, or what has no effect; else empty."""
        return self._effects.text() if self._effects else ""

    def failing(self, trial: Trial, count: int | None) -> str:
        """Take in a failure; return why to stop if the first `count` trials all failed alike.

        Once a trial has a value, or `count` failures have been seen, the answer stays empty; so it
        is where `count` is None.
        """
        if count is None or self._gave_values:
            return ""
        self._failing.append((trial.id, likeness(trial.failure, trial.exit, trial.reason)))
        if len(self._failing) != count or len({kind for _, kind in self._failing}) > 1:
            return ""
        self._stopped_for = self._failing[0][1]
        first = "the first trial" if count == 1 else f"the first {count} trials all"
        then = (
            "If the reader is to blame, correct it: what they left is read anew"
            if trial.failure is FailureClass.NO_METRIC
            else "Once the command is mended, the same start runs them again"
        )
        self._stopped_because = (
            f"{first} failed{' alike' if count > 1 else ''}, so no more were started "
            f"({spelled('fail_fast', count)}): {trial.reason}. {then}"
        )
        return self._stopped_because

    def forgive(self) -> str:
        """Forget that trials failed alike; return why no more were started for it, else empty."""
        reason, self._stopped_because = self._stopped_because, ""
        self._failing, self._stopped_for = [], None
        return reason

    @property
    def failed_alike(self) -> list[int]:
        """The trials for whose failures no more were started, those that ended later included."""
        return sorted(trial for trial, kind in self._failing if kind == self._stopped_for)

    def _tell(self, trial: Trial, state: TrialState) -> None:
        # Of one that was stopped, only what an earlier launch of it gave is not cut short.
        whole = state is TrialState.STOPPED and bool(trial.counted)
        counts = whole or state in {TrialState.COMPLETED, TrialState.PRUNED}
        has_value = counts and trial.value is not None
        several = has_value and not self._objectives.single
        self.history.append(
            Told(
                trial_id=trial.id,
                params=trial.params,
                state=state,
                value=trial.value if has_value else None,
                values=self._objectives.values(trial.metrics) if several else (),
                reached=reached(trial) if whole or state is TrialState.PRUNED else None,
                violation=trial.violation if has_value else 0.0,
                source=trial.source,
                proposed=trial.proposed,
                ranges=trial.ranges,
            )
        )
