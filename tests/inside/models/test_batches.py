"""The batches that models are fed with: endless, and the same ones for each model."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.inside.models.batches import MOST_COUNTED, Cut, endless, source_of, stream
from automl.inside.models.data import Data
from automl.inside.models.passes import InOrder

CUT = Cut(4)


def yielding(count: int | None) -> Callable[[], Iterator[Any]]:
    """Return a function whose generator has so many batches, or no end."""

    def train_generator() -> Iterator[Any]:
        for number in itertools.count() if count is None else range(count):
            yield {"a": np.full(2, number)}, np.full(2, number)

    return train_generator


def numbers(batches: Iterator[Any]) -> list[int]:
    return [int(y[0]) for _, y in batches]


@given(
    length=st.none() | st.integers(1, 7),
    steps=st.integers(1, 5),
    epochs=st.integers(1, 4),
    kind=st.sampled_from(["generator", "list", "iterator", "sized"]),
)
def test_each_model_sees_the_same_batches_whatever_the_length_of_a_pass(
    length: int | None, steps: int, epochs: int, kind: str
) -> None:
    function = yielding(length)
    whole = [] if length is None else list(function())
    given_: dict[str, Any] = {
        "generator": function,
        "list": whole or function,
        "iterator": (lambda: iter(whole)) if whole else function,
        "sized": Sized(whole) if whole else function,
    }
    count = steps * epochs
    expected = [number % (length or count) for number in range(count)]
    for _ in range(2):
        source, per_epoch = Data(train=given_[kind], steps_per_epoch=steps).training()
        assert per_epoch == steps
        assert numbers(stream(source, steps * epochs)) == expected


class Sized:
    """Batches by their place, as a `PyDataset` has them: it raises no IndexError."""

    def __init__(self, batches: list[Any]) -> None:
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, place: int) -> Any:
        return self._batches[place % len(self)]


class Images(Sized):
    """As the iterators of `ImageDataGenerator` are, which can be indexed too."""

    def __next__(self) -> Any:
        raise AssertionError("only one model could have this")


def test_an_iterator_with_places_is_gone_through_by_these() -> None:
    source, steps = Data(train=Images(list(yielding(2)()))).training()
    assert numbers(stream(source, 2 * steps)) == [0, 1, 0, 1]


@given(rows=st.integers(1, 30), size=st.integers(1, 8), shuffle=st.booleans(), seed=st.integers(0))
def test_a_pass_through_arrays_has_each_row_once(
    rows: int,
    size: int,
    shuffle: bool,  # noqa: FBT001
    seed: int,
) -> None:
    x, y = np.arange(rows) * 10, np.arange(rows)
    data = Data(train=({"a": x}, [y, x]), batch_size=size, shuffle=shuffle, seed=seed)
    source, steps = data.training()
    assert steps == -(-rows // size)
    batches = list(stream(source, 3 * steps))
    assert [len(one["a"]) for one, _ in batches[: steps - 1]] == [size] * (steps - 1)
    for number in range(3):
        passed = batches[number * steps : (number + 1) * steps]
        seen = [int(one) for _, (first, _) in passed for one in first]
        assert sorted(seen) == list(range(rows))
        assert shuffle or seen == sorted(seen)
        assert [int(one) for parts, _ in passed for one in parts["a"]] == [one * 10 for one in seen]
    again, _ = data.training()
    for one, other in zip(batches, stream(again, 3 * steps), strict=True):
        assert str(one) == str(other)


def test_the_order_differs_between_passes_and_seeds() -> None:
    def order(seed: int) -> list[int]:
        source, steps = Data(train=(np.arange(99), np.arange(99)), seed=seed).training()
        return [int(one) for _, y in stream(source, 2 * steps) for one in y]

    assert order(1)[:99] != order(1)[99:]
    assert order(1) != order(2)
    assert order(1) == order(1)


def test_a_generator_that_raises_is_told_by_its_own_error() -> None:
    def train_generator() -> Iterator[Any]:
        yield from yielding(2)()
        raise LookupError("the file is gone")

    source, _ = Data(train=train_generator, steps_per_epoch=5).training()
    seen = stream(source, 5)
    assert numbers(itertools.islice(seen, 2)) == [0, 1]
    with pytest.raises(LookupError, match="the file is gone"):
        next(seen)


def test_one_that_is_empty_the_second_time_is_told() -> None:
    left = [yielding(2)(), iter(())]
    source, _ = Data(train=lambda: left.pop(0), steps_per_epoch=3).training()
    with pytest.raises(ValueError, match=r"gave no batch when it was called for the 2\. time"):
        list(stream(source, 3))


def returns_nothing() -> None:
    """Forget to yield."""


@pytest.mark.parametrize(
    ("train", "steps", "told"),
    [
        (yielding(0), 3, "train gave no batch; a model needs at least one"),
        (yielding(0), None, "train gave no batch"),
        (list, 3, "train gave no batch"),
        ([], 3, "train gave no batch"),
        (yielding(None), None, "may have no end; give steps_per_epoch="),
        (returns_nothing, 3, r"returns_nothing\(\) returned nothing; it must `yield`"),
        (yielding(3)(), 3, "a generator, which one model would use up; give the function"),
        (lambda: 12, 3, "train must be a function that returns a generator"),
        ("digits", 3, "train must be a function"),
        ({"a": np.zeros(3)}, 3, "train must be a function"),
        (np.zeros((3, 2)), 3, r"train is one array; give inputs and targets, as in train=\(x, y\)"),
        ((np.zeros(3), np.zeros(4)), 3, "same number of rows, but x has 3, y has 4"),
        (({"a": np.zeros(3)}, [np.zeros(3), np.zeros(2)]), 3, r"x\['a'\] has 3, y\[0\] has 3, y\["),
        ((np.zeros((0, 2)), np.zeros(0)), 3, "train has no rows"),
        ((np.zeros(3), 12), 3, "y must be an array with rows, got 12"),
    ],
)
def test_what_is_no_data_is_refused(train: Any, steps: int | None, told: str) -> None:
    def all_of_it() -> list[Any]:
        source, count = Data(train=train, steps_per_epoch=steps).training()
        return list(stream(source, count))

    with pytest.raises((TypeError, ValueError), match=told):
        all_of_it()


def test_a_pass_is_counted_where_nobody_tells_its_length() -> None:
    assert Data(train=yielding(7)).training()[1] == 7
    assert Data(train=lambda: (np.zeros(9), np.zeros(9)), batch_size=2).training()[1] == 5
    assert Data(train=Sized([1] * (MOST_COUNTED + 1))).training()[1] == MOST_COUNTED + 1
    assert Data(train=[], validation=yielding(3)).validating()[1] == 3  # type: ignore[index]
    assert Data(train=[]).validating() is None


def test_a_function_that_takes_long_is_called_once_for_the_first_pass() -> None:
    calls = []

    def train_generator() -> Iterator[Any]:
        calls.append(1)
        return yielding(3)()

    source, _ = Data(train=train_generator, steps_per_epoch=3).training()
    assert numbers(stream(source, 3)) == [0, 1, 2]
    assert len(calls) == 1


@given(length=st.integers(1, 5), passes=st.lists(st.integers(1, 6), max_size=5))
def test_each_validation_begins_with_the_first_batch(length: int, passes: list[int]) -> None:
    batches = InOrder(source_of("validation", yielding(length), CUT))
    for count in passes:
        seen = numbers(batches[place] for place in range(count))
        assert seen == [place % length for place in range(count)]
    assert numbers(iter([batches[2]])) == [2 % length]


def test_lists_of_numbers_and_tables_are_arrays() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6]})
    for train in (([[1, 4], [2, 5], [3, 6]], [0, 1, 0]), (table, table["a"] % 2), [table, table]):
        source, steps = Data(train=train, shuffle=False).training()
        (batch,) = stream(source, 1)
        assert steps == 1
        assert batch[0].tolist() == [[1, 4], [2, 5], [3, 6]]


def test_batches_in_a_list_are_no_arrays() -> None:
    batches = [(np.zeros(2), np.zeros(2)), (np.ones(2), np.ones(2))]
    source, steps = Data(train=batches).training()
    assert steps == 2
    assert numbers(itertools.islice(endless(source), 5)) == [0, 1, 0, 1, 0]
