"""The judge of the other chaos modes finds what is wrong when something is."""

from typing import Any

import pytest

from tests.chaos.search_checks import (
    check_rows,
    check_stages,
    check_walks,
    parse_stages,
    parse_walks,
    stage_value,
    steps_value,
)

X = 7


def stage(kind: str, key: tuple[int, int, int, int], pid: int, state: str, at_s: float) -> str:
    trial, budget, previous, source = key
    return f"{kind} {trial} {X} {budget} {previous} {source} {pid} {state} {at_s}\n"


def row(trial: int, budget: int, state: str, source: int = -1) -> dict[str, Any]:
    value = float(stage_value(X, budget))
    return {
        "id": trial,
        "x": X,
        "state": state,
        "value": value,
        "budget": budget,
        "source": source,
        "stopped_step": None,
    }


def ladder() -> list[str]:
    """Trial 0 goes on from 1 to 3, trial 1 does not."""
    return [
        stage("START", (0, 1, 0, -1), 10, "none", 1.0),
        stage("START", (1, 1, 0, -1), 11, "none", 1.1),
        stage("END", (0, 1, 0, -1), 10, "5000*/0@1", 2.0),
        stage("END", (1, 1, 0, -1), 11, "5000*/1@1", 2.1),
        stage("START", (0, 3, 1, -1), 12, "5000*/0@1", 3.0),
        stage("END", (0, 3, 1, -1), 12, "5000*/0@1/0@3", 4.0),
    ]


LADDER_ROWS = [row(0, 3, "completed"), row(1, 1, "pruned")]


def judged(lines: list[str], *stops_s: float) -> str:
    return " / ".join(check_stages("".join(lines), LADDER_ROWS, 3, stops_s).problems)


def test_a_right_ladder_has_no_problem() -> None:
    assert judged(ladder()) == ""
    assert check_rows(LADDER_ROWS, 2).problems == []


@pytest.mark.parametrize(
    ("place", "line", "told"),
    [
        (4, stage("START", (0, 3, 1, -1), 12, "none", 3.0), "found the checkpoint none"),
        (4, stage("START", (0, 3, 1, -1), 12, "4000*/0@1", 3.0), "found the checkpoint 4000*"),
        (4, stage("START", (0, 3, 1, -1), 12, "5000*/1@1", 3.0), "found the checkpoint 5000*/1"),
        (4, stage("START", (0, 3, 1, -1), 12, "5000*/0@1", 1.5), "before what it continues"),
        (2, "", "never ended the stage to 1"),
        (5, "", "no trial reached the whole budget"),
        (3, "END 1\n", "is torn"),
    ],
)
def test_a_wrong_stage_is_seen(place: int, line: str, told: str) -> None:
    lines = ladder()
    lines[place] = line
    assert told in judged(lines)


def test_a_stage_that_runs_again_is_seen_unless_a_stop_hit_it() -> None:
    again = [
        stage("START", (0, 3, 1, -1), 13, "5000*/0@1/0@3", 8.0),
        stage("END", (0, 3, 1, -1), 13, "5000*/0@1/0@3", 9.0),
    ]
    assert "trial 0 at 3 was started again" in judged([*ladder(), *again])
    assert judged([*ladder(), *again], 4.2) == ""


def test_a_copied_checkpoint_must_be_its_sources() -> None:
    rows = [row(0, 1, "completed"), row(1, 3, "completed", source=0)]
    lines = [
        stage("START", (0, 1, 0, -1), 10, "none", 1.0),
        stage("END", (0, 1, 0, -1), 10, "5000*/0@1", 2.0),
        stage("START", (1, 3, 1, 0), 11, "5000*/0@1", 3.0),
        stage("END", (1, 3, 1, 0), 11, "5000*/0@1/1@3", 4.0),
    ]
    assert check_stages("".join(lines), rows, 3, []).problems == []
    other = [row(0, 1, "completed"), row(1, 3, "completed", source=-1)]
    assert len(check_stages("".join(lines), other, 3, []).problems) == 1
    lines[2] = stage("START", (1, 3, 1, 0), 11, "none", 3.0)
    assert len(check_stages("".join(lines), rows, 3, []).problems) == 1


@pytest.mark.parametrize(
    "change",
    [{"value": 1.0}, {"budget": 1}, {"state": "pruned"}, {"x": 8}],
)
def test_a_row_that_differs_from_the_ledger_is_seen(change: dict[str, Any]) -> None:
    rows = [{**LADDER_ROWS[0], **change}, LADDER_ROWS[1]]
    assert len(check_stages("".join(ladder()), rows, 3, []).problems) == 1


def test_missing_and_failed_rows_are_seen() -> None:
    assert check_rows(LADDER_ROWS[:1], 2).lost == 1
    failed = {**LADDER_ROWS[0], "state": "failed", "value": None}
    assert len(check_rows([failed, LADDER_ROWS[1]], 2).problems) == 1


def walk(kind: str, trial: int, step: int, pid: int, at_s: float) -> str:
    return f"{kind} {trial} {X} {step} {pid} {at_s}\n"


def walk_row(trial: int, step: int, stopped_step: float | None) -> dict[str, Any]:
    state = "completed" if stopped_step is None else "pruned"
    value = float(steps_value(X, step))
    return {"id": trial, "x": X, "state": state, "value": value, "stopped_step": stopped_step}


WALKS = walk("START", 0, 0, 10, 1.0) + walk("START", 1, 0, 11, 1.1)
WALKS += walk("END", 0, 15, 10, 3.0) + walk("SAVED", 1, 5, 11, 2.0)
WALK_ROWS = [walk_row(0, 15, None), walk_row(1, 5, 4.0)]


def walked(text: str, rows: Any = WALK_ROWS, stops_s: Any = (), kills_s: Any = ()) -> str:
    return " / ".join(check_walks(text, rows, 15, stops_s, kills_s).problems)


def test_right_walks_have_no_problem() -> None:
    assert walked(WALKS) == ""


@pytest.mark.parametrize(
    "rows",
    [
        [walk_row(0, 15, None), walk_row(1, 5, None)],
        [walk_row(0, 15, None), walk_row(1, 5, 9.0)],
        [walk_row(0, 15, None), walk_row(1, 6, 4.0)],
        [walk_row(0, 14, None), walk_row(1, 5, 4.0)],
    ],
)
def test_a_row_that_differs_from_the_walk_is_seen(rows: list[dict[str, Any]]) -> None:
    assert walked(WALKS, rows) != ""


def test_a_walk_that_had_ended_and_runs_again_is_seen() -> None:
    again = walk("START", 0, 0, 12, 8.0) + walk("END", 0, 15, 12, 9.0)
    assert "trial 0 was started again" in walked(WALKS + again)
    assert walked(WALKS + again, stops_s=[2.0]) == ""
    assert walked(WALKS + again, kills_s=[2.5]) != ""


def test_three_stopped_walks_may_be_rerun_to_their_end() -> None:
    def rerun(trials: int) -> str:
        return "".join(
            walk("START", trial, 0, 10 + trial, 1.0)
            + walk("SAVED", trial, 5, 10 + trial, 2.0)
            + walk("START", trial, 0, 90 + trial, 8.0)
            + walk("END", trial, 15, 90 + trial, 9.0)
            for trial in range(trials)
        )

    rows = [walk_row(trial, 15, None) for trial in range(4)]
    assert walked(rerun(3), rows[:3]) == ""
    assert "4 stopped trials were rerun" in walked(rerun(4), rows)
    # Killed while it stopped them, a controller has the next one run them again.
    assert walked(rerun(4), rows, kills_s=[2.1]) == ""


def test_a_line_out_of_place_is_told() -> None:
    assert len(parse_walks(WALKS + walk("END", 1, 15, 11, 4.0))[1]) == 1
    assert len(parse_walks(WALKS + "START 1\n")[1]) == 1
    ends = stage("END", (0, 3, 1, -1), 99, "none", 5.0)
    assert len(parse_stages("".join(ladder()) + ends)[1]) == 1
