"""What can happen in a study, as the journal's lines.

Each line is one JSON object with the event's name, the version of its form, the UTC time and what
changed. A reader refuses a version that it does not know.
"""

import math
from datetime import datetime
from itertools import chain
from typing import Any, TypeAlias, TypeVar

import msgspec

from automl.journal.asking.asker import Asker
from automl.journal.text import decode_json, encode_json, may_hold_surrogates
from automl.journal.told.standing import Series, Standing
from automl.study.failure import FailureClass
from automl.study.ranking.totals import Totals
from automl.study.stop_cause import StopCause
from automl.study.tasks.program import ProgramFile
from automl.study.trial import WHOLE, Stage, TrialState

VERSION = 1
"""The version of the events that this release writes, but for those that have their own."""

REREAD_VERSION = 2
"""That of `Reread`, which earlier releases do not know."""

DRAWN_VERSION = 3
"""That of `Drawn`, which earlier releases do not know either."""

HIGHEST_VERSION = 3
"""The highest that this release reads."""


class _Event(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag=True
):
    """The base of all events: when it happened."""

    v: int
    at: datetime


class StudyOpened(_Event, frozen=True):
    """A controller began, or went on, with the study as described.

    Attributes:
        study: `StudySpec.describe()`.
        seed: the seed in force, drawn at the first opening if the user gave none.
        uid: tells this study from every other; the same at every opening.
        host: where the controller runs.
        pid: its process.
        release: the release of automl that it is of; empty in journals of 0.1.0 and before.
        cwd_from_folder: the way from the study's folder to the working directory, without links.
        programs: the files that its commands run; both are empty in journals of earlier releases.
        known: how many results of other studies the search was told at the start.
        call: which `optimize` of its program it runs, from 1; 0 where there is no such thing.
        cells: names of the cell of a notebook that calls it; none of a script.
    """

    study: dict[str, Any]
    seed: int
    uid: str
    host: str
    pid: int
    release: str = ""
    cwd_from_folder: str = ""
    programs: list[ProgramFile] = []
    known: int = 0
    call: int = 0
    cells: list[str] = []


class TrialPlanned(_Event, frozen=True):
    """A trial got its values; it will be launched.

    Attributes:
        trial: its id.
        params: its values.
        stage: how far its first launch is to go.
        source: the trial whose checkpoint it continues, -1 for none.
        origin: where the values come from if not from the search.
        avoided: how many combinations that had been tried the search proposed for it.
        note: why it is tried, in the words of who asked for it.
        call: which `optimize` of its script it belongs to, from 1; 0 where there is no such thing.
        asked: whether a program asked for it, which alone tells how it ended: it has no process.
        proposed: what is proposed to it where the space is learnt while it runs, which then has no
            values before it asks for them; None in other studies, and in those of 0.1.0 and before.
        ranges: those of the proposed values that are not from the newest range of their name; None
            for one that is fixed, whatever the range.
    """

    trial: int
    params: dict[str, Any]
    stage: Stage = WHOLE
    source: int = -1
    origin: str = ""
    avoided: int = 0
    note: str = ""
    call: int = 0
    asked: bool = False
    proposed: dict[str, Any] | None = None
    ranges: dict[str, dict[str, Any] | None] = {}


class Drawn(_Event, frozen=True):
    """A trial asked for parameters, in a space that is learnt while it runs.

    Attributes:
        trial: whose process asked.
        values: what it got, by name, in this order.
        ranges: the range of each that is not the one for which it was proposed.
    """

    trial: int
    values: dict[str, Any]
    ranges: dict[str, dict[str, Any]] = {}


class TrialStarted(_Event, frozen=True):
    """An attempt at a trial was launched; `handle` finds its process again."""

    trial: int
    attempt: int
    handle: dict[str, str | int]


class Measured(_Event, frozen=True):
    """Some measurements of the running attempt: value and place in the order of appearance.

    Not every measurement is recorded (see `recorded_step`); the metric file has them all. A number
    that is not finite, for which JSON has none, is the text `nan`, `inf` or `-inf` on disk.

    Attributes:
        trial: whose.
        steps: places from 0, one per value.
        values: the numbers.
        reported: the steps that the program printed beside them; empty where it prints none. NaN
            for a value that it printed before the first step.
        metric: what was measured; empty in journals of earlier releases, which have the metric of
            the first objective alone.
    """

    trial: int
    steps: list[int]
    values: list[float]
    reported: list[float] = []
    metric: str = ""


class TrialStopping(_Event, frozen=True):
    """The running attempt is about to be asked to end, so that its end says nothing about it.

    Attributes:
        trial: whose.
        cause: who or what wants it to end; of several, the one that decides what becomes of it.
        reason: why, in one line.
        failure: the kind of failure, where it took too long.
        step: the step up to which a pruner saw it, None where none did.
    """

    trial: int
    cause: StopCause
    reason: str = ""
    failure: FailureClass | None = None
    step: float | None = None


class TrialEnded(_Event, frozen=True):
    """The attempt is over, nothing of it is left running, and this is its result.

    Attributes:
        trial: its id.
        state: what the trial is from now on.
        value: the number that ranks it, of this attempt alone.
        metrics: the number that counts of each metric, where there is more than the one.
        violation: by how much these break the constraints.
        stopped_step: the step at which a pruner stopped it, None if it ran to its end.
        measurements: how many values of the ranked metric it printed.
        reason: why it is not completed, or what its last launch did not reach.
        failure: the kind of failure, None if there was none.
        output: the last lines of what it printed, if it failed.
        exit_code: negative for a signal, None if nobody saw it.
        peak_memory_bytes: largest resident size of one of its processes.
        cpu_s: CPU seconds of the attempt.
        duration_s: how long the attempt ran.
    """

    trial: int
    state: TrialState
    value: float | None = None
    metrics: dict[str, float] = {}
    violation: float = 0.0
    stopped_step: float | None = None
    measurements: int = 0
    reason: str = ""
    failure: FailureClass | None = None
    output: list[str] = []
    exit_code: int | None = None
    peak_memory_bytes: int | None = None
    cpu_s: float | None = None
    duration_s: float | None = None


class TrialRequeued(_Event, frozen=True):
    """The trial will be launched again, with the same id and values.

    Attributes:
        trial: its id.
        reason: why, in one line.
        failure: the failure that is tried again; None if the trial is not to blame.
        stage: what the next launch is to do if it is another thing than the last one's; None to
            do the same again. A trial that goes on keeps what it has, one that is tried again
            does not.
    """

    trial: int
    reason: str
    failure: FailureClass | None = None
    stage: Stage | None = None


class Reread(_Event, frozen=True):
    """What a trial left was read as the last `StudyOpened` describes it, which is another way.

    Attributes:
        trial: its id.
        now: how it stands now; None if that is as before.
    """

    trial: int
    now: Standing | None = None


class RequestTaken(_Event, frozen=True):
    """The controller read one line of `control.jsonl`.

    Attributes:
        offset: length in bytes of the control file up to and including that line.
        request: what was asked, None where the line was malformed.
        max_trials: the limit that it puts in force, None if it changes none.
        max_parallel: the same.
        id: the request's, empty where its line has none. No two events have the same.
        who: who asked, None where the line does not say.
        done: whether it is done; None in journals of releases that did not tell.
        reason: why it is not done, in one line.
        trials: those that it runs again, where it names none itself.
    """

    offset: int
    request: dict[str, Any] | None = None
    max_trials: int | None = None
    max_parallel: int | None = None
    id: str = ""
    who: Asker | None = None
    done: bool | None = None
    reason: str = ""
    trials: list[int] = []


class StudyClosed(_Event, frozen=True):
    """The controller ended by itself.

    Attributes:
        reason: why.
        complete: whether nothing is left to do.
        failed_alike: the trials for whose failures it ended, which the next one runs again.
        totals: what had come of the study; None in journals of earlier releases.
    """

    reason: str
    complete: bool
    failed_alike: list[int] = []
    totals: Totals | None = None


Event: TypeAlias = (
    StudyOpened
    | TrialPlanned
    | Drawn
    | TrialStarted
    | Measured
    | TrialStopping
    | TrialEnded
    | TrialRequeued
    | Reread
    | RequestTaken
    | StudyClosed
)

# Not strict, so that the text of a number is taken for it; values of parameters stay what they are.
_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event, strict=False)


class _Head(msgspec.Struct):
    v: int
    event: str


_HEAD_DECODER = msgspec.json.Decoder(_Head)


_Numbers = TypeVar("_Numbers", Measured, Series)


class UnknownEventError(ValueError):
    """A line that is no event of this release; the message says why."""


def encode(event: Event) -> bytes:
    """Return the event as one line, newline included.

    Raises:
        ValueError, OverflowError, TypeError: JSON has no such value.
    """
    if isinstance(event, Measured):
        event = _as_json(event)
    elif isinstance(event, Reread) and event.now and event.now.series:
        series = [_as_json(one) for one in event.now.series]
        now = msgspec.structs.replace(event.now, series=series)
        event = msgspec.structs.replace(event, now=now)
    return encode_json(event) + b"\n"


def _as_json(one: _Numbers) -> _Numbers:
    """Return measurements with texts in place of the numbers that JSON does not have."""
    if all(map(math.isfinite, chain(one.values, one.reported))):
        return one
    values, reported = _as_texts(one.values), _as_texts(one.reported)
    return msgspec.structs.replace(one, values=values, reported=reported)


def _as_texts(numbers: list[float]) -> list[Any]:
    return [number if math.isfinite(number) else str(number) for number in numbers]


def decode(line: bytes) -> Event:
    """Return the event of one line without its newline.

    Raises:
        UnknownEventError: the line is damaged, or a newer release wrote it.
    """
    try:
        event = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        event = _with_surrogates(line, error)
    if event.v > HIGHEST_VERSION:
        raise UnknownEventError(_newer(event.v))
    return event


def _with_surrogates(line: bytes, error: Exception) -> Event:
    """Return the event of a line that msgspec refused, if only for the surrogates in its texts."""
    if not may_hold_surrogates(line):
        raise UnknownEventError(_why(line, error)) from error
    try:
        event: Event = msgspec.convert(decode_json(line), Event, strict=False)
    except (msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise UnknownEventError(_why(line, cause)) from cause
    return event


def _why(line: bytes, error: Exception) -> str:
    try:
        head = _HEAD_DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return f"it is not an event: {error}"
    return (
        _newer(head.v)
        if head.v > HIGHEST_VERSION
        else f"event {head.event!r} is malformed: {error}"
    )


def _newer(version: int) -> str:
    return (
        f"it has version {version} of the events, and this release reads up to {HIGHEST_VERSION}; "
        "use the release of automl that wrote it, or a newer one"
    )
