"""What must be true after chaos of a study whose trials train in stages or are stopped early.

Nothing here uses automl: the figures must not depend on what they judge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.chaos.chaos_checks import STOP_S, Findings, hit_by_stop

LINES = 5000
"""How many equal lines a whole checkpoint has."""

RERUNS = 3
"""How many stopped trials are run again to their end at the most."""


def stage_value(x: int, budget: int) -> int:
    """Return what a launch of `stage.sh` gives."""
    return (x * 7919 + budget * 104729) % 100003


def steps_value(x: int, step: int) -> int:
    """Return what `steps.sh` prints for a step."""
    return x * 7919 % 1009 * step


@dataclass(slots=True, kw_only=True)
class Launch:
    """One launch of `stage.sh`, as it noted itself; the last two are empty if it did not end."""

    trial: int
    x: int
    budget: int
    previous: int
    source: int
    found: str
    start_s: float
    left: str = ""
    end_s: float | None = None


@dataclass(slots=True, kw_only=True)
class Walk:
    """One launch of `steps.sh`; `saved_at` is the step at which it was asked to end."""

    trial: int
    x: int
    start_s: float
    steps: int = 0
    saved_at: int | None = None
    end_s: float | None = None


def check_rows(rows: Sequence[Mapping[str, Any]], trials: int) -> Findings:
    """Check that each trial has one row, and that none failed."""
    found = Findings()
    ids = [row["id"] for row in rows]
    found.lost = len(set(range(trials)) - set(ids))
    if sorted(ids) != list(range(trials)):
        found.problems.append(f"the ids are not 0 to {trials - 1}: {sorted(ids)}")
    found.problems += [
        f"trial {row['id']} is {row['state']} with {row['value']}"
        for row in rows
        if row["state"] not in {"completed", "pruned"} or row["value"] is None
    ]
    return found


def check_stages(
    text: str, rows: Sequence[Mapping[str, Any]], whole: int, stops_s: Sequence[float]
) -> Findings:
    """Check that each stage ran to its end once, and continued the checkpoint that it should.

    Args:
        text: the ledger.
        rows: the study's trials.
        whole: the largest budget.
        stops_s: when the controller was sent SIGTERM.
    """
    found = Findings()
    launches, found.problems = parse_stages(text)
    stages: dict[tuple[int, int], list[Launch]] = {}
    for launch in launches:
        stages.setdefault((launch.trial, launch.budget), []).append(launch)
    ended = {key: own[-1] for key, own in stages.items() if own[-1].end_s is not None}
    for key, own in stages.items():
        _check_again(f"trial {key[0]} at {key[1]}", own, stops_s, found)
        if key not in ended:
            found.lost += 1
            found.problems.append(f"trial {key[0]} never ended the stage to {key[1]}")
        for launch in own:
            found.problems += _wrong_start(launch, ended)
    for row in rows:
        found.problems += _wrong_row(row, ended, whole)
    if not any(budget == whole for _, budget in ended):
        found.problems.append(f"no trial reached the whole budget of {whole}")
    return found


def parse_stages(text: str) -> tuple[list[Launch], list[str]]:
    """Return the launches of a ledger by their starts, and what is out of place in it."""
    launches: list[Launch] = []
    running: dict[tuple[str, ...], Launch] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if len(words) != 9 or words[0] not in {"START", "END"}:
            wrong.append(f"ledger line {number} is torn: {line!r}")
            continue
        key = tuple(words[1:7])
        if words[0] == "START":
            trial, x, budget, previous, source = map(int, words[1:6])
            running[key] = Launch(
                trial=trial,
                x=x,
                budget=budget,
                previous=previous,
                source=source,
                found=words[7],
                start_s=float(words[8]),
            )
            launches.append(running[key])
        elif key in running:
            over = running.pop(key)
            over.left, over.end_s = words[7], float(words[8])
        else:
            wrong.append(f"ledger line {number} ends what had not started: {line!r}")
    return launches, wrong


def _wrong_start(launch: Launch, ended: Mapping[tuple[int, int], Launch]) -> list[str]:
    """Return how a launch differs from one that continues what it should."""
    what = f"trial {launch.trial} to {launch.budget}"
    # A trial of a population continues another's checkpoint, one on a ladder its own.
    before = launch.trial if launch.source == -1 else launch.source
    expected, began = "none", 0.0
    if launch.previous:
        earlier = ended.get((before, launch.previous))
        if earlier is None or earlier.end_s is None:
            return [f"{what} continues trial {before} at {launch.previous}, which never ended"]
        expected, began = earlier.left, earlier.end_s
    # A launch that a stop hit late had saved already; the next one finds that.
    done = f"{LINES}*{expected.partition('*')[2]}/{launch.trial}@{launch.budget}"
    problems = []
    if launch.found not in {expected, done}:
        problems.append(f"{what} found the checkpoint {launch.found}, not {expected}")
    if launch.start_s < began:
        problems.append(f"{what} began before what it continues had ended")
    return problems


def _wrong_row(
    row: Mapping[str, Any], ended: Mapping[tuple[int, int], Launch], whole: int
) -> list[str]:
    """Return how a row of the table differs from what the trial's commands noted."""
    own = [launch for (trial, _), launch in ended.items() if trial == row["id"]]
    if not own:
        return [f"trial {row['id']} has a row, but none of its launches ended"]
    last = max(own, key=lambda launch: launch.budget)
    state = "completed" if last.budget == whole or last.source != -1 else row["state"]
    noted = (last.x, last.budget, last.source, stage_value(last.x, last.budget), state)
    told = (row["x"], row["budget"], row["source"], row["value"], row["state"])
    return [] if noted == told else [f"trial {row['id']} is {told} in the table, ran as {noted}"]


def check_walks(
    text: str,
    rows: Sequence[Mapping[str, Any]],
    steps: int,
    stops_s: Sequence[float],
    kills_s: Sequence[float],
) -> Findings:
    """Check that trials ran to their end or were stopped early, and are in the table as they ran.

    Args:
        text: the ledger.
        rows: the study's trials.
        steps: how many steps a whole trial has.
        stops_s: when the controller was sent SIGTERM.
        kills_s: when it was killed; a trial that was being stopped then is run again.
    """
    found = Findings()
    walks, found.problems = parse_walks(text)
    by_trial: dict[int, list[Walk]] = {row["id"]: [] for row in rows}
    for walk in walks:
        by_trial.setdefault(walk.trial, []).append(walk)
    reruns = 0
    for trial, own in by_trial.items():
        again = [walk for walk in own if walk.saved_at is not None and walk is not own[-1]]
        deciding = [*stops_s, *(at for at in kills_s if _saved_near(own, at))]
        unexplained = [
            walk for walk in again if not hit_by_stop(walk.start_s, walk.end_s, None, deciding)
        ]
        reruns += bool(unexplained)
        if len(unexplained) > 1:
            found.problems.append(f"trial {trial} was stopped early and rerun more than once")
        whole = [walk for walk in own if walk not in unexplained]
        _check_again(f"trial {trial}", whole, deciding, found)
    if reruns > RERUNS:
        found.problems.append(f"{reruns} stopped trials were rerun, more than {RERUNS}")
    for row in rows:
        found.problems += _wrong_walk(row, by_trial[row["id"]], steps)
    return found


def parse_walks(text: str) -> tuple[list[Walk], list[str]]:
    """Return the launches of a ledger by their starts, and what is out of place in it."""
    walks: list[Walk] = []
    running: dict[tuple[str, ...], Walk] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if len(words) != 6 or words[0] not in {"START", "SAVED", "END"}:
            wrong.append(f"ledger line {number} is torn: {line!r}")
            continue
        key = (words[1], words[4])
        if words[0] == "START":
            walk = Walk(trial=int(words[1]), x=int(words[2]), start_s=float(words[5]))
            running[key] = walk
            walks.append(walk)
        elif key in running:
            over = running.pop(key)
            over.steps, over.end_s = int(words[3]), float(words[5])
            over.saved_at = over.steps if words[0] == "SAVED" else None
        else:
            wrong.append(f"ledger line {number} ends what had not started: {line!r}")
    return walks, wrong


def _saved_near(own: Sequence[Walk], at_s: float) -> bool:
    return any(
        walk.saved_at is not None and walk.end_s is not None and abs(walk.end_s - at_s) <= STOP_S
        for walk in own
    )


def _wrong_walk(row: Mapping[str, Any], own: Sequence[Walk], steps: int) -> list[str]:
    """Return how a row of the table differs from what the trial's last run noted."""
    if not own or own[-1].end_s is None:
        return [f"trial {row['id']} has a row, but its last run did not end"]
    last, value, at = own[-1], row["value"], row["stopped_step"]
    if row["state"] == "completed":
        good = last.steps == steps and at is None and value == steps_value(last.x, steps)
    else:
        # The values of a stopped trial are those up to its end, which comes after the decision.
        printed = [steps_value(last.x, step) for step in range(1, last.steps + 1)]
        good = at is not None and at <= last.steps and value in printed
    told = f"{row['state']} with {value}, stopped at {at}"
    return [] if good else [f"trial {row['id']} is {told} in the table, its last run was {last}"]


def _check_again(
    what: str, own: Sequence[Launch | Walk], stops_s: Sequence[float], found: Findings
) -> None:
    """Note each launch again of the same that no stop explains."""
    for earlier, later in pairwise(own):
        if hit_by_stop(earlier.start_s, earlier.end_s, later.start_s, stops_s):
            found.rerun_after_stop += 1
            continue
        found.run_twice += 1
        end = "did not end" if earlier.end_s is None else f"ended at {earlier.end_s:.3f}"
        found.problems.append(
            f"{what} was started again at {later.start_s:.3f}: the run of "
            f"{earlier.start_s:.3f} {end}, no stop had hit it"
        )
