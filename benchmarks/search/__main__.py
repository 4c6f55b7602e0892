"""Measure how good the search is, in simulated time: python -m benchmarks.search."""

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.machine import this_machine
from benchmarks.search.catalogue import FRONT_TASKS, TASKS
from benchmarks.search.choices import choice_grids
from benchmarks.search.grids import Grid
from benchmarks.search.parts import regret_grids, stopping_grids, task_grids, time_grids
from benchmarks.search.plan import Plan
from benchmarks.search.results import Results
from benchmarks.search.searchers import SEARCHERS
from benchmarks.search.trace import CHECKS

Grids = Callable[[Results, Plan], Iterator[Grid]]

REGRET = Plan(
    tasks=TASKS,
    searchers=(
        "automl-auto",
        "automl-tpe",
        "automl-sobol",
        "automl-random",
        "optuna-tpe",
        "optuna-sobol",
        "optuna-random",
    ),
    slots=(1, 4, 16),
    trials=CHECKS,
    seeds=20,
)
CURVES = ("digits", "mlp", "noisy")
RULES = ("both", "patient", "percentile", "median", "asha", "hyperband", "continued")
STOPPING = Plan(
    tasks=CURVES,
    searchers=(
        "automl-random",
        *(f"automl-random-{rule}" for rule in RULES),
        "optuna-random",
        "optuna-random-median",
        "optuna-random-halving",
    ),
    slots=(4,),
    trials=(60,),
    seeds=30,
)
FOLDS = replace(
    STOPPING,
    tasks=("svm",),
    searchers=("automl-random", *(f"automl-random-{rule}" for rule in ("both", "wilcoxon"))),
)
TIME = Plan(
    tasks=CURVES,
    searchers=(
        "automl-auto",
        *(f"automl-auto-{rule}" for rule in ("both", "median", "asha", "continued", "anew")),
        "optuna-tpe",
        "optuna-tpe-median",
        "optuna-tpe-halving",
    ),
    slots=(4,),
    trials=(200,),
    seeds=20,
)

ALGORITHMS = Plan(
    tasks=TASKS,
    searchers=(
        *(f"automl-{name}" for name in ("auto", "tpe", "gp", "cmaes", "evolution")),
        *(f"optuna-{name}" for name in ("tpe", "gp", "cmaes", "nsga")),
        *(f"automl-{name}" for name in ("sobol", "random")),
    ),
    slots=(4,),
    trials=CHECKS[:3],
    seeds=8,
)

SEVERAL = Plan(
    tasks=FRONT_TASKS,
    searchers=("automl-auto", "automl-evolution", "optuna-tpe", "optuna-nsga", "optuna-random"),
    slots=(4,),
    trials=CHECKS[1:],
    seeds=20,
    regret="hypervolume regret",
)

PARTS: dict[str, tuple[Plan, tuple[Grids, ...]]] = {
    "regret": (REGRET, (regret_grids, task_grids)),
    "stopping": (STOPPING, (stopping_grids,)),
    "folds": (FOLDS, (stopping_grids,)),
    "time": (TIME, (time_grids,)),
    "algorithms": (ALGORITHMS, (choice_grids,)),
    "fronts": (SEVERAL, (choice_grids,)),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is not known yet, print the tables, and write the files asked for."""
    options = _options(arguments)
    results = Results(options.results)
    grids = []
    for name in options.only:
        plan, makers = PARTS[name]
        plan = _runnable(_changed(plan, options))
        jobs = list(plan.jobs())
        for number, job in enumerate(results.run(jobs, options.jobs), 1):
            if number % 100 == 0:
                print(f"{name}: {number} searches, {job.key}", file=sys.stderr, flush=True)
        grids += [grid for make in makers for grid in make(results, plan)]
    machine = this_machine(quick=options.quick)
    shown = [grid.markdown() if options.markdown else grid.text() for grid in grids]
    print("\n\n".join([machine.line(), *shown]))
    if options.json:
        told = {"machine": asdict(machine), "tables": [grid.plain() for grid in grids]}
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _changed(plan: Plan, options: argparse.Namespace) -> Plan:
    """Return the plan with what the command line changes of it."""
    if options.quick:
        plan = replace(plan, slots=plan.slots[:1], trials=(5,), seeds=2)
    if options.seeds:
        plan = replace(plan, seeds=options.seeds)
    if options.slots:
        plan = replace(plan, slots=options.slots)
    if options.tasks:
        tasks = tuple(name for name in plan.tasks if name in options.tasks)
        plan = replace(plan, tasks=tasks or plan.tasks)
    if options.searchers:
        plan = replace(plan, searchers=options.searchers)
    return plan


def _runnable(plan: Plan) -> Plan:
    """Return the plan without the searchers whose packages are missing, saying so."""
    missing = {
        name: SEARCHERS[name].needs
        for name in plan.searchers
        if SEARCHERS[name].needs and importlib.util.find_spec(SEARCHERS[name].needs) is None
    }
    if missing:
        packages = ", ".join(dict.fromkeys(missing.values()))
        print(f"left out, without {packages}: {', '.join(missing)}", file=sys.stderr, flush=True)
    return replace(plan, searchers=tuple(name for name in plan.searchers if name not in missing))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    add = parser.add_argument
    add("--only", type=_among("part", PARTS), default=tuple(PARTS), metavar="PART,...")
    add("--tasks", type=_among("task", (*TASKS, *FRONT_TASKS)), metavar="TASK,...")
    add("--searchers", type=_among("searcher", SEARCHERS), metavar="SEARCHER,...")
    add("--slots", type=_numbers, metavar="COUNT,...", help="trainings at the same time")
    add("--seeds", type=int, help="how many, from 0")
    add("--jobs", type=int, default=1, help="processes that run searches")
    add("--results", type=Path, metavar="FILE", help="keep each search there, and go on from it")
    add("--quick", action="store_true", help="small counts, to see that it works")
    add("--json", type=Path, metavar="FILE", help="write the tables there too")
    add("--markdown", action="store_true", help="print them for docs/search.md")
    return parser.parse_args(arguments)


def _among(what: str, known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    def names(text: str) -> tuple[str, ...]:
        for name in text.split(","):
            if name not in known:
                raise argparse.ArgumentTypeError(
                    f"unknown {what} {name!r}; known: {', '.join(known)}"
                )
        return tuple(text.split(","))

    return names


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))


if __name__ == "__main__":
    main()
