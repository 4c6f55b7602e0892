from collections.abc import Callable
from typing import Any

import pytest

from automl.space.parameters import Integer
from automl.space.space import SearchSpace
from automl.study.limits import Limits
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial, TrialState


@pytest.fixture
def completed() -> Callable[..., Trial]:
    def make(trial_id: int, value: float | None, **params: object) -> Trial:
        return Trial(
            id=trial_id,
            params=params,
            state=TrialState.COMPLETED,
            attempts=1,
            value=value,
            measurements=3,
            duration_s=2.1,
        )

    return make


@pytest.fixture(scope="session")
def make_spec() -> Callable[..., StudySpec]:
    """A study whose only reader reports `metric`, or a reader for each of `metrics`."""

    def make(*metrics: str, **changes: Any) -> StudySpec:
        readers = tuple(
            LocalReader(location="{{ trial.dir }}/log", parser_pattern=r"(\S+)", metric=name)
            for name in metrics or ("metric",)
        )
        fields: dict[str, Any] = {
            "name": "digits",
            "space": SearchSpace((Integer(name="x", min_value=0, max_value=9),)),
            "tasks": (BashTask(cmd=("true",), metric_reader=readers),),
            "limits": Limits(max_trials=20, max_parallel=2),
            "cwd": "/",
        }
        return StudySpec(**fields | changes)

    return make
