"""What must be true of a study of a function after chaos, by its table and its calls' own ledger.

Nothing here uses automl: the figures must not depend on what they judge. The rule for a second run:

- A call that has ended is never run again, whatever is killed: its process wrote its outcome last.
- A call whose own process still ran when its starter was killed may be run again, as what it would
  have given is nobody's any more. It may as well go on to its end.
- A kill of the server, or of the controller, is no reason to run anything again.
- What a stop (SIGTERM to the controller) interrupted is run again, as of commands.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.chaos.chaos_checks import Findings, hit_by_stop
from tests.chaos.functions.strikes import Strike

ENDS = ("complete", "pruned", "fail")


@dataclass(slots=True)
class CallRun:
    """One run of a call, as it noted itself; what is about its end is None if it came to none."""

    number: int
    attempt: int
    pid: int
    start_s: float
    end_s: float | None = None
    state: str | None = None
    value: float | None = None


def parse_calls(text: str) -> tuple[list[CallRun], list[str]]:
    """Return the runs of a ledger by their starts, and one sentence for each line out of place."""
    runs: dict[tuple[int, ...], CallRun] = {}
    wrong: list[str] = []
    for place, line in enumerate(text.splitlines(), 1):
        words = line.split()
        match words:
            case ["START", number, attempt, pid, at_s]:
                key = int(number), int(attempt)
                if key in runs:
                    wrong.append(f"ledger line {place} begins what had begun: {line!r}")
                runs[key] = CallRun(*key, int(pid), float(at_s))
            case ["END", number, attempt, pid, state, value, at_s] if state in ENDS:
                run = runs.get((int(number), int(attempt)))
                if run is None or run.pid != int(pid) or run.end_s is not None:
                    wrong.append(f"ledger line {place} ends what does not run: {line!r}")
                else:
                    run.state, run.value, run.end_s = state, float(value), float(at_s)
            case ["OVERLAP", number, attempt, pid, _]:
                wrong.append(f"call {number} began while its attempt {attempt} ran, as {pid}")
            case _:
                wrong.append(f"ledger line {place} is torn: {line!r}")
    return list(runs.values()), wrong


def check_calls(
    text: str,
    rows: Sequence[dict[str, Any]],
    trials: int,
    stops_s: Iterable[float],
    strikes: Sequence[Strike],
) -> Findings:
    """Check that each call ran to its end once, and that its row is what it gave.

    Args:
        text: the ledger.
        rows: the table.
        trials: how many there were to be.
        stops_s: when the controller was sent SIGTERM.
        strikes: the kills of servers and starters.
    """
    runs, problems = parse_calls(text)
    found = Findings(problems=problems)
    stops = sorted(stops_s)
    for number in range(trials):
        own = sorted((one for one in runs if one.number == number), key=lambda one: one.start_s)
        if not any(one.end_s is not None for one in own):
            found.lost += 1
            found.problems.append(f"call {number} never ran to its end ({len(own)} starts)")
        for earlier, later in pairwise(own):
            _judge_second(found, earlier, later, stops, strikes)
    _check_rows(found, rows, runs, trials)
    return found


def _judge_second(
    found: Findings,
    earlier: CallRun,
    later: CallRun,
    stops: Sequence[float],
    strikes: Sequence[Strike],
) -> None:
    """Judge a run that came after another one of the same call."""
    if hit_by_stop(earlier.start_s, earlier.end_s, later.start_s, stops):
        found.rerun_after_stop += 1
        return
    overlap = earlier.end_s is not None and earlier.end_s > later.start_s
    if not overlap and _ran_below_one_that_was_killed(earlier, later, strikes):
        found.rerun_after_kill += 1
        return
    found.run_twice += 1
    end = "did not end" if earlier.end_s is None else f"ended at {earlier.end_s:.3f}"
    found.problems.append(
        f"call {later.number} was begun again at {later.start_s:.3f}: the run of "
        f"{earlier.start_s:.3f} {end}, no stop had hit it, and its starter was not killed meanwhile"
    )


def _ran_below_one_that_was_killed(
    earlier: CallRun, later: CallRun, strikes: Sequence[Strike]
) -> bool:
    """Tell whether a call's process still ran when its starter was killed."""
    return any(one.at_s <= later.start_s and earlier.pid in one.calls for one in strikes)


def _check_rows(
    found: Findings, rows: Sequence[dict[str, Any]], runs: Sequence[CallRun], trials: int
) -> None:
    """Check that each trial has one row, with what its last whole run gave."""
    counts = Counter(row["number"] for row in rows)
    found.problems += [
        f"trial {one} has {count} rows" for one, count in counts.items() if count > 1
    ]
    missing = set(range(trials)) - counts.keys()
    found.lost += len(missing)
    found.problems += [f"trial {one} has no row" for one in sorted(missing)]
    found.problems += [f"trial {one} is none of the study" for one in counts if one >= trials]
    gave = {one.number: one for one in runs if one.end_s is not None}
    for row in rows:
        run = gave.get(row["number"])
        if run is None:
            continue
        wanted = run.state, None if run.state == "fail" else run.value
        if (row["state"], row["value"]) != wanted:
            found.problems.append(
                f"trial {row['number']} is {row['state']} with {row['value']} "
                f"({row['reason']}), its call gave {wanted[0]} with {wanted[1]}"
            )
        elif run.state == "fail" and "is to fail" not in row["reason"]:
            found.problems.append(f"trial {row['number']} failed by {row['reason']!r}")
