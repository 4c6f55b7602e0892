"""A share of the rows of arrays."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.inside.models.arrays import arrays_of, shared_out
from automl.inside.models.batches import stream
from automl.inside.models.data import Data


def rows_of(data: Data) -> list[int]:
    source, steps = data.training()
    return [int(one) for x, *_ in stream(source, steps) for one in x]


@given(rows=st.integers(1, 60), fraction=st.floats(0.01, 1), seed=st.integers(0, 9))
def test_a_share_is_so_large_and_in_order(rows: int, fraction: float, seed: int) -> None:
    data = Data(
        train=(np.arange(rows), np.arange(rows)),
        data_fraction=fraction,
        shuffle=False,
        seed=seed,
    )
    seen = rows_of(data)
    assert len(seen) == len({*seen}) == max(1, round(rows * fraction))
    assert seen == sorted(seen) == rows_of(data)


@given(
    labels=st.lists(st.integers(0, 3), min_size=2, max_size=60).filter(
        lambda one: len({*one}) < len(one)
    ),
    fraction=st.floats(0.05, 1),
    one_hot=st.booleans(),
)
def test_each_class_has_its_share(
    labels: list[int],
    fraction: float,
    one_hot: bool,  # noqa: FBT001
) -> None:
    rows = np.arange(len(labels))
    targets = np.eye(4)[labels] if one_hot else np.array(labels)
    data = Data(train=(rows, targets), data_fraction=fraction, stratify=True)
    seen = rows_of(data)
    assert len(seen) == len({*seen}) == max(1, round(len(labels) * fraction))
    whole, taken = Counter(labels), Counter(labels[row] for row in seen)
    least = 1 if len(seen) >= len(whole) else 0
    for label, count in whole.items():
        assert taken[label] >= least
        exact = count * len(seen) / len(labels)
        assert taken[label] <= count
        assert abs(taken[label] - exact) < len(whole)
    assert sorted(rows_of(data)) == sorted(seen)


@given(sizes=st.lists(st.integers(1, 50), min_size=1, max_size=8), share=st.floats(0, 1))
def test_what_is_shared_out_makes_the_whole(sizes: list[int], share: float) -> None:
    count = max(1, round(sum(sizes) * share))
    taken = shared_out(sizes, count)
    assert sum(taken) == count
    assert all(0 <= one <= size for one, size in zip(taken, sizes, strict=True))
    assert count < len(sizes) or min(taken) >= 1


def test_seeds_take_other_rows() -> None:
    taken = [
        rows_of(Data(train=(np.arange(99), np.zeros(99)), data_fraction=0.3, seed=seed))
        for seed in (1, 2)
    ]
    assert sorted(taken[0]) != sorted(taken[1])


def test_labels_may_be_given_where_there_are_several_targets() -> None:
    x, y = np.arange(8), {"a": np.zeros(8), "b": np.ones(8)}
    labels = ["cat"] * 6 + ["dog"] * 2
    seen = rows_of(Data(train=(x, y), data_fraction=0.5, stratify=labels))
    assert sum(row >= 6 for row in seen) == 1


@pytest.mark.parametrize(
    ("train", "stratify", "told"),
    [
        ((np.arange(4), {"a": np.zeros(4)}), True, "needs one array of targets"),
        ((np.arange(4), np.zeros(4)), [1, 2], "stratify has 2 classes for 4 rows of train"),
        ((np.arange(4), np.arange(4)), True, "each row has a class of its own"),
        (lambda: iter([1]), False, "data_fraction= takes a share of the rows of arrays"),
    ],
)
def test_what_cannot_be_shared_is_refused(train: Any, stratify: Any, told: str) -> None:
    with pytest.raises((TypeError, ValueError), match=told):
        Data(train=train, data_fraction=0.5, stratify=stratify).training()


def test_weights_go_with_their_rows() -> None:
    arrays = arrays_of("train", (np.arange(3), np.arange(3), np.arange(3) / 2))
    assert arrays is not None
    assert [one.tolist() for one in arrays.rows([2, 0])] == [[2, 0], [2, 0], [1.0, 0.0]]
