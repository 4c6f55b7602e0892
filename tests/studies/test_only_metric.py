"""Which metric ranks where nobody names one: the only one that is read."""

from typing import Any

import pytest

from automl.errors import SpecError
from automl.studies.spec_from import spec_from
from automl.study.description import describe
from automl.study.objective import Direction, Final

NAMED = {"type": "stdout_reader", "metric": "val_acc"}
OTHER = {"type": "file_reader", "location": "{{ trial.dir }}/m", "metric": "ms"}
USUAL = {"type": "local_reader", "location": "{{ trial.dir }}/m", "parser_pattern": "(.)"}


def described(*readers: object, **keywords: Any) -> dict[str, Any]:
    task = {"type": "BashTask", "cmd": ["echo"], "metric_reader": list(readers)}
    x = {"type": "Integer", "name": "x", "min_value": 0, "max_value": 9}
    return {
        "hyperparams": [x],
        "task_list": [task],
        "max_parallel": 1,
        "max_trial_num": 1,
        **keywords,
    }


def test_the_only_reader_of_a_name_is_the_objective() -> None:
    spec = spec_from(described(NAMED, direction="minimize", final="best"), "/w")
    (one,) = spec.objectives.items
    assert (one.metric, one.direction, one.final) == ("val_acc", Direction.MINIMIZE, Final.BEST)
    # It reads back as the same, so that study.yaml goes on with it.
    again = spec_from(describe(spec), "/w")
    assert again.objectives == spec.objectives
    assert again.identity() == spec.identity()


def test_what_is_named_says_the_same() -> None:
    named = described(NAMED, objectives=[{"metric": "val_acc"}])
    assert spec_from(named, "/w") == spec_from(described(NAMED), "/w")


@pytest.mark.parametrize(
    ("readers", "keywords", "metric"),
    [
        ([USUAL], {}, "metric"),
        ([USUAL, NAMED], {}, "metric"),
        ([NAMED, OTHER], {"constraints": ["ms <= 20"]}, "val_acc"),
        # All that is read may be compared and rank as well.
        ([NAMED], {"constraints": ["val_acc >= 0.1"]}, "val_acc"),
        ([{**USUAL, "metric": "f1"}], {}, "f1"),
        ([{"type": "report_reader"}], {}, "value"),
    ],
)
def test_those_of_constraints_are_beside_it(
    readers: list[Any], keywords: dict[str, Any], metric: str
) -> None:
    assert spec_from(described(*readers, **keywords), "/w").objectives.name == metric


def test_the_same_metric_of_two_tasks_is_one() -> None:
    whole = described(NAMED)
    whole["task_list"] = whole["task_list"] * 2
    assert spec_from(whole, "/w").objectives.name == "val_acc"


@pytest.mark.parametrize(
    ("readers", "keywords"),
    [
        ([NAMED, OTHER], {}),
        ([NAMED, OTHER], {"constraints": ["val_acc >= 0", "ms <= 2"]}),
        ([NAMED, OTHER, {**OTHER, "metric": "kb"}], {"constraints": ["kb <= 2"]}),
    ],
)
def test_of_several_one_has_to_be_chosen(readers: list[Any], keywords: dict[str, Any]) -> None:
    with pytest.raises(SpecError) as refused:
        spec_from(described(*readers, **keywords), "/w")
    assert str(refused.value) == (
        "'val_acc' and 'ms' are read, and nothing says which of them ranks the trials; "
        "name it, as in objectives=[objective.create(metric='val_acc')], or name several"
    )
    assert refused.value.place == "objectives"


def test_a_constraint_that_cannot_be_read_is_told_at_its_place() -> None:
    with pytest.raises(SpecError) as refused:
        spec_from(described(NAMED, OTHER, constraints=["ms <"]), "/w")
    assert refused.value.place == "constraints"
