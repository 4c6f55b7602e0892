"""What an objective gets for the names that it asks for, beside what Optuna gives."""

import json
import math
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from asking import drawn_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automl.inside.drawing import Draws, drawn
from automl.inside.drawn import Drawn
from automl.inside.ranges import (
    Range,
    categorical_range,
    float_range,
    int_range,
    range_of,
)

bound = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=1e-300, max_value=1e300)
whole = st.integers(-(2**70), 2**70)
seeds = st.integers(0, 2**31 - 1)
choice = st.none() | st.booleans() | st.integers() | bound | st.text()

with_tmp_path = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def draws(folder: Path, proposed: Mapping[str, Any] | None = None, seed: int = 1) -> Draws:
    return Draws(str(folder), seed, proposed or {})


@given(bound, bound, seeds)
def test_a_float_lies_in_its_range(one: float, other: float, seed: int) -> None:
    low, high = sorted((one, other))
    value = drawn(float_range(low, high), seed, "x")
    assert type(value) is float
    assert low <= value <= high


@given(positive, positive, seeds)
def test_a_logarithmic_float_lies_in_its_range(one: float, other: float, seed: int) -> None:
    low, high = sorted((one, other))
    assert low <= drawn(float_range(low, high, log=True), seed, "x") <= high


@given(st.integers(-50, 50), st.integers(0, 300), st.integers(1, 40), seeds)
def test_a_float_in_steps_is_a_multiple(low: int, width: int, step: int, seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asked = float_range(low / 10, (low + width) / 10, step=step / 10)
    value = drawn(asked, seed, "x")
    assert asked.contains(value)
    # As it is written: no dust of floats.
    assert value == round(value, 1)


@given(whole, st.integers(0, 2**40), st.integers(1, 1000), seeds)
def test_a_whole_number_in_steps_is_a_multiple(low: int, width: int, step: int, seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asked = int_range(low, low + width, step=step)
    value = drawn(asked, seed, "n")
    assert type(value) is int
    assert low <= value <= low + width
    assert (value - low) % step == 0


@given(st.integers(1, 2**40), st.integers(1, 2**40), seeds)
def test_a_logarithmic_whole_number_lies_in_its_range(one: int, other: int, seed: int) -> None:
    low, high = sorted((one, other))
    assert low <= drawn(int_range(low, high, log=True), seed, "n") <= high


@given(st.lists(choice, min_size=1), seeds)
def test_a_choice_keeps_its_type(choices: list[Any], seed: int) -> None:
    value = drawn(categorical_range(choices), seed, "c")
    assert any(type(value) is type(one) and value == one for one in choices)


@given(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True), st.data(), seeds)
@with_tmp_path
def test_a_draw_does_not_depend_on_what_was_asked_before(
    tmp_path: Path, names: list[str], data: st.DataObject, seed: int
) -> None:
    first, second = draws(tmp_path, seed=seed), draws(tmp_path, seed=seed)
    here = {name: first.suggest_float(name, 0, 1) for name in names}
    there = {name: second.suggest_float(name, 0, 1) for name in data.draw(st.permutations(names))}
    assert here == there
    assert len(set(here.values())) == len(names)


@given(st.data(), seeds)
def test_a_range_is_read_back_from_json(data: st.DataObject, seed: int) -> None:
    low, high = sorted((data.draw(st.integers(1, 99)), data.draw(st.integers(1, 99))))
    log = data.draw(st.booleans())
    made = [
        float_range(low, high, log=log),
        int_range(low, high, log=log),
        categorical_range([low, None, True, "x", 0.5]),
    ]
    for asked in made:
        back = range_of(json.loads(json.dumps(asked.described())))
        assert back == asked
        assert hash(back) == hash(asked)
        assert drawn(back, seed, "x") == drawn(asked, seed, "x")


def test_ranges_differ_by_the_types_of_their_choices() -> None:
    assert categorical_range([1, 2]) != categorical_range([True, 2])
    assert categorical_range([1, 2]) != categorical_range([1.0, 2])
    assert float_range(0, 1) != int_range(0, 1)


Ask = Callable[[Any], Any]

WRONG: dict[str, Ask] = {
    "float: low above high": lambda trial: trial.suggest_float("x", 1, 0),
    "float: log from 0": lambda trial: trial.suggest_float("x", 0, 1, log=True),
    "float: log with step": lambda trial: trial.suggest_float("x", 1, 2, log=True, step=0.1),
    "float: step 0": lambda trial: trial.suggest_float("x", 0, 1, step=0),
    "float: step below 0": lambda trial: trial.suggest_float("x", 0, 1, step=-0.1),
    "int: low above high": lambda trial: trial.suggest_int("n", 1, 0),
    "int: log from 0": lambda trial: trial.suggest_int("n", 0, 9, log=True),
    "int: log with step": lambda trial: trial.suggest_int("n", 1, 9, log=True, step=2),
    "int: step 0": lambda trial: trial.suggest_int("n", 1, 9, step=0),
    "categorical: none": lambda trial: trial.suggest_categorical("c", []),
    "another kind": lambda trial: (
        trial.suggest_float("x", 0, 1),
        trial.suggest_int("x", 0, 1),
    ),
    "another log": lambda trial: (
        trial.suggest_float("x", 1, 2),
        trial.suggest_float("x", 1, 2, log=True),
    ),
    "other choices": lambda trial: (
        trial.suggest_categorical("x", [1, 2]),
        trial.suggest_categorical("x", [1, 2, 3]),
    ),
}


def optuna_trial(folder: Path) -> Any:
    del folder
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study().ask()


@pytest.mark.parametrize("trial_of", [draws, optuna_trial])
@pytest.mark.parametrize("ask", WRONG.values(), ids=WRONG)
def test_what_is_asked_wrongly_is_refused(
    trial_of: Callable[[Path], Any], ask: Ask, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"."):
        ask(trial_of(tmp_path))


@pytest.mark.parametrize("trial_of", [draws, optuna_trial])
def test_the_same_name_gives_the_same_value(
    trial_of: Callable[[Path], Any], tmp_path: Path
) -> None:
    trial = trial_of(tmp_path)
    first = trial.suggest_float("x", 0, 1)
    assert trial.suggest_float("x", 0, 1) == first
    # Another range of the same kind: the first one counts, and a warning says so.
    with pytest.warns(RuntimeWarning):
        assert trial.suggest_float("x", 5, 6) == first


@pytest.mark.parametrize("trial_of", [draws, optuna_trial])
def test_a_range_that_is_no_whole_number_of_steps_ends_before(
    trial_of: Callable[[Path], Any], tmp_path: Path
) -> None:
    trial = trial_of(tmp_path)
    with pytest.warns(UserWarning, match="range"):
        assert trial.suggest_float("x", 0, 1, step=0.7) in {0, 0.7}
    with pytest.warns(UserWarning, match="range"):
        assert trial.suggest_int("n", 0, 5, step=3) in {0, 3}


@pytest.mark.parametrize("low", [math.nan, math.inf, -math.inf])
def test_a_bound_that_is_not_finite_is_refused(low: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        float_range(low, math.inf)


def test_a_name_is_a_text(tmp_path: Path) -> None:
    wrong: Any = 3
    with pytest.raises(TypeError, match="must be a string, got 3"):
        draws(tmp_path).suggest_float(wrong, 0, 1)


def offer(value: object, asked: Range | None) -> dict[str, Any]:
    return {"value": value, "range": None if asked is None else asked.described()}


def test_what_is_proposed_is_taken_for_the_same_range(tmp_path: Path) -> None:
    proposed = {
        "x": offer(0.25, float_range(0, 1)),
        "n": offer(7, int_range(1, 9, log=True)),
        "c": offer(None, categorical_range([None, True, 1, "a"])),
    }
    trial = draws(tmp_path, proposed)
    assert trial.suggest_float("x", 0, 1) == 0.25
    assert trial.suggest_int("n", 1, 9, log=True) == 7
    assert trial.suggest_categorical("c", [None, True, 1, "a"]) is None
    assert [one.origin for one in drawn_in(tmp_path)] == ["proposed"] * 3


def test_what_is_proposed_is_not_taken_for_another_range(tmp_path: Path) -> None:
    trial = draws(tmp_path, {"x": offer(0.25, float_range(0, 1))})
    value = trial.suggest_float("x", 0, 2)
    assert value == drawn(float_range(0, 2), 1, "x")
    assert drawn_in(tmp_path) == [Drawn("x", float_range(0, 2).described(), value, "drawn")]


def test_a_fixed_value_is_taken_whatever_the_range(tmp_path: Path) -> None:
    trial = draws(tmp_path, {"x": offer(1, None), "n": offer(20, None)})
    x = trial.suggest_float("x", 0, 1)
    assert (x, type(x)) == (1.0, float)
    with pytest.warns(UserWarning, match="out of the range"):
        assert trial.suggest_int("n", 1, 9) == 20
    assert [one.origin for one in drawn_in(tmp_path)] == ["fixed"] * 2


@pytest.mark.parametrize("value", ["a", None, math.nan])
def test_a_fixed_value_of_another_type_is_refused_as_by_optuna(
    value: object, tmp_path: Path
) -> None:
    study = optuna.create_study()
    study.enqueue_trial({"x": value})
    for trial in (study.ask(), draws(tmp_path, {"x": offer(value, None)})):
        with pytest.raises(ValueError, match=r"."):
            trial.suggest_float("x", 0, 1)


def test_a_fixed_value_that_is_no_choice_is_refused_as_by_optuna(tmp_path: Path) -> None:
    study = optuna.create_study()
    study.enqueue_trial({"c": "z"})
    for trial in (study.ask(), draws(tmp_path, {"c": offer("z", None)})):
        with pytest.raises(ValueError, match="not in"):
            trial.suggest_categorical("c", ["a", "b"])


def test_a_name_is_written_once_when_it_is_first_asked_for(tmp_path: Path) -> None:
    trial = draws(tmp_path)
    for _ in range(3):
        trial.suggest_int("n", 1, 9)
    trial.suggest_uniform("u", 0, 1)
    trial.suggest_loguniform("l", 1, 2)
    trial.suggest_discrete_uniform("d", 0, 1, 0.5)
    told = drawn_in(tmp_path)
    assert {one.name: one.value for one in told} == trial.params
    assert [one.name for one in told] == ["n", "u", "l", "d"]
    assert {one.name: range_of(one.range) for one in told} == trial.ranges


def test_objects_are_told_by_their_names(tmp_path: Path) -> None:
    choices = [math.sqrt, dict, (1, 2), object()]
    trial = draws(tmp_path, {"f": offer("dict", categorical_range(choices))})
    assert trial.suggest_categorical("f", choices) is dict
    assert trial.ranges["f"].choices == ("sqrt", "dict", "(1, 2)", "<object object")


def test_objects_of_one_name_are_told_apart(tmp_path: Path) -> None:
    choices = [lambda: 1, lambda: 2, "<lambda>"]
    seen = {
        Draws(str(tmp_path), seed, {}).suggest_categorical("f", choices): None for seed in range(20)
    }
    assert len(seen) == 3
    told = categorical_range(choices).choices
    assert len(set(told)) == 3


def test_numbers_of_numpy_are_numbers(tmp_path: Path) -> None:
    choices = [np.int64(3), np.bool_(1), np.float32(0.5)]
    assert categorical_range(choices).choices == (3, True, 0.5)
    trial = draws(tmp_path)
    assert trial.suggest_categorical("c", choices) in choices
    assert type(trial.suggest_int("n", np.int64(1), np.int64(9))) is int
    assert type(trial.suggest_float("x", np.float32(1), 9, step=np.float64(0.5))) is float
    assert all(json.dumps(one.value) for one in drawn_in(tmp_path))


def test_a_study_that_describes_its_parameters_has_no_others(tmp_path: Path) -> None:
    trial = Draws(str(tmp_path), 1, {"x": {"value": 3}}, learns=False)
    with pytest.warns(UserWarning, match="range"):
        assert trial.suggest_float("x", 0, 1) == 3.0
    with pytest.raises(ValueError, match=r"'y' is no parameter of this study.*known: x"):
        trial.suggest_float("y", 0, 1)
    assert not drawn_in(tmp_path)
