"""The objective of `tune`, with a model that only counts."""

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fake_keras
import numpy as np
import pytest
from fake_keras import Model

import automl
from automl.inside.attrs import attrs_in
from automl.inside.calling.words import Call, Target
from automl.inside.files import PARAMS, records_in
from automl.inside.models.asked import training_of
from automl.inside.models.training import _SHARED_GPU
from automl.inside.trial import Trial
from automl.inside.verdict import write_verdict


@pytest.fixture(autouse=True)
def _keras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras", fake_keras)
    # What it sets for its own process is taken back.
    for name in _SHARED_GPU:
        monkeypatch.setenv(name, "user's")


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    (tmp_path / PARAMS).write_text('{"rate": 0.5}')
    target = Target("tune(build)", script="tune.py")
    return Trial(Call(target, str(tmp_path), trial=3, seed=7, values=("loss",)))


def batches() -> Iterator[Any]:
    yield from ((number, number) for number in range(3))


def trained(
    trial: Trial, build: Callable[..., Any] | None = None, **given: Any
) -> tuple[float, Model]:
    """Return what a trial is ranked by, and its model."""
    made: list[Model] = []

    def build_model(rate: float) -> Any:
        made.append(build(rate) if build else Model(rate))
        return made[-1]

    given = {"train": batches, "steps_per_epoch": 2, "epochs": 3} | given
    training = training_of(build_model, {"rate": [0.1, 0.5]}, given)
    return training(trial), made[0]


def test_a_model_is_built_fed_reported_and_kept(trial: Trial) -> None:
    value, model = trained(trial)
    assert value == 0.5**6
    assert model.seen == [(one, one) for one in (0, 1, 2, 0, 1, 2)]
    reports = [(one["step"], one["value"]) for one in records_in(f"{trial.dir}/reports.jsonl")]
    assert reports == [(1, 0.5**2), (2, 0.5**4), (3, 0.5**6)]
    kept = fake_keras.models.load_model(f"{trial.dir}/checkpoint/model.keras")
    assert (kept.rate, kept.loss) == (0.5, 0.5**6)
    assert attrs_in(trial.dir)["kept_epoch"] == 3
    assert [one.name for one in Path(trial.checkpoint_dir).iterdir()] == ["model.keras"]


def test_batches_in_lists_become_tuples_as_keras_wants_them(trial: Trial) -> None:
    _, model = trained(trial, train=lambda: iter([[1, 2], (3, [4, 5]), {"x": 6}]))
    assert model.seen[:3] == [(1, 2), (3, [4, 5]), {"x": 6}]


class Ready(fake_keras.LambdaCallback):
    """A callback that is a function besides, and needs nothing."""

    def __init__(self) -> None:
        super().__init__(lambda *_, **__: None)

    def __call__(self) -> None:
        raise AssertionError("it makes no callbacks")


@pytest.mark.parametrize(
    ("given", "count"),
    [
        (Ready(), 1),
        (Ready, 1),
        (lambda: [Ready(), Ready()], 2),
        (lambda: None, 0),
        (None, 0),
        ((Ready(), [Ready()]), 2),
        (iter([Ready(), Ready()]), 2),
    ],
)
def test_callbacks_may_be_one_several_or_made(trial: Trial, given: Any, count: int) -> None:
    _, model = trained(trial, callbacks=given)
    found = model.given["callbacks"]
    assert [type(one) for one in found] == [Ready] * count + [fake_keras.LambdaCallback]


def test_what_makes_no_callbacks_is_told(trial: Trial) -> None:
    with pytest.raises(ValueError, match="callbacks must be a callback of Keras, a list"):
        trained(trial, callbacks=lambda: 12)


def test_what_keras_takes_is_given_to_it(trial: Trial) -> None:
    mine = fake_keras.LambdaCallback(lambda *_, **__: None)
    _, model = trained(trial, callbacks=[mine], verbose=0)
    assert (model.given["shuffle"], model.given["verbose"]) == (False, 0)
    assert model.given["callbacks"][0] is mine
    made = [mine]
    _, model = trained(trial, callbacks=lambda: made)
    assert model.given["callbacks"][0] is mine
    assert made == [mine]


@pytest.mark.parametrize(
    "y",
    [np.array([0, 1, 2]), np.array([[0], [1], [2]]), np.eye(3), [0.0, 1.0, 2.0]],
)
def test_weights_of_classes_become_those_of_rows(trial: Trial, y: Any) -> None:
    train = [(np.zeros(3), y)] if isinstance(y, np.ndarray) else ([1, 2, 3], y)
    _, model = trained(trial, train=train, class_weight={1: 5, np.int64(2): 0.5}, shuffle=False)
    assert model.seen[0][2].tolist() == [1.0, 5.0, 0.5]


@pytest.mark.parametrize(
    ("batch", "told"),
    [
        ((np.zeros(2), np.zeros(2), np.ones(2)), "the batches have weights; give one"),
        ((np.zeros(2), {"a": np.zeros(2)}), r"one array of targets; of several outputs, give"),
        (np.zeros(2), r"needs batches \(x, y\)"),
    ],
)
def test_weights_of_classes_need_one_array_of_targets(trial: Trial, batch: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        trained(trial, train=lambda: iter([batch]), class_weight={0: 1})


def test_a_metric_that_a_callback_adds_counts(trial: Trial) -> None:
    def add(_: int, logs: dict[str, float]) -> None:
        logs["mine"] = 12.0

    given = {"metric": "mine", "direction": "maximize"}
    value, _ = trained(trial, callbacks=[fake_keras.LambdaCallback(add)], **given)
    assert value == 12


def test_the_validation_is_the_same_after_each_epoch_and_counts(trial: Trial) -> None:
    value, model = trained(trial, validation=batches)
    assert value == 2 * 0.5**6
    assert model.validated == [list(batches())] * 3
    _, model = trained(trial, validation=batches, validation_steps=2)
    assert model.validated == [list(batches())[:2]] * 3
    _, model = trained(trial, validation=(np.arange(5), np.arange(5)), batch_size=2)
    assert [[x.tolist() for x, _ in one] for one in model.validated] == [[[0, 1], [2, 3], [4]]] * 3


def test_the_best_epoch_counts_where_that_is_asked_for(trial: Trial) -> None:
    rates = iter([0.5, 0.1, 0.3])

    class Wandering(Model):
        def fit(self, *given: Any, **named: Any) -> None:
            named["callbacks"].insert(0, fake_keras.LambdaCallback(self.wander))
            super().fit(*given, **named)

        def wander(self, _: int, logs: dict[str, float]) -> None:
            logs["loss"] = self.loss = next(rates)

    value, _ = trained(trial, Wandering, final="best")
    assert value == 0.1
    assert fake_keras.models.load_model(f"{trial.checkpoint_dir}/model.keras").loss == 0.1
    assert attrs_in(trial.dir)["kept_epoch"] == 2


def test_a_study_that_wants_a_trial_to_end_ends_its_training(trial: Trial) -> None:
    write_verdict(trial.dir, "it is worse than the others")
    seen: list[Model] = []

    def build(rate: float) -> Model:
        seen.append(Model(rate))
        return seen[0]

    with pytest.raises(automl.TrialPruned, match=r"at loss 0\.25"):
        trained(trial, build)
    assert len(seen[0].seen) == 2
    assert not Path(f"{trial.dir}/checkpoint/model.keras").exists()


def test_a_budget_tells_how_many_epochs(tmp_path: Path) -> None:
    (tmp_path / PARAMS).write_text('{"rate": 0.5}')
    call = Call(Target("t"), str(tmp_path), trial=0, seed=1, values=("loss",), budget=2)
    value, model = trained(Trial(call))
    assert (value, len(model.seen)) == (0.5**4, 4)


def test_random_numbers_are_the_same_for_each_model_however_it_is_built(trial: Trial) -> None:
    def noise() -> Iterator[Any]:
        while True:
            yield random.random(), 0  # noqa: S311

    def drawing(rate: float) -> Model:
        random.random()  # noqa: S311
        return Model(rate)

    _, one = trained(trial, train=noise)
    _, other = trained(trial, drawing, train=noise)
    assert one.seen == other.seen
    _, seeded = trained(trial, train=noise, seed=5)
    assert seeded.seen != one.seen
    # Trials that are repeated are to differ.
    _, repeated = trained(trial, train=noise, repeats=3)
    assert repeated.seen != one.seen


def test_a_model_that_cannot_be_written_has_its_value_all_the_same(
    trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    class Odd(Model):
        def save(self, path: str) -> None:
            raise NotImplementedError(f"no config for {Path(path).name}")

    value, _ = trained(trial, Odd)
    assert value == 0.5**6
    assert "no config" in attrs_in(trial.dir)["model_not_saved"]
    assert "the model is not kept: NotImplementedError: no config" in capsys.readouterr().err


class Wrapping(Model):
    """Makes another error of one that its data raised, as TensorFlow does."""

    def fit(self, *given: Any, **named: Any) -> None:
        try:
            super().fit(*given, **named)
        except LookupError:
            raise RuntimeError("UNKNOWN: the graph") from None


def failing() -> Iterator[Any]:
    yield 1, 1
    raise LookupError("the file is gone")


def raises(_: float) -> Model:
    raise OverflowError("too wide")


@pytest.mark.parametrize(
    ("build", "given", "error", "told"),
    [
        (raises, {}, OverflowError, "too wide"),
        (Wrapping, {"train": failing}, LookupError, "the file is gone"),
        (lambda _: None, {}, TypeError, "build_model returned nothing; it must return a compiled"),
        (lambda _: [1], {}, TypeError, "build_model returned a list"),
        (lambda one: Model(one, compiled=False), {}, ValueError, r"not compiled; end it with"),
        (None, {"metric": "auc"}, ValueError, "no metric 'auc'; it reports 'loss'"),
        (None, {"metric": "val_auc"}, ValueError, "need validation="),
        (lambda one: Model(one, auc=float("nan")), {"metric": "auc"}, ValueError, "auc is nan aft"),
        (None, {"train": lambda: iter([])}, ValueError, "train gave no batch"),
    ],
)
def test_what_goes_wrong_is_the_trials_own_failure(
    trial: Trial, build: Any, given: dict[str, Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        trained(trial, build, **given)


def test_an_older_keras_is_told(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    older = SimpleNamespace(utils=SimpleNamespace(), __version__="2.15.0")
    monkeypatch.setitem(sys.modules, "keras", older)
    with pytest.raises(ImportError, match=r"needs Keras 3; this is Keras 2\.15\.0"):
        trained(trial)


def test_values_are_the_users_own_objects(tmp_path: Path) -> None:
    (tmp_path / PARAMS).write_text('{"make": "Model", "layers": "(64, 32)"}')
    trial = Trial(Call(Target("t"), str(tmp_path), trial=0, seed=1, values=("loss",)))
    seen: list[Any] = []

    def build_model(options: dict[str, Any]) -> Model:
        seen.append(options)
        return Model()

    params = {"make": [int, Model], "layers": [[64, 32], (64, 32)]}
    training_of(build_model, params, {"train": batches})(trial)
    assert seen == [{"make": Model, "layers": (64, 32)}]
