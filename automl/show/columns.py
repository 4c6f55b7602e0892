"""What the columns of the table hold."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from automl.show.endings import breach_text
from automl.show.reasons import reason_of
from automl.space.parameters import ParamValue
from automl.space.space import SearchSpace
from automl.study.objective import RESERVED, SCORE, Objectives
from automl.study.ranking.confirmation import confirmed_mean, interval
from automl.study.ranking.rank import fronts, inside_first
from automl.study.ranking.reached import at_rung, budget_reached
from automl.study.trial import Trial, TrialState

Typed: TypeAlias = tuple[Sequence[object], str]
"""The values of a column and the name of its dtype."""

Key: TypeAlias = tuple[str, str]
"""The group and the name of a column."""

Columns: TypeAlias = dict[Key, Typed]

_BYTES_PER_MB = 1_000_000
_MISSING = math.nan


def table_columns(
    trials: Iterable[Trial],
    space_names: Iterable[str],
    *,
    objectives: Objectives,
    full: bool,
    space: SearchSpace | None = None,
) -> Columns:
    """Return the columns by group and name, in their order, with a value for each trial.

    Args:
        trials: in any order; the rows are in that of `rank`, those outside the space last.
        space_names: the parameters of the space; others that a trial has get a column as well.
        objectives: what the trials are ranked by.
        full: with all that is known of the trials.
        space: what the best trial must lie in, None if it does not matter.
    """
    within, outside = inside_first(trials, objectives, space)
    ranked = [*within, *outside]
    names = sorted(set(space_names).union(*(trial.params for trial in ranked)))
    found: Columns = {}
    for name in names:
        found["params", name] = _typed([trial.params.get(name, _MISSING) for trial in ranked])
    for name, values in _results(ranked, objectives).items():
        found["results", name] = values, "float64"
    found["metadata", "id"] = [trial.id for trial in ranked], "int64"
    metadata: dict[str, Typed] = {}
    if outside:
        metadata["outside"] = [False] * len(within) + [True] * len(outside), "bool"
    metadata |= _search(ranked, len(within), objectives)
    if full:
        metadata |= _metadata(ranked, objectives)
    else:
        # How far a trial came that waits at a rung is said by its budget.
        reasons = ["" if at_rung(trial) else _reason(trial, objectives) for trial in ranked]
        metadata |= {"reason": (reasons, "object")} if any(reasons) else {}
    found.update((("metadata", name), column) for name, column in metadata.items())
    return found


def _typed(values: Sequence[ParamValue]) -> Typed:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return values, "bool"
    if kinds == {int}:
        fits = all(-(2**63) <= value < 2**63 for value in values if isinstance(value, int))
        return values, "int64" if fits else "object"
    if kinds == {float}:
        return values, "float64"
    return values, "object"


def _results(
    ranked: Sequence[Trial], objectives: Objectives
) -> Mapping[str, Sequence[float | None]]:
    """Return the ranked value, the other metrics, and what was found out of their spread."""
    ranking = SCORE if objectives.weighted else objectives.items[0].metric
    results: dict[str, Sequence[float | None]] = {ranking: [trial.value for trial in ranked]}
    for name in objectives.metrics:
        results.setdefault(name, [trial.metrics.get(name) for trial in ranked])
    found = {
        "interval": [interval(trial.seeds) for trial in ranked],
        "confirmed": [confirmed_mean(trial) for trial in ranked],
    }
    results |= {name: values for name, values in found.items() if _any_known(values)}
    for name in further_metrics(ranked, objectives):
        results[_free(name, results)] = [trial.metrics.get(name) for trial in ranked]
    return results


def further_metrics(trials: Iterable[Trial], objectives: Objectives) -> list[str]:
    """Return the metrics that trials have and need not, in the order in which they came up."""
    by_id = sorted(trials, key=lambda trial: trial.id)
    names = dict.fromkeys(name for trial in by_id for name in trial.metrics)
    needed = {*objectives.metrics}
    return [name for name in names if name not in needed]


def further_columns(columns: Columns, objectives: Objectives) -> list[Key]:
    """Return those of a table's columns whose metrics neither rank nor are constrained."""
    own = {*objectives.metrics, objectives.name, *RESERVED}
    return [key for key in columns if key[0] == "results" and key[1] not in own]


def _free(name: str, taken: Collection[str]) -> str:
    """Return how the column of a metric is called; its own name, if no other column has that."""
    while name in taken or name in RESERVED:
        name = f"metric.{name}"
    return name


def _any_known(values: Sequence[object]) -> bool:
    return any(value is not None for value in values)


def _search(ranked: Sequence[Trial], within: int, objectives: Objectives) -> dict[str, Typed]:
    """Return what only some searches have: fronts, budgets, checkpoints, notes.

    Args:
        ranked: the trials of all rows.
        within: how many of them, at the beginning, lie in the space; only these are compared.
        objectives: what they are ranked by.
    """
    found: dict[str, Typed] = {}
    if not objectives.single:
        numbers = fronts(ranked[:within], objectives) + [None] * (len(ranked) - within)
        found["front"] = numbers, "Int64"
    budgets = [budget_reached(trial) for trial in ranked]
    if _any_known(budgets):
        found["budget"] = _typed([_MISSING if one is None else one for one in budgets])
    if any(trial.source >= 0 for trial in ranked):
        found["checkpoint_id"] = [trial.source for trial in ranked], "int64"
    if any(trial.note for trial in ranked):
        found["note"] = [trial.note for trial in ranked], "object"
    return found


def _reason(trial: Trial, objectives: Objectives) -> str:
    """Return why and where a trial ended before its end, or which constraint it breaks."""
    reason = reason_of(trial)
    if trial.state is TrialState.COMPLETED:
        return breach_text(trial, objectives)
    if trial.stopped_step is not None and "step" not in reason:
        return f"at step {trial.stopped_step:g}: {reason or trial.state}"
    return reason or str(trial.state)


def _metadata(ranked: Sequence[Trial], objectives: Objectives) -> dict[str, Typed]:
    exits = [trial.exit for trial in ranked]
    memory = [end.peak_memory_bytes if end else None for end in exits]
    violation: dict[str, Typed] = {}
    if objectives.constraints:
        violation["violation"] = [trial.violation for trial in ranked], "float64"
    return violation | {
        "state": ([str(trial.state) for trial in ranked], "object"),
        "failure": ([str(trial.failure or "") for trial in ranked], "object"),
        "reason": ([_reason(trial, objectives) for trial in ranked], "object"),
        "start": ([trial.started_at for trial in ranked], "datetime64[us, UTC]"),
        "duration_s": ([trial.duration_s for trial in ranked], "float64"),
        "attempts": ([trial.attempts for trial in ranked], "int64"),
        "exit_code": ([end.code if end else None for end in exits], "Int64"),
        "peak_memory_mb": ([m if m is None else m / _BYTES_PER_MB for m in memory], "float64"),
        "cpu_s": ([end.cpu_s if end else None for end in exits], "float64"),
        "measurements": ([trial.measurements for trial in ranked], "int64"),
        "launches": ([len(trial.results) for trial in ranked], "int64"),
        "avoided": ([trial.avoided for trial in ranked], "int64"),
        "origin": ([trial.origin for trial in ranked], "object"),
    }
