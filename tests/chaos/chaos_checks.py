"""What must be true of a study after chaos, seen from outside: its table and its ledger.

Nothing here uses automl: the figures must not depend on what they judge.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

_LAST_TIME = re.compile(r" (\d+\.\d+)$")

STOP_S = 0.5
"""A stop may catch a command that did its last step this much earlier; it is then run again."""


def true_value(a: int, b: int) -> int:
    """Return what the command of this combination gives."""
    return (a * 7919 + b * 104729) % 100003


@dataclass(slots=True)
class Run:
    """One run of a command, as it noted itself in the ledger; `end_s` is None if it did not end."""

    trial: int
    a: int
    b: int
    value: int
    pid: int
    start_s: float
    end_s: float | None = None


@dataclass(slots=True)
class Findings:
    """What was found; anything in `problems` breaks a promise.

    Attributes:
        lost: combinations without a row, or whose command never ran to its end.
        run_twice: runs that were not needed.
        rerun_after_stop: runs again of what a stop (SIGTERM to the controller) had interrupted.
        rerun_after_kill: runs again of calls of a function that ran when their starter was killed.
        problems: one sentence each.
    """

    lost: int = 0
    run_twice: int = 0
    rerun_after_stop: int = 0
    rerun_after_kill: int = 0
    problems: list[str] = field(default_factory=list)


def parse_ledger(text: str) -> tuple[list[Run], list[str]]:
    """Return the runs of a ledger by their starts, and one sentence for each line out of place."""
    runs: list[Run] = []
    running: dict[tuple[str, ...], Run] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if len(words) != 7 or words[0] not in {"START", "END"}:
            wrong.append(f"ledger line {number} is torn: {line!r}")
            continue
        key = tuple(words[1:6])
        if words[0] == "START":
            running[key] = _started(words)
            runs.append(running[key])
        elif key in running:
            running.pop(key).end_s = float(words[6])
        else:
            wrong.append(f"ledger line {number} ends what had not started: {line!r}")
    return runs, wrong


def _started(words: Sequence[str]) -> Run:
    trial, a, b, value, pid = map(int, words[1:6])
    return Run(trial=trial, a=a, b=b, value=value, pid=pid, start_s=float(words[6]))


def check_table(rows: Sequence[dict[str, Any]], a_count: int, b_count: int) -> Findings:
    """Check that every trial and every combination has one row, with its true value."""
    found = Findings()
    expected = {(a, b) for a in range(a_count) for b in range(b_count)}
    found.problems += [
        f"trial {trial} has {count} rows"
        for trial, count in Counter(row["id"] for row in rows).items()
        if count > 1
    ]
    combinations = Counter((row["a"], row["b"]) for row in rows)
    found.problems += [
        f"combination {pair} has {count} rows" for pair, count in combinations.items() if count > 1
    ]
    for pair in sorted(expected - combinations.keys()):
        found.lost += 1
        found.problems.append(f"combination {pair} has no row")
    found.problems += [
        f"combination {pair} is not of the grid" for pair in combinations.keys() - expected
    ]
    if sorted(row["id"] for row in rows) != list(range(len(expected))):
        found.problems.append(f"the ids are not 0 to {len(expected) - 1}")
    for row in rows:
        true = true_value(row["a"], row["b"])
        if row["state"] != "completed" or row["value"] != true:
            found.problems.append(
                f"trial {row['id']} is {row['state']} with {row['value']}, its command gives {true}"
            )
    return found


def check_ledger(text: str, a_count: int, b_count: int, stops_s: Iterable[float]) -> Findings:
    """Check that each command ran to its end once, and again only where a stop interrupted it.

    Args:
        text: the ledger.
        a_count: size of the grid's first side.
        b_count: of the second.
        stops_s: when the controller was sent SIGTERM.
    """
    found = Findings()
    runs, found.problems = parse_ledger(text)
    stops = sorted(stops_s)
    by_pair: dict[tuple[int, int], list[Run]] = {
        (a, b): [] for a in range(a_count) for b in range(b_count)
    }
    for run in runs:
        by_pair.setdefault((run.a, run.b), []).append(run)
    for pair, own in by_pair.items():
        own.sort(key=lambda run: run.start_s)
        if not any(run.end_s is not None for run in own):
            found.lost += 1
            found.problems.append(f"combination {pair} never ran to its end ({len(own)} starts)")
        if len({run.trial for run in own}) > 1:
            found.problems.append(f"combination {pair} ran under several ids")
        for earlier, later in pairwise(own):
            if hit_by_stop(earlier.start_s, earlier.end_s, later.start_s, stops):
                found.rerun_after_stop += 1
                continue
            found.run_twice += 1
            end = "did not end" if earlier.end_s is None else f"ended at {earlier.end_s:.3f}"
            found.problems.append(
                f"combination {pair} (trial {later.trial}) was started again at "
                f"{later.start_s:.3f}: the run of {earlier.start_s:.3f} {end}, no stop had hit it"
            )
    return found


def hit_by_stop(
    start_s: float, end_s: float | None, again_s: float | None, stops_s: Sequence[float]
) -> bool:
    """Tell whether a stop interrupted a run, so that it had to be run again.

    Args:
        start_s: when the run began.
        end_s: when it ended, None if it did not.
        again_s: when the next run of the same began, None where that does not matter.
        stops_s: when there were stops.
    """
    ends = [again_s, None if end_s is None else end_s + STOP_S]
    until = min((end for end in ends if end is not None), default=math.inf)
    overlap = end_s is not None and again_s is not None and end_s > again_s
    return not overlap and any(start_s - STOP_S <= stop <= until for stop in stops_s)


def noted_after(text: str, ended_s: float) -> list[str]:
    """Return one sentence for each line that was noted once the study had ended."""
    return [
        f"noted after the study's end: {line}"
        for line in text.splitlines()
        if (noted := _LAST_TIME.search(line)) and float(noted[1]) > ended_s
    ]


def check_same(rows: Sequence[dict[str, Any]], undisturbed: Sequence[dict[str, Any]]) -> list[str]:
    """Return how a table differs from that of the undisturbed run, row by row in order."""
    if len(rows) != len(undisturbed):
        return [f"the table has {len(rows)} rows, the undisturbed run's {len(undisturbed)}"]
    return [
        f"row {place} is {ours}, in the undisturbed run {theirs}"
        for place, (ours, theirs) in enumerate(zip(rows, undisturbed, strict=True))
        if ours != theirs
    ]


def sides(trials: int) -> tuple[int, int]:
    """Return the sides of a grid of `trials` combinations, as near to a square as it goes."""
    a = next(side for side in range(math.isqrt(trials), 0, -1) if trials % side == 0)
    return a, trials // a
