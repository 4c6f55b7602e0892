import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.space.cells import is_missing, read_back
from automl.space.parameters import Categorical, Constant, Integer, Linked, LogNormal, Real
from automl.space.values import is_same

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


def same(left: Any, right: Any) -> Any:
    return is_same(left, right)


@pytest.mark.parametrize(
    ("parameter", "cell", "value"),
    [
        (Integer(name="x", min_value=1, max_value=9), "5", 5),
        (Integer(name="x", min_value=1, max_value=9), " 5.0 ", 5),
        (Integer(name="x", min_value=1, max_value=9), 5.0, 5),
        (Real(name="x", min_value=0, max_value=9), "5", 5.0),
        (Real(name="x", min_value=0, max_value=9), "1e-3", 0.001),
        (Real(name="x", min_value=0, max_value=9), ".5", 0.5),
        (Real(name="x", min_value=0, max_value=9), 5, 5.0),
        (LogNormal(name="x", mean=0, std=1), "1.5", 1.5),
        (Categorical(name="x", candidates=("5", "6")), "5", "5"),
        (Categorical(name="x", candidates=(1, 1.0)), "1", 1),
        (Categorical(name="x", candidates=(1, 1.0)), "1.0", 1.0),
        (Categorical(name="x", candidates=(True, False)), "True", True),
        (Categorical(name="x", candidates=(True, False)), "false", False),
        (Categorical(name="x", candidates=("True", "False")), "True", "True"),
        (Categorical(name="x", candidates=(None, 1)), "", None),
        (Categorical(name="x", candidates=(None, 1)), "None", None),
        (Categorical(name="x", candidates=(None, 1)), float("nan"), None),
        (Categorical(name="x", candidates=("", None)), "", ""),
        (Categorical(name="x", candidates=([1, "a"], [2, "b"])), '[1, "a"]', [1, "a"]),
        (Categorical(name="x", candidates=([1, "a"], [2, "b"])), "[1, 'a']", [1, "a"]),
        (Categorical(name="x", candidates=([1, "a"], [2, "b"])), (2, "b"), [2, "b"]),
        (Constant(name="x", value=3), "3", 3),
    ],
)
def test_a_cell_becomes_the_value_that_the_parameter_allows(
    parameter: Any, cell: Any, value: Any
) -> None:
    assert same(read_back(parameter, [cell]), value)


def test_linked_cells_are_read_together() -> None:
    linked = Linked(names=("width", "tag"), candidates=([64, "1"], [128, "2"]))
    assert same(read_back(linked, ["128", "2"]), [128, "2"])
    with pytest.raises(ValueError, match="not allowed"):
        read_back(linked, ["128", "1"])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("11", r"x: '11' is not allowed"),
        ("2.5", "not allowed"),
        (True, "True is not allowed"),
        ("nan", "not allowed"),
        ("", "x: no value"),
        (None, "x: no value"),
        ("(1, 2", "not allowed"),
        ("[" * 100_000, "not allowed"),
        ("1" * 5000, "not allowed"),
        (object(), "not allowed"),
    ],
)
def test_what_no_value_is_is_refused_in_one_short_line(cell: Any, said: Any) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        read_back(Integer(name="x", min_value=1, max_value=9), [cell])
    assert len(str(caught.value)) < 120


def test_a_text_that_may_be_two_candidates_is_refused() -> None:
    with pytest.raises(ValueError, match="x: '5' may be '5' or 5"):
        read_back(Categorical(name="x", candidates=("5", 5)), ["5"])


@given(values=st.lists(VALUES, min_size=1, max_size=4, unique_by=json.dumps))
def test_every_candidate_is_read_back_from_itself(values: Any) -> None:
    parameter = Categorical(name="x", candidates=tuple(values))
    for value in parameter.candidates:
        if not isinstance(value, str):  # a text may be another candidate's JSON
            assert same(read_back(parameter, [value]), value)


@given(value=VALUES)
def test_a_csv_file_holds_any_value_as_json(value: Any) -> None:
    parameter = Categorical(name="x", candidates=(value,))
    file = io.StringIO()
    csv.writer(file).writerow([json.dumps(value)])
    (cell,) = next(csv.reader(io.StringIO(file.getvalue(), newline="")))
    assert same(read_back(parameter, [cell]), parameter.candidates[0])


def test_numpy_values_are_read() -> None:
    numpy = pytest.importorskip("numpy")
    assert same(read_back(Integer(name="x", min_value=1, max_value=9), [numpy.int64(5)]), 5)
    lists = Categorical(name="x", candidates=([1, 2], [3]))
    assert same(read_back(lists, [numpy.array([1, 2])]), [1, 2])


def test_missing_cells() -> None:
    pandas = pytest.importorskip("pandas")
    missing = [None, "", "  ", float("nan"), pandas.NA, pandas.NaT]
    assert all(map(is_missing, missing))
    assert not any(map(is_missing, [0, False, "0", [], 0.0]))
