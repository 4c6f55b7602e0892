"""The state of a study: a fold over its events."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from automl.errors import AutomlError, JournalError
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
from automl.spec.launch import Exit
from automl.spec.trial import Trial, TrialState, check_move


@dataclass(slots=True)
class StudyState:
    """All that is known of a study; changed by the methods alone.

    Attributes:
        opened: the first opening, None while the journal is empty.
        latest: the last opening.
        closed: how the last controller ended, None while one runs or if it died.
        control_offset: how much of the control file has been read, in bytes.
        max_trials: the limit in force if a request changed it, else None.
        max_parallel: the same.
        trials: by id, in the order of planning.
    """

    opened: StudyOpened | None = None
    latest: StudyOpened | None = None
    closed: StudyClosed | None = None
    control_offset: int = 0
    max_trials: int | None = None
    max_parallel: int | None = None
    trials: dict[int, Trial] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        """Take in one event.

        Raises:
            AutomlError: a trial may not move so (`spec.trial.MOVES`).
            KeyError: the event is about a trial that was never planned.
        """
        match event:
            case StudyOpened():
                self._open(event)
            case StudyClosed():
                self.closed = event
            case TrialPlanned():
                self.trials[event.trial] = Trial(id=event.trial, params=event.params)
            case TrialStarted():
                self._start(event)
            case Measured():
                if event.values:
                    self.trials[event.trial] = replace(
                        self.trials[event.trial],
                        newest=event.values[-1],
                        measurements=event.steps[-1] + 1,
                    )
            case TrialEnded():
                self._end(event)
            case TrialRequeued():
                failed = () if event.failure is None else (event.failure,)
                self._move(
                    event.trial,
                    TrialState.PLANNED,
                    failures=self.trials[event.trial].failures + failed,
                    handle=None,
                    value=None,
                    reason="",
                    failure=None,
                    output=(),
                    exit=None,
                )
            case RequestTaken():
                self._take_request(event)
            case _:
                assert_never(event)

    def mark_stopping(self, trial_id: int) -> None:
        """Note that a running trial is being stopped; this is not in the journal.

        What counts after a crash is whether its processes still run, not that they were to stop.
        """
        if self.trials[trial_id].state is TrialState.RUNNING:
            self._move(trial_id, TrialState.STOPPING)

    def _open(self, event: StudyOpened) -> None:
        if self.latest and self.latest.study.get("limits") != event.study.get("limits"):
            # What the script says anew counts more than what was asked of an earlier controller.
            self.max_trials = self.max_parallel = None
        self.opened = self.opened or event
        self.latest = event
        self.closed = None

    def _take_request(self, event: RequestTaken) -> None:
        self.control_offset = event.offset
        self.max_trials = event.max_trials or self.max_trials
        self.max_parallel = event.max_parallel or self.max_parallel

    def _start(self, event: TrialStarted) -> None:
        self._move(
            event.trial,
            TrialState.RUNNING,
            attempts=event.attempt,
            handle=event.handle,
            started_at=event.at,
            duration_s=None,
            newest=None,
            measurements=0,
        )

    def _end(self, event: TrialEnded) -> None:
        self._move(
            event.trial,
            event.state,
            value=event.value,
            measurements=event.measurements,
            reason=event.reason,
            failure=event.failure,
            output=tuple(event.output),
            handle=None,
            exit=Exit(
                code=event.exit_code,
                peak_memory_bytes=event.peak_memory_bytes,
                cpu_s=event.cpu_s,
            ),
            duration_s=event.duration_s,
        )

    def _move(self, trial_id: int, state: TrialState, **changes: Any) -> None:  # noqa: ANN401
        trial = self.trials[trial_id]
        check_move(trial_id, trial.state, state)
        self.trials[trial_id] = replace(trial, state=state, **changes)


def fold(events: Iterable[Event]) -> StudyState:
    """Return the state after all `events`, which must be in the order of the journal.

    Raises:
        JournalError: an event cannot follow those before it; the message names its line.
    """
    state = StudyState()
    for line, event in enumerate(events, 1):
        try:
            state.apply(event)
        except KeyError as error:
            raise JournalError(
                f"the journal's line {line} is about trial {error}, which was never planned"
            ) from error
        except AutomlError as error:
            raise JournalError(f"the journal's line {line} cannot be true: {error}") from error
    return state
