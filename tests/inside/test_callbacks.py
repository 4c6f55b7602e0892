"""Callbacks that report, each called as its library calls it, which need not be there."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from automl.inside.files import REPORTS
from automl.inside.reports import Report, report_in


class Base:
    """What a library's callbacks are made of."""


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this process be one of a trial, whose folder is returned."""
    monkeypatch.setenv("AUTOML_TRIAL_DIR", str(tmp_path))
    monkeypatch.setenv("AUTOML_MARK", "5ad3:7")
    return tmp_path


@pytest.fixture
def callback(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Gives the callback for a library that has some contents, in place of the real one."""
    made: list[str] = []

    def make(library: str, name: str = "", **contents: Any) -> Any:
        fake = ModuleType(name or library)
        vars(fake).update(contents)
        monkeypatch.setitem(sys.modules, name or library, fake)
        module = f"automl.inside.{library}"
        sys.modules.pop(module, None)
        made.append(module)
        return import_module(module).ReportCallback()

    yield make
    for module in made:
        sys.modules.pop(module, None)


def told(folder: Path) -> list[Report | None]:
    path = folder / REPORTS
    return [report_in(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_keras_tells_its_epochs(trial: Path, callback: Callable[..., Any]) -> None:
    report = callback("keras", callbacks=SimpleNamespace(Callback=Base))
    report.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.75})
    report.on_epoch_end(1, None)
    report.on_epoch_end(2, {"loss": 0.25})
    assert told(trial) == [
        Report("loss", 0.5, 1.0),
        Report("val_loss", 0.75, 1.0),
        Report("loss", 0.25, 3.0),
    ]


@pytest.mark.parametrize("rank", [0, 1])
def test_xgboost_tells_its_rounds(rank: int, trial: Path, callback: Callable[..., Any]) -> None:
    report = callback(
        "xgboost",
        callback=SimpleNamespace(TrainingCallback=Base),
        collective=SimpleNamespace(get_rank=lambda: rank),
    )
    log = {"train": {"rmse": [0.5]}, "eval": {"rmse": [0.75], "mae": [(0.5, 0.01)]}}
    assert report.after_iteration(None, 0, log) is False
    log["eval"]["rmse"].append(0.25)
    assert report.after_iteration(None, 1, {"eval": {"rmse": log["eval"]["rmse"]}}) is False
    assert (
        told(trial) == []
        if rank
        else [
            Report("train-rmse", 0.5, 1.0),
            Report("eval-rmse", 0.75, 1.0),
            Report("eval-mae", 0.5, 1.0),
            Report("eval-rmse", 0.25, 2.0),
        ]
    )


def test_lightgbm_tells_its_rounds(trial: Path, callback: Callable[..., Any]) -> None:
    report = callback("lightgbm")
    rows = [("valid_0", "l2", 0.5, False), ("cv_agg", "auc", 0.75, True, 0.01)]
    report(SimpleNamespace(iteration=0, evaluation_result_list=rows))
    assert told(trial) == [Report("valid_0-l2", 0.5, 1.0), Report("cv_agg-auc", 0.75, 1.0)]


class Trainer:
    """A trainer of Lightning, as far as callbacks see it."""

    def __init__(self, **changes: Any) -> None:
        self.sanity_checking = False
        self.is_global_zero = True
        self.current_epoch = 0
        self.callback_metrics: dict[str, Any] = {}
        self.state = SimpleNamespace(fn="fit")
        vars(self).update(changes)


@pytest.mark.parametrize("name", ["lightning.pytorch", "pytorch_lightning"])
def test_lightning_tells_its_epochs(name: str, trial: Path, callback: Callable[..., Any]) -> None:
    report = callback("lightning", name, Callback=Base)
    trainer = Trainer(callback_metrics={"val_loss": 9.0}, sanity_checking=True)
    report.on_validation_end(trainer, None)
    trainer.sanity_checking = False
    trainer.callback_metrics = {"val_loss": 0.75}
    report.on_validation_end(trainer, None)
    trainer.callback_metrics["loss"] = 0.5
    report.on_train_epoch_end(trainer, None)
    # An epoch without a validation has the numbers of the last one still.
    trainer.current_epoch = 1
    trainer.callback_metrics["loss"] = 0.25
    report.on_train_epoch_end(trainer, None)
    # One by itself, behind the training, belongs to the epochs that there were.
    trainer.current_epoch = 2
    trainer.state.fn = "validate"
    trainer.callback_metrics["val_loss"] = 0.5
    report.on_validation_end(trainer, None)
    report.on_validation_end(Trainer(callback_metrics={"x": 1.0}, is_global_zero=False), None)
    assert told(trial) == [
        Report("val_loss", 0.75, 1.0),
        Report("loss", 0.5, 1.0),
        Report("loss", 0.25, 2.0),
        Report("val_loss", 0.5, 2.0),
    ]


def test_transformers_tells_what_it_logs(trial: Path, callback: Callable[..., Any]) -> None:
    report = callback("transformers", TrainerCallback=Base)
    state = SimpleNamespace(global_step=10, is_world_process_zero=True)
    report.on_log(None, state, None, logs={"eval_loss": 0.5, "epoch": 1.0, "note": "x"}, model=None)
    report.on_log(None, state, None)
    state.is_world_process_zero = False
    report.on_log(None, state, None, logs={"eval_loss": 0.25})
    assert told(trial) == [Report("eval_loss", 0.5, 10.0)]


@pytest.mark.parametrize("name", ["keras", "transformers", "xgboost"])
def test_without_its_library_there_is_no_callback(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, f"automl.inside.{name}", raising=False)
    with pytest.raises(ModuleNotFoundError, match=name):
        import_module(f"automl.inside.{name}")
