"""The searchers that are compared, each by its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from automl.study.spec import Algorithm
from benchmarks.search.automl_loop import run_automl
from benchmarks.search.plain import run_plain
from benchmarks.search.task import Trained
from benchmarks.search.trace import Ended, Setting

Run: TypeAlias = Callable[[Trained, Setting], list[Ended]]


def anything(task: Trained) -> bool:
    """Take every task."""
    del task
    return True


def one_objective(task: Trained) -> bool:
    """Take tasks of one objective."""
    return len(task.directions) == 1


def numbers_alone(task: Trained) -> bool:
    """Take tasks of one objective whose parameters always hold and have an order."""
    return one_objective(task) and not any(
        axis.when or any(isinstance(value, str) for value in axis.candidates) for axis in task.axes
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """One of those that are compared.

    Attributes:
        name: as the command line and the cache call it.
        about: what it is, for the table.
        run: searches a task.
        up_to_slots: with a limit of up to so many trials a slot it proposes otherwise than with
            more, so that the first trials of a longer search are not what it does then.
        takes: tells whether it can search a task.
        needs: a package that must be there, by its import name; empty for none.
    """

    name: str
    about: str
    run: Run
    up_to_slots: int = 0
    takes: Callable[[Trained], bool] = anything
    needs: str = ""


def _plain(sampler: str, about: str, pruner: str = "none") -> Searcher:
    name = f"optuna-{sampler}" if pruner == "none" else f"optuna-{sampler}-{pruner}"
    return Searcher(
        name=name,
        about=about,
        run=partial(run_plain, sampler=sampler, pruner=pruner),
        takes=one_objective if sampler == "cmaes" or pruner != "none" else anything,
        needs=_needs(sampler),
    )


def _ours(name: str, about: str, **keywords: Any) -> Searcher:  # noqa: ANN401 - AutoTuner's own
    algorithm = keywords.setdefault("algorithm", "auto")
    rules = keywords.keys() & {"pruner", "early_stopping", "promotes"}
    return Searcher(
        name=f"automl-{name}",
        about=f"automl, {about}",
        run=partial(run_automl, **keywords),
        up_to_slots=2 * (algorithm == "auto"),
        takes=numbers_alone if algorithm == "cmaes" else one_objective if rules else anything,
        needs=_needs(algorithm),
    )


def _needs(algorithm: object) -> str:
    return "torch" if algorithm == "gp" else ""


def _rules(prefix: str, algorithm: str) -> Iterator[Searcher]:
    """Yield a searcher for each way to spend less on bad trials."""
    yield _ours(
        f"{prefix}-both", "early_stopping=True (both)", algorithm=algorithm, early_stopping=True
    )
    for rule in ("patient", "percentile", "median", "asha", "hyperband", "wilcoxon"):
        yield _ours(f"{prefix}-{rule}", rule, algorithm=algorithm, pruner=rule)
    for how in ("continued", "anew"):
        about = f"promotion by relaunch, {how}"
        yield _ours(f"{prefix}-{how}", about, algorithm=algorithm, promotes=how)


SEARCHERS = {
    one.name: one
    for one in (
        _plain("tpe", "Optuna, TPE as it comes"),
        _plain("random", "Optuna, random"),
        _plain("sobol", "Optuna, Sobol (QMC)"),
        _plain("gp", "Optuna, GP as it comes"),
        _plain("cmaes", "Optuna, CMA-ES as it comes"),
        _plain("nsga", "Optuna, NSGA-II as it comes"),
        _plain("random", "Optuna, median pruner as it comes", "median"),
        _plain("random", "Optuna, successive halving as it comes", "halving"),
        _plain("tpe", "Optuna, TPE and median pruner as they come", "median"),
        _plain("tpe", "Optuna, TPE and successive halving as they come", "halving"),
        _ours("auto", "auto (default)"),
        _ours("tpe", "tpe", algorithm="tpe"),
        _ours(
            "independent",
            "tpe, independent",
            algorithm=Algorithm(type="tpe", options={"multivariate": False}),
        ),
        _ours("random", "random", algorithm="random"),
        _ours("sobol", "sobol", algorithm="sobol"),
        *(_ours(name, name, algorithm=name) for name in ("gp", "cmaes", "evolution")),
        *_rules("auto", "auto"),
        *_rules("random", "random"),
    )
}
