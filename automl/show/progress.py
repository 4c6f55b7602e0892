"""How far a study is: the values that a live view shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from automl.space.space import Params
from automl.study.spec import StudySpec
from automl.study.trial import WHOLE, Stage, Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTrial:
    """A trial that runs now.

    Attributes:
        id: the trial's id.
        params: its values.
        stage: how far its launch is to go, and with which seed.
        source: the trial whose checkpoint it continues, -1 for none.
        elapsed_s: seconds since its last attempt began.
        value: its newest measurement, None before the first.
        measurements: how many it has printed.
        step: the step that it printed last, None where its reader knows of none.
    """

    id: int
    params: Params
    stage: Stage = WHOLE
    source: int = -1
    elapsed_s: float
    value: float | None = None
    measurements: int = 0
    step: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A study at one moment.

    Attributes:
        spec: what it is.
        done: trials that ended, however they did.
        total: trials there will be at the most, None where nobody knows.
        failed: how many of `done` failed.
        waiting: how many trials may go on from each budget that they reached.
        completed: how many of `done` completed.
        running: the trials that run, in the order to show.
        best: the best completed trial so far; before there is one, the one that came furthest of
            those that wait with less than the whole budget.
        leaders: the best trials so far, best first; some of them.
        elapsed_s: seconds since this controller began.
        left_s: estimated seconds until the last trial ends, None while unknown.
        note: a line for the user, such as that the study is stopping; empty: nothing to say.
        hint: what the user may do now; empty: nothing to say.
    """

    spec: StudySpec
    done: int
    total: int | None
    failed: int
    completed: int = 0
    waiting: Mapping[float, int] = field(default_factory=dict)
    running: tuple[RunningTrial, ...]
    best: Trial | None
    leaders: tuple[Trial, ...] = ()
    elapsed_s: float
    left_s: float | None
    note: str = ""
    hint: str = ""
