"""How far a study is, for whoever watches it."""

from collections.abc import Iterable, Mapping, Sequence

from automl.engine.actions import STARTING, Moment
from automl.engine.engine import Engine
from automl.engine.timing.remaining import remaining_s
from automl.executors.site import Allotment
from automl.loop.trials.watched import Watched
from automl.show.progress import Progress
from automl.study.noise import Noise
from automl.study.ranking.rank import leader
from automl.study.ranking.reached import waiting_at
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState


class ProgressMeter:
    """Puts together what a live view shows.

    Args:
        spec: the study.
        engine: knows how it stands.
        resources: know what waits for what.
        began_s: monotonic second at which the controller began.
    """

    def __init__(
        self, spec: StudySpec, engine: Engine, resources: Allotment, began_s: float
    ) -> None:
        self._spec = spec
        self._size = spec.combination_count
        # How often trials are launched again is not known before.
        self._foreseen = not spec.ladder and spec.noise == Noise()
        self._engine = engine
        self._resources = resources
        self._began_s = began_s
        self._total_s = 0.0
        self._count = 0
        self._counted: tuple[int, int] | None = None
        self._waiting: Mapping[float, int] = {}
        self._completed = 0
        self._leader: Trial | None = None

    def ended(self, duration_s: float | None) -> None:
        """Take in how long an attempt ran, None if it never started."""
        if duration_s is not None:
            self._total_s += duration_s
            self._count += 1

    def progress(self, watched: Iterable[Watched], now: Moment) -> Progress:
        """Return how the study stands, with these attempts running."""
        view = self._engine.view
        attempts = list(watched)
        running = tuple(one.progress(now) for one in attempts)
        confirmed = sum(one.trial.confirms for one in attempts)
        size = self._size
        total = view.max_trials if size is None else min(view.max_trials, size)
        self._count_trials()
        to_start = max(0, total - view.finished - len(running))
        return Progress(
            spec=self._spec,
            done=view.finished + confirmed,
            total=total,
            failed=view.failed,
            waiting=self._waiting,
            completed=self._completed + confirmed,
            running=running,
            best=view.best or self._leader,
            elapsed_s=now.monotonic_s - self._began_s,
            left_s=remaining_s(
                mean_s=self._total_s / self._count if self._count and self._foreseen else None,
                to_start=to_start if view.phase in STARTING else 0,
                running_s=[trial.elapsed_s for trial in running],
                max_parallel=view.max_parallel,
            ),
            note=self._note(attempts),
        )

    def _count_trials(self) -> None:
        """Count the trials at each rung; they are gone through only after one changed."""
        view = self._engine.view
        if self._spec.ladder is None or self._counted == (len(view.history), view.finished):
            return
        self._counted = len(view.history), view.finished
        trials = view.trials.values()
        self._completed = sum(one.state is TrialState.COMPLETED for one in trials)
        self._waiting = waiting_at(trials)
        if view.best is None:
            self._leader = leader(trials, self._spec.objectives)

    def _note(self, attempts: Sequence[Watched]) -> str:
        view = self._engine.view
        if view.reason:
            return view.reason
        if any(one.trial.confirms for one in attempts):
            return "confirming the best with fresh seeds"
        if any(one.trial.spared for one in attempts):
            return "rerunning stopped trials to their end, as they may be among the best"
        return self._resources.room() * view.wants_start
