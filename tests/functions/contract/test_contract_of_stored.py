"""Studies that are stored, found again by their name: alike in both modules."""

from pathlib import Path
from typing import Any

import pytest

from automl.functions import create

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("contract")]


def objective(trial: Any) -> float:
    x: float = trial.suggest_float("x", 0, 1)
    return x


@pytest.fixture
def stored(module: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Where studies are, and one of three trials."""
    storage = f"sqlite:///{place}/studies.db"
    study = module.create_study(study_name="kept", storage=storage, direction="maximize")
    study.set_user_attr("who", "me")
    study.optimize(objective, n_trials=3)
    # As another script finds it.
    monkeypatch.setattr(create, "_CREATED", create._Created())
    return storage


def test_a_study_is_loaded_goes_on_and_is_deleted(module: Any, stored: Any) -> None:
    study = module.load_study(study_name="kept", storage=stored)
    first = study.trials
    assert len(first) == 3
    assert study.best_value == max(one.value for one in first)
    assert study.direction.name == "MAXIMIZE"
    assert study.user_attrs == {"who": "me"}
    study.optimize(objective, n_trials=2)
    assert len(study.trials) == 5
    assert study.trials[:3] == first
    assert len(module.load_study(study_name=None, storage=stored).trials) == 5
    summary = module.get_all_study_summaries(storage=stored)[0]
    assert summary.study_name == "kept"
    assert summary.n_trials == 5
    assert summary.best_trial.value == study.best_value
    assert summary.direction == study.direction
    assert summary.user_attrs == {"who": "me"}
    assert summary.datetime_start == first[0].datetime_start
    with pytest.raises(module.exceptions.DuplicatedStudyError):
        module.create_study(study_name="kept", storage=stored)
    same = module.create_study(study_name="kept", storage=stored, load_if_exists=True)
    assert same.trials == study.trials
    module.delete_study(study_name="kept", storage=stored)
    assert module.get_all_study_names(storage=stored) == []
    again = module.create_study(study_name="kept", storage=stored)
    assert again.trials == []


def test_a_study_that_is_not_there_is_a_key_error(module: Any, place: Path) -> None:
    storage = f"sqlite:///{place}/studies.db"
    for ask in (module.load_study, module.delete_study):
        with pytest.raises(KeyError):
            ask(study_name="none", storage=storage)
    assert module.get_all_study_names(storage=storage) == []
    assert module.get_all_study_summaries(storage=storage) == []
