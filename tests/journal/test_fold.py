import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    TrialStopping,
    decode,
    encode,
)
from automl.journal.fold import StudyState, fold
from automl.journal.journal import load
from automl.study.failure import FailureClass
from automl.study.launch import Exit
from automl.study.stop_cause import StopCause
from automl.study.trial import (
    FINISHED,
    MOVES,
    WHOLE,
    Purpose,
    Result,
    Stage,
    Trial,
    TrialState,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STAMP: dict[str, Any] = {"v": 1, "at": NOW}


def planned(trial: int = 0) -> TrialPlanned:
    return TrialPlanned(**STAMP, trial=trial, params={"n": trial})


def started(trial: int = 0, attempt: int = 1) -> TrialStarted:
    return TrialStarted(**STAMP, trial=trial, attempt=attempt, handle={"pid": 7})


def ended(trial: int = 0, state: TrialState = TrialState.COMPLETED, **more: Any) -> TrialEnded:
    return TrialEnded(**STAMP, trial=trial, state=state, **more)


def requeued(trial: int = 0, failure: FailureClass = FailureClass.LOST) -> TrialRequeued:
    return TrialRequeued(**STAMP, trial=trial, reason="lost", failure=failure)


def opened(pid: int = 1, **limits: int) -> StudyOpened:
    study = {"limits": limits}
    return StudyOpened(**STAMP, study=study, seed=1, uid="u", host="h", pid=pid)


def closed() -> StudyClosed:
    return StudyClosed(**STAMP, reason="done", complete=True)


def test_nothing_is_known_at_first() -> None:
    assert fold([]) == StudyState()


def test_a_planned_trial_has_its_values_and_no_more() -> None:
    assert fold([planned(3)]).trials == {3: Trial(id=3, params={"n": 3})}


def test_a_started_trial_has_its_handle_and_a_clean_sheet() -> None:
    measured = Measured(**STAMP, trial=0, steps=[0, 1], values=[1.0, 2.0])
    trial = fold([planned(), started(), measured]).trials[0]
    assert (trial.state, trial.attempts, trial.handle) == (TrialState.RUNNING, 1, {"pid": 7})
    assert (trial.newest, trial.measurements, trial.started_at) == (2.0, 2, NOW)
    again = fold([planned(), started(), measured, requeued(), started(attempt=2)]).trials[0]
    assert (again.attempts, again.newest, again.measurements) == (2, None, 0)


def test_measurements_count_by_their_last_step_as_not_all_are_recorded() -> None:
    some = Measured(**STAMP, trial=0, steps=[510, 512], values=[0.1, 0.2])
    none = Measured(**STAMP, trial=0, steps=[], values=[])
    trial = fold([planned(), started(), some, none]).trials[0]
    assert (trial.newest, trial.measurements) == (0.2, 513)


def test_an_ended_trial_has_its_result_and_no_process() -> None:
    end = ended(
        state=TrialState.FAILED,
        value=None,
        measurements=4,
        reason="exit code 3",
        failure=FailureClass.CRASHED,
        output=["a", "b"],
        exit_code=3,
        peak_memory_bytes=5,
        cpu_s=1.5,
        duration_s=2.5,
    )
    trial = fold([planned(), started(), end]).trials[0]
    assert trial == Trial(
        id=0,
        params={"n": 0},
        state=TrialState.FAILED,
        attempts=1,
        measurements=4,
        reason="exit code 3",
        failure=FailureClass.CRASHED,
        output=("a", "b"),
        exit=Exit(code=3, peak_memory_bytes=5, cpu_s=1.5),
        started_at=NOW,
        duration_s=2.5,
    )


def test_a_trial_that_never_started_can_fail() -> None:
    trial = fold([planned(), ended(state=TrialState.FAILED, reason="no such program")]).trials[0]
    assert (trial.state, trial.attempts) == (TrialState.FAILED, 0)


def test_a_requeued_trial_keeps_its_attempts_and_past_failures_alone() -> None:
    end = ended(state=TrialState.FAILED, reason="bad", output=["x"], exit_code=1)
    events = [planned(), started(), end, requeued(), started(attempt=2), requeued()]
    trial = fold(events).trials[0]
    assert (trial.state, trial.attempts) == (TrialState.PLANNED, 2)
    assert trial.failures == (FailureClass.LOST, FailureClass.LOST)
    assert (trial.handle, trial.value, trial.exit, trial.failure) == (None, None, None, None)
    assert (trial.reason, trial.output) == ("", ())


SECOND = Stage(budget=3, previous_budget=1)
CONFIRMING = Stage(seed_number=1, purpose=Purpose.CONFIRM)


def again(stage: Stage | None = None, trial: int = 0) -> TrialRequeued:
    return TrialRequeued(**STAMP, trial=trial, reason="again", stage=stage)


def measured(first: int, values: list[float], reported: list[float] | None = None) -> Measured:
    steps = list(range(first, first + len(values)))
    return Measured(**STAMP, trial=0, steps=steps, values=values, reported=reported or [])


def paused(value: float, **more: Any) -> TrialEnded:
    return ended(state=TrialState.PRUNED, value=value, **more)


def after(*events: Event) -> Trial:
    return fold([planned(), *events]).trials[0]


def test_a_trial_keeps_what_each_launch_gave() -> None:
    first = after(started(), paused(0.5, metrics={"loss": 2.0}, violation=1.0))
    assert (first.value, first.metrics, first.violation) == (0.5, {"loss": 2.0}, 1.0)
    events = [started(), paused(0.5, violation=1.0), again(SECOND), started()]
    assert after(*events).value == 0.5
    last = after(*events, ended(value=0.25))
    assert (last.value, last.violation, last.stage) == (0.25, 0.0, SECOND)
    assert last.results == (
        Result(stage=Stage(), value=0.5, violation=1.0),
        Result(stage=SECOND, value=0.25),
    )


def test_seeds_are_averaged_and_the_worst_violation_counts() -> None:
    events: list[Event] = []
    for number in range(3):
        events += [again(Stage(seed_number=number))] if number else []
        metrics = {"loss": 3.0 * number}
        events += [started(), paused(0.1 + number, metrics=metrics, violation=2.0 - number)]
    trial = after(*events)
    assert (trial.value, trial.metrics, trial.violation) == (1.1, {"loss": 3.0}, 2.0)


def test_values_of_any_size_are_averaged() -> None:
    metrics = [{"loss": math.inf}, {"loss": -math.inf}]
    first, second = (ended(value=1.5e308, metrics=one) for one in metrics)
    trial = after(started(), first, again(Stage(seed_number=1)), started(), second)
    assert trial.value == 1.5e308
    assert math.isnan(trial.metrics["loss"])


@pytest.mark.parametrize("stage", [SECOND, Stage(seed_number=1), CONFIRMING])
def test_a_launch_that_vanished_leaves_what_those_before_it_found(stage: Stage) -> None:
    first = paused(0.5, metrics={"loss": 2.0}, violation=1.0)
    trial = after(started(), first, again(stage), started(), again())
    assert (trial.value, trial.metrics, trial.violation) == (0.5, {"loss": 2.0}, 1.0)
    assert trial.stage == stage


def test_a_launch_that_is_tried_again_without_any_before_it_has_nothing() -> None:
    trial = after(started(), ended(state=TrialState.STOPPED, value=0.5), again())
    assert (trial.value, trial.metrics, trial.violation) == (None, {}, 0.0)


def test_a_stop_leaves_what_earlier_launches_found_and_a_failure_does_not() -> None:
    begun = [started(), paused(0.5), again(SECOND), started()]
    assert after(*begun, ended(state=TrialState.STOPPED, value=0.1)).value == 0.5
    assert after(*begun, ended(state=TrialState.STOPPED)).value == 0.5
    assert after(*begun, ended(state=TrialState.FAILED)).value is None
    assert after(started(), ended(state=TrialState.STOPPED, value=0.1)).value == 0.1


@pytest.mark.parametrize("value", [9.0, None])
def test_a_confirmation_changes_nothing_of_what_the_search_found(value: float | None) -> None:
    begun = [started(), ended(value=0.5, violation=1.0), again(CONFIRMING), started()]
    trial = after(*begun, ended(value=value))
    assert (trial.value, trial.violation) == (0.5, 1.0)
    assert trial.confirmations == ({} if value is None else {1: value})
    unlaunched = after(*begun[:-1], ended())
    assert (unlaunched.state, unlaunched.value) == (TrialState.COMPLETED, 0.5)


def test_a_stopped_trial_that_is_rerun_is_spared_and_remembers_no_stop() -> None:
    stopped = ended(state=TrialState.PRUNED, value=0.5, stopped_step=4.0)
    trial = after(started(), stopped)
    assert (trial.value, trial.stopped_step, trial.spared) == (0.5, 4.0, False)
    assert trial.results == ()
    trial = after(started(), stopped, again())
    assert (trial.value, trial.stopped_step, trial.spared) == (None, None, True)


def test_curves_are_those_of_the_last_launch_without_failures() -> None:
    events = [planned(), started(), measured(0, [1, 2]), measured(2, [3], reported=[9.0])]
    curves = fold(events, curves=True).curves
    assert repr(curves) == "{0: Curve({1.0: 1.0, 2.0: 2.0, 9.0: 3.0})}"
    events += [ended(state=TrialState.PRUNED, value=3.0, stopped_step=9.0)]
    assert len(fold(events, curves=True).curves or {}) == 1
    assert repr(fold([*events, again(), started()], curves=True).curves) == "{0: Curve({})}"
    failed = [*events, again(), started(), ended(state=TrialState.FAILED)]
    assert fold(failed, curves=True).curves == {}
    assert fold(events).curves is None


def test_trials_are_in_the_order_of_planning() -> None:
    events = [planned(0), planned(1), started(1), ended(1), started(0), planned(2)]
    assert list(fold(events).trials) == [0, 1, 2]


def test_the_first_and_the_last_opening_are_known_and_a_closing_until_the_next() -> None:
    state = fold([opened(1), closed()])
    assert (state.opened, state.latest, state.closed) == (opened(1), opened(1), closed())
    state.apply(opened(2))
    assert (state.opened, state.latest, state.closed) == (opened(1), opened(2), None)


def test_requests_change_the_limits_until_the_script_does() -> None:
    more = RequestTaken(**STAMP, offset=10, max_trials=30)
    wider = RequestTaken(**STAMP, offset=25, max_parallel=4)
    state = fold([opened(max_trials=20), more, wider])
    assert (state.control_offset, state.max_trials, state.max_parallel) == (25, 30, 4)
    state.apply(opened(max_trials=20))
    assert (state.max_trials, state.max_parallel) == (30, 4)
    state.apply(opened(max_trials=25))
    assert (state.control_offset, state.max_trials, state.max_parallel) == (25, None, None)


def taken(id_: str, request: str, *, done: bool | None = True, **about: Any) -> RequestTaken:
    asked = {"request": request, **about}
    return RequestTaken(**STAMP, offset=9, request=asked, id=id_, done=done)


def test_the_first_answer_to_a_request_is_kept() -> None:
    first, again = taken("a", "pause"), taken("a", "pause", done=False)
    nameless = taken("", "pause")
    assert fold([first, again, nameless]).answers == {"a": first}


@pytest.mark.parametrize(
    ("asked", "effect"),
    [
        (
            taken("a", "stop_trial", trial=1),
            TrialStopping(**STAMP, trial=1, cause=StopCause.REQUEST),
        ),
        (taken("a", "stop_trial", trial=1), ended(1, TrialState.STOPPED)),
        (taken("a", "retry_trial", trial=0), requeued(0)),
        (taken("", "retry_trial", trial=0), requeued(0)),
        (taken("a", "add_trial", params={"n": 2}), planned(2)),
    ],
)
def test_a_request_is_unfinished_until_what_it_brings_about_is_told(
    asked: RequestTaken, effect: Event
) -> None:
    before = [planned(0), started(0), planned(1), started(1), ended(0, TrialState.FAILED)]
    assert fold([*before, asked]).unfinished == [asked]
    assert fold([*before, asked, opened()]).unfinished == [asked]
    other = taken("b", "set_max_parallel", count=2)
    assert fold([*before, asked, opened(), other, effect]).unfinished == []


def test_a_request_about_several_trials_is_unfinished_until_all_are_told() -> None:
    before = [event for trial in range(3) for event in (planned(trial), started(trial))]
    before += [ended(trial, TrialState.FAILED) for trial in range(3)]
    asked = taken("a", "retry_failed")
    asked = msgspec.structs.replace(asked, trials=[0, 2])
    assert fold([*before, asked, requeued(1)]).unfinished == [asked]
    (left,) = fold([*before, asked, requeued(0)]).unfinished
    assert left.trials == [2]
    assert fold([*before, asked, requeued(0), requeued(2)]).unfinished == []


@pytest.mark.parametrize("effect", [started(1), ended(0, TrialState.FAILED), measured(0, [1.0])])
def test_what_happens_to_other_trials_finishes_no_request(effect: Event) -> None:
    asked = taken("a", "stop_trial", trial=1)
    events = [planned(0), started(0), planned(1), asked, effect]
    assert fold(events).unfinished == [asked]


@pytest.mark.parametrize(
    "asked",
    [
        taken("a", "stop_trial", trial=1, done=False),
        taken("", "stop_trial", trial=1, done=None),
        taken("a", "add_trials", count=1),
        taken("a", "pause"),
        RequestTaken(**STAMP, offset=9, done=False, reason="not JSON"),
        RequestTaken(**STAMP, offset=9, request={"do": "add"}, done=True),
    ],
)
def test_all_other_requests_are_finished_at_once(asked: RequestTaken) -> None:
    assert fold([asked]).unfinished == []


def stopping(trial: int, cause: StopCause) -> TrialStopping:
    return TrialStopping(**STAMP, trial=trial, cause=cause, reason="asked")


@pytest.mark.parametrize("end", [ended(1, TrialState.STOPPED), requeued(1)])
def test_why_a_trial_is_stopped_is_known_until_it_ended(end: Event) -> None:
    state = fold([planned(0), planned(1), started(1), stopping(1, StopCause.STUDY)])
    assert state.trials[1].state is TrialState.STOPPING
    state.apply(stopping(1, StopCause.INTERRUPT))
    assert state.stops[1].cause is StopCause.INTERRUPT
    state.apply(end)
    assert state.stops == {}


def test_only_a_trial_that_runs_can_be_stopped() -> None:
    with pytest.raises(JournalError, match="line 2 cannot be true"):
        fold([planned(0), stopping(0, StopCause.REQUEST)])


@pytest.mark.parametrize("event", [started(5), ended(5), requeued(5)])
def test_an_event_about_an_unknown_trial_is_refused_by_its_line(event: Event) -> None:
    with pytest.raises(JournalError, match="line 3 is about trial 5, which was never planned"):
        fold([opened(), planned(), event])
    with pytest.raises(KeyError):
        fold([planned()]).apply(event)


@pytest.mark.parametrize(
    ("events", "move"),
    [
        ([started(), started()], "running to running"),
        ([requeued()], "planned to planned"),
        ([ended()], "planned to completed"),
        ([started(), ended(), ended()], "completed to completed"),
        ([started(), ended(), started()], "completed to running"),
    ],
)
def test_a_move_that_no_trial_makes_is_refused_by_its_line(events: list[Event], move: str) -> None:
    message = f"line {len(events) + 1} cannot be true: trial 0: cannot go from {move}"
    with pytest.raises(JournalError, match=message):
        fold([planned(), *events])
    state = fold([planned(), *events[:-1]])
    before = repr(state)
    with pytest.raises(AutomlError, match="cannot go from"):
        state.apply(events[-1])
    assert repr(state) == before


def next_event(state: StudyState, choice: int) -> Event:
    """Return some event that may follow in `state`."""
    number = len(state.trials)
    choices: list[Event] = [planned(number), opened(choice), closed()]
    choices.append(RequestTaken(**STAMP, offset=choice, max_trials=choice or None))
    for trial in state.trials.values():
        moves = MOVES[trial.state]
        choices += [ended(trial.id, end, measurements=choice) for end in sorted(moves & FINISHED)]
        if TrialState.PLANNED in moves:
            fresh = trial.state is TrialState.PLANNED
            kind = FailureClass.NOT_STARTED if fresh else FailureClass.LOST
            choices.append(requeued(trial.id, kind))
        if TrialState.RUNNING in moves:
            choices.append(started(trial.id, trial.attempts + 1))
        if trial.state is TrialState.RUNNING:
            choices.append(Measured(**STAMP, trial=trial.id, steps=[choice], values=[choice / 3]))
    return choices[choice % len(choices)]


@given(st.lists(st.integers(0, 1000), max_size=30))
def test_what_the_journal_tells_is_the_state_at_any_time(choices: list[int]) -> None:
    live, lines = StudyState(), list[bytes]()
    for choice in choices:
        event = next_event(live, choice)
        live.apply(event)
        lines.append(encode(event))
        assert fold(decode(line[:-1]) for line in lines) == live


def test_every_prefix_of_a_study_folds_to_what_was_known_then(small_study: list[Event]) -> None:
    live = StudyState()
    for count, event in enumerate(small_study, 1):
        live.apply(event)
        assert repr(fold(small_study[:count])) == repr(live)


# A journal as release 0.1 wrote it: every release after it must read it so.
ASSET = Path(__file__).parent / "assets" / "v1.jsonl"

# The same one as written since lines have checksums.
SEALED_ASSET = ASSET.with_name("v1-checksums.jsonl")


def at(second: float) -> datetime:
    return datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(seconds=second)


@pytest.mark.parametrize("asset", [ASSET, SEALED_ASSET], ids=["plain", "with checksums"])
def test_a_journal_of_version_1_tells_what_it_told_then(asset: Path) -> None:
    events, end = load(asset)
    assert end.size_bytes == asset.stat().st_size
    state = fold(events)
    assert state.opened is not None
    assert state.latest is not None
    assert state.opened.study["hyperparams"][0]["candidates"] == [10, 20, 30]
    assert (state.opened.at, state.opened.pid, state.latest.pid) == (at(0), 4711, 4802)
    assert (state.latest.seed, state.latest.uid, state.latest.host) == (7, "c0ffee", "lab")
    assert state.closed is not None
    assert (state.closed.reason, state.closed.complete) == ("stopped by SIGINT", False)
    assert (state.control_offset, state.max_trials, state.max_parallel) == (58, 4, None)
    assert list(state.trials.values()) == [
        Trial(
            id=0,
            params={"n": 10, "lr": 0.1, "mixed": True},
            state=TrialState.COMPLETED,
            attempts=1,
            value=0.75,
            results=(Result(stage=WHOLE, value=0.75, duration_s=1.5),),
            newest=0.75,
            measurements=2,
            exit=Exit(code=0, peak_memory_bytes=52428800, cpu_s=1.25),
            started_at=at(1.25),
            duration_s=1.5,
        ),
        Trial(
            id=1,
            params={"n": 20, "lr": 1.0, "mixed": [1, 1.0, None]},
            state=TrialState.FAILED,
            attempts=2,
            newest=float("inf"),
            measurements=2,
            failures=(FailureClass.LOST,),
            reason="exit code 3: ValueError: größer",
            failure=FailureClass.CRASHED,
            output=("Traceback (most recent call last):", "ValueError: größer"),
            exit=Exit(code=3),
            started_at=at(11),
            duration_s=0.75,
        ),
        Trial(
            id=2,
            params={"n": 30, "lr": 0.01, "mixed": {"a": "b"}},
            state=TrialState.STOPPED,
            attempts=1,
            reason="stopped by request",
            exit=Exit(code=-15),
            started_at=at(12),
            duration_s=2.0,
        ),
        Trial(id=3, params={"n": 10, "lr": 0.01, "mixed": None}),
    ]
    assert type(state.trials[0].params["n"]) is int
    assert type(state.trials[1].params["lr"]) is float
    assert repr(state.trials[1].params["mixed"]) == "[1, 1.0, None]"
    assert state.trials[0].params["mixed"] is True
