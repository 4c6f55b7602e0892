from collections.abc import Callable
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import AutoTuner, objective, pruner
from automl.hpo.given import all_of, chosen_objectives, chosen_pruner, given, is_a
from automl.study.objective import Direction, Final, Objective, Objectives
from automl.study.spec import PrunerSpec

Right = Callable[..., dict[str, Any]]


def test_what_was_not_given_is_not_parsed() -> None:
    assert given(lambda what, value: f"{what} {value}", "grace", None) is None
    assert given(lambda what, value: f"{what} {value}", "grace", 0) == "grace 0"


def test_a_list_must_be_one_and_of_one_kind() -> None:
    assert all_of(str, "rules", ["a", "b"], "a text") == ("a", "b")
    with pytest.raises(SpecError, match="rules must be a list, got 'a'"):
        all_of(str, "rules", "a", "a text")
    with pytest.raises(SpecError, match=r"rules\[1\] is 3; give it a text"):
        all_of(str, "rules", ("a", 3), "a text")
    with pytest.raises(SpecError, match="seed is 'x'; give it a number"):
        is_a(int, "seed", "x", "a number")


def test_one_objective_needs_no_list() -> None:
    found = chosen_objectives(None, ["metric <= 2"], "minimize", "best")
    only = Objective(direction=Direction.MINIMIZE, final=Final.BEST)
    assert found == Objectives((only,), ("metric <= 2",))


@pytest.mark.parametrize(
    ("direction", "final"), [("minimize", "last"), ("maximize", "best"), ("minimize", "mean")]
)
def test_objectives_have_their_own_directions(direction: str, final: str) -> None:
    items = [objective.create(metric="a"), objective.create(metric="b", direction="minimize")]
    assert chosen_objectives(items, [], "maximize", "last").items == tuple(items)
    with pytest.raises(SpecError, match="are both given; give each objective its own"):
        chosen_objectives(items, [], direction, final)


def test_objectives_are_those_that_were_created() -> None:
    with pytest.raises(SpecError, match=r"objectives\[0\] is 'accuracy'; give it objective.create"):
        chosen_objectives(["accuracy"], [], "maximize", "last")  # type: ignore[list-item]
    with pytest.raises(SpecError, match=r"constraints\[0\] is 3; give it a text"):
        chosen_objectives(None, [3], "maximize", "last")


def test_early_stopping_is_off_unless_asked_for() -> None:
    assert chosen_pruner(None, early_stopping=False) is None
    assert chosen_pruner(None, early_stopping=True) == pruner.create("both")
    assert chosen_pruner("median", early_stopping=False) == PrunerSpec(type="median")
    made = pruner.create("threshold", lower=0.1)
    assert chosen_pruner(made, early_stopping=False) is made


def test_it_is_asked_for_once() -> None:
    with pytest.raises(SpecError, match="are both given; early_stopping=True is"):
        chosen_pruner("median", early_stopping=True)
    with pytest.raises(SpecError, match="early_stopping is 1; give it True or False"):
        chosen_pruner(None, early_stopping=1)
    with pytest.raises(SpecError, match="pruner is 3; give it"):
        chosen_pruner(3, early_stopping=False)


@pytest.mark.usefixtures("nothing_starts")
def test_the_tuner_takes_them(right: Right) -> None:
    with pytest.raises(SpecError, match="unknown"):
        AutoTuner(**right(pruner="no such"))
    with pytest.raises(SpecError, match="needs the metric 'latency', which no reader"):
        AutoTuner(**right(constraints=["latency <= 2"]))
