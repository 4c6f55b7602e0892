"""How a trial stands once what it left was read anew."""

import msgspec

from automl.study.failure import FailureClass
from automl.study.trial import WHOLE, EndedLaunch, Result, Stage, TrialState


class Series(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Recorded measurements of one metric; the fields are those of `Measured`."""

    steps: list[int]
    values: list[float]
    reported: list[float] = []
    metric: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a trial stands once all that it left was read anew.

    Attributes:
        state: its state; planned, if what it left is not there any more and it runs again.
        stage: what its next launch is to do, or its last one did.
        results: what each launch that ran to its end gave.
        without_number: those in which there is no number now.
        value: the number that ranks it.
        metrics: the number that counts of each metric, where there is more than the one.
        violation: by how much these break the constraints.
        measurements: how many values its last attempt printed; 0 while that runs, as all are told
            again.
        reason: why it is not completed.
        failure: the kind of failure, None if there was none.
        output: the last lines of what it printed, if it failed.
        series: the measurements of its last attempt; None: those of before are still right.
    """

    state: TrialState
    stage: Stage = WHOLE
    results: list[Result] = []
    without_number: list[EndedLaunch] = []
    value: float | None = None
    metrics: dict[str, float] = {}
    violation: float = 0.0
    measurements: int = 0
    reason: str = ""
    failure: FailureClass | None = None
    output: list[str] = []
    series: list[Series] | None = None
