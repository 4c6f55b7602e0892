"""What a call of a Python function costs: `python -m benchmarks.functions [--calls N]`.

Each tool calls the same functions with two workers, in turn with the others, each in a process of
its own. An empty function tells what a call costs, and one that only computes what two workers
gain. That one tells its own CPU time besides, as walls differ with what else the machine does.
The import of all tools is left out, the start of their workers counts.
"""

import argparse
import statistics
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.processes import Settings, environment, in_turn, study, timed

CALLS = 1_000
ROUNDS = 3
FEW = 40
COMPUTING = 60
"""How many calls of the function that computes, some 0.2 s each: what a start takes, once, is told
by the other measures.
"""

TOOLS = ("automl", "optuna", "optuna-journal", "optuna-sqlite", "futures")


def main() -> None:
    """Print the milliseconds of a call by each tool, and what two workers gain."""
    parser = argparse.ArgumentParser(description="What a call of a Python function costs.")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--computing", type=int, default=COMPUTING)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(scratch=Path(scratch))
        _tell_empty(settings, given.calls, given.rounds)
        print(f"{FEW} calls of an empty function of a script whose import takes 2 s")
        print(
            f"  {'automl':16} {_taken_s(settings, 'automl', 'slow_import', FEW, 2):7.2f} s in all"
        )
        _tell_gains(settings, given.computing, given.rounds)


def _tell_empty(settings: Settings, calls: int, rounds: int) -> None:
    tools = {tool: partial(_taken_s, settings, tool, "empty", calls, 2) for tool in TOOLS}
    print(f"{calls:,} calls of an empty function, 2 workers; wall, median (low..high)")
    for tool, walls in in_turn(rounds, tools).items():
        each = [wall / calls * 1e3 for wall in walls]
        spread = f"{min(each):.2f}..{max(each):.2f}"
        print(f"  {tool:16} {statistics.median(each):7.2f} ms a call ({spread})")


def _tell_gains(settings: Settings, calls: int, rounds: int) -> None:
    """Print how much faster two workers are than one, with a function that computes."""
    several = [(tool, workers) for tool in ("automl", "optuna", "futures") for workers in (1, 2)]
    cpus: dict[tuple[str, int], list[float]] = {one: [] for one in several}
    measures = {
        one: partial(_taken_s, settings, one[0], "computing", calls, one[1], told=cpus[one])
        for one in several
    }
    named = {f"{tool} {workers}": measure for (tool, workers), measure in measures.items()}
    walls = {name: statistics.median(found) for name, found in in_turn(rounds, named).items()}
    print(f"{calls} calls of a function that computes: 1 worker over 2; CPU of a call, by itself")
    gains = {}
    for tool in dict.fromkeys(tool for tool, _ in measures):
        alone, both = walls[f"{tool} 1"], walls[f"{tool} 2"]
        gains[tool] = alone / both
        cpu = " and ".join(f"{statistics.median(cpus[tool, one]) * 1e3:.0f}" for one in (1, 2))
        print(
            f"  {tool:16} {gains[tool]:7.2f} times as fast ({alone:.2f} s, {both:.2f} s); {cpu} ms"
        )
    print(f"  {'automl / futures':16} {gains['automl'] / gains['futures']:7.2f}")


def _taken_s(
    settings: Settings,
    tool: str,
    function: str,
    calls: int,
    workers: int,
    *,
    told: list[float] | None = None,
) -> float:
    """Return the seconds that the calls of one tool took, by its own clock.

    Args:
        settings: where to measure.
        tool: one of `TOOLS`.
        function: what is called.
        calls: how often.
        workers: by how many at once.
        told: gets the CPU seconds that each call tells.
    """
    folder = settings.fresh_folder()
    timed(study("functions.py", tool, function, calls, workers), folder, environment())
    if told is not None:
        told += map(float, (folder / "computed").read_text(encoding="ascii").split())
    return float((folder / "taken").read_text(encoding="ascii"))


if __name__ == "__main__":
    main()
