"""What trials are ranked by, from the keywords that say so together."""

from collections.abc import Mapping, Sequence
from typing import Any

from automl.errors import SpecError
from automl.inside.reports import VALUE
from automl.spelling.spelling import OPEN, spelled, spelled_part
from automl.studies.given.place import at
from automl.study.constraint import parse_constraint
from automl.study.objective import METRIC, Objective, Objectives


def objectives_of(values: Mapping[str, Any]) -> Objectives:
    """Return what trials are ranked by: the list, or else the direction of the one metric.

    Raises:
        SpecError: both are given, or neither says which of several metrics ranks.
    """
    items: Sequence[Objective] | None = values["objectives"]
    if items is None:
        metric = VALUE if values["function"] else _only_metric(values)
        items = (Objective(metric=metric, direction=values["direction"], final=values["final"]),)
    elif (values["direction"], values["final"]) != ("maximize", "last"):
        own = dict.fromkeys(("metric", "direction", "final"), OPEN)
        raise SpecError(
            f"{spelled('objectives')} and {spelled('direction')} or {spelled('final')} are both "
            f"given; give each objective its own, {spelled_part('objectives', **own)}",
            place="objectives",
        )
    with at("objectives"):
        alone = Objectives(items=tuple(items))
    with at("constraints"):
        return Objectives(items=alone.items, constraints=values["constraints"])


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
        beside = {name for text in values["constraints"] for name in parse_constraint(text).names}
    left = [name for name in names if name not in beside] or names
    if len(left) > 1:
        chosen = spelled("objectives", [{"metric": left[0]}])
        raise SpecError(
            f"{' and '.join(map(repr, left))} are read, and nothing says which of them ranks the "
            f"trials; name it, as in {chosen}, or name several",
            place="objectives",
        )
    return str(left[0])
