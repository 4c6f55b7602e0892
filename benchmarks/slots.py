"""How long a slot stays free between two trials."""

import statistics
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.known import add_known_trials
from benchmarks.processes import (
    STUDIES,
    Settings,
    environment,
    in_turn,
    study,
    timed,
)
from benchmarks.rows import Row, Unavailable, percentile, row
from benchmarks.starters import need, run_xargs

SLOTS = 2
TRIALS, QUICK_TRIALS = 100, 20
KNOWN, QUICK_KNOWN = 1_000, 100
BASE_MS = 30
"""How long a command sleeps at the least; 0 to 29 ms are added, so that ends do not coincide."""

KNOWN_BASE_MS = 120
RANDOM_MS = 5.0
DEFAULT_MS = 30.0
_FIRST = 2
"""Trials that are run to make the study whose journal then gets the known ones."""


def slots(settings: Settings) -> Iterator[Row]:
    """Yield the time from the end of a command to the next start in its slot."""
    need("xargs")
    _need_bash()
    trials = QUICK_TRIALS if settings.quick else TRIALS
    known = QUICK_KNOWN if settings.quick else KNOWN
    gaps: dict[str, list[float]] = {"random": [], "tpe": [], "xargs": []}
    tools = {
        "random": _kept(gaps["random"], lambda: _random(trials, settings.fresh_folder())),
        "tpe": _kept(gaps["tpe"], lambda: _default(trials, known, settings.fresh_folder())),
        "xargs": _kept(gaps["xargs"], lambda: _xargs(trials, settings.fresh_folder())),
    }
    medians = in_turn(settings.repeats, tools)
    yield _row("random search", gaps["random"], medians["random"], RANDOM_MS)
    yield _row(f"default search, {known:,} trials known", gaps["tpe"], medians["tpe"], DEFAULT_MS)
    yield _row("xargs, for comparison", gaps["xargs"], medians["xargs"], None)


def _row(who: str, gaps: list[float], medians: list[float], at_most: float | None) -> Row:
    note = f"95 of 100 within {percentile(gaps, 0.95):.1f} ms"
    return row(f"a freed slot is busy again: {who}", medians, "ms", at_most=at_most, note=note)


def _kept(gaps: list[float], measure: Callable[[], list[float]]) -> Callable[[], float]:
    """Return a measure that gives the median of `measure` and adds all it gave to `gaps`."""

    def median() -> float:
        found = measure()
        gaps.extend(found)
        return statistics.median(found)

    return median


def gaps_ms(stamps: str, slots: int = SLOTS) -> list[float]:
    r"""Return the milliseconds that each slot stayed free.

    Never more than `slots` commands run, so the k-th end frees the slot for start k + `slots`.

    Args:
        stamps: lines of `start` or `end` and a time in seconds, in any order.
        slots: how many commands ran at once.

    Raises:
        ValueError: more than `slots` ran at once.

    >>> gaps_ms("start 1\nstart 1\nend 2\nstart 2.5\nend 3\nstart 3.25\n")
    [500.0, 250.0]
    """
    times: dict[str, list[float]] = {"start": [], "end": []}
    for line in stamps.splitlines():
        kind, at = line.split()
        times[kind].append(float(at))
    starts, ends = sorted(times["start"])[slots:], sorted(times["end"])
    gaps = [1000 * (start - end) for start, end in zip(starts, ends, strict=False)]
    if any(gap < 0 for gap in gaps):
        raise ValueError(f"more than {slots} commands ran at once")
    return gaps


def _random(trials: int, folder: Path) -> list[float]:
    stamps = folder / "stamps"
    timed(study("short.py", trials, "random", stamps, BASE_MS), folder, environment())
    return gaps_ms(stamps.read_text(encoding="ascii"))


def _default(trials: int, known: int, folder: Path) -> list[float]:
    stamps = folder / "stamps"
    journal = folder / "automl_studies" / "study" / "journal.jsonl"
    timed(study("short.py", _FIRST, "tpe", stamps, KNOWN_BASE_MS), folder, environment())
    add_known_trials(journal, _FIRST, known - _FIRST)
    stamps.unlink()
    total = known + trials
    timed(study("short.py", total, "tpe", stamps, KNOWN_BASE_MS), folder, environment())
    return gaps_ms(stamps.read_text(encoding="ascii"))


def _xargs(trials: int, folder: Path) -> list[float]:
    stamps = folder / "stamps"
    script = str(STUDIES / "stamped.sh")
    command = ["bash", script, str(stamps), str(BASE_MS), "{}", "0.5"]
    run_xargs(command, map(str, range(trials)), folder)
    return gaps_ms(stamps.read_text(encoding="ascii"))


def _need_bash() -> None:
    need("bash")
    code = 'echo "$EPOCHREALTIME"'
    told = subprocess.run(["bash", "-c", code], capture_output=True, check=False)
    if not told.stdout.strip():
        raise Unavailable("bash 5 or newer is not installed")
