"""The judge of the chaos runs finds what is wrong when something is."""

from typing import Any

import pytest

# This folder is on the path while its tests are collected.
from chaos_checks import (
    check_ledger,
    check_same,
    check_table,
    noted_after,
    parse_ledger,
    sides,
    true_value,
)

A_COUNT, B_COUNT = 1, 2


def rows() -> list[dict[str, Any]]:
    return [
        {"id": b, "a": 0, "b": b, "value": float(true_value(0, b)), "state": "completed"}
        for b in range(B_COUNT)
    ]


def note(kind: str, b: int, pid: int, at_s: float, trial: int | None = None) -> str:
    return f"{kind} {b if trial is None else trial} 0 {b} {true_value(0, b)} {pid} {at_s}\n"


GOOD = note("START", 0, 10, 1.0) + note("START", 1, 11, 1.1) + note("END", 0, 10, 2.0)
GOOD += note("END", 1, 11, 2.5)


def judged(ledger: str, *stops_s: float) -> tuple[int, int, int, int]:
    found = check_ledger(ledger, A_COUNT, B_COUNT, stops_s)
    return found.lost, found.run_twice, found.rerun_after_stop, len(found.problems)


def test_a_right_study_has_no_problem() -> None:
    assert check_table(rows(), A_COUNT, B_COUNT).problems == []
    assert judged(GOOD) == (0, 0, 0, 0)
    assert check_same(rows(), rows()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda table: table.append(dict(table[0])), "trial 0 has 2 rows"),
        (lambda table: table.append({**table[0], "id": 2}), "combination (0, 0) has 2 rows"),
        (lambda table: table.pop(), "combination (0, 1) has no row"),
        (lambda table: table.append({**table[0], "id": 2, "b": 7}), "not of the grid"),
        (lambda table: table[1].update(id=5), "ids are not 0 to 1"),
        (lambda table: table[1].update(value=1.0), "trial 1 is completed with 1.0"),
        (lambda table: table[1].update(value=None, state="failed"), "trial 1 is failed with None"),
    ],
)
def test_a_wrong_table_is_seen(change: Any, told: str) -> None:
    table = rows()
    change(table)
    assert told in " / ".join(check_table(table, A_COUNT, B_COUNT).problems)
    assert check_same(table, rows()) != []


def test_an_order_that_differs_is_seen() -> None:
    assert len(check_same(rows()[::-1], rows())) == 2


def test_a_missing_row_counts_as_lost() -> None:
    assert check_table(rows()[:1], A_COUNT, B_COUNT).lost == 1


def test_a_command_that_never_ended_is_lost() -> None:
    assert judged(GOOD.replace(note("END", 1, 11, 2.5), "")) == (1, 0, 0, 1)


def test_a_command_that_never_started_is_lost() -> None:
    assert judged(note("START", 0, 10, 1.0) + note("END", 0, 10, 2.0)) == (1, 0, 0, 1)


def test_a_second_run_after_a_whole_one_is_seen() -> None:
    assert judged(GOOD + note("START", 1, 12, 9.0) + note("END", 1, 12, 9.5)) == (0, 1, 0, 1)


def test_a_second_start_of_what_did_not_end_is_seen_unless_a_stop_hit_it() -> None:
    again = note("START", 1, 9, 1.0) + GOOD.replace(" 11 1.1", " 11 5.0")
    again = again.replace(" 11 2.5", " 11 6.0")
    assert judged(again) == (0, 1, 0, 1)
    assert judged(again, 3.0) == (0, 0, 1, 0)
    # A stop before the first run or after the second start excuses nothing.
    assert judged(again, 0.1) == (0, 1, 0, 1)
    assert judged(again, 5.5) == (0, 1, 0, 1)


def test_a_stop_excuses_a_rerun_of_what_ended_only_just_before_it() -> None:
    again = GOOD + note("START", 1, 12, 9.0) + note("END", 1, 12, 9.5)
    assert judged(again, 2.6) == (0, 0, 1, 0)
    assert judged(again, 8.0) == (0, 1, 0, 1)


def test_two_runs_at_once_are_seen_even_after_a_stop() -> None:
    again = GOOD + note("START", 1, 12, 2.0) + note("END", 1, 12, 3.0)
    assert judged(again, 1.5) == (0, 1, 0, 1)


def test_one_combination_under_two_ids_is_seen() -> None:
    again = note("START", 1, 9, 1.0, trial=4) + GOOD.replace(" 11 1.1", " 11 5.0")
    assert judged(again, 3.0) == (0, 0, 1, 1)


@pytest.mark.parametrize(
    "line",
    ["START 1 0", note("END", 1, 99, 3.0), note("END", 1, 11, 2.6), "START 0 0 0START 1 0 1 2 3"],
)
def test_a_line_out_of_place_is_told(line: str) -> None:
    assert len(parse_ledger(GOOD + line)[1]) == 1


@pytest.mark.parametrize("trials", [1, 7, 24, 60, 200])
def test_the_sides_multiply_to_the_number_of_trials(trials: int) -> None:
    a, b = sides(trials)
    assert a * b == trials
    assert a <= b


def test_values_of_a_full_grid_differ_so_that_its_ranking_is_one() -> None:
    assert len({true_value(a, b) for a in range(20) for b in range(20)}) == 400


def test_what_is_noted_after_the_end_is_found() -> None:
    assert noted_after(GOOD, 2.5) == []
    assert noted_after(GOOD + "START torn", 2.4) == [
        "noted after the study's end: " + note("END", 1, 11, 2.5).strip()
    ]
