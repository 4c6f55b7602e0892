"""How far a study is, for whoever watches it."""

from collections.abc import Iterable

from automl.executors.resources import Resources
from automl.loop.actions import STARTING, Moment
from automl.loop.engine import Engine
from automl.loop.watched import Watched
from automl.report.progress import Progress, time_left
from automl.spec.noise import Noise
from automl.spec.study import POPULATION, StudySpec


class Gauge:
    """Puts together what a live view shows.

    Args:
        spec: the study.
        engine: knows how it stands.
        resources: know what waits for what.
        began_s: monotonic second at which the controller began.
    """

    def __init__(
        self, spec: StudySpec, engine: Engine, resources: Resources, began_s: float
    ) -> None:
        self._study = spec.name
        # The trials of a population are intervals of its members, not combinations.
        self._size = None if spec.algorithm.type == POPULATION else spec.space.size
        # How often trials are launched again is not known before.
        self._foreseen = not spec.ladder and spec.noise == Noise()
        self._engine = engine
        self._resources = resources
        self._began_s = began_s
        self._total_s = 0.0
        self._count = 0

    def ended(self, duration_s: float | None) -> None:
        """Take in how long an attempt ran, None if it never started."""
        if duration_s is not None:
            self._total_s += duration_s
            self._count += 1

    def progress(self, watched: Iterable[Watched], now: Moment) -> Progress:
        """Return how the study stands, with these attempts running."""
        engine, standing = self._engine, self._engine.standing
        attempts = list(watched)
        running = tuple(one.progress(now) for one in attempts)
        confirmed = sum(one.trial.confirms for one in attempts)
        size = self._size
        total = engine.max_trials if size is None else min(engine.max_trials, size)
        to_start = max(0, total - standing.finished - len(running))
        return Progress(
            study=self._study,
            done=standing.finished + confirmed,
            total=total,
            failed=standing.failed,
            running=running,
            best=standing.best,
            elapsed_s=now.monotonic_s - self._began_s,
            left_s=time_left(
                mean_s=self._total_s / self._count if self._count and self._foreseen else None,
                to_start=to_start if engine.phase in STARTING else 0,
                running_s=[trial.elapsed_s for trial in running],
                max_parallel=engine.max_parallel,
            ),
            note=self._note(confirmed),
        )

    def _note(self, confirmed: int) -> str:
        if self._engine.reason:
            return self._engine.reason
        if confirmed:
            return "confirming the best with fresh seeds"
        return self._resources.room() * self._engine.wants_start
