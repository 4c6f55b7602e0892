"""How much is run, and the figures of what was: by task, seed and number of trials."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.search.catalogue import task_of
from benchmarks.search.intervals import over_tasks
from benchmarks.search.results import Job, Results
from benchmarks.search.searchers import SEARCHERS
from benchmarks.search.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is run.

    Attributes:
        tasks: names of the tasks.
        searchers: names of the searchers.
        slots: numbers of trainings at the same time.
        trials: the limits, ascending.
        seeds: how many seeds, from 0.
        regret: what the regret is called in titles.
    """

    tasks: tuple[str, ...]
    searchers: tuple[str, ...]
    slots: tuple[int, ...]
    trials: tuple[int, ...]
    seeds: int
    regret: str = "regret"

    def jobs(self) -> Iterator[Job]:
        """Yield the searches; all of one seed come before those of the next."""
        for seed in range(self.seeds):
            for searcher in self.searchers:
                for task in self.taken_by(searcher):
                    for slots in self.slots:
                        for trials in self._limits(searcher, slots):
                            yield Job(
                                task=task,
                                searcher=searcher,
                                slots=slots,
                                trials=trials,
                                seed=seed,
                            )

    def taken_by(self, searcher: str) -> tuple[str, ...]:
        """Return the tasks that a searcher can search."""
        takes = SEARCHERS[searcher].takes
        return tuple(task for task in self.tasks if takes(task_of(task)))

    def _limits(self, searcher: str, slots: int) -> list[int]:
        """Return the limits for which a searcher needs a search of its own on any task."""
        longest = self.trials[-1]
        own = SEARCHERS[searcher].up_to_slots * slots
        return [trials for trials in self.trials if trials == longest or trials <= own]

    def job(self, task: str, searcher: str, slots: int, trials: int, seed: int) -> Job:
        """Return the search that tells what `searcher` finds within `trials`."""
        limit = trials if trials in self._limits(searcher, slots) else self.trials[-1]
        return Job(task=task, searcher=searcher, slots=slots, trials=limit, seed=seed)


Measure = Callable[[Trace], float | None]


def figures(
    results: Results, plan: Plan, searcher: str, slots: int, trials: int, measure: Measure
) -> dict[str, dict[int, float]]:
    """Return one figure of the searches that are known, by task and seed."""
    found: dict[str, dict[int, float]] = {}
    for task in plan.tasks:
        by_seed = found.setdefault(task, {})
        for seed in range(plan.seeds):
            job = plan.job(task, searcher, slots, trials, seed)
            value = measure(results[job]) if job in results else None
            if value is not None:
                by_seed[seed] = value
    return found


def regret_after(trials: int) -> Measure:
    """Return what reads the regret after so many trials off a search."""
    return lambda one: one.regret_after(trials)


def mean_regrets(results: Results, plan: Plan, searcher: str, slots: int) -> list[str]:
    """Return the mean regret over the tasks, with its interval, for each limit of the plan."""
    return [
        str(over_tasks(figures(results, plan, searcher, slots, trials, regret_after(trials))))
        for trials in plan.trials
    ]


def counted_slots(count: int) -> str:
    """Return the number of slots in words."""
    return f"{count} slot" if count == 1 else f"{count} slots"
