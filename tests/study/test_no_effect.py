"""Values that do not depend on the parameters are told, once, and chance is not."""

from collections.abc import Callable
from typing import Any

import pytest

from automl.space.parameters import Categorical, Constant, Integer
from automl.space.space import SearchSpace
from automl.study.ranking.no_effect import LEAST_ALIKE, MOST_TRIALS, Effects
from automl.study.trial import Trial, TrialState

A = Integer(name="a", min_value=0, max_value=9)
B = Categorical(name="b", candidates=("x", "y", 1, 1.0))


def told(
    value: Callable[[Any, Any], float], space: SearchSpace, combinations: list[tuple[Any, Any]]
) -> list[str]:
    effects = Effects(space)
    texts = []
    for number, (a, b) in enumerate(combinations):
        effects.add(
            Trial(
                id=number,
                params={"a": a, "b": b},
                state=TrialState.COMPLETED,
                value=value(a, b),
            )
        )
        texts.append(effects.text())
    return [text for text in texts if text]


GRID = [(a, b) for a in range(6) for b in ("x", "y")]
BOTH = SearchSpace((A, B))


def test_all_the_same_is_told_once_with_the_likely_causes() -> None:
    (text,) = told(lambda *_: 0.5, BOTH, GRID)
    assert text.startswith(f"all {LEAST_ALIKE} completed trials have the same value, 0.5")
    assert "the pattern reads" in text
    assert "the program does not take them" in text


@pytest.mark.parametrize(
    ("value", "name"), [(lambda a, _: a, "b"), (lambda _, b: float(b == "x"), "a")]
)
def test_a_parameter_that_changes_nothing_is_told_once(
    value: Callable[[Any, Any], float], name: str
) -> None:
    (text,) = told(value, BOTH, GRID)
    assert text.startswith(f"{name} has not changed the value once, in ")
    assert f"differ from another in {name} alone" in text


@pytest.mark.parametrize(
    ("value", "combinations"),
    [
        (lambda a, b: a + (b == "x"), GRID),
        # The same combination again is no other one, nor do its seeds tell of a parameter.
        (lambda *_: 0.5, [(1, "x")] * 20),
        (lambda *_: 0.5, GRID[: LEAST_ALIKE - 1]),
        # Never varied alone.
        (lambda a, _: a // 2, [(a, a) for a in range(9)]),
        # It has an effect with one other value only.
        (lambda a, b: a + (a == 5 and b == "x"), GRID[::-1]),
        (lambda _, b: float(b == 1 and isinstance(b, float)), [(0, 1), (0, 1.0)] * 5),
    ],
)
def test_what_may_be_chance_or_has_an_effect_is_not_told(
    value: Callable[[Any, Any], float], combinations: list[tuple[Any, Any]]
) -> None:
    assert told(value, BOTH, combinations) == []


def test_constants_are_not_looked_at() -> None:
    space = SearchSpace((A, Constant(name="b", value="x")))
    assert told(lambda a, _: a, space, [(a, "x") for a in range(10)]) == []
    assert told(lambda *_: 1, SearchSpace((Constant(name="b", value="x"),)), GRID) == []


def test_another_metric_that_varies_is_an_effect() -> None:
    effects = Effects(BOTH, ("m", "n"))
    for number, (a, b) in enumerate(GRID):
        state = TrialState.COMPLETED if a else TrialState.FAILED
        metrics = {"m": 1.0, "n": float(number)}
        params = {"a": a, "b": b}
        effects.add(Trial(id=number, params=params, state=state, value=1.0, metrics=metrics))
        assert effects.text() == ""


def test_a_metric_on_which_no_result_depends_is_none() -> None:
    effects = Effects(BOTH, ("m",))
    for number, (a, b) in enumerate(GRID[:5]):
        metrics = {"m": 1.0, "seconds": float(number)}
        params, done = {"a": a, "b": b}, TrialState.COMPLETED
        effects.add(Trial(id=number, params=params, state=done, value=1.0, metrics=metrics))
    assert "have the same value, 1" in effects.text()


def test_it_ends_after_many_trials() -> None:
    space = SearchSpace((Integer(name="a", min_value=0, max_value=5000), B))
    effects = Effects(space)
    for number in range(MOST_TRIALS):
        params = {"a": number, "b": "x"}
        done = TrialState.COMPLETED
        effects.add(Trial(id=number, params=params, state=done, value=float(number)))
    assert effects._watched == []
