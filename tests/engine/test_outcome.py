import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.engine.outcome import Outcome
from automl.inside.outcome import CallOutcome
from automl.study.failure import FailureClass
from automl.study.launch import Exit


def kind(outcome: Outcome) -> FailureClass | None:
    failure = outcome.failure()
    return failure.kind if failure else None


def reason(outcome: Outcome) -> str:
    failure = outcome.failure()
    assert failure is not None
    return failure.reason


def test_exit_0_and_a_number_is_a_success() -> None:
    assert Outcome(exit=Exit(code=0), value=0.5, measurements=1).failure() is None


def test_an_attempt_that_never_started_says_why() -> None:
    outcome = Outcome(problem="not found on PATH")
    assert kind(outcome) is FailureClass.NOT_STARTED
    assert reason(outcome) == "not found on PATH"


def test_an_end_that_nobody_saw_is_a_loss_even_with_a_number() -> None:
    assert kind(Outcome(exit=Exit(code=None), value=1.0, measurements=1)) is FailureClass.LOST


@pytest.mark.parametrize(
    ("code", "output", "expected"),
    [
        (3, ("Traceback", "ValueError: no "), "exit code 3: ValueError: no"),
        (-9, (), "killed by SIGKILL, and it printed nothing"),
        (137, ("epoch 1",), "killed by SIGKILL: epoch 1"),
    ],
)
def test_a_crash_is_told_by_its_end_and_its_last_line(
    code: int, output: tuple[str, ...], expected: str
) -> None:
    outcome = Outcome(exit=Exit(code=code), value=0.9, measurements=3, output=output)
    assert kind(outcome) is FailureClass.CRASHED
    assert reason(outcome) == expected


def test_the_reason_is_the_line_that_tells_it_however_much_follows() -> None:
    output = ("MemoryLimit: none", "OSError: no data", *(f"  note {at}" for at in range(30)))
    outcome = Outcome(exit=Exit(code=1), output=output)
    assert reason(outcome) == "exit code 1: OSError: no data"
    assert outcome.last_lines == output[-10:]
    short = Outcome(exit=Exit(code=1), output=("MemoryError", *output[2:]))
    assert kind(short) is FailureClass.OUT_OF_MEMORY


@pytest.mark.parametrize(
    "line",
    [
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB",
        "MemoryError",
        "numpy._core._exceptions._ArrayMemoryError: Unable to allocate; MemoryError",
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "OSError: [Errno 12] Cannot allocate memory",
        "RESOURCE_EXHAUSTED: Out Of Memory while trying to allocate",
    ],
)
def test_what_programs_say_when_memory_ran_out(line: str) -> None:
    assert kind(Outcome(exit=Exit(code=1), output=("x", line, "bye"))) is FailureClass.OUT_OF_MEMORY


def test_a_kill_by_the_kernel_for_memory_is_known_without_words() -> None:
    outcome = Outcome(exit=Exit(code=-9, out_of_memory=True))
    assert kind(outcome) is FailureClass.OUT_OF_MEMORY
    assert reason(outcome).startswith("out of memory (killed by SIGKILL")


def test_words_of_memory_in_a_success_mean_nothing() -> None:
    outcome = Outcome(exit=Exit(code=0), value=1.0, measurements=1, output=("MemoryError",))
    assert outcome.failure() is None


def test_without_a_metric_the_reader_says_why() -> None:
    outcome = Outcome(exit=Exit(code=0), problem="no match of 'x' in y")
    assert kind(outcome) is FailureClass.NO_METRIC
    assert reason(outcome) == "no match of 'x' in y"


def test_what_was_left_in_the_background_may_be_why_there_is_no_metric() -> None:
    left = Exit(code=0, left_running=True)
    why = reason(Outcome(exit=left, problem="no file m.log"))
    assert "`wait` in a shell" in why
    assert why.endswith("; no file m.log")
    assert "`wait`" not in reason(Outcome(exit=left, value=math.nan, measurements=2))
    assert Outcome(exit=left, value=1.0, measurements=1).failure() is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_no_result(value: float) -> None:
    outcome = Outcome(exit=Exit(code=0), value=value, measurements=2, problem="read it")
    assert kind(outcome) is FailureClass.NO_METRIC
    assert reason(outcome) == f"the metric is {value}, not a finite number"
    assert outcome.usable_value is None


@given(
    code=st.none() | st.integers(-64, 255),
    value=st.floats(),
    measurements=st.integers(0, 3),
    output=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    memory=st.booleans(),
)
def test_success_needs_exit_0_and_a_finite_number(
    *, code: int | None, value: float, measurements: int, output: tuple[str, ...], memory: bool
) -> None:
    outcome = Outcome(
        exit=Exit(code=code, out_of_memory=memory),
        value=value,
        measurements=measurements,
        output=output,
    )
    assert (outcome.failure() is None) == (code == 0 and math.isfinite(value))


def told(state: str, **how: str) -> Outcome:
    code = 1 if state == "failed" else 0
    return Outcome(exit=Exit(code=code), tells=True, told=CallOutcome(state, **how))


def test_a_function_that_raised_tells_its_failure_itself() -> None:
    outcome = told("failed", error="ValueError", message="bad\nmore", place="train.py, line 3")
    assert kind(outcome) is FailureClass.CRASHED
    assert reason(outcome) == "ValueError: bad (train.py, line 3)"


def test_a_function_out_of_memory_is_told_apart() -> None:
    assert kind(told("failed", error="MemoryError")) is FailureClass.OUT_OF_MEMORY


def test_a_function_that_gave_up_did_not_fail_and_one_that_was_killed_did() -> None:
    assert told("pruned").failure() is None
    assert told("pruned").pruned
    killed = replace(told("pruned"), exit=Exit(code=-9))
    assert not killed.pruned
    assert kind(killed) is FailureClass.CRASHED


def test_a_function_that_did_not_tell_its_end_failed_even_with_a_number() -> None:
    outcome = Outcome(exit=Exit(code=0), value=0.5, measurements=1, tells=True)
    assert kind(outcome) is FailureClass.CRASHED
    assert "os._exit()" in reason(outcome)


def test_a_function_that_failed_is_no_success_whatever_its_exit_code() -> None:
    outcome = replace(told("failed", error="ValueError"), exit=Exit(code=0), value=0.5)
    assert kind(outcome) is FailureClass.CRASHED
