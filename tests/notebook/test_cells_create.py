"""Studies without a name, or with one, that cells of a notebook create and run again."""

import logging
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from fake_notebook import FakeNotebook, become_notebook
from loop_fakes import make_spec

import automl
from automl.errors import SpecError
from automl.functions import create, naming
from automl.functions.calls import Call, Counted, next_call
from automl.journal.folder import StudyFolder
from automl.studies import unnamed
from automl.studies.unnamed import UnnamedSearches
from automl.study.objective import Direction, Objective, Objectives
from automl.study.spec import Algorithm, StudySpec


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeNotebook:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(create, "_CREATED", create._Created())
    made = become_notebook(monkeypatch)
    monkeypatch.setattr("automl.studies.unnamed.script_name", lambda: "train")
    monkeypatch.setattr(naming, "script_name", lambda: "train")
    return made


def test_a_cell_that_is_run_again_creates_the_same_study(notebook: FakeNotebook) -> None:
    names = []
    for cell in ("1", "1", "2"):
        notebook.run("create", cell)
        names.append(automl.create_study().study_name)
    assert names == ["train", "train", "train"]


def test_studies_of_one_cell_have_numbers(notebook: FakeNotebook) -> None:
    for _ in range(2):
        notebook.run("create", "1")
        names = [automl.create_study().study_name for _ in range(3)]
        assert names == ["train", "train-2", "train-3"]


def test_a_name_may_be_given_again(notebook: FakeNotebook) -> None:
    for cell in ("1", "1", "2"):
        notebook.run("create", cell)
        assert automl.create_study(study_name="mine").study_name == "mine"


OTHERS: dict[str, dict[str, Any]] = {
    "algorithm": {"algorithm": Algorithm(type="random")},
    "direction": {"objectives": Objectives((Objective(direction=Direction.MINIMIZE),))},
    "seed": {"seed": 99},
}


class Searches:
    """Describes and runs a search without a name, as a cell does."""

    def __init__(self, notebook: FakeNotebook) -> None:
        self._notebook = notebook
        self._known = UnnamedSearches()
        self._folder = StudyFolder(Path("automl_studies"), "train")

    def described(self, cell: str, **changes: Any) -> StudySpec:
        self._notebook.run("AutoTuner()", cell)
        spec = make_spec(**changes)
        self._known.check(spec, self._folder)
        return spec

    def ran(self, spec: StudySpec, cell: str = "") -> None:
        if cell:
            self._notebook.run("fit()", cell)
        self._known.check(spec, self._folder)
        self._known.ran(spec, self._folder)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("fit", ["", "2"], ids=["one cell", "two cells"])
def test_a_search_that_is_changed_in_its_cell_goes_on(
    notebook: FakeNotebook, other: dict[str, Any], fit: str
) -> None:
    searches = Searches(notebook)
    for _ in range(2):
        searches.ran(searches.described("1"), fit)
        searches.ran(searches.described("1", **other), fit)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_cell_with_another_search_is_refused(
    notebook: FakeNotebook, other: dict[str, Any]
) -> None:
    searches = Searches(notebook)
    searches.ran(searches.described("1"))
    for _ in range(2):
        with pytest.raises(SpecError, match=r"name= is not given.*goes on with"):
            searches.described("3", **other)
    searches.ran(searches.described("3"))
    searches.ran(searches.described("1", **other))


def test_two_searches_of_one_run_are_told_apart(notebook: FakeNotebook) -> None:
    searches = Searches(notebook)
    for _ in range(2):
        one, two = searches.described("1"), make_spec(seed=99)
        searches.ran(one)
        with pytest.raises(SpecError, match="name= is not given"):
            searches.ran(two)


def test_a_script_calls_one_after_another(tmp_path: Path) -> None:
    counted = Counted()
    folder = StudyFolder(tmp_path, "none")
    assert [next_call(folder, counted) for _ in range(3)] == [Call(1), Call(2), Call(3)]


def test_a_cell_calls_the_same_again_though_its_study_is_created_anew(
    notebook: FakeNotebook, tmp_path: Path
) -> None:
    folder = StudyFolder(tmp_path, "none")
    numbers = []
    for cell in ("1", "1", "2", "1"):
        notebook.run("optimize", cell)
        numbers.append(next_call(folder, Counted()).number)
    assert numbers == [1, 1, 2, 1]


def test_a_notebook_whose_name_is_not_known_tells_once_what_its_studies_are_called(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unnamed, "_TOLD", threading.Event())
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)
    made = become_notebook(monkeypatch)
    with caplog.at_level(logging.INFO, logger="automl"):
        assert {unnamed.script_name() for _ in range(3)} == {"study"}
        assert len(caplog.records) == 1
        assert "without name= are called 'study'" in caplog.text
        made.user_ns["__vsc_ipynb_file__"] = "/n/train.ipynb"
        assert unnamed.script_name() == "train"
    assert len(caplog.records) == 1
