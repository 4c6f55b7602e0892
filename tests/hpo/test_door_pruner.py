import pytest

from automl.errors import SpecError
from automl.hpo import pruner
from automl.study.spec import PrunerSpec


def test_what_is_created_is_a_description() -> None:
    made = pruner.create(type="median", startup_trials=3)
    assert made == PrunerSpec(type="median", options={"startup_trials": 3})


def test_options_are_checked_when_it_is_created() -> None:
    with pytest.raises(SpecError, match="startup_trials must be a whole number of at least 1"):
        pruner.create(type="median", startup_trials=0)
