"""What stands for a study in the process of a trial."""

import copy
import pickle

import pytest

from automl.inside.stand_in import StudyStandIn


def test_it_goes_to_processes_that_an_objective_starts() -> None:
    study = StudyStandIn("study_of", 0, {"study_name": "a"})
    for again in (pickle.loads(pickle.dumps(study)), copy.copy(study)):  # noqa: S301
        again.optimize(print)
        with pytest.raises(AttributeError, match="_odd"):
            _ = again._odd
