import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.show.reasons import reason_of, reasons_text
from automl.study.failure import FailureClass
from automl.study.trial import Trial, TrialState

WORDS = st.lists(st.text("ab#1.", min_size=1, max_size=12), min_size=1, max_size=9).map(" ".join)


def test_reasons_are_given_once_for_all_the_trials_that_have_them() -> None:
    reasons = [(3, "boom"), (7, "asked to"), (9, "boom"), (4, "boom")]
    assert reasons_text(reasons, 80) == [
        "reasons in full:",
        "  trials 3, 9, 4: boom",
        "  trial 7: asked to",
    ]
    assert reasons_text([], 80) == []


def test_those_that_differ_in_numbers_are_given_by_the_first() -> None:
    reasons = [
        (number, f"{number / 7} at step 1e-{number + 1} is below {number}") for number in range(9)
    ]
    assert reasons_text(reasons, 80) == [
        "reasons in full:",
        "  trials 0, 1, 2, 3, 4, 5 and 3 more, such as: 0.0 at step 1e-1 is below 0",
    ]


def test_many_kinds_of_reasons_are_counted() -> None:
    kinds = [(number, "x" * number) for number in range(1, 11)]
    lines = reasons_text(kinds, 80)
    assert lines[-1] == "  (2 more reasons not shown)"
    assert len(lines) == 10
    assert reasons_text(kinds[:9], 80)[-1] == "  (1 more reason not shown)"
    assert reasons_text(kinds[:8], 80)[-1] == "  trial 8: xxxxxxxx"


@given(WORDS, st.integers(40, 120))
def test_no_word_is_lost_and_no_line_looks_like_a_row(reason: str, width: int) -> None:
    lines = reasons_text([(7, reason)], width)
    assert " ".join(lines[1:]).split()[2:] == reason.split()
    assert max(map(len, lines)) <= width
    assert all(line.startswith("  ") for line in lines[1:])


@pytest.mark.parametrize(
    ("failure", "reason", "told"),
    [
        (FailureClass.NO_METRIC, "'(.)' matched 'n/a'", "no metric: '(.)' matched 'n/a'"),
        (FailureClass.CRASHED, "exit code 1: boom", "exit code 1: boom"),
        (FailureClass.OUT_OF_MEMORY, "Out of memory (x)", "Out of memory (x)"),
        (FailureClass.LOST, "", "lost"),
        (FailureClass.CRASHED, "", "crashed"),
        (FailureClass.TIMED_OUT, "stopped after 5 s", "timed out: stopped after 5 s"),
        (None, "as an earlier release wrote it", "as an earlier release wrote it"),
    ],
)
def test_the_kind_of_a_failure_comes_first(
    failure: FailureClass | None, reason: str, told: str
) -> None:
    failed = Trial(id=0, params={}, state=TrialState.FAILED, failure=failure, reason=reason)
    assert reason_of(failed) == told


def test_the_reason_of_another_end_stands_alone() -> None:
    stopped = Trial(id=0, params={}, state=TrialState.STOPPED, reason="out\nof time")
    assert reason_of(stopped) == "out\\nof time"
