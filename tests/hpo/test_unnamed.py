"""Two searches of one process to which nobody gave a name."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import AutoTuner, hyperparam, open_study

pytestmark = pytest.mark.usefixtures("folder")

Right = Callable[..., dict[str, Any]]


def values(*candidates: object) -> list[Any]:
    return [hyperparam.create(type="Categorical", name="x", candidates=list(candidates))]


@pytest.fixture
def first(right: Right, folder: Path) -> AutoTuner:
    """A search that has run, without a name."""
    del folder
    tuner = AutoTuner(**right(name=None))
    tuner.fit()
    return tuner


OTHERS: dict[str, dict[str, Any]] = {
    "space": {"hyperparams": values(3, 4)},
    "algorithm": {"algorithm": "random"},
    "direction": {"direction": "minimize"},
    "seed": {"seed": 9},
    "rules": {"rules": ["x < 2"]},
    "variables": {"env": {"A": "1"}},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_search_is_refused_before_it_starts(
    first: AutoTuner, right: Right, other: dict[str, Any]
) -> None:
    name = first._study.spec.name
    with pytest.raises(SpecError, match="name= is not given") as refused:
        AutoTuner(**right(name=None, **other))
    assert refused.value.place == "name"
    assert f"name='{name}-2'" in str(refused.value)
    assert f"name={name!r} goes on with the search" in str(refused.value)


def test_another_that_was_made_before_the_first_ran_is_refused_too(right: Right) -> None:
    one, two = AutoTuner(**right(name=None)), AutoTuner(**right(name=None, **OTHERS["space"]))
    one.fit()
    with pytest.raises(SpecError, match="name= is not given"):
        two.fit()


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("change", [{}, {"max_trial_num": 3}, {"max_parallel": 1, "grace": 3}])
def test_the_same_search_goes_on(right: Right, change: dict[str, Any]) -> None:
    again = AutoTuner(**right(name=None, **change))
    again.fit()
    assert [trial.attempts for trial in again.trials] == [1, 1]


@pytest.mark.parametrize("name", ["first", "other"])
def test_with_a_name_it_is_nobodys_mistake(first: AutoTuner, right: Right, name: str) -> None:
    given = first._study.spec.name if name == "first" else "other"
    tuner = AutoTuner(**right(name=given, **OTHERS["space"]))
    tuner.fit()
    assert 3 in {trial.params["x"] for trial in tuner.trials} or name == "first"


@pytest.mark.usefixtures("first")
def test_afresh_or_elsewhere_it_is_none_either(
    right: Right, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    AutoTuner(**right(name=None, fresh=True, **OTHERS["space"])).fit()
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    AutoTuner(**right(name=None, **OTHERS["algorithm"])).fit()


# A space that has changed


def test_the_best_is_never_outside_the_present_space(
    right: Right, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "automl")
    AutoTuner(**right(hyperparams=values(1, 8, 9), max_trial_num=3)).fit()
    tuner = AutoTuner(**right(hyperparams=values(1, 2), max_trial_num=4))
    table = tuner.fit()
    # Below all that the best may be among, in the same order among themselves.
    assert table["params", "x"].tolist() == [2, 1, 9, 8]
    assert table["metadata", "outside"].tolist() == [False, False, True, True]
    rows = Path("automl_studies/study/results.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["2", "1", "9", "8"]
    assert (tuner.best_params, tuner.best_value) == ({"x": 2}, 2)
    assert open_study("study").best_params == {"x": 2}
    assert "x=2" in open_study("study").summary
    printed = capsys.readouterr().out
    assert "best: trial 3" in printed
    assert "outside" in printed
    assert '"x": 2' in Path("automl_studies/study/best.json").read_text()
    assert "2 earlier trials are outside the space as it is described now" in caplog.text


def test_no_trial_inside_means_no_best(right: Right) -> None:
    AutoTuner(**right(hyperparams=values(8, 9))).fit()
    tuner = AutoTuner(**right(hyperparams=values(1, 2), max_trial_num=2))
    tuner.fit()
    with pytest.raises(Exception, match="no trial"):
        _ = tuner.best_params


def test_a_parameter_more_leaves_all_earlier_trials_outside(right: Right) -> None:
    AutoTuner(**right()).fit()
    more = [*values(1, 2), hyperparam.create(type="Integer", name="y", min_value=1, max_value=3)]
    tuner = AutoTuner(**right(hyperparams=more, max_trial_num=4))
    tuner.fit()
    assert tuner.best_params.keys() == {"x", "y"}
