"""What `tune` takes and tells; no model is trained."""

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fake_keras
import numpy as np
import pytest
from loop_fakes import FakeObserver

import automl
from automl.aside import Aside
from automl.errors import SpecError
from automl.functions.builders import telling
from automl.functions.builders.settings import NOTE, keep_settings, settings_of, warn_of_changed
from automl.functions.builders.study_of_models import parameters_of, study_of_models
from automl.functions.builders.telling import ModelObserver, models, tell_plan
from automl.functions.builders.tuned import Tuned
from automl.functions.names.enums import TrialState as FrozenState
from automl.functions.trials.frozen_trial import FrozenTrial
from automl.inside.attrs import write_attr
from automl.inside.models.asked import training_of
from automl.inside.models.options import options_of
from automl.journal.folder import StudyFolder
from automl.show.progress import Progress, RunningTrial
from automl.studies.from_terminal import FromTerminal
from automl.study.trial import Trial, TrialState

PARAMS = automl.grid({"rate": [0.1, 0.2], "kind": ["a", "b", "c"]})


@pytest.fixture(autouse=True)
def _keras(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "keras", fake_keras)
    monkeypatch.chdir(tmp_path)
    # What other tests of this process left: a carrier of lines, and how much is told.
    monkeypatch.setattr(telling, "ASIDE", Aside("automl"))
    monkeypatch.setattr(telling, "FROM_TERMINAL", FromTerminal())


def batches() -> Iterator[Any]:
    yield 1, 1


def mine() -> Any:
    return fake_keras.LambdaCallback(lambda *_, **__: None)


def build_model(rate: float, kind: str) -> Any:
    return rate, kind


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"build_model": 12}, "build_model must be a function that returns a compiled model"),
        ({"build_model": lambda rate: rate}, "does not take the options 'rate', 'kind'"),
        ({"params": {"rate": 0.1}}, "'rate' must be a list of values"),
        ({"train": None}, "train is needed"),
        ({"train": batches()}, "train is a generator, which one model would use up"),
        ({"validation": iter([1])}, "validation is a list_iterator, which one model would use up"),
        ({"train": 0.5}, "train must be a function that returns a generator of batches"),
        ({"train": (np.zeros(3), np.zeros(4))}, "train: all arrays need the same number of rows"),
        ({"validation": 0.2}, "validation must be a function that returns a generator of batch"),
        ({"validation": np.zeros(3)}, "validation is one array; give inputs and targets"),
        ({"stratify": True}, "stratify is for a share of the data, so data_fraction is needed"),
        ({"epochs": 0}, "epochs must be a whole number from 1 on, got 0"),
        ({"steps_per_epoch": 1.5}, "steps_per_epoch must be a whole number from 1 on"),
        ({"validation_steps": 0}, "validation_steps must be a whole number"),
        ({"batch_size": True}, "batch_size must be a whole number"),
        ({"data_fraction": 1.5}, "data_fraction must be a number above 0 and at most 1"),
        ({"data_fraction": 0}, "data_fraction must be a number above 0"),
        ({"data_fraction": True}, "data_fraction must be a number above 0"),
        ({"data_fraction": "0.5"}, "data_fraction must be a number above 0"),
        ({"data_fraction": np.zeros(2)}, "data_fraction must be a number above 0"),
        ({"callbacks": 12}, "callbacks must be a callback of Keras, a list of them, or a function"),
        ({"callbacks": "EarlyStopping"}, "callbacks must be a callback of Keras"),
        ({"callbacks": {"a": mine()}}, "callbacks must be a callback of Keras"),
        ({"callbacks": [mine(), 12]}, "callbacks must be a callback of Keras, .* got 12"),
        ({"callbacks": [print]}, "callbacks must be a callback of Keras"),
        ({"callbacks": [fake_keras.LambdaCallback]}, r"make one of it: LambdaCallback\(\)"),
        ({"class_weight": "balanced"}, r"such as \{0: 1\.0, 1: 3\.0\}, got 'balanced'"),
        ({"class_weight": [1.0, 3.0]}, "class_weight must give the weight of each class"),
        ({"class_weight": {"cat": 1.0}}, "class_weight must give the weight of each class"),
        ({"class_weight": {0.5: 1.0}}, "class_weight must give the weight of each class"),
        ({"class_weight": {0: -1}}, "class_weight must give the weight of each class"),
        ({"class_weight": {0: "much"}}, "class_weight must give the weight of each class"),
        ({"class_weight": {0: math.nan}}, "class_weight must give the weight of each class"),
        ({"metric": "mine"}, "direction is needed, as the name 'mine' does not tell what is bett"),
        ({"metric": None}, "metric must be the name of a metric"),
        ({"direction": "up"}, "direction must be 'minimize' or 'maximize', got 'up'"),
        ({"final": "mean"}, "final must be 'last' or 'best', got 'mean'"),
        ({"batchsize": 3}, r"no argument 'batchsize' \(did you mean 'batch_size'\?\)"),
        ({"n_jobs": 3}, r"no argument 'n_jobs' \(it is called 'max_parallel' here\)"),
        ({"objectives": []}, "tune has no argument 'objectives'"),
        ({"max_parallel": 0}, "max_parallel"),
        ({"max_trial_num": 0}, "max_trial_num"),
        ({"algorithm": "best"}, "algorithm type 'best' is unknown"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_started(given: dict[str, Any], told: str) -> None:
    arguments: dict[str, Any] = {
        "build_model": build_model,
        "params": PARAMS,
        "train": batches,
        "steps_per_epoch": 1,
    }
    with pytest.raises(SpecError, match=told):
        automl.tune(**{**arguments, **given})
    assert not Path("automl_studies").exists()


def test_without_keras_it_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "keras")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SpecError, match=r"pip install 'automl-hpo\[keras\]', and what it"):
        automl.tune(build_model, PARAMS, train=batches)


def described(**given: Any) -> Any:
    build, params = given.pop("build_model", build_model), given.pop("params", PARAMS)
    training = training_of(build, params, {"train": batches, **given})
    return study_of_models(1, training, given)


@pytest.mark.parametrize("given", [0.5, np.float32(0.5), np.array(0.5), np.array([0.5])])
def test_a_share_of_the_data_is_a_number_of_any_library(given: Any) -> None:
    assert described(data_fraction=given).training.data.data_fraction == 0.5


@pytest.mark.parametrize(
    "given", [{0: 1, 1: 0}, {False: 1, True: 0}, {np.int64(0): np.float32(1), 1.0: np.zeros(1)}]
)
def test_weights_of_classes_are_numbers_of_any_library(given: Any) -> None:
    assert described(class_weight=given).training.class_weight == {0: 1.0, 1: 0.0}


def test_options_become_parameters_and_pass_through() -> None:
    plan = described(metric="AUC", max_parallel=3, trial_timeout=9, study_name="mine", seed=4)
    assert [(one.name, one.candidates) for one in plan.keywords["hyperparams"]] == [
        ("rate", (0.1, 0.2)),
        ("kind", ("a", "b", "c")),
    ]
    assert plan.keywords["objectives"] == [
        {"metric": "AUC", "direction": "maximize", "final": "last"}
    ]
    expected = {"algorithm": "grid", "pruner": None, "max_parallel": 3, "trial_timeout": 9}
    assert expected.items() <= plan.keywords.items()
    assert (plan.models, plan.keywords["seed"], plan.study.study_name) == (6, 4, "mine")
    assert described(max_trial_num=4, name="mine").models == 4
    assert described(max_trial_num=40).models == 6
    sampler = described(algorithm=automl.samplers.TPESampler(seed=3), pruner="median")
    assert sampler.keywords["algorithm"].type == "tpe"
    assert (sampler.keywords["seed"], sampler.keywords["pruner"]) == (3, "median")
    assert described(final="best").keywords["objectives"][0]["final"] == "best"


def test_some_combinations_are_one_linked_parameter() -> None:
    (linked,) = described(params=list(PARAMS)[1:3]).keywords["hyperparams"]
    assert linked.names == ("rate", "kind")
    assert list(linked.candidates) == [[0.1, "b"], [0.1, "c"]]
    (alone,) = parameters_of(options_of([{"rate": 3}, {"rate": 1}]))
    assert (alone.name, alone.candidates) == ("rate", (3, 1))


def test_objects_stand_by_their_names_and_come_back() -> None:
    params = automl.grid({"kind": [int, str, (1, 2)], "rate": [None, np.float64(0.5)]})
    first, second = parameters_of(options_of(params))
    assert first.candidates == ("int", "str", "(1, 2)")  # type: ignore[union-attr]
    assert second.candidates == (None, 0.5)  # type: ignore[union-attr]
    plan = described(params=params)

    class Found:
        best_params: dict[str, Any] = {"kind": "(1, 2)", "rate": 0.5}  # noqa: RUF012

    found = Tuned(Found(), plan.training)  # type: ignore[arg-type]
    assert found.best_params == {"kind": (1, 2), "rate": 0.5}


def test_it_says_how_many_models_that_is_and_warns_of_many(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    tell_plan(described(metric="auc"), 1)
    tell_plan(described(max_trial_num=4), 2)
    huge = automl.grid({f"p{place}": range(10) for place in range(9)})
    tell_plan(described(params=huge, build_model=dict), 1)
    assert caplog.messages == [
        "tune: 6 models, one after the other; ranked by auc, higher is better",
        "tune: 4 models of 6 combinations, 2 at once; ranked by loss, lower is better",
        "tune: 1,000,000,000 models, one after the other; ranked by loss, lower is better",
        (
            "1,000,000,000 models are a huge grid. To train a sample of it, give algorithm='auto' "
            "and max_trial_num=50; Ctrl-C ends the search at any time, and keeps what was found"
        ),
    ]
    assert models(1) == "1 model"


def test_other_settings_than_before_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = StudyFolder(tmp_path, "mine")
    settings = settings_of(described(epochs=3).training)
    keep_settings(settings, folder)  # nothing is there yet
    folder.path.mkdir()
    warn_of_changed(settings, folder)
    keep_settings(settings, folder)
    warn_of_changed(settings, folder)
    assert caplog.messages == []
    warn_of_changed(settings_of(described(epochs=9, batch_size=8).training), folder)
    (told,) = caplog.messages
    assert "were trained with epochs=3, now 9; batch_size=32, now 8; they are not" in told
    assert "fresh=True" in told


def test_all_settings_that_models_were_trained_with_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = StudyFolder(tmp_path, "mine")
    folder.path.mkdir()
    # As earlier releases noted it: the last run's alone.
    write_attr(str(folder.path), NOTE, settings_of(described(epochs=3).training))
    for epochs in (5, 3, 5):
        keep_settings(settings_of(described(epochs=epochs).training), folder)
    warn_of_changed(settings_of(described(epochs=3).training), folder)
    warn_of_changed(settings_of(described(epochs=9).training), folder)
    assert [told.split(";")[0] for told in caplog.messages] == [
        "models of this study were trained with epochs=5, now 3",
        "models of this study were trained with epochs=3 and epochs=5, now 9",
    ]


def test_settings_are_noted_once_a_model_begins(capsys: pytest.CaptureFixture[str]) -> None:
    noted: list[str] = []
    observer = ModelObserver(FakeObserver(), 12, 2, began=lambda: noted.append("now"))
    observer.progress(progress(done=12))
    assert noted == []
    observer.progress(progress(1, 0))
    observer.trial_ended(trial(2), trial(2))
    assert noted == ["now"]
    assert capsys.readouterr().out.count("Model") == 3


@pytest.mark.parametrize(
    ("attrs", "by_epoch", "warned"),
    [
        ({"kept_epoch": 1}, {1: 0.5, 2: 0.9, 3: 0.7}, 1),
        ({"kept_epoch": 3}, {1: 0.5, 2: 0.9}, 1),
        ({"kept_epoch": 2}, {1: 0.5, 2: 0.9, 3: 0.7}, 0),
        ({"kept_epoch": 3}, {1: 0.5, 2: 0.9, 3: 0.9}, 0),
        # The mean of repeats is of no epoch; earlier releases noted none.
        ({"kept_epoch": 1}, {1: 0.5, 2: 0.8}, 0),
        ({}, {1: 0.5, 2: 0.9}, 0),
    ],
)
def test_a_kept_model_of_another_epoch_than_the_best_value_is_told(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    attrs: dict[str, Any],
    by_epoch: dict[int, float],
    warned: int,
) -> None:
    (tmp_path / "checkpoint").mkdir()
    fake_keras.Model(0.25).save(f"{tmp_path}/checkpoint/model.keras")

    class Found:
        best_trial = FrozenTrial(
            number=4,
            state=FrozenState.COMPLETE,
            values=[0.9],
            params={},
            user_attrs=attrs,
            intermediate_values=by_epoch,
            dir=str(tmp_path),
        )

    found = Tuned(Found(), described().training)  # type: ignore[arg-type]
    assert found.best_model().rate == 0.25
    assert len(caplog.messages) == warned
    if warned:
        (told,) = caplog.messages
        assert f"of trial 4 was kept after epoch {attrs['kept_epoch']}, and is not" in told
        assert "is of epoch 2:" in told


def trial(number: int, state: TrialState = TrialState.COMPLETED) -> Trial:
    return Trial(id=number, params={}, state=state, value=1.0, duration_s=90.0)


def progress(*running: int, done: int = 0) -> Progress:
    return Progress(
        spec=None,  # type: ignore[arg-type]
        done=done,
        total=12,
        failed=0,
        running=tuple(RunningTrial(id=one, params={}, elapsed_s=0) for one in running),
        best=None,
        elapsed_s=0,
        left_s=None,
    )


def test_each_model_is_told_once_and_the_time_after_the_first(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    observer = ModelObserver(FakeObserver(), 12, 2)
    assert observer.interval_s < math.inf
    observer.progress(progress(1, 0))
    observer.progress(progress(0, 1))
    observer.trial_ended(trial(0, TrialState.FAILED), None)
    observer.progress(progress(1, 2, done=1))
    observer.trial_ended(trial(1), trial(1))
    observer.trial_ended(trial(3), trial(1))
    observer.progress(progress(2, done=3))
    observer.close()
    numbers = [1, 2, 3, 4]
    assert capsys.readouterr().out == "".join(f"Model {one} of 12...\n" for one in numbers)
    assert caplog.messages == [
        "the first model took 1 min 30 s: the other 9 will take about 7 min 30 s"
    ]


def test_the_time_of_a_huge_grid_is_a_warning(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    observer = ModelObserver(FakeObserver(), 10**9, 1)
    observer.trial_ended(trial(0), None)
    observer.progress(progress(done=1))
    assert capsys.readouterr().out == "Model 1 of 1,000,000,000...\n"
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "the other 999,999,999 will take about" in record.getMessage()
