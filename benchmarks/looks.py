"""What a look at a long study costs: `python -m benchmarks.looks [TRIALS]`.

The first look folds the whole journal; each later one what was added since. The second figure is
what each look cost before there was a tail, as the whole journal was folded anew.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from automl.journal.checksum import sealed
from automl.journal.events import Event, encode
from automl.journal.fold import fold
from automl.journal.journal import load
from automl.journal.tail import Tail
from benchmarks.known import known_trials

TRIALS = 100_000
ADDED = 10
"""Events that are added before a later look."""

LOOKS = 20
"""Later looks, of which the median is told."""


def main() -> None:
    """Print CPU seconds of each kind of look."""
    parser = argparse.ArgumentParser(description="What a look at a long study costs.")
    parser.add_argument("trials", type=int, nargs="?", default=TRIALS)
    trials = parser.parse_args().trials
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder, "journal.jsonl")
        checksum = _append(journal, known_trials(0, trials), 0)
        tail = Tail(journal)
        print(f"journal of {trials:,} trials, {journal.stat().st_size / 1e6:.0f} MB; CPU")
        print(f"  first look                   {_cpu_s(tail.look):8.3f} s")
        print(f"  the whole journal anew       {_cpu_s(lambda: fold(load(journal)[0])):8.3f} s")
        costs = []
        more = iter(list(known_trials(trials, LOOKS * ADDED)))
        for _ in range(LOOKS):
            checksum = _append(journal, [next(more) for _ in range(ADDED)], checksum)
            costs.append(_cpu_s(tail.look))
        print(f"  a look after {ADDED} more events  {_median_ms(costs):8.3f} ms")
        nothing = [_cpu_s(tail.look) for _ in range(LOOKS)]
        print(f"  a look after nothing new     {_median_ms(nothing):8.3f} ms")


def _append(journal: Path, events: Iterable[Event], checksum: int) -> int:
    """Add events to a journal; return the checksum for those after them."""
    with journal.open("ab") as file:
        for event in events:
            line, checksum = sealed(encode(event), checksum)
            file.write(line)
    return checksum


def _cpu_s(action: Callable[[], object]) -> float:
    began_s = time.process_time()
    action()
    return time.process_time() - began_s


def _median_ms(costs_s: list[float]) -> float:
    return sorted(costs_s)[len(costs_s) // 2] * 1e3


if __name__ == "__main__":
    main()
