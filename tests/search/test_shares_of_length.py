"""Trials of different lengths are compared by shares of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from automl.engine.early_stops import EarlyStopping
from automl.errors import SpecError
from automl.journal.fold import StudyState
from automl.render.length import TrialLength
from automl.search.pruning.pruners import PRUNERS, make_pruner
from automl.search.pruning.shares import WHOLE, Shares
from automl.space.parameters import Categorical, Integer
from automl.space.space import SearchSpace
from automl.study.objective import Direction
from automl.study.ranking.curve import Curve
from automl.study.trial import Trial, TrialState

LENGTH = "{{ trial.param.epochs }}"
SPACE = SearchSpace((Integer(name="epochs", min_value=1, max_value=100),))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def curve(values: Sequence[float], first: int = 1) -> Curve:
    made = Curve()
    for step, value in enumerate(values, first):
        made.append(step, value)
    return made


def shares() -> Shares:
    return Shares(TrialLength(LENGTH, SPACE).of)


def trials(*epochs: int) -> dict[int, Trial]:
    return {number: Trial(id=number, params={"epochs": one}) for number, one in enumerate(epochs)}


@pytest.mark.parametrize("first", [0, 1])
def test_steps_become_percents_of_the_trials_own_length(first: int) -> None:
    made = shares().of({0: curve([1, 2, 3, 4], first), 1: curve([1, 2], first)}, trials(4, 10))
    assert list(made[0].steps) == [25.0, 50.0, 75.0, 100.0]
    assert list(made[1].steps) == [10.0, 20.0]
    assert list(made[0].values) == [1, 2, 3, 4]


def test_a_curve_that_grows_is_followed() -> None:
    kept, growing = shares(), curve([1.0])
    for step, value in ((2, 2.0), (2, 2.5), (3, 3.0), (9, 4.0)):
        growing.append(step, value)
        mapped = kept.of({0: growing}, trials(4))[0]
        fresh = shares().of({0: growing}, trials(4))[0]
        assert list(mapped.steps) == list(fresh.steps)
        assert list(mapped.values) == list(fresh.values)
    assert mapped.last_step == WHOLE


def test_a_trial_of_unknown_length_is_left_out() -> None:
    assert Shares(lambda _: None).of({0: curve([1.0])}, trials(4)) == {}
    assert shares().of({0: Curve()}, trials(4)) == {}


def state(curves: Mapping[int, Curve], epochs: Sequence[int]) -> StudyState:
    made = StudyState(curves=dict(curves))
    for number, one in enumerate(epochs):
        last = number == len(epochs) - 1
        values = curves[number].values
        made.trials[number] = Trial(
            id=number,
            params={"epochs": one},
            state=TrialState.RUNNING if last else TrialState.COMPLETED,
            value=None if last else values[-1],
            newest=values[-1],
        )
    return made


def verdict(kind: str, curves: Mapping[int, Curve], epochs: Sequence[int], **given: object) -> str:
    """Return why the last of some trials is stopped, the others being completed."""
    study = state(curves, epochs)
    options = {"length": LENGTH, **given}
    stopping = EarlyStopping(
        make_pruner(kind, options, Direction.MAXIMIZE), Direction.MAXIMIZE, shares()
    )
    for trial in study.trials.values():
        if trial.state.finished:
            stopping.changed(trial)
    best = max(
        (one for one in study.trials.values() if one.value is not None),
        key=lambda one: one.value or 0,
        default=None,
    )
    stop = stopping.decide(study.trials[len(epochs) - 1], study, best)
    return stop.reason if stop else ""


WINDOWED = {
    "both": {"startup_trials": 2},
    "median": {"startup_trials": 2},
    "percentile": {"startup_trials": 2},
    "asha": {},
    "hyperband": {},
    "assessor": {"startup_trials": 2, "patience": 1, "moving_avg": 1, "proportion": 0.5},
    "patient": {"startup_trials": 2, "patience": 1},
}


def rising(epochs: int, top: float, until: int | None = None, first: int = 1) -> Curve:
    """A curve that is at its top at the end of its own length."""
    return curve([top * step / epochs for step in range(1, (until or epochs) + 1)], first)


@pytest.mark.parametrize("kind", WINDOWED)
@pytest.mark.parametrize("first", [0, 1])
def test_a_trial_at_its_own_last_step_is_not_stopped(kind: str, first: int) -> None:
    epochs = [40, 40, 40, 40, 10]
    curves = {number: rising(40, 1.0, first=first) for number in range(4)}
    curves[4] = curve([0.01] * 10, first)
    assert verdict(kind, curves, epochs, **WINDOWED[kind]) == ""
    curves[4] = curve([0.01] * 7, first)
    told = verdict(kind, curves, epochs, **WINDOWED[kind])
    if kind in {"both", "median", "percentile", "assessor", "patient"}:
        assert "% of its length" in told
        assert " step " not in told


def test_a_short_trial_is_not_hopeless_because_others_are_long() -> None:
    # At step 5 it is far below what the long ones print at their end, and ahead of them by share.
    epochs = [40, 40, 40, 10]
    curves = {number: rising(40, 1.0) for number in range(3)}
    curves[3] = rising(10, 1.2, until=5)
    assert verdict("median", curves, epochs, startup_trials=2) == ""
    # And a long one that looks good at step 10 is behind a short one that was there at its end.
    epochs = [10, 10, 10, 40]
    curves = {number: rising(10, 1.0) for number in range(3)}
    curves[3] = rising(40, 0.5, until=20)
    assert "50 % of its length" not in verdict("median", curves, epochs, startup_trials=9)
    assert "below" in verdict("median", curves, epochs, startup_trials=2)


def test_what_a_length_may_be() -> None:
    assert TrialLength("{{ trial.param.epochs * 2 + 1 }}", SPACE).of({"epochs": 4}) == 9
    assert TrialLength("<<trial.param.epochs>>", SPACE).of({"epochs": 4}) == 4
    assert TrialLength(30, SPACE).of({"epochs": 4}) == 30
    assert TrialLength("1{{ trial.param.epochs }}", SPACE).of({"epochs": 4}) == 14
    texts = SearchSpace((Categorical(name="epochs", candidates=("8", "16")),))
    assert TrialLength(LENGTH, texts).of({"epochs": "8"}) == 8
    assert TrialLength(LENGTH, SPACE).of({}) is None


@pytest.mark.parametrize(
    ("length", "told"),
    [
        ("{{ trial.param.epoch }}", "'trial.param.epoch' is unknown"),
        ("{{ trial.seed }}", "it may use the trial's parameters only"),
        ("{{ trial.param.epochs - 100 }}", "a number above 0"),
        ("many", "a number above 0"),
        (0, "a number above 0"),
        ("{{ trial.param.epochs", "."),
    ],
)
def test_another_length_is_refused(length: str | float, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        TrialLength(length, SPACE)


@pytest.mark.parametrize("kind", ["both", "asha", "assessor", "patient"])
@pytest.mark.parametrize("other", ["start_step", "max_step"])
def test_shares_and_steps_are_not_mixed(kind: str, other: str) -> None:
    with pytest.raises(SpecError, match="with length= trials are compared by shares"):
        PRUNERS.create(kind, {"length": LENGTH, other: 3})
