"""What trials are ranked by, from the keywords that say so together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from automl.errors import SpecError
from automl.inside.reports import VALUE
from automl.spelling.spelling import OPEN, spelled, spelled_part
from automl.studies.given.place import at
from automl.study.constraint import odd_names, parse_constraint
from automl.study.objective import METRIC, Direction, Final, Objective, Objectives
from automl.study.tasks.task import weighted_of


def objectives_of(values: Mapping[str, Any]) -> Objectives:
    """Return what trials are ranked by: the list, or else the direction of the one metric or sum.

    Raises:
        SpecError: several of these are given, or neither says which of several metrics ranks.
    """
    direction = Direction(values["direction"])
    given: Sequence[Objective] | None = values["objectives"]
    summed = _summed(values, direction)
    if given is None:
        items = summed or [_only_objective(values, direction)]
    else:
        _check_alone(values, given, summed)
        items = list(given)
    with at("objectives"):
        alone = Objectives(items=tuple(items))
    with at("constraints"):
        return replace(
            alone,
            constraints=values["constraints"],
            sum_direction=direction,
            odd_names=_odd_names(values),
        )


def _odd_names(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of metrics in constraints that are no words."""
    read = (one.metric for task in values["task_list"] for one in task.readers)
    return odd_names(read, values["constraints"]) if values["constraints"] else ()


def _summed(values: Mapping[str, Any], direction: Direction) -> list[Objective]:
    """Return what readers with a `metric_dict` rank by together, nothing without one."""
    given = [one for task in values["task_list"] for one in weighted_of(task)]
    return [one for each in given for one in each.objectives(direction, Final(values["final"]))]


def _only_objective(values: Mapping[str, Any], direction: Direction) -> Objective:
    metric = VALUE if values["function"] else _only_metric(values)
    return Objective(metric=metric, direction=direction, final=values["final"])


def _check_alone(
    values: Mapping[str, Any], given: Sequence[Objective], summed: Sequence[Objective]
) -> None:
    """Refuse objectives beside what else says by what trials are ranked.

    The direction of a weighted sum stands beside them.
    """
    if summed:
        raise SpecError(
            f"{spelled('objectives')} and metric_dict of a reader both say what trials are ranked "
            "by; give one of them",
            place="objectives",
        )
    weighted = len(given) > 1 and all(one.weight is not None for one in given)
    if values["final"] != Final.LAST or (values["direction"] != "maximize" and not weighted):
        own = dict.fromkeys(("metric", "direction", "final"), OPEN)
        raise SpecError(
            f"{spelled('objectives')} and {spelled('direction')} or {spelled('final')} are both "
            f"given; give each objective its own, {spelled_part('objectives', **own)}",
            place="objectives",
        )


def _only_metric(values: Mapping[str, Any]) -> str:
    """Return the metric that ranks where nobody named one: the only one that is read.

    Those that constraints compare are beside it.

    Raises:
        SpecError: several are read, so that one has to be chosen.
    """
    names = list(dict.fromkeys(one.metric for task in values["task_list"] for one in task.readers))
    if METRIC in names or not names:
        return METRIC
    with at("constraints"):
        odd = _odd_names(values)
        constraints = [parse_constraint(text, odd) for text in values["constraints"]]
        beside = {name for one in constraints for name in one.names}
    left = [name for name in names if name not in beside] or names
    if len(left) > 1:
        chosen = spelled("objectives", [{"metric": left[0]}])
        raise SpecError(
            f"{' and '.join(map(repr, left))} are read, and nothing says which of them ranks the "
            f"trials; name it, as in {chosen}, or name several",
            place="objectives",
        )
    return str(left[0])
