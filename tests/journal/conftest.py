from datetime import UTC, datetime, timedelta

import pytest

from automl.journal.events import (
    Event,
    Measured,
    RequestTaken,
    StudyClosed,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
)
from automl.study.failure import FailureClass
from automl.study.trial import TrialState


@pytest.fixture
def small_study() -> list[Event]:
    """Every kind of event: a study that is taken up again after its controller died."""
    times = (datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(seconds=n) for n in range(99))

    def when() -> dict[str, object]:
        return {"v": 1, "at": next(times)}

    def opened(pid: int) -> StudyOpened:
        return StudyOpened(
            **when(), study={"name": "Zürich"}, seed=7, uid="c0ffee", host="lab", pid=pid
        )

    return [
        opened(10),
        TrialPlanned(**when(), trial=0, params={"lr": 0.1, "n": 1, "on": True, "x": [None, "é"]}),
        TrialPlanned(**when(), trial=1, params={"lr": 0.2, "n": 1.0, "on": False, "x": {"a": []}}),
        TrialStarted(**when(), trial=0, attempt=1, handle={"host": "lab", "pid": 11}),
        TrialStarted(**when(), trial=1, attempt=1, handle={"host": "lab", "pid": 12}),
        Measured(**when(), trial=0, steps=[0, 1], values=[0.5, float("nan")]),
        TrialEnded(
            **when(), trial=0, state=TrialState.COMPLETED, value=0.75, measurements=3, exit_code=0
        ),
        opened(20),
        TrialRequeued(**when(), trial=1, reason="its controller died", failure=FailureClass.LOST),
        RequestTaken(**when(), offset=40, request={"do": "add"}, max_trials=3),
        TrialStarted(**when(), trial=1, attempt=2, handle={"host": "lab", "pid": 13}),
        TrialEnded(
            **when(),
            trial=1,
            state=TrialState.FAILED,
            reason="exit code 3",
            failure=FailureClass.CRASHED,
            output=["Traceback", "  ValueError: ü"],
            exit_code=3,
        ),
        StudyClosed(**when(), reason="all 2 trials have ended", complete=True),
    ]
