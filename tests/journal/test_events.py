import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.journal import events
from automl.journal.asking.asker import Asker
from automl.journal.events import (
    HIGHEST_VERSION,
    VERSION,
    Drawn,
    Event,
    Measured,
    RequestTaken,
    Reread,
    StudyClosed,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
    TrialStopping,
    UnknownEventError,
    decode,
    encode,
)
from automl.journal.told.standing import Series, Standing
from automl.loop.trials.figures import recorded_step
from automl.study.failure import FailureClass
from automl.study.stop_cause import StopCause
from automl.study.trial import EndedLaunch, Purpose, Result, Stage, TrialState

NOW = datetime(2026, 3, 1, 12, 30, 15, 250000, tzinfo=UTC)

# Lone surrogates included, and two of them side by side that would make one character.
texts = st.text(max_size=8) | st.text(st.sampled_from("\ud83d\ude00\udcff😀a\0\u2028"), max_size=6)
wholes = st.integers(-(10**30), 10**30)
finite = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | wholes | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
json_objects = st.dictionaries(texts, json_values, max_size=4)
counts = st.integers(0, 2**63 - 1)
times = st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda time: time.replace(fold=0)
)
failures = st.none() | st.sampled_from(FailureClass)
budgets = st.integers(0, 100) | st.floats(0, 100)
stages = st.builds(
    Stage,
    budget=st.none() | budgets,
    previous_budget=budgets,
    seed_number=counts,
    purpose=st.sampled_from(Purpose),
)


numbers = st.dictionaries(texts, finite)
results = st.builds(
    Result,
    stage=stages,
    value=finite,
    metrics=numbers,
    violation=finite,
    duration_s=st.none() | finite,
    attempt=counts,
)
series = st.builds(
    Series,
    metric=texts,
    steps=st.lists(counts),
    values=st.lists(st.floats()),
    reported=st.lists(st.floats()),
)
standings = st.builds(
    Standing,
    state=st.sampled_from(TrialState),
    stage=stages,
    results=st.lists(results, max_size=2),
    without_number=st.lists(
        st.builds(EndedLaunch, stage=stages, attempt=counts, duration_s=st.none() | finite),
        max_size=2,
    ),
    value=st.none() | finite,
    metrics=numbers,
    violation=finite,
    measurements=counts,
    reason=texts,
    failure=failures,
    output=st.lists(texts, max_size=3),
    series=st.none() | st.lists(series, max_size=2),
)


def built(kind: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, v=st.just(VERSION), at=times, **fields)


STRATEGIES: dict[type[Any], st.SearchStrategy[Any]] = {
    StudyOpened: built(
        StudyOpened, study=json_objects, seed=counts, uid=texts, host=texts, pid=counts
    ),
    TrialPlanned: built(
        TrialPlanned,
        trial=counts,
        params=json_objects,
        stage=stages,
        source=st.integers(-1, 100),
        origin=texts,
        avoided=counts,
        proposed=st.none() | json_objects,
        ranges=st.dictionaries(texts, st.none() | json_objects, max_size=2),
    ),
    Drawn: built(
        Drawn,
        trial=counts,
        values=json_objects,
        ranges=st.dictionaries(texts, json_objects, max_size=2),
    ),
    TrialStarted: built(
        TrialStarted,
        trial=counts,
        attempt=counts,
        handle=st.dictionaries(texts, texts | counts | st.sampled_from(["12", "true", "null"])),
    ),
    Measured: built(
        Measured,
        trial=counts,
        steps=st.lists(counts),
        values=st.lists(st.floats()),
        reported=st.lists(st.floats()),
    ),
    TrialStopping: built(
        TrialStopping,
        trial=counts,
        cause=st.sampled_from(StopCause),
        reason=texts,
        failure=failures,
        step=st.none() | finite,
    ),
    TrialEnded: built(
        TrialEnded,
        trial=counts,
        state=st.sampled_from(TrialState),
        value=st.none() | finite,
        metrics=st.dictionaries(texts, finite),
        violation=finite,
        stopped_step=st.none() | finite,
        measurements=counts,
        reason=texts,
        failure=failures,
        output=st.lists(texts, max_size=3),
        exit_code=st.none() | st.integers(-64, 255),
        peak_memory_bytes=st.none() | counts,
        cpu_s=st.none() | finite,
        duration_s=st.none() | finite,
    ),
    TrialRequeued: built(
        TrialRequeued, trial=counts, reason=texts, failure=failures, stage=st.none() | stages
    ),
    Reread: built(Reread, trial=counts, now=st.none() | standings),
    RequestTaken: built(
        RequestTaken,
        offset=counts,
        request=st.none() | json_objects,
        max_trials=st.none() | counts,
        max_parallel=st.none() | counts,
        id=texts,
        who=st.none() | st.builds(Asker, user=texts, host=texts, pid=counts, door=texts),
        done=st.none() | st.booleans(),
        reason=texts,
    ),
    StudyClosed: built(StudyClosed, reason=texts, complete=st.booleans()),
}


@given(st.one_of(*STRATEGIES.values()))
def test_every_event_comes_back_as_it_was_types_included(event: Event) -> None:
    line = encode(event)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    # The text of an event shows types, the sign of zero and NaN, which equality does not.
    assert repr(decode(line[:-1])) == repr(event)


def test_the_form_of_an_answer_on_disk() -> None:
    answer = RequestTaken(
        v=1,
        at=datetime(2026, 3, 1, tzinfo=UTC),
        offset=90,
        request={"request": "stop_trial", "trial": 9},
        id="7f",
        who=Asker(user="anna", host="lab", pid=12, door="cli"),
        done=False,
        reason="there is no trial 9",
    )
    line = (
        b'{"event":"RequestTaken","offset":90,"request":{"request":"stop_trial","trial":9},"id":"7f",'
        b'"who":{"user":"anna","host":"lab","pid":12,"door":"cli"},"done":false,'
        b'"reason":"there is no trial 9","v":1,"at":"2026-03-01T00:00:00Z"}'
    )
    assert encode(answer) == line + b"\n"
    assert decode(line) == answer


def test_an_answer_of_an_earlier_release_does_not_tell_whether_it_was_done() -> None:
    line = b'{"event":"RequestTaken","v":1,"at":"2026-03-01T00:00:00Z","offset":9,"request":{}}'
    taken = decode(line)
    assert isinstance(taken, RequestTaken)
    assert (taken.id, taken.who, taken.done, taken.reason) == ("", None, None, "")


def test_every_kind_of_event_can_be_read_back() -> None:
    kinds = {
        kind
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, events._Event) and kind is not events._Event
    }
    assert kinds == set(get_args(Event)) == set(STRATEGIES)


@given(json_objects)
def test_a_line_is_plain_json_that_anyone_can_read(params: dict[str, Any]) -> None:
    line = encode(TrialPlanned(v=1, at=NOW, trial=3, params=params))
    assert json.loads(line) == {
        "event": "TrialPlanned",
        "v": 1,
        "at": "2026-03-01T12:30:15.250000Z",
        "trial": 3,
        "params": params,
    }


def test_values_that_are_not_finite_are_plain_json_too() -> None:
    event = Measured(
        v=1, at=NOW, trial=0, steps=[0, 1, 2, 3], values=[math.nan, math.inf, -math.inf, 1]
    )
    line = encode(event)
    assert json.loads(line)["values"] == ["nan", "inf", "-inf", 1]
    assert [math.isnan(event.values[0]), *event.values[1:]] == [True, math.inf, -math.inf, 1]
    assert repr(decode(line[:-1]).values) == "[nan, inf, -inf, 1.0]"  # type: ignore[union-attr]


def test_a_value_that_was_printed_before_the_first_step_can_be_read_back() -> None:
    event = Measured(v=1, at=NOW, trial=0, steps=[0, 1], values=[0.5, 0.6], reported=[math.nan, 1])
    line = encode(event)
    assert json.loads(line)["reported"] == ["nan", 1]
    assert repr(decode(line[:-1]).reported) == "[nan, 1.0]"  # type: ignore[union-attr]


def test_what_is_as_usual_is_not_written() -> None:
    event = TrialEnded(v=1, at=NOW, trial=0, state=TrialState.COMPLETED, value=0.5)
    assert set(json.loads(encode(event))) == {"event", "v", "at", "trial", "state", "value"}


def test_a_lone_surrogate_is_an_escape_that_anyone_can_read() -> None:
    line = encode(TrialPlanned(v=1, at=NOW, trial=0, params={"path": "d\udcff"}))
    assert b'"d\\udcff"' in line
    assert json.loads(line.decode())["params"] == {"path": "d\udcff"}


@pytest.mark.parametrize(
    "line",
    [
        b'{"event":"StudyClosed","v":1,"at":"noon","reason":"\\udcff"}',
        b'{"event":"StudyClosed","v":1,"reason":"\\udcff',
        b'{"event":"StudyClosed","v":1,"reason":"\xed\xa0\x80\xff"}',
        b'"\\udcff"',
        b"[" * 100_000 + b'"\\udcff"',
    ],
)
def test_a_damaged_line_with_a_surrogate_is_refused_too(line: bytes) -> None:
    with pytest.raises(UnknownEventError):
        decode(line)


def test_a_newer_version_with_a_surrogate_is_refused_too() -> None:
    line = encode(StudyClosed(v=HIGHEST_VERSION + 1, at=NOW, reason="\udcff", complete=True))
    with pytest.raises(UnknownEventError, match=f"version {HIGHEST_VERSION + 1} "):
        decode(line[:-1])


@pytest.mark.parametrize("name", ["StudyClosed", "WeatherChanged"])
@pytest.mark.parametrize("version", [HIGHEST_VERSION + 1, 99])
def test_a_newer_version_is_refused_with_both_numbers(name: str, version: int) -> None:
    line = {"event": name, "v": version, "at": "2026-03-01T12:00:00Z", "reason": "", "complete": 1}
    with pytest.raises(UnknownEventError) as caught:
        decode(json.dumps(line).encode())
    assert (
        f"version {version} of the events, and this release reads up to {HIGHEST_VERSION};"
        in str(caught.value)
    )


@pytest.mark.parametrize("version", [HIGHEST_VERSION + 1, 99])
def test_a_newer_version_of_a_known_form_is_refused_too(version: int) -> None:
    line = encode(StudyClosed(v=version, at=NOW, reason="", complete=True))
    with pytest.raises(
        UnknownEventError, match=f"version {version} .* up to {HIGHEST_VERSION}; use the"
    ):
        decode(line[:-1])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"", "it is not an event"),
        (b"\x00" * 64, "it is not an event"),
        (b"[]", "it is not an event"),
        (b"null", "it is not an event"),
        (b'{"event":"StudyClosed","v":1,"at":"2026-03-01T', "it is not an event"),
        (b'{"v":1}', "it is not an event"),
        (b'{"event":"StudyClosed","v":1} {}', "it is not an event"),
        (b'{"event":"WeatherChanged","v":1}', "event 'WeatherChanged' is malformed"),
        (b'{"event":"StudyClosed","v":1,"at":"noon"}', "event 'StudyClosed' is malformed"),
        # Whether the event in front of such a byte can still be named is up to msgspec.
        (b'{"event":"StudyClosed","v":1,"reason":"\xff"}', ""),
        (
            b'{"event":"TrialPlanned","v":1,"at":"2026-03-01T12:00:00Z","trial":0}',
            "event 'TrialPlanned' is malformed",
        ),
        (
            b'{"event":"TrialEnded","v":1,"at":"2026-03-01T12:00:00Z","trial":0,"state":"odd"}',
            "event 'TrialEnded' is malformed",
        ),
    ],
)
def test_a_damaged_line_is_refused_with_the_reason(line: bytes, message: str) -> None:
    with pytest.raises(UnknownEventError) as caught:
        decode(line)
    assert message in str(caught.value)


@given(st.one_of(*STRATEGIES.values()), st.data())
def test_no_part_of_a_line_is_taken_for_an_event(event: Event, data: st.DataObject) -> None:
    line = encode(event)[:-1]
    cut = data.draw(st.integers(0, len(line) - 1))
    with pytest.raises(UnknownEventError):
        decode(line[:cut])


def _recorded(limit: int) -> Iterator[int]:
    return (step for step in range(limit) if recorded_step(step))


def test_the_first_measurements_are_all_recorded_then_ever_fewer() -> None:
    steps = list(_recorded(5000))
    assert steps[:257] == list(range(257))
    gaps = [right - left for left, right in pairwise(steps)]
    assert gaps == sorted(gaps)
    assert set(gaps) == {1, 2, 4, 8, 16, 32}


@given(st.integers(0, 2**60))
def test_a_recorded_step_is_never_more_than_a_128th_away(step: int) -> None:
    # Of the steps up to here, the last recorded one is near in proportion.
    gap = 1 << max(0, step.bit_length() - 8)
    assert recorded_step(step - step % gap)
    assert step % gap <= step / 128
