"""The study of a Python function that the chaos driver runs, as a user would write it.

usage: study.py FOLDER MARK FIRST SECOND N_JOBS SPAN_MS

`optimize` is called twice, for FIRST and for SECOND trials; the longest call takes SPAN_MS more
than the shortest. Each call of the objective notes in FOLDER/ledger when it began and when it
returns: attempts are counted there, by files of our own. Once the study is complete, its trials are
written to FOLDER/table.json.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import automl

FOLDER, MARK, FIRST, SECOND, N_JOBS, SPAN_MS = Path(sys.argv[1]), sys.argv[2], *sys.argv[3:]

KINDS = ("plain", "reports", "prunes itself", "leaves children", "raises", "is pruned")
"""What a call does, by the remainder of its number."""

WORST = 100.0
"""What is reported by a call that the pruner is to end."""

VERDICT_S = 150.0
"""How long such a call waits for the verdict, which no controller may be there to give."""


def birth(pid: int) -> str:
    """Return when a process started, which makes its number unmistakable; empty if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if stat[0] in "ZX" else stat[19]


def note(*words: object) -> None:
    """Add a line to the ledger, by one write."""
    line = " ".join(map(str, (*words, f"{time.time():.6f}"))) + "\n"
    file = os.open(FOLDER / "ledger", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.write(file, line.encode())
    os.close(file)


def begun(number: int) -> int:
    """Note that a call begins; return which attempt it is."""
    attempt = 1
    while True:
        known = FOLDER / "calls" / f"{number}-{attempt}"
        try:
            file = os.open(known, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            pid, _, born = known.read_text().partition(" ")
            if pid and birth(int(pid)) == born:
                note("OVERLAP", number, attempt, pid)
            attempt += 1
            continue
        os.write(file, f"{os.getpid()} {birth(os.getpid())}".encode())
        os.close(file)
        note("START", number, attempt, os.getpid())
        return attempt


def leave_children() -> None:
    """Leave two processes behind: a fork that hides, and a program without our environment."""
    if not os.fork():
        os.setsid()
        os.environ.clear()
        time.sleep(1000)
        os._exit(0)
    lasting = FOLDER / f"{MARK}.follow"
    lasting.touch()
    words = ["tail", "-f", str(lasting)]
    subprocess.Popen(words, env={"PATH": os.environ["PATH"]}, start_new_session=True)


def prune(trial: Any, attempt: int, value: float) -> NoReturn:
    note("END", trial.number, attempt, os.getpid(), "pruned", value)
    raise automl.TrialPruned(f"at {value}")


def objective(trial: Any) -> float:
    """Work for a while; what it gives is a function of what it drew."""
    attempt, number = begun(trial.number), trial.number
    kind = KINDS[number % len(KINDS)]
    x = trial.suggest_float("x", -10, 10)
    value = (x - 2) ** 2
    if trial.suggest_categorical("kind", ["square", "shifted", "scaled"]) == "shifted":
        value += trial.suggest_int("by", 1, 50)
    elif number % 2:
        value *= trial.suggest_float("factor", 1e-3, 1.0, log=True)
    sys.stdout.write(f"call {number} draws {trial.params}\n")
    if kind in {"reports", "prunes itself"}:
        for step in range(3):
            trial.report(value / (step + 1), step)
    if kind == "is pruned":
        trial.report(WORST * 1000, 0)
        deadline = time.monotonic() + VERDICT_S
        while not trial.should_prune() and time.monotonic() < deadline:
            time.sleep(0.005)
        prune(trial, attempt, WORST * 1000)
    time.sleep((number * 37 % 19) / 19 * int(SPAN_MS) / 1000)
    if kind == "prunes itself":
        prune(trial, attempt, value / 3)
    if kind == "leaves children":
        leave_children()
    if kind == "raises":
        note("END", number, attempt, os.getpid(), "fail", value)
        raise ValueError(f"call {number} is to fail")
    note("END", number, attempt, os.getpid(), "complete", value)
    return value


(FOLDER / "calls").mkdir(exist_ok=True)
study = automl.create_study(
    study_name="chaos",
    study_dir=FOLDER,
    pruner=automl.pruners.ThresholdPruner(upper=WORST * 100),
    seed=7,
)
study.optimize(objective, n_trials=int(FIRST), n_jobs=int(N_JOBS))
study.optimize(objective, n_trials=int(SECOND), n_jobs=int(N_JOBS))
rows = [
    {
        "number": one.number,
        "state": one.state.name.lower(),
        "value": one.value,
        "params": one.params,
        "reason": one.reason,
    }
    for one in study.trials
]
(FOLDER / "table.json").write_text(json.dumps(rows))
