"""What a trial costs when its command does nothing."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.growth import WINDOW, end_times, growth
from benchmarks.processes import Settings, environment, in_turn, study, timed
from benchmarks.rows import Row, ratio_row, row
from benchmarks.starters import has_gnu_parallel, need, run_parallel, run_xargs

FEW, SOME, MANY, MOST = 200, 3_000, 20_000, 100_000
QUICK = (20, 120)

WHOLE_RATIO = 1.5
FURTHER_RATIO = 2.5
GROWTH_RATIO = 1.3
CPU_MS = 3.0
FOLDERS = 500
FILES = ("trial.sh", "params.json", "stdout.log", "stderr.log", "exit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One study of the empty command.

    Attributes:
        trials: how many.
        wall_s: start-up of the interpreter and the last table included.
        cpu_s: of the controller alone, its trials not included.
        peak_mb: of the controller.
        growth: cost of a trial at the end over that at the beginning.
    """

    trials: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    growth: float


class Automl:
    """Runs studies and keeps what they cost."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.runs: dict[int, list[Run]] = {}

    def run(self, trials: int) -> float:
        """Run one study; return the wall seconds."""
        folder = self._settings.fresh_folder()
        usage_file = folder / "usage.json"
        wall_s = timed(study("empty.py", trials, usage_file), folder, environment())
        usage = json.loads(usage_file.read_text(encoding="utf-8"))
        ends = end_times(folder / "automl_studies" / "study" / "journal.jsonl")
        if len(ends) != trials:
            raise RuntimeError(f"{trials} trials were asked for, {len(ends)} ended")
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        done = Run(
            trials=trials,
            wall_s=wall_s,
            cpu_s=usage["cpu_s"],
            peak_mb=usage["peak_memory"] / unit,
            growth=growth(ends),
        )
        self.runs.setdefault(trials, []).append(done)
        return wall_s


def empty(settings: Settings) -> Iterator[Row]:
    """Yield the rows of the empty command."""
    need("xargs")
    few, some = QUICK if settings.quick else (FEW, SOME)
    ours = Automl(settings)
    tools = {
        "automl few": lambda: ours.run(few),
        "xargs few": lambda: _xargs(few, settings),
        "automl some": lambda: ours.run(some),
        "xargs some": lambda: _xargs(some, settings),
        "folders": lambda: _folders(settings),
    }
    has_parallel = has_gnu_parallel()
    if has_parallel:
        tools["parallel few"] = lambda: _parallel(few, settings)
    wall = in_turn(settings.repeats, tools)
    what = f"{few} trials, start-up included, by GNU parallel"
    if has_parallel:
        theirs = wall["parallel few"]
        note = f"{_seconds(wall['automl few'])} against {_seconds(theirs)}"
        yield ratio_row(what, wall["automl few"], theirs, at_most=WHOLE_RATIO, note=note)
    else:
        yield Row(what=what, measured=None, unit="x", note="GNU parallel is not installed")
    note = f"{_seconds(wall['automl few'])} against {_seconds(wall['xargs few'])}"
    yield ratio_row(
        f"{few} trials, start-up included, by xargs",
        wall["automl few"],
        wall["xargs few"],
        note=note,
    )
    mine = _further(wall["automl few"], wall["automl some"], some - few)
    theirs = _further(wall["xargs few"], wall["xargs some"], some - few)
    note = f"{_milliseconds(mine)} against {_milliseconds(theirs)}"
    yield ratio_row("each further trial, by xargs", mine, theirs, at_most=FURTHER_RATIO, note=note)
    yield row(
        "the file system: a folder of five empty files",
        [1000 * wall_s for wall_s in wall["folders"]],
        "ms",
        note="without automl; ext4 is many times slower for minutes after much was deleted",
    )
    yield from _costs(ours.runs[some])
    yield from _larger(settings, ours)


def _larger(settings: Settings, ours: Automl) -> Iterator[Row]:
    """Yield what studies cost that are too large to repeat."""
    if settings.quick:
        return
    for trials in (MANY, *([MOST] if settings.long else [])):
        mine, theirs = ours.run(trials), _xargs(trials, settings)
        note = f"{mine:.1f} s against {theirs:.1f} s"
        yield ratio_row(f"{trials:,} trials, by xargs", [mine], [theirs], note=note)
        yield from _costs(ours.runs[trials])


def _costs(runs: list[Run]) -> Iterator[Row]:
    """Yield growth, CPU and memory of studies of one size."""
    size = f"{runs[0].trials:,} trials"
    if runs[0].trials > 2 * WINDOW:
        yield row(
            f"{size}: the last {WINDOW:,} over the first {WINDOW:,}",
            [run.growth for run in runs],
            "x",
            at_most=GROWTH_RATIO,
            below=True,
            note="time between two ends",
        )
    yield row(
        f"{size}: CPU of the controller, each",
        [1000 * run.cpu_s / run.trials for run in runs],
        "ms",
        at_most=CPU_MS,
        note="start-up and table included",
    )
    yield row(f"{size}: peak memory", [run.peak_mb for run in runs], "MB", note="table included")


def _xargs(trials: int, settings: Settings) -> float:
    return run_xargs(["echo", "{}"], map(str, range(trials)), settings.fresh_folder())


def _parallel(trials: int, settings: Settings) -> float:
    return run_parallel(["echo", "{}"], map(str, range(trials)), settings.fresh_folder())


def _folders(settings: Settings) -> float:
    """Return the seconds that the file system takes for what a trial leaves there."""
    folder = settings.fresh_folder()
    began = time.perf_counter()
    for number in range(FOLDERS):
        trial = folder / str(number)
        trial.mkdir()
        for name in FILES:
            (trial / name).touch()
    return (time.perf_counter() - began) / FOLDERS


def _further(few_s: list[float], some_s: list[float], trials: int) -> list[float]:
    return [(some - few) / trials for few, some in zip(few_s, some_s, strict=True)]


def _seconds(values: list[float]) -> str:
    return f"{sorted(values)[len(values) // 2]:.2f} s"


def _milliseconds(values: list[float]) -> str:
    return f"{1000 * sorted(values)[len(values) // 2]:.2f} ms"
