"""Arrays that NumPy saved."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from automl.errors import SpecError
from automl.readers.arrays.reader import NpzReader
from automl.readers.follower import Look
from automl.readers.registry import follow, make_reader

KINDS = ["<f2", "<f4", "<f8", ">f4", ">f8", "|i1", "<i2", ">i4", "<i8", "|u1", "<u8", "|b1"]


def look(path: Path, **options: str) -> tuple[Look, str]:
    follower = follow(NpzReader(location=str(path), **options), str(path))
    return follower.read(ended=True, limit_bytes=1000), follower.problem()


@given(
    array=st.sampled_from(KINDS).flatmap(
        lambda kind: arrays.arrays(np.dtype(kind), st.integers(0, 5).map(lambda n: (n,)))
    ),
    packed=st.booleans(),
)
def test_every_kind_of_number_is_read(
    array: "np.ndarray[Any, Any]", tmp_path_factory: pytest.TempPathFactory, *, packed: bool
) -> None:
    path = tmp_path_factory.mktemp("a") / "a.npz"
    (np.savez_compressed if packed else np.savez)(path, acc=array)
    found = look(path, array="acc")[0].measurements
    values = found["acc"].values if found else ()
    assert np.array_equal(np.array(values), array.astype(float), equal_nan=True)


def test_one_number_and_a_file_with_one_array_are_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", 0.5)
    assert look(tmp_path / "a.npy")[0].measurements["metric"].values == (0.5,)
    np.savez(tmp_path / "b.npz", loss=[0.5, 0.25])
    assert look(tmp_path / "b.npz", metric="m")[0].measurements["m"].values == (0.5, 0.25)


@pytest.mark.parametrize(
    ("saved", "options", "told"),
    [
        ({"loss": [1.0], "acc": [2.0]}, {"array": "los"}, "no array 'los'; those that it has"),
        ({"a": [1.0], "b": [2.0]}, {}, "there is no array ''; those that it has: 'a', 'b'"),
        ({"a": np.array([object()])}, {}, "holds Python objects, which only pickle reads"),
        ({"a": np.ones((2, 2))}, {}, "has 2 dimensions"),
        ({"a": np.array(["x"])}, {}, "holds no plain numbers, but '<U1'"),
        ({"a": np.array([1j])}, {}, "holds no plain numbers"),
        ({"a": np.zeros(1, dtype=[("x", "f8")])}, {}, "holds records"),
        ({"a": [1.0], "s": [1, 2]}, {"array": "a", "step": "s"}, "has 1 numbers, and 's' 2"),
        ({"a": []}, {}, "gave no number"),
        ({"a": [1.0, np.nan]}, {}, "array is nan"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_numbers_is_told(
    saved: dict[str, Any], options: dict[str, str], told: str, tmp_path: Path
) -> None:
    np.savez(tmp_path / "a.npz", **saved)
    assert told in look(tmp_path / "a.npz", **options)[1]


def test_no_pickle_is_ever_loaded(tmp_path: Path) -> None:
    made = tmp_path / "made"

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (made,)

    np.save(tmp_path / "a.npy", np.array([Evil()]), allow_pickle=True)
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Evil()))
    for name in ("a.npy", "b.npy"):
        assert not look(tmp_path / name)[0].measurements
    assert not made.exists()


def test_a_file_that_grows_gives_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    follower = follow(NpzReader(location=str(path)), str(path))
    seen = []
    for values in ([1.0], [1.0, 2.0], [1.0, 2.0], [5.0]):
        np.savez(path, a=values)
        found = follower.read(ended=False, limit_bytes=1).measurements.get("metric")
        seen.append((found.values, found.restarted) if found else None)
    assert seen == [((1.0,), False), ((2.0,), False), None, ((5.0,), True)]


@pytest.mark.parametrize("field", ["array", "step", "metric"])
def test_a_name_that_is_none_is_refused(field: str) -> None:
    with pytest.raises(SpecError, match=f"{field} must be a text"):
        make_reader("npz_reader", {"location": "x", field: 3})
