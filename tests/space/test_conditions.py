import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.space.conditions import Condition, condition_of
from automl.space.expression import Expression
from automl.space.parameters import Integer, Real


def of(given_as: Any) -> Condition:
    condition = condition_of("x", given_as)
    assert condition is not None
    return condition


@pytest.mark.parametrize(
    ("given_as", "params", "holds"),
    [
        ({"opt": "sgd"}, {"opt": "sgd"}, True),
        ({"opt": "sgd"}, {"opt": "adam"}, False),
        ({"opt": "sgd"}, {}, False),
        ({"opt": ["sgd", "adam"]}, {"opt": "adam"}, True),
        ({"opt": ("sgd",), "n": 2}, {"opt": "sgd", "n": 2}, True),
        ({"opt": "sgd", "n": 2}, {"opt": "sgd", "n": 3}, False),
        ({"n": 2}, {"n": 2.0}, True),
        ({"n": 1}, {"n": True}, False),
        ({"n": True}, {"n": True}, True),
        ({"n": True}, {"n": 1}, False),
        ({"n": None}, {"n": None}, True),
        ({"n": [[1, 2]]}, {"n": [1, 2]}, True),
        ({"n": [[1, 2]]}, {"n": [True, 2]}, False),
        ("opt == 'sgd' and n > 2", {"opt": "sgd", "n": 3}, True),
        ("opt == 'sgd' and n > 2", {"opt": "sgd", "n": 2}, False),
        ("opt == 'sgd' or n > 2", {"opt": "sgd"}, False),
        ("1 / n > 2", {"n": 0}, False),
        ("n > 2", {"n": "a"}, False),
        ([{"opt": "sgd"}, "n > 2"], {"opt": "sgd", "n": 3}, True),
        ([{"opt": "sgd"}, "n > 2"], {"opt": "sgd", "n": 1}, False),
        ([{"opt": "sgd"}, {"opt": "adam"}], {"opt": "sgd"}, False),
    ],
)
def test_a_condition_holds_when_all_of_it_does(
    given_as: Any, params: dict[str, Any], *, holds: bool
) -> None:
    assert of(given_as).holds(params) == holds


@pytest.mark.parametrize(
    ("given_as", "names", "text"),
    [
        ({"opt": "sgd"}, ("opt",), "opt == 'sgd'"),
        ({"opt": ["a", 1]}, ("opt",), "opt in ['a', 1]"),
        ({"b": 1, "a": 2}, ("b", "a"), "b == 1 and a == 2"),
        ("b > a or b > 3", ("b", "a"), "b > a or b > 3"),
        ([{"a": 1}, "b > a or b > 3"], ("a", "b"), "a == 1 and (b > a or b > 3)"),
    ],
)
def test_it_has_names_and_prints_as_one_would_write_it(
    given_as: Any, names: tuple[str, ...], text: str
) -> None:
    assert of(given_as).names == names
    assert str(of(given_as)) == text


@pytest.mark.parametrize("wrong", [3, {}, [], "", True, [None], {3: 1}, {"a": []}, {"a": {1, 2}}])
def test_what_is_no_condition_is_refused(wrong: Any) -> None:
    with pytest.raises(SpecError, match="parameter 'x': when "):
        condition_of("x", wrong)


def test_the_text_is_checked_when_it_is_made() -> None:
    with pytest.raises(SpecError, match=r"parameter 'x': when 'n . 2' does not answer yes or no"):
        Integer(name="x", min_value=1, max_value=2, when="n + 2")  # type: ignore[arg-type]


def test_no_condition_is_none_and_a_condition_stays() -> None:
    assert condition_of("x", None) is None
    assert condition_of("x", of({"a": 1})) == of({"a": 1})


PARTS = st.dictionaries(
    st.sampled_from("abc"), st.lists(st.integers() | st.text(), min_size=1), min_size=1
) | st.sampled_from(["a > 2", "b == 'x' or c"])


@given(st.lists(PARTS, min_size=1, max_size=3))
def test_a_description_is_read_back(parts: list[Any]) -> None:
    condition = of(parts)
    assert of(json.loads(json.dumps(condition.described()))) == condition
    assert repr(condition) == repr(condition.described())


def test_both_of_two_conditions() -> None:
    both = of({"a": 1}) & of("b > 2")
    assert both.equals == of({"a": 1}).equals
    assert both.formulas == (Expression("b > 2", "when"),)
    assert both.described() == [{"a": [1]}, "b > 2"]


def test_every_kind_takes_a_condition_and_shows_it() -> None:
    when: Any = {"opt": "sgd"}
    real = Real(name="x", min_value=0, max_value=1, when=when)
    assert real.when == of(when)
    assert repr(real).endswith("step=None, when={'opt': ['sgd']})")
