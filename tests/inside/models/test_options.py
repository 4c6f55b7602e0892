"""The options that models are built with, and how `build_model` is called with them."""

import functools
from typing import Any

import pytest

import automl
from automl.errors import SpecError
from automl.inside.models.options import call_with, options_of

GRID = automl.grid({"lr": [0.1, 0.2], "act": ["relu", "tanh"]})


def test_a_grid_and_its_dictionary_are_the_same() -> None:
    for params in (GRID, {"lr": [0.1, 0.2], "act": ["relu", "tanh"]}, GRID[:], GRID[0:4:1]):
        options = options_of(params)
        assert (options.size, options.rows) == (4, None)
        assert options.choices == {"lr": [0.1, 0.2], "act": ["relu", "tanh"]}


def test_some_combinations_are_rows() -> None:
    for params in (GRID[1:3], list(GRID)[1:3], tuple(list(GRID)[1:3])):
        options = options_of(params)
        assert options.choices == {"lr": [0.1, 0.2], "act": ["tanh", "relu"]}
        assert (options.size, options.rows) == (2, [(0, 0), (1, 1)])
    kinds = options_of([{"n": 1}, {"n": True}, {"n": 1.0}, {"n": [1]}])
    assert kinds.choices == {"n": [1, True, 1.0, [1]]}


@pytest.mark.parametrize(
    ("params", "told"),
    [
        (None, "params must be automl.grid"),
        ([], "params must be automl.grid"),
        ("lr", "params must be automl.grid"),
        (GRID[:0], "params must be automl.grid"),
        ({"lr": 0.1}, "'lr' must be a list of values"),
        ([1, 2], "a combination must be a dictionary of values, got 1"),
        ([{}], "a combination must be a dictionary"),
        ([{"lr": 1}, {"act": 1}], r"params\[1\] must have the options 'lr', as params\[0\] has"),
        ([{"lr": 1}, {"lr": 2}, {"lr": 1}], r"params\[2\] is there already"),
        (automl.grid({"a": range(1000), "b": range(1000)})[1:], "999,999 combinations; at most"),
    ],
)
def test_what_are_no_options_is_refused(params: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        options_of(params)


def by_keyword(lr: float, act: str = "relu") -> Any:
    return lr, act


def by_any(**options: Any) -> Any:
    return options["lr"], options["act"]


def by_one(options: dict[str, Any]) -> Any:
    return options["lr"], options["act"]


def by_one_optional(options: dict[str, Any] | None = None) -> Any:
    return by_one(options or {})


def by_one_and_more(options: dict[str, Any], layers: int = 2) -> Any:
    return by_one(options) if layers == 2 else None


class Builder:
    """Builds by a method, and when it is called."""

    def build(self, act: str, lr: float) -> Any:
        return lr, act

    def __call__(self, config: dict[str, Any], /) -> Any:
        return by_one(config)


@pytest.mark.parametrize(
    "function",
    [
        by_keyword,
        by_any,
        by_one,
        by_one_optional,
        by_one_and_more,
        Builder().build,
        Builder(),
        functools.partial(by_keyword, act="given"),
        lambda act, lr: (lr, act),
        lambda *options: by_one(options[0]),
    ],
)
def test_options_go_by_keyword_or_as_one_dictionary(function: Any) -> None:
    assert call_with(function, {"lr": 0.1, "act": "tanh"})() == (0.1, "tanh")


def test_one_option_goes_by_its_name() -> None:
    assert call_with(lambda lr: lr, {"lr": 0.1})() == 0.1
    assert call_with(lambda config: config, {"lr": 0.1})() == {"lr": 0.1}
    assert call_with(dict, {"lr": 0.1})() == {"lr": 0.1}


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda lr, momentum: (lr, momentum), "missing a required argument: 'momentum'"),
        (lambda: None, "got an unexpected keyword argument 'lr'"),
        (lambda lr, act, depth: (lr, act, depth), "'lr', 'act'.*missing a required argument"),
    ],
)
def test_what_takes_other_options_is_refused(function: Any, told: str) -> None:
    with pytest.raises(SpecError, match=f"(?s){told}.*an argument for each of them, or one"):
        call_with(function, {"lr": 0.1, "act": "tanh"})
