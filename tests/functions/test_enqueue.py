"""Values that the user gives trials, and notes of a study."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import automl
from automl.errors import SpecError
from automl.functions import create
from automl.hpo import open_study

pytestmark = pytest.mark.slow


def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run what a script has, as a new process of it does."""
    monkeypatch.setattr(create, "_CREATED", create._Created())
    study = automl.create_study(study_name="queued", sampler="random")
    study.set_user_attr("who", "me")
    study.enqueue_trial({"x": 0.5}, user_attrs={"why": ["guess", 1]})

    def more(study: Any, trial: Any) -> None:
        if trial.number == 0:
            study.enqueue_trial({"x": 0.25}, user_attrs={"why": "near"})

    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2, callbacks=[more])
    study.enqueue_trial({"x": 0.75})
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    return study


def test_a_script_that_is_run_again_queues_nothing_twice(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(monkeypatch).trials
    assert [one.params["x"] for one in first] == [0.5, 0.25, 0.75]
    notes = [{"why": ["guess", 1]}, {"why": "near"}, {}]
    assert [one.user_attrs for one in first] == notes
    assert [open_study("queued").to_optuna().trials[0].user_attrs["why"]] == [["guess", 1]]
    study = run(monkeypatch)
    assert study.trials == first
    assert study.user_attrs == {"who": "me"}
    for name, count in (("attrs.jsonl", 1), ("queued.jsonl", 2)):
        kept = place / "automl_studies" / "queued" / name
        assert len(kept.read_text(encoding="utf-8").splitlines()) == count


def test_what_cannot_be_kept_of_a_queue_is_refused(place: Path) -> None:
    study = automl.create_study()
    with pytest.raises(TypeError, match="JSON"):
        study.enqueue_trial({"x": 1}, user_attrs={"why": object()})
    with pytest.raises(TypeError, match="user_attrs must be a dictionary"):
        study.enqueue_trial({"x": 1}, user_attrs=["why"])  # type: ignore[arg-type]
    for given in ([("x", 1)], {1: 2}):
        with pytest.raises(TypeError, match="dictionary"):
            study.enqueue_trial(given)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match=r"'x': is <object.*cannot be written as JSON"):
        study.enqueue_trial({"x": object()})
    assert study._queued == []
    with pytest.raises(TypeError):
        study.set_user_attr("who", object())
    assert study.user_attrs == {}
    study.set_user_attr("who", "me")
    assert study.user_attrs == {"who": "me"}
    # Not before it runs, as `automl check` goes as far as this.
    assert list(place.iterdir()) == []


def test_a_script_that_is_imported_again_does_none_of_it(place: Path) -> None:
    program = """
import sys
from automl.inside.calling.importing import begin_again
begin_again()
import automl
from automl.distributions import FloatDistribution
from automl.exceptions import DuplicatedStudyError, TrialPruned
from automl.pruners import MedianPruner
from automl.samplers import TPESampler
from automl.study import MaxTrialsCallback, Study, StudyDirection
from automl.trial import FrozenTrial, Trial, TrialState
automl.logging.set_verbosity(automl.logging.WARNING)
sampler = automl.samplers.TPESampler(seed=1)
assert sampler is TPESampler(seed=1) is None
pruner = MedianPruner(n_startup_trials=5)
assert Study is automl.Study and not hasattr(Study, "best_trial")
study = automl.create_study(sampler=sampler, pruner=pruner)
study.enqueue_trial({"x": 1})
study.set_user_attr("who", "me")
study.optimize(lambda trial: 1, n_trials=3)
heavy = ("automl.functions.create", "automl.functions.choices", "automl.studies", "automl.search")
print([name for name in sys.modules if name.startswith(heavy)])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=place
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert list(place.iterdir()) == []
