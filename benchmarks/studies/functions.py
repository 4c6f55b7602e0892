"""Calls of a function by one tool; writes the seconds that they took into the file `taken`.

Each call that computes adds the CPU seconds of that to the file `computed`, a line each.

Usage: functions.py TOOL FUNCTION CALLS WORKERS
"""

import random
import sys
import time
from pathlib import Path
from typing import Any

TOOL, FUNCTION, CALLS, WORKERS = *sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4])

if FUNCTION == "slow_import":
    time.sleep(2)


def empty(trial: Any) -> float:  # noqa: ANN401 - of either library
    """Ask for one value."""
    return float(trial.suggest_float("x", 0, 1))


def computing(trial: Any) -> float:  # noqa: ANN401 - of either library
    """Compute for some 0.2 s in Python alone."""
    x = float(trial.suggest_float("x", 0, 1))
    # Of this thread: Optuna's are all in one process.
    began = time.thread_time()
    for _ in range(4_000_000):
        x = x * 0.999 + 0.001
    with Path("computed").open("a", encoding="ascii") as file:
        file.write(f"{time.thread_time() - began}\n")
    return x


class Drawn:
    """What a trial is for `concurrent.futures`, which has none."""

    def suggest_float(self, _: str, low: float, high: float) -> float:
        """Return a number of the range."""
        return random.uniform(low, high)  # noqa: S311 - no secret


objective = computing if FUNCTION == "computing" else empty


def automl() -> None:
    """Call it as trials of a study."""
    import automl  # noqa: PLC0415 - as only one tool is to be imported

    sampler = automl.samplers.RandomSampler(seed=1)
    study = automl.create_study(study_name="study", sampler=sampler)
    began = time.perf_counter()
    study.optimize(objective, n_trials=CALLS, n_jobs=WORKERS)
    tell(began)


def optuna(storage: str) -> None:
    """Call it as Optuna's trials, in threads."""
    import optuna  # noqa: PLC0415 - as above
    from optuna.storages import JournalStorage  # noqa: PLC0415
    from optuna.storages.journal import JournalFileBackend  # noqa: PLC0415

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    kept: Any = {
        "": None,
        "journal": lambda: JournalStorage(JournalFileBackend("journal.log")),
        "sqlite": lambda: "sqlite:///study.db",
    }[storage]
    sampler = optuna.samplers.RandomSampler(seed=1)
    study = optuna.create_study(storage=kept() if kept else None, sampler=sampler)
    began = time.perf_counter()
    study.optimize(objective, n_trials=CALLS, n_jobs=WORKERS)
    tell(began)


def futures() -> None:
    """Call it in two processes, which are kept."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - as above

    began = time.perf_counter()
    with ProcessPoolExecutor(WORKERS) as pool:
        ends = [pool.submit(objective, Drawn()) for _ in range(CALLS)]
        for end in ends:
            end.result()
    tell(began)


def tell(began: float) -> None:
    """Write down how long it took."""
    Path("taken").write_text(f"{time.perf_counter() - began}", encoding="ascii")


if TOOL == "automl":
    automl()
elif TOOL == "futures":
    futures()
else:
    optuna(TOOL.partition("-")[2])
