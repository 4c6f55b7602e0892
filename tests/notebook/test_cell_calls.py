"""Which calls the cells of a notebook make, in one life of its kernel and in the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.notebook.cell import cell_of
from automl.notebook.cell_calls import CellCalls

PLACE = "/n/automl_studies/train"
VSCODE = "vscode-notebook-cell:/n/train.ipynb#W"


@dataclass
class Study:
    """A study that cells call, with what its journal keeps of them.

    Attributes:
        kept: the names of the cells of each call.
    """

    kept: dict[int, tuple[str, ...]] = field(default_factory=dict)
    kernel: CellCalls = field(default_factory=CellCalls)
    runs: int = 0

    def restart(self) -> None:
        self.kernel = CellCalls()

    def run(self, code: str, cell: str = "", times: int = 1, behind: int = 0) -> list[int]:
        """Run a cell that calls `optimize` so many times; return the numbers of the calls."""
        self.runs += 1
        metadata = {"cellId": cell} if cell else {}
        message = {"msg_id": str(self.runs)}
        found = cell_of({"header": message, "metadata": metadata, "content": {"code": code}})
        numbers = []
        for _ in range(times):
            call = self.kernel.call(PLACE, found, self.kept, behind)
            before = self.kept.get(call.number, ())
            self.kept[call.number] = tuple(dict.fromkeys([*before, *call.names]))
            numbers.append(call.number)
        return numbers


@pytest.mark.parametrize("name", ["", "id", VSCODE])
def test_a_cell_makes_the_same_call_again_and_another_cell_the_next(name: str) -> None:
    study = Study()
    first, second = (("a", f"{name}1"), ("b", f"{name}2")) if name else (("a", ""), ("b", ""))
    assert [study.run(*one) for one in (first, first, second, first)] == [[1], [1], [2], [1]]
    study.restart()
    assert [study.run(*one) for one in (second, first)] == [[2], [1]]


def test_a_cell_may_call_several_times() -> None:
    study = Study()
    assert study.run("a", "1", times=3) == [1, 2, 3]
    assert study.run("b", "2") == [4]
    assert study.run("a", "1", times=4) == [1, 2, 3, 5]
    study.restart()
    assert study.run("a", "1", times=4) == [1, 2, 3, 5]


@pytest.mark.parametrize("name", ["1", f"{VSCODE}1"])
def test_a_cell_that_is_edited_makes_the_same_call(name: str) -> None:
    study = Study()
    assert study.run("n_trials=20", name) == [1]
    assert study.run("n_trials=30", name) == [1]
    study.restart()
    assert study.run("n_trials=30", name) == [1]


def test_a_copy_of_a_cell_is_another_one() -> None:
    for name in ("", VSCODE):
        study = Study()
        assert study.run("a", f"{name}1") == [1]
        assert study.run("a", f"{name}2") == [2]
        study.restart()
        assert study.run("a", f"{name}1") + study.run("a", f"{name}2") == [1, 2]


def test_names_that_editors_give_anew_are_no_other_cells() -> None:
    study = Study()
    assert study.run("a", f"{VSCODE}1") + study.run("b", f"{VSCODE}2") == [1, 2]
    study.restart()
    # A cell was put above them.
    assert study.run("b", f"{VSCODE}3") + study.run("a", f"{VSCODE}2") == [2, 1]


def test_another_editor_runs_the_same_cells() -> None:
    study = Study()
    assert study.run("a", "1") + study.run("b", "2") == [1, 2]
    study.restart()
    assert study.run("a") + study.run("b") == [1, 2]


def test_calls_of_a_script_are_those_of_the_first_cells() -> None:
    study = Study(kept={1: (), 2: ()})
    assert study.run("a", "1") + study.run("b", "2") + study.run("c", "3") == [1, 2, 3]
    assert study.run("b", "2") == [2]


def test_calls_come_behind_those_that_there_are_where_that_is_wanted() -> None:
    study = Study(kept={1: (), 2: ()})
    assert study.run("a", "1", behind=2) == [3]


def test_each_study_counts_its_own() -> None:
    kernel, cell = CellCalls(), cell_of({})
    assert [kernel.call(place, cell, {}, 0).number for place in ("/a", "/b")] == [1, 1]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.booleans()), max_size=12))
def test_no_two_cells_share_a_call_and_none_changes_its_own(
    story: Sequence[tuple[int, int, bool]],
) -> None:
    study = Study()
    made: dict[int, list[int]] = {}
    for cell, times, restart in story:
        if restart:
            study.restart()
        numbers = study.run(f"text {cell}", str(cell), times=times)
        known = made.setdefault(cell, [])
        common = min(len(known), len(numbers))
        assert numbers[:common] == known[:common]
        made[cell] = max(known, numbers, key=len)
    _check_apart(made)


def _check_apart(made: Mapping[int, list[int]]) -> None:
    numbers = [number for one in made.values() for number in one]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
