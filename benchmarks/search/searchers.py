"""The searchers that are compared, each by its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from automl.spec.study import Algorithm
from benchmarks.search.automl_loop import run_automl
from benchmarks.search.plain import run_plain
from benchmarks.search.task import Task
from benchmarks.search.trace import Ended, Setting

Run: TypeAlias = Callable[[Task, Setting], list[Ended]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """One of those that are compared.

    Attributes:
        name: as the command line and the cache call it.
        about: what it is, for the table.
        run: searches a task.
        up_to_slots: with a limit of up to so many trials a slot it proposes otherwise than with
            more, so that the first trials of a longer search are not what it does then.
    """

    name: str
    about: str
    run: Run
    up_to_slots: int = 0


def _plain(sampler: str, about: str, pruner: str = "none") -> Searcher:
    name = f"optuna-{sampler}" if pruner == "none" else f"optuna-{sampler}-{pruner}"
    return Searcher(name=name, about=about, run=partial(run_plain, sampler=sampler, pruner=pruner))


def _ours(name: str, about: str, **keywords: Any) -> Searcher:  # noqa: ANN401 - AutoTuner's own
    algorithm = keywords.setdefault("algorithm", "auto")
    return Searcher(
        name=f"automl-{name}",
        about=f"automl, {about}",
        run=partial(run_automl, **keywords),
        up_to_slots=2 * (algorithm == "auto"),
    )


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
        *_rules("auto", "auto"),
        *_rules("random", "random"),
    )
}
