from collections.abc import Callable

import pytest

from automl.spec.trial import Trial, TrialState


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
