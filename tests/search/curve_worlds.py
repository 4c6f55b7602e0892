"""Made-up curves of trials, and a study that runs them side by side."""

import math
import random
from collections.abc import Iterable

from automl.search.pruning.pruner import Pruner
from automl.study.ranking.curve import Curve
from automl.study.trial import TrialState

STEPS = 24


def curve_of(points: Iterable[tuple[float, float]]) -> Curve:
    """Return the curve through some points."""
    curve = Curve()
    for step, value in points:
        curve.append(step, value)
    return curve


def lines(*values: float, steps: int = 10) -> dict[int, Curve]:
    """Return a flat curve for each value, by trial."""
    return {
        trial: curve_of((step, value) for step in range(1, steps + 1))
        for trial, value in enumerate(values)
    }


def all_completed(curves: dict[int, Curve], *, but: int = -1) -> dict[int, TrialState]:
    """Return that all trials have completed, except one."""
    return {trial: TrialState.COMPLETED for trial in curves if trial != but}


def crossing(seed: int, count: int) -> list[list[float]]:
    """Return curves to maximise: the faster one rises, the lower it ends, more or less."""
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    curves = []
    for _ in range(count):
        speed = math.exp(rng.uniform(math.log(0.05), math.log(1.0)))
        top = 0.95 - 0.25 * speed - 0.2 * rng.random()
        fade = 0.004 * speed * rng.random()
        curves.append(
            [
                top * (1 - math.exp(-speed * step)) - fade * step + rng.gauss(0, 0.005)
                for step in range(1, STEPS + 1)
            ]
        )
    return curves


def run(pruner: Pruner, worlds: list[list[float]], workers: int = 4) -> tuple[set[int], float]:
    """Run the trials, `workers` at a time; return those stopped and the share of steps spent."""
    curves: dict[int, Curve] = {}
    ended: dict[int, TrialState] = {}
    running: list[int] = []
    while len(ended) < len(worlds):
        while len(running) < workers and len(curves) < len(worlds):
            running.append(len(curves))
            curves[len(curves)] = Curve()
        for trial in list(running):
            step = len(curves[trial])
            curves[trial].append(step + 1, worlds[trial][step])
            if step + 1 == len(worlds[trial]):
                ended[trial] = TrialState.COMPLETED
            elif pruner.should_stop(trial, {k: v for k, v in curves.items() if len(v)}, ended):
                ended[trial] = TrialState.PRUNED
            if trial in ended:
                running.remove(trial)
    stopped = {trial for trial, state in ended.items() if state is TrialState.PRUNED}
    return stopped, sum(map(len, curves.values())) / sum(map(len, worlds))
