"""Which algorithm to choose: tables over the tasks that each one takes."""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.search.grids import Grid
from benchmarks.search.parts import task_grid
from benchmarks.search.plan import Plan, counted_slots, mean_regrets
from benchmarks.search.results import Results
from benchmarks.search.searchers import SEARCHERS


def choice_grids(results: Results, plan: Plan) -> Iterator[Grid]:
    """Yield the regret over all tasks, over those that every searcher takes, and on each."""
    taken = [plan.taken_by(name) for name in plan.searchers]
    shared = tuple(task for task in plan.tasks if all(task in tasks for tasks in taken))
    for tasks in filter(None, dict.fromkeys((plan.tasks, shared))):
        yield _mean_grid(results, replace(plan, tasks=tasks))
    yield task_grid(results, plan, plan.trials[-1])


def _mean_grid(results: Results, plan: Plan) -> Grid:
    """Return the mean regret after numbers of trials; a dash where a searcher refuses a task."""
    slots = plan.slots[0]
    rows = [
        (SEARCHERS[name].about, *mean_regrets(results, plan, name, slots))
        for name in plan.searchers
    ]
    return Grid(
        title=f"Mean {plan.regret} over {', '.join(plan.tasks)}; {counted_slots(slots)}, "
        f"{plan.seeds} seeds",
        heads=("searcher", *(f"r{trials}" for trials in plan.trials)),
        rows=tuple(rows),
    )
