"""What can be called for a trial."""

import asyncio
import functools
import math
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from automl.errors import SpecError
from automl.functions.found.checked import check_objective


async def waits(_: object) -> float:
    return 1.0


async def streams(_: object) -> AsyncIterator[float]:
    yield 1.0


def yields(_: object) -> Iterator[float]:
    yield 1.0


def plain(_: object, scale: float = 2.0, *more: float, **others: float) -> float:
    return scale + sum(more) + sum(others.values())


def with_data(data: float, _: object) -> float:
    return data


class Called:
    def __call__(self, _: object) -> float:
        return 1.0

    def method(self, _: object) -> float:
        return 1.0

    @classmethod
    def of_class(cls, _: object) -> float:
        return 1.0

    @staticmethod
    def of_none(_: object) -> float:
        return 1.0


class CalledLater:
    async def __call__(self, _: object) -> float:
        return 1.0


class CalledOften:
    def __call__(self, _: object) -> Iterator[float]:
        yield 1.0


def with_first(function: Callable[..., float]) -> Callable[[object], float]:
    @functools.wraps(function)
    def wrapper(*given: object) -> float:
        return function(3.0, *given)

    return wrapper


def awaited(function: Callable[..., Any]) -> Callable[[object], float]:
    @functools.wraps(function)
    def wrapper(trial: object) -> float:
        found: float = asyncio.run(function(trial))
        return found

    return wrapper


@pytest.mark.parametrize(
    "function",
    [
        plain,
        lambda _: 1,
        lambda *_: 1,
        functools.partial(with_data, 1.0),
        functools.partial(plain, scale=3.0),
        functools.lru_cache(plain),
        with_first(with_data),
        awaited(waits),
        Called(),
        Called().method,
        Called.of_class,
        Called.of_none,
        math.sqrt,
        float,
        max,
    ],
)
def test_whatever_takes_a_trial_is_called(function: object) -> None:
    check_objective(function)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (7, "got 7; give the function itself"),
        (None, "got None"),
        (waits, "waits is async; call it within a plain one"),
        (functools.partial(waits), "is async"),
        (CalledLater(), "CalledLater is async"),
        (CalledLater().__call__, "is async"),
        (streams, "streams is an async generator"),
        (yields, "yields is a generator, as it has `yield`"),
        (functools.partial(yields), "is a generator"),
        (CalledOften(), "CalledOften is a generator"),
        (lambda: 1, "too many positional arguments"),
        (with_data, "with_data: missing a required argument: '_'"),
        (Called.method, r"Called\.method: missing"),
        (Called, "Called: too many"),
        (lambda *, trial: trial, "too many positional"),
    ],
)
def test_what_gives_no_number_of_a_trial_is_refused(function: object, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        check_objective(function)
