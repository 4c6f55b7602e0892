"""One call of a function, as its process writes it down."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.inside import call as module
from automl.inside.attrs import attrs_in
from automl.inside.calling import importing
from automl.inside.calling.function import call_function
from automl.inside.calling.importing import MAIN
from automl.inside.calling.loading import load
from automl.inside.calling.main_module import FUNCTION_VARIABLE, SCRIPT_VARIABLE
from automl.inside.calling.words import Call, Target
from automl.inside.marks import MARK_VARIABLE
from automl.inside.outcome import CallOutcome, outcome_in
from automl.inside.pruned import TrialPruned
from automl.inside.reports import Report, report_in
from automl.inside.trial import Trial
from automl.inside.verdict import write_verdict

Objective = Callable[[Trial], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "params.json").write_text('{"x": 0.5}')
    return tmp_path


def call_of(folder: Path, **how: Any) -> Call:
    return Call(Target("f", module="m"), str(folder), 3, 17, **{"values": ("value",), **how})


def called(folder: Path, objective: Objective, **how: Any) -> CallOutcome:
    code = call_function(lambda: objective, call_of(folder, **how))
    outcome = outcome_in(str(folder))
    assert outcome is not None
    assert code == (1 if outcome.state == "failed" else 0)
    return outcome


def reports(folder: Path) -> list[Report | None]:
    path = folder / "reports.jsonl"
    return [report_in(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_what_it_returns_is_the_final_number(folder: Path) -> None:
    def objective(trial: Trial) -> float:
        trial.report(7, step=1)
        return trial.suggest_float("x", 0, 1) * 2

    assert called(folder, objective) == CallOutcome("completed")
    assert reports(folder) == [Report("value", 7.0, 1.0), Report("value", 1.0, None, final=True)]


def test_several_numbers_have_their_names(folder: Path) -> None:
    called(folder, lambda _: (1, 2), values=("loss", "time"))
    assert reports(folder) == [
        Report("loss", 1.0, final=True),
        Report("time", 2.0, final=True),
    ]


def test_one_that_gives_up_is_pruned(folder: Path) -> None:
    def objective(trial: Trial) -> float:
        trial.report(7, step=1)
        raise TrialPruned("no use")

    assert called(folder, objective) == CallOutcome("pruned", message="no use")
    assert reports(folder) == [Report("value", 7.0, 1.0)]


@pytest.mark.parametrize(
    ("raised", "error", "message"),
    [
        (ValueError("bad"), "ValueError", "bad"),
        (SystemExit(0), "SystemExit", "0"),
        (KeyboardInterrupt(), "KeyboardInterrupt", ""),
        (MemoryError(), "MemoryError", ""),
        (GeneratorExit(), "GeneratorExit", ""),
        (ExceptionGroup("two", [ValueError("a"), TypeError("b")]), "ExceptionGroup", "two"),
    ],
)
def test_whatever_is_raised_is_its_failure(
    raised: BaseException, error: str, message: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def objective(_: Trial) -> float:
        raise raised

    outcome = called(folder, objective)
    assert (outcome.state, outcome.error) == ("failed", error)
    assert outcome.message.startswith(message)
    assert outcome.place.startswith("test_call.py, line ")
    assert (
        outcome.traceback[0]
        .strip(" +|")
        .startswith(("Traceback (most recent", "Exception Group Traceback"))
    )
    assert "automl/inside" not in "".join(outcome.traceback)
    assert error in capfd.readouterr().err
    assert reports(folder) == []


def test_an_endless_recursion_is_its_failure(folder: Path) -> None:
    def objective(trial: Trial) -> float:
        return objective(trial) + 1

    outcome = called(folder, objective)
    assert outcome.error == "RecursionError"
    assert len(outcome.traceback) <= 30


def test_an_exception_that_cannot_be_shown_is_its_failure(folder: Path) -> None:
    class OddError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def objective(_: Trial) -> float:
        raise OddError

    assert called(folder, objective).error == "OddError"


def test_the_place_is_the_users_where_a_library_raised(folder: Path) -> None:
    outcome = called(folder, lambda _: json.loads("{"))
    assert outcome.error == "JSONDecodeError"
    assert outcome.place.startswith("test_call.py, line ")
    assert outcome.reason.startswith("JSONDecodeError: Expecting")


def test_the_place_is_the_users_where_the_trial_refused_something(folder: Path) -> None:
    outcome = called(folder, lambda trial: trial.suggest_float("z", 1, 0))
    assert (outcome.error, outcome.place[:13]) == ("ValueError", "test_call.py,")


def test_closed_streams_hinder_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def objective(_: Trial) -> float:
        monkeypatch.setattr(sys, "stderr", None)
        raise ValueError("bad")

    assert called(folder, objective).reason.startswith("ValueError: bad (test_call.py")


def test_a_fork_that_comes_back_writes_nothing(folder: Path) -> None:
    children = []

    def objective(_: Trial) -> float:
        child = os.fork()
        children.append(child)
        return 0.5

    code = call_function(lambda: objective, call_of(folder))
    if children == [0]:
        os._exit(code)
    os.waitpid(children[0], 0)
    assert reports(folder) == [Report("value", 0.5, final=True)]


def test_what_cannot_be_imported_is_its_failure(folder: Path) -> None:
    def loaded() -> Objective:
        raise ModuleNotFoundError("No module named 'torch'")

    assert call_function(loaded, call_of(folder)) == 1
    outcome = outcome_in(str(folder))
    assert outcome is not None
    assert outcome.reason.startswith("ModuleNotFoundError: No module named 'torch'")


def test_a_trial_knows_what_it_is(folder: Path) -> None:
    write_verdict(str(folder), "enough")
    seen: dict[str, Any] = {}

    def objective(trial: Trial) -> float:
        trial.set_user_attr("epochs", 3)
        seen.update(
            number=trial.number,
            seed=trial.seed,
            dir=trial.dir,
            budget=trial.budget,
            ends=trial.should_prune(),
            attrs=trial.user_attrs,
            there=Path(trial.checkpoint_dir).is_dir(),
            x=trial.suggest_float("x", 0, 1),
            params=trial.params,
        )
        return 0

    called(folder, objective, budget=9)
    assert seen == {
        "number": 3,
        "seed": 17,
        "dir": str(folder),
        "budget": 9,
        "ends": True,
        "attrs": {"epochs": 3},
        "there": True,
        "x": 0.5,
        "params": {"x": 0.5},
    }
    assert attrs_in(str(folder)) == {"epochs": 3}


def test_a_step_counts_once(folder: Path) -> None:
    def objective(trial: Trial) -> float:
        for value in (1, 2):
            trial.report(value, 5)
        return 0

    called(folder, objective)
    assert reports(folder)[0] == Report("value", 1.0, 5.0)
    assert len(reports(folder)) == 2


@pytest.mark.parametrize(
    ("value", "step", "told"),
    [
        ("high", 1, "report: value must be a number"),
        (1, "last", "report: step must be a number"),
        (1, -1, "report: step must not be negative"),
    ],
)
def test_a_wrong_report_is_refused(value: Any, step: Any, told: str, folder: Path) -> None:
    def objective(trial: Trial) -> float:
        trial.report(value, step)
        return 0

    assert told in called(folder, objective).message


def test_several_objectives_have_no_curve(folder: Path) -> None:
    def objective(trial: Trial) -> tuple[float, float]:
        trial.report(1, 1)
        return 1, 2

    assert called(folder, objective, values=("a", "b")).error == "NotImplementedError"


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a function be loaded as in a process of its own."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setitem(sys.modules, MAIN, sys.modules["__main__"])
    monkeypatch.setenv(SCRIPT_VARIABLE, "")
    monkeypatch.setenv(FUNCTION_VARIABLE, "")
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))


@pytest.mark.usefixtures("apart")
def test_a_script_is_imported_and_not_run(tmp_path: Path) -> None:
    (tmp_path / "beside_13.py").write_text("FACTOR = 3\n")
    script = tmp_path / "tune.py"
    script.write_text(
        "import sys\n"
        "from beside_13 import FACTOR\n"
        "def objective(trial):\n"
        "    return FACTOR * trial, sys.argv, __name__\n"
        "if __name__ == '__main__':\n"
        "    raise SystemExit('it ran')\n"
    )
    target = Target("objective", script=str(script), arguments=("--fast",))
    found = load(target)(2)  # type: ignore[arg-type] # this one takes a number
    assert found == (6, [str(script), "--fast"], MAIN)


@pytest.mark.usefixtures("apart")
def test_a_method_of_a_class_is_found(tmp_path: Path) -> None:
    script = tmp_path / "tune.py"
    script.write_text("class Model:\n    @staticmethod\n    def fit(trial):\n        return 5\n")
    assert load(Target("Model.fit", script=str(script)))(None) == 5


@pytest.mark.usefixtures("apart")
def test_a_function_that_is_not_there_is_told(tmp_path: Path) -> None:
    script = tmp_path / "tune.py"
    script.write_text("x = 1\n")
    with pytest.raises(AttributeError, match="objective"):
        load(Target("objective", script=str(script)))


@pytest.mark.usefixtures("apart")
def test_a_module_is_looked_for_in_the_folders_given(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "objective_13.py").write_text("def f(trial):\n    return 4\n")
    target = Target("f", module="objective_13", path=(str(tmp_path / "lib"),))
    assert load(target)(None) == 4


def test_by_hand_it_leaves_the_files_of_the_trial_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(MARK_VARIABLE, raising=False)
    monkeypatch.setattr(module, "load", lambda _: lambda trial: trial.suggest_float("x", 0, 1))
    for name in ("tell_where_it_is", "_end_own_silently"):
        monkeypatch.setattr(module, name, lambda: None)
    monkeypatch.setattr(importing, "_again", [])
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    before = sorted(path.name for path in folder.iterdir())
    assert module.main(list(call_of(folder).words())) == 0
    out = capfd.readouterr().out
    assert '{"name": "value", "value": 0.5, "final": true}' in out
    assert "what the trial wrote is in " in out
    assert [path.name for path in folder.iterdir() if path.is_file()] == before
