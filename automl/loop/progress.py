"""How far a study is, for whoever watches it."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from automl.engine.actions import STARTING, Moment, Phase
from automl.engine.engine import Engine
from automl.engine.timing.remaining import remaining_s
from automl.executors.site import Allotment
from automl.loop.trials.watched import Watched
from automl.notebook.words import command_word, interrupt_word
from automl.show.lines import duration_text
from automl.show.progress import Progress
from automl.study.limits import known_limit
from automl.study.noise import Noise
from automl.study.ranking.rank import has_value, inside, leader, rank
from automl.study.ranking.reached import waiting_at
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState

_LEADERS = 10
_RANKED = 200


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
        known_s = [one.duration_s for one in engine.view.trials.values() if one.state.finished]
        durations_s = [one for one in known_s if one is not None]
        self._total_s = sum(durations_s)
        self._count = len(durations_s)
        self._told = 0
        self._leaders: tuple[Trial, ...] = ()
        self._stopping_s: float | None = None
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
        # What they asked for meanwhile, where the space is learnt, only the engine knows.
        running = tuple(
            replace(one.progress(now), params=view.trials[one.trial.id].params) for one in attempts
        )
        confirmed = sum(one.trial.confirms for one in attempts)
        size = self._size
        total = known_limit(view.max_trials if size is None else min(view.max_trials, size))
        self._count_trials()
        to_start = None if total is None else max(0, total - view.finished - len(running))
        return Progress(
            spec=self._spec,
            done=view.finished + confirmed,
            total=total,
            failed=view.failed,
            waiting=self._waiting,
            completed=self._completed + confirmed,
            running=running,
            best=view.best or self._leader,
            leaders=self._best_ones(),
            elapsed_s=now.monotonic_s - self._began_s,
            left_s=remaining_s(
                mean_s=self._total_s / self._count if self._count and self._foreseen else None,
                to_start=to_start if view.phase in STARTING else 0,
                running_s=[trial.elapsed_s for trial in running],
                max_parallel=view.max_parallel,
            ),
            note=self._note(attempts),
            hint=self._hint(len(running), now),
        )

    def _best_ones(self) -> tuple[Trial, ...]:
        """Return the best trials; only those of which something new is known are looked at."""
        view, objectives = self._engine.view, self._spec.objectives
        news = {told.trial_id for told in view.history[self._told :]}
        self._told = len(view.history)
        if news:
            news.update(trial.id for trial in self._leaders)
            known = inside(
                [view.trials[one] for one in news if one in view.trials], self._spec.space
            )
            usable = [trial for trial in known if has_value(trial) and trial.violation <= 0]
            sign = objectives.direction.sign
            # Ranking takes long where an earlier controller left very many.
            few = heapq.nlargest(_RANKED, usable, key=lambda trial: sign * (trial.value or 0.0))
            ranked = [one for one in rank(few, objectives) if one.state is TrialState.COMPLETED]
            self._leaders = tuple(ranked[:_LEADERS])
        return self._leaders

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
            self._leader = leader(inside(trials, self._spec.space), self._spec.objectives)

    def _hint(self, running: int, now: Moment) -> str:
        """Return what the user may do: what Ctrl-C does now."""
        grace_s = self._spec.limits.grace_s
        if not running:
            return ""
        if self._engine.view.phase is Phase.INTERRUPTED:
            self._stopping_s = self._stopping_s or now.monotonic_s
            left_s = max(grace_s - (now.monotonic_s - self._stopping_s), 0.0)
            ends = f"killed in {duration_text(left_s)} at the latest"
            return f"{ends}; {interrupt_word()} again kills at once"
        asks, same = interrupt_word(), f"the same {command_word()}"
        if self._spec.detach:
            return f"{asks} leaves the trials running; {same} takes them up again"
        trials = f"the {running} running trials" if running > 1 else "the running trial"
        return f"{asks} stops {trials} ({duration_text(grace_s)} to end); {same} goes on"

    def _note(self, attempts: Sequence[Watched]) -> str:
        view = self._engine.view
        if view.reason:
            return view.reason
        if any(one.trial.confirms for one in attempts):
            return "confirming the best with fresh seeds"
        if any(one.trial.spared for one in attempts):
            return "rerunning stopped trials to their end, as they may be among the best"
        return self._resources.room() * view.wants_start
