"""The study of a Python function under faults: six calls, as `study.py` has six commands.

usage: function_study.py RUN_FOLDER MARK on

RUN_FOLDER/disk holds the study, RUN_FOLDER/book what the calls note, on a disk that never fails.
One call returns nothing, one crashes at first, one waits for the pruner's verdict and does not heed
TERM. The rest is as in `study.py`.
"""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import automl
from automl.errors import AutomlError
from tests.chaos.injection.study import REFUSED, TRIALS, sign

FOLDER, MARK = Path(sys.argv[1]), sys.argv[2]
BOOK = FOLDER / "book"

VERDICT_S = 60.0
"""How long a call waits for the verdict, which nobody may be able to write."""

STATES = {"complete": "completed", "fail": "failed"}


def note(word: str, number: int, x: int) -> None:
    """Add a line to the ledger, by one write."""
    line = f"{word} {number} {x} {os.getpid()} {time.time():.6f}\n"
    file = os.open(BOOK / "ledger", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.write(file, line.encode())
    os.close(file)


def begun(number: int, x: int) -> None:
    """Note that a call begins, and whether another one of the same X is still alive."""
    running = BOOK / f"running-{x}"
    with suppress(OSError):
        if MARK.encode() in Path(f"/proc/{running.read_text()}/cmdline").read_bytes():
            note("OVERLAP", number, x)
    running.write_text(str(os.getpid()))
    note("START", number, x)


def objective(trial: Any) -> float | None:
    """Do what the X of a trial asks for."""
    x = trial.suggest_categorical("x", list(range(TRIALS)))
    begun(trial.number, x)
    # It ends as if all were well, so that its outcome does not tell that it was stopped.
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
    if x == 3:
        trial.report(130, 0)
        time.sleep(0.1)
    if x == 4 and not (BOOK / "crashed").exists():
        (BOOK / "crashed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if x == 5:
        trial.report(0, 0)
        deadline = time.monotonic() + VERDICT_S
        while not trial.should_prune() and time.monotonic() < deadline:
            time.sleep(0.005)
        raise automl.TrialPruned
    if not asked:
        note("END", trial.number, x)
    return None if x == 2 else x + 100


def main() -> int:
    """Run the study."""
    study = automl.create_study(
        study_name="faults",
        study_dir=FOLDER / "disk" / "studies",
        direction="maximize",
        sampler=automl.samplers.GridSampler({"x": list(range(TRIALS))}),
        pruner=automl.pruners.ThresholdPruner(lower=10),
        max_retries=1,
        grace=0.3,
    )
    sign("begin")
    try:
        study.optimize(objective, n_trials=TRIALS, n_jobs=2)
    except AutomlError as error:
        sys.stderr.write(f"refused: {type(error).__name__}: {error}\n")
        return REFUSED
    finally:
        sign("end")
    rows = [
        {
            "id": one.number,
            "x": one.params.get("x"),
            "state": STATES.get(one.state.name.lower(), one.state.name.lower()),
            "value": one.value,
        }
        for one in study.trials
    ]
    (FOLDER / "table.json").write_text(json.dumps(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
