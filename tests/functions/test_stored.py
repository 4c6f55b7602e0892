"""Studies of a folder, by Optuna's words."""

import subprocess
import sys
from pathlib import Path

import pytest

import automl
from automl.errors import AutomlError, SpecError
from automl.functions.names.errors import StudyNotFoundError

pytestmark = pytest.mark.slow


def test_what_is_not_given_is_as_it_was_and_calls_follow_one_another(place: Path) -> None:
    del place

    def objective(trial: automl.Trial) -> float:
        return trial.suggest_float("x", 0, 1)

    study = automl.create_study(study_name="a", sampler="random", seed=7, trial_timeout=99)
    study.optimize(objective, n_trials=1)
    same = automl.load_study(study_name="a")
    assert same._keywords["trial_timeout"] == 99
    assert same._keywords["algorithm"] == {"type": "random"}
    assert same._keywords["seed"] == 7
    same.optimize(objective, n_trials=1)
    study.optimize(objective, n_trials=1)
    assert len(same.trials) == 3
    other = automl.load_study(sampler=automl.samplers.TPESampler(), pruner="median")
    assert (other._keywords["algorithm"].type, other._keywords["pruner"]) == ("tpe", "median")
    with pytest.raises(SpecError, match=r"load_study has .* 'trial_timeot'.*trial_timeout"):
        automl.load_study(study_name="a", trial_timeot=3)
    Path("link").symlink_to("automl_studies")
    Path("automl_studies/b").symlink_to("a")
    with pytest.raises(AutomlError, match="is a link"):
        automl.delete_study(study_name="b")
    assert len(study.trials) == 3


def test_one_that_is_not_there_is_told_with_those_that_are(place: Path) -> None:
    del place
    with pytest.raises(StudyNotFoundError, match="there is no folder"):
        automl.load_study(study_name="tune")
    with pytest.raises(StudyNotFoundError, match=r"with one study, and of .* it has none"):
        automl.load_study()


def test_a_script_that_is_imported_again_reads_and_does_nothing(place: Path) -> None:
    study = automl.create_study(study_name="a")
    study.optimize(lambda trial: trial.number, n_trials=1)
    program = """
from automl.inside.calling.importing import begin_again
begin_again()
import automl
automl.delete_study(study_name="a")
study = automl.load_study(study_name="a")
study.optimize(lambda trial: 1, n_trials=3)
print(study.best_value, len(study.trials))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=place
    )
    assert (done.stdout, done.stderr) == ("0.0 1\n", "")
