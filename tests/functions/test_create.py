"""The arguments of `create_study`."""

from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest

import automl
from automl.errors import SpecError
from automl.functions.calls import call_limits, whole_trials
from automl.functions.described import FURTHER, described_study
from automl.functions.names.elsewhere import ELSEWHERE
from automl.study.spec import Algorithm, PrunerSpec


class StudyDirection(Enum):
    """As Optuna has it."""

    MAXIMIZE = 2


def test_it_minimises_by_default_as_optuna_does() -> None:
    assert described_study({})["direction"] == "minimize"


@pytest.mark.parametrize("given", ["maximize", StudyDirection.MAXIMIZE])
def test_a_direction_is_a_word_or_optunas_own(given: object) -> None:
    assert described_study({"direction": given})["direction"] == "maximize"
    assert described_study({"directions": [given]})["direction"] == "maximize"


def test_several_directions_are_several_objectives_and_nothing_is_stopped() -> None:
    described = described_study({"directions": ["minimize", "maximize"]})
    assert described["objectives"] == [
        {"metric": "values_0", "direction": "minimize"},
        {"metric": "values_1", "direction": "maximize"},
    ]
    assert described["pruner"] is None


def test_samplers_and_pruners_are_types_or_choices() -> None:
    sampler, pruner = Algorithm(type="random"), PrunerSpec(type="median")
    described = described_study({"sampler": sampler, "pruner": pruner})
    assert (described["algorithm"], described["pruner"]) == (sampler, pruner)
    assert described_study({"sampler": "tpe", "pruner": "asha"})["algorithm"] == "tpe"


@pytest.mark.parametrize(
    ("given", "pruner"),
    [
        ({}, "both"),
        ({"pruner": "median"}, "median"),
        ({"budget": {"name": "epochs", "min": 1, "max": 9}}, None),
        ({"sampler": "pbt"}, None),
        ({"sampler": Algorithm(type="pbt")}, None),
    ],
)
def test_trials_are_stopped_where_nothing_else_decides(given: dict[str, Any], pruner: Any) -> None:
    assert described_study(given)["pruner"] == pruner


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"direction": "up"}, "either 'minimize' or 'maximize'"),
        ({"direction": "minimize", "directions": ["minimize"]}, "only one of"),
        ({"directions": []}, "directions must be a list"),
        ({"directions": "minimize"}, "directions must be a list"),
        ({"sampler": object()}, "sampler: automl does not know"),
        ({"pruner": object()}, "pruner: automl does not know"),
        ({"trial_timeot": 3}, "did you mean 'trial_timeout'"),
        ({"task_list": []}, "has no argument 'task_list'"),
    ],
)
def test_what_is_not_allowed_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        described_study(given)
    assert isinstance(caught.value, SpecError)


def test_limits_of_a_study_are_taken_besides() -> None:
    assert {"trial_timeout", "memory_per_trial", "gpus", "max_retries", "env"} <= {*FURTHER}


def test_a_second_study_without_a_name_has_a_number(place: Path) -> None:
    del place
    first, second = automl.create_study(), automl.create_study()
    assert second.study_name == f"{first.study_name}-2"


def test_a_name_is_taken_once_in_a_process(place: Path) -> None:
    automl.create_study(study_name="a", study_dir=place / "x")
    automl.create_study(study_name="a")
    with pytest.raises(automl.DuplicatedStudyError, match="already exists"):
        automl.create_study(study_name="a")
    assert automl.create_study(study_name="a", load_if_exists=True).study_name == "a"


@pytest.mark.parametrize("name", ["", "a/b", "..", 3, "a\0"])
def test_a_name_that_no_folder_can_have_is_refused_at_once(name: Any, place: Path) -> None:
    with pytest.raises(SpecError, match="study_name must be a plain folder name"):
        automl.create_study(study_name=name)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"n_jobs": 0}, "n_jobs must be .*, got 0; -1 stands for"),
        ({"n_jobs": 1.5}, "n_jobs must be"),
        ({"max_parallel": 0}, "max_parallel must be"),
        ({"n_trials": -1}, "n_trials must be a whole number of 0 or more"),
        ({"n_trials": 2.5}, "n_trials must be"),
        ({"timeout": 0}, "timeout must be"),
        ({"timeout": "soon"}, "timeout must be .*'90s'"),
    ],
)
def test_a_limit_that_is_none_is_refused_by_its_name_here(
    given: dict[str, Any], told: str, place: Path
) -> None:
    study = automl.create_study()
    with pytest.raises(SpecError, match=f"^{told}"):
        study.optimize(lambda _: 1, **{"n_trials": 1, **given})
    assert list(place.iterdir()) == []


def test_numbers_of_numpy_are_limits(place: Path) -> None:
    del place
    limits = call_limits(np.float32(2), np.int64(3), None)
    assert limits == {"max_parallel": 3, "max_runtime": 2.0}
    assert whole_trials(np.int64(4)) == 4
    assert call_limits("1h", -1, None)["max_runtime"] == 3600


def test_nothing_is_on_the_disk_before_it_runs(place: Path) -> None:
    study = automl.create_study()
    assert list(place.iterdir()) == []
    assert study.trials == study.best_trials == []
    assert study.trials_dataframe().empty
    with pytest.raises(ValueError, match="No trials are completed yet"):
        _ = study.best_trial
    with pytest.raises(RuntimeError, match="supposed to be invoked inside"):
        study.stop()


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_a_name_of_optuna_that_is_not_here_is_told_with_what_does_the_same(name: str) -> None:
    assert hasattr(optuna, name)
    assert not hasattr(automl, name)
    with pytest.raises(AttributeError, match=f"has no attribute '{name}' of Optuna's; "):
        getattr(automl, name)


def test_every_name_of_optuna_is_here_or_told_of() -> None:
    known = {*dir(automl), *ELSEWHERE, "version"}
    assert {*optuna.__all__} <= known


def test_the_package_gives_what_it_has_and_no_more() -> None:
    assert "create_study" in dir(automl)
    with pytest.raises(AttributeError, match="has no attribute 'creat_study'"):
        _ = automl.creat_study  # type: ignore[attr-defined]
