"""Names of the numbers that an objective returns."""

from pathlib import Path
from typing import Any

import pytest

import automl
from automl.errors import SpecError
from automl.functions import create
from automl.hpo import open_study


@pytest.mark.slow
def test_a_table_has_them_and_a_script_run_again_too(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del place

    def ran() -> Any:
        monkeypatch.setattr(create, "_CREATED", create._Created())
        study = automl.create_study(study_name="named", direction="maximize")
        study.set_metric_names(["accuracy"])
        study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
        return study

    first = ran()
    assert ("results", "accuracy") in open_study("named").results.columns
    assert list(first.trials_dataframe()["value_accuracy"]) == [one.value for one in first.trials]
    again = ran()
    assert again.trials == first.trials
    assert again.direction.name == "MAXIMIZE"
    with pytest.raises(SpecError, match=r"called \['accuracy'\]; name them before"):
        again.set_metric_names(["loss"])


@pytest.mark.parametrize("names", ["ab", [], ["a", "b"], [""], [1], 7])
def test_what_is_no_name_is_refused(names: Any, place: Path) -> None:
    del place
    study = automl.create_study()
    with pytest.raises(SpecError, match="metric_names"):
        study.set_metric_names(names)
    assert study.metric_names is None
    assert study.direction.name == "MINIMIZE"


def test_names_are_different(place: Path) -> None:
    del place
    study = automl.create_study(directions=["minimize", "maximize"])
    with pytest.raises(SpecError, match="2 different names"):
        study.set_metric_names(["a", "a"])
