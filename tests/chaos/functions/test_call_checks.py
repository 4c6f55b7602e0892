"""The judge of the chaos runs of functions finds what is wrong when something is."""

from typing import Any

import pytest

from tests.chaos.functions.call_checks import check_calls, parse_calls
from tests.chaos.functions.strikes import Strike

TRIALS = 2


def row(number: int, state: str = "complete", value: float | None = 1.5) -> dict[str, Any]:
    return {"number": number, "state": state, "value": value, "params": {}, "reason": ""}


def start(number: int, attempt: int, pid: int, at_s: float) -> str:
    return f"START {number} {attempt} {pid} {at_s}\n"


def end(number: int, attempt: int, pid: int, at_s: float, gave: str = "complete 1.5") -> str:
    return f"END {number} {attempt} {pid} {gave} {at_s}\n"


GOOD = start(0, 1, 10, 1.0) + start(1, 1, 11, 1.5) + end(0, 1, 10, 2.0) + end(1, 1, 11, 2.5)
AGAIN = start(1, 2, 20, 4.0) + end(1, 2, 20, 5.0)
UNENDED = GOOD.replace(end(1, 1, 11, 2.5), "")


def judged(ledger: str, *strikes: Strike, stops_s: tuple[float, ...] = ()) -> tuple[int, ...]:
    found = check_calls(ledger, [row(0), row(1)], TRIALS, stops_s, strikes)
    reruns = found.rerun_after_stop, found.rerun_after_kill
    return found.lost, found.run_twice, *reruns, len(found.problems)


def of_starter(*calls: int, at_s: float = 2.0) -> Strike:
    return Strike("starter", at_s, 5, frozenset(calls))


def test_a_right_study_has_no_problem() -> None:
    assert judged(GOOD) == (0, 0, 0, 0, 0)


def test_what_never_ended_or_began_is_lost() -> None:
    assert judged(UNENDED) == (1, 0, 0, 0, 1)
    assert judged(GOOD.replace(" 1 1 11", " 0 3 11")) == (1, 1, 0, 0, 2)


def test_a_second_run_needs_a_starter_that_was_killed_while_the_first_ran() -> None:
    for first in (GOOD, UNENDED):
        assert judged(first + AGAIN) == (0, 1, 0, 0, 1)
        assert judged(first + AGAIN, of_starter(11)) == (0, 0, 0, 1, 0)
        assert judged(first + AGAIN, of_starter()) == (0, 1, 0, 0, 1)
        assert judged(first + AGAIN, of_starter(10)) == (0, 1, 0, 0, 1)
        assert judged(first + AGAIN, of_starter(11, at_s=4.5)) == (0, 1, 0, 0, 1)


def test_a_killed_server_is_no_reason_for_a_second_run() -> None:
    assert judged(UNENDED + AGAIN, Strike("server", 2.0, 5)) == (0, 1, 0, 0, 1)


def test_a_stop_is_one() -> None:
    assert judged(UNENDED + AGAIN, stops_s=(3.0,)) == (0, 0, 1, 0, 0)
    assert judged(UNENDED + AGAIN, stops_s=(4.5,)) == (0, 1, 0, 0, 1)


def test_two_runs_at_once_are_seen_whatever_was_killed() -> None:
    beside = GOOD + start(1, 2, 20, 2.2) + end(1, 2, 20, 3.0)
    assert judged(beside, of_starter(11)) == (0, 1, 0, 0, 1)
    assert judged(GOOD + "OVERLAP 1 1 11 2.2\n") == (0, 0, 0, 0, 1)


@pytest.mark.parametrize(
    "line",
    ["START 1", start(1, 1, 12, 3.0), end(1, 1, 99, 3.0), end(1, 1, 11, 3.0), "END 1 1 11 odd 1 2"],
)
def test_a_line_out_of_place_is_told(line: str) -> None:
    assert len(parse_calls(GOOD + line)[1]) == 1


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([row(0)], "trial 1 has no row"),
        ([row(0), row(1), row(1)], "trial 1 has 2 rows"),
        ([row(0), row(1), row(2)], "trial 2 is none of the study"),
        ([row(0), row(1, value=2.0)], "trial 1 is complete with 2.0"),
        ([row(0), row(1, "fail", None)], "trial 1 is fail with None"),
    ],
)
def test_a_wrong_table_is_seen(rows: list[dict[str, Any]], told: str) -> None:
    found = check_calls(GOOD, rows, TRIALS, (), ())
    (problem,) = found.problems
    assert problem.startswith(told)


def test_a_call_that_fails_is_to_fail_by_its_own_error() -> None:
    ledger = GOOD.replace("complete 1.5 2.5", "fail 1.5 2.5")
    failed = row(1, "fail", None)
    right = {**failed, "reason": "ValueError: call 1 is to fail (study.py, line 1)"}
    assert check_calls(ledger, [row(0), right], TRIALS, (), ()).problems == []
    assert len(check_calls(ledger, [row(0), failed], TRIALS, (), ()).problems) == 1
