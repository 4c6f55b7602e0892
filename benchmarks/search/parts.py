"""What is compared: the tables made of the searches of a plan."""

import math
from collections.abc import Callable, Iterator, Mapping
from statistics import fmean

from benchmarks.search.grids import Grid
from benchmarks.search.intervals import DASH, estimate, over_tasks
from benchmarks.search.plan import (
    Measure,
    Plan,
    counted_slots,
    figures,
    mean_regrets,
    regret_after,
)
from benchmarks.search.results import Results
from benchmarks.search.searchers import SEARCHERS
from benchmarks.search.trace import Trace

CLOSE = 1.0
"""A regret that counts as reached the best, in percent."""

TIME_SHARES = (0.1, 0.25, 0.5)
"""When the regret is told, in shares of the time that a whole search takes."""


def regret_grids(results: Results, plan: Plan) -> Iterator[Grid]:
    """Yield the regret after numbers of trials, a table for each number of slots."""
    for slots in plan.slots:
        heads = ("searcher", *(f"r{trials}" for trials in plan.trials), "repeats", "ms a trial")
        rows = []
        for name in plan.searchers:
            cells = mean_regrets(results, plan, name, slots)
            repeats = over_tasks(
                figures(results, plan, name, slots, plan.trials[-1], lambda one: one.repeats)
            )
            rows.append(
                (SEARCHERS[name].about, *cells, f"{repeats.mean:.0f} %", _cost(results, plan, name))
            )
        title = (
            f"Mean regret over {len(plan.tasks)} tasks, {counted_slots(slots)}, {plan.seeds} seeds"
        )
        yield Grid(title=title, heads=heads, rows=tuple(rows))


def task_grids(results: Results, plan: Plan) -> Iterator[Grid]:
    """Yield the regret on each task, a table for each limit, with the middle number of slots."""
    for trials in plan.trials:
        yield task_grid(results, plan, trials)


def task_grid(results: Results, plan: Plan, trials: int) -> Grid:
    """Return the regret on each task after so many trials, with the middle number of slots."""
    slots = plan.slots[len(plan.slots) // 2]
    rows = []
    for name in plan.searchers:
        found = figures(results, plan, name, slots, trials, regret_after(trials))
        rows.append((SEARCHERS[name].about, *map(_cell, found.values())))
    title = f"{plan.regret.capitalize()} on each task after {trials} trials, {counted_slots(slots)}"
    return Grid(title=title, heads=("searcher", *plan.tasks), rows=tuple(rows))


def stopping_grids(results: Results, plan: Plan) -> Iterator[Grid]:
    """Yield what early stopping costs and saves, the first searcher being the one without it."""
    slots, trials = plan.slots[0], plan.trials[-1]

    def all_of(name: str, measure: Measure) -> dict[str, dict[int, float]]:
        return figures(results, plan, name, slots, trials, measure)

    rows = []
    without = {
        "regret": all_of(plan.searchers[0], regret_after(trials)),
        "spent": all_of(plan.searchers[0], lambda one: one.spent_s),
    }
    for name in plan.searchers:
        killed = over_tasks(all_of(name, lambda one: 100.0 * one.winner_stopped))
        lost = over_tasks(_paired(all_of(name, regret_after(trials)), without["regret"], _minus))
        spent = over_tasks(_paired(all_of(name, lambda one: one.spent_s), without["spent"], _share))
        rows.append((SEARCHERS[name].about, str(killed), str(lost), f"{spent.mean:.0f} %"))
    yield Grid(
        title=f"Early stopping of {trials} random combinations, {counted_slots(slots)}, "
        f"{plan.seeds} seeds; means over {', '.join(plan.tasks)}",
        heads=("rule", "best stopped, %", "regret lost", "compute"),
        rows=tuple(rows),
    )


def time_grids(results: Results, plan: Plan) -> Iterator[Grid]:
    """Yield how fast each searcher is, in shares of the time that the first one takes in all."""
    slots, trials = plan.slots[0], plan.trials[-1]

    def all_of(name: str, measure: Measure) -> dict[str, dict[int, float]]:
        return figures(results, plan, name, slots, trials, measure)

    base = all_of(plan.searchers[0], lambda one: one.lasted_s)
    rows = []
    for name in plan.searchers:
        lasted = over_tasks(_paired(all_of(name, lambda one: one.lasted_s), base, _share))
        close = over_tasks(_paired(all_of(name, _close_s), base, _capped_share))
        then = [
            str(over_tasks(_at_share(results, plan, name, share, base))) for share in TIME_SHARES
        ]
        end = str(over_tasks(all_of(name, regret_after(trials))))
        rows.append((SEARCHERS[name].about, str(close), *then, end, f"{lasted.mean:.0f} %"))
    heads = [f"at {share:.0%} of the time".replace("%", " %") for share in TIME_SHARES]
    yield Grid(
        title=f"Time until within {CLOSE:g} % of the best, in percent of what {trials} trials of "
        f"the first row take (never counts 100), and regret in time; {counted_slots(slots)}, "
        f"{plan.seeds} seeds, means over {', '.join(plan.tasks)}",
        heads=("searcher", "close after, %", *heads, "at the end", "all trials take"),
        rows=tuple(rows),
    )


def _at_share(
    results: Results, plan: Plan, name: str, share: float, base: Mapping[str, Mapping[int, float]]
) -> dict[str, dict[int, float]]:
    """Return the regret at a share of the time that the base took with the same task and seed."""
    found: dict[str, dict[int, float]] = {}
    for task, lasted in base.items():
        for seed, lasted_s in lasted.items():
            job = plan.job(task, name, plan.slots[0], plan.trials[-1], seed)
            regret = results[job].regret_at(share * lasted_s) if job in results else None
            # Before anything ended, a user would have to draw.
            found.setdefault(task, {})[seed] = 100.0 if regret is None else regret
    return found


def _close_s(one: Trace) -> float:
    found = one.reached(CLOSE)
    return found[1] if found else math.inf


def _capped_share(left: float, right: float) -> float:
    return min(100.0, _share(left, right))


def _paired(
    ours: Mapping[str, Mapping[int, float]],
    base: Mapping[str, Mapping[int, float]],
    combine: Callable[[float, float], float],
) -> dict[str, dict[int, float]]:
    return {
        task: {
            seed: combine(value, base[task][seed])
            for seed, value in found.items()
            if seed in base[task]
        }
        for task, found in ours.items()
    }


def _minus(left: float, right: float) -> float:
    return left - right


def _share(left: float, right: float) -> float:
    return 100 * left / right


def _cell(by_seed: Mapping[int, float]) -> str:
    return str(estimate(tuple(by_seed.values()))) if by_seed else DASH


def _cost(results: Results, plan: Plan, name: str) -> str:
    jobs = [
        plan.job(task, name, slots, plan.trials[-1], seed)
        for task in plan.tasks
        for slots in plan.slots
        for seed in range(plan.seeds)
    ]
    known = [1000 * results.cpu_s(job) for job in jobs if job in results]
    return f"{fmean(known):.1f}" if known else DASH
