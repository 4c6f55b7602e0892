import logging
from collections.abc import Sequence
from typing import Any

import pytest

from automl.errors import AutomlError
from automl.search.guard import Guarded
from automl.search.sampler import Told


class Works:
    def suggest(self, trial_id: int, history: Sequence[Told]) -> Any:
        del history
        return {"random": trial_id}


class Breaks:
    def suggest(self, trial_id: int, history: Sequence[Told]) -> Any:
        del history
        if trial_id % 2:
            raise ValueError("not positive definite")
        return {"model": trial_id}


def test_another_stands_in_and_the_reason_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    sampler = Guarded(Breaks(), Works(), "the model", stop=False)
    with caplog.at_level(logging.WARNING):
        asked = [sampler.suggest(trial_id, []) for trial_id in range(4)]
    assert asked == [{"model": 0}, {"random": 1}, {"model": 2}, {"random": 3}]
    (record,) = caplog.records
    assert "trial 1: the model raised ValueError: not positive definite" in record.getMessage()
    assert record.exc_info is not None


def test_or_it_ends_the_study() -> None:
    sampler = Guarded(Breaks(), Works(), "the model", stop=True)
    assert sampler.suggest(0, []) == {"model": 0}
    with pytest.raises(AutomlError, match="trial 1: the model raised ValueError") as caught:
        sampler.suggest(1, [])
    assert isinstance(caught.value.__cause__, ValueError)
