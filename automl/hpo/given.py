"""What users give as keywords, checked and put together."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from automl.errors import SpecError
from automl.hpo import pruner as pruners
from automl.study.objective import Objective, Objectives
from automl.study.spec import PrunerSpec

T = TypeVar("T")


def given(parse: Callable[[str, object], T], what: str, value: object) -> T | None:
    """Return a parsed option, None where it was not given."""
    return None if value is None else parse(what, value)


def all_of(kind: Any, what: str, values: object, maker: str) -> tuple[Any, ...]:  # noqa: ANN401 - a type or union
    """Return a list as a tuple; SpecError unless all its items are of `kind`, as `maker` gives."""
    if not isinstance(values, list | tuple):
        raise SpecError(f"{what} must be a list, got {values!r}")
    for place, item in enumerate(values):
        is_a(kind, f"{what}[{place}]", item, maker)
    return tuple(values)


def is_a(kind: Any, what: str, value: object, allowed: str) -> None:  # noqa: ANN401 - a type or union
    """Raise SpecError unless `value` is of `kind`."""
    if not isinstance(value, kind):
        raise SpecError(f"{what} is {value!r}; give it {allowed}")


def chosen_objectives(
    objectives: Sequence[Objective] | None, constraints: object, direction: str, final: str
) -> Objectives:
    """Return what trials are ranked by: the list, or else the direction of the one metric.

    Raises:
        SpecError: both are given, or one of them is nothing of its kind.
    """
    texts = all_of(str, "constraints", constraints, "a text such as 'latency_ms <= 20'")
    if objectives is None:
        only = Objective(direction=direction, final=final)  # type: ignore[arg-type]
        return Objectives(items=(only,), constraints=texts)
    if (direction, final) != ("maximize", "last"):
        raise SpecError(
            "objectives= and direction= or final= are both given; give each objective its own, "
            "objective.create(metric=..., direction=..., final=...)"
        )
    items = all_of(Objective, "objectives", objectives, "objective.create(...)")
    return Objectives(items=items, constraints=texts)


def chosen_pruner(pruner: object, *, early_stopping: object) -> PrunerSpec | None:
    """Return the rule that stops trials: the one given, or `both` for `early_stopping=True`.

    Raises:
        SpecError: both are given, or one of them is nothing of its kind.
    """
    is_a(bool, "early_stopping", early_stopping, "True or False")
    is_a(PrunerSpec | str | None, "pruner", pruner, "pruner.create(...) or its type")
    if pruner is not None and early_stopping:
        raise SpecError(
            "early_stopping=True and pruner= are both given; early_stopping=True is "
            "pruner.create(type='both'), so give one of them"
        )
    if isinstance(pruner, str):
        return pruners.create(pruner)
    if isinstance(pruner, PrunerSpec):
        return pruner
    return pruners.create("both") if early_stopping else None
