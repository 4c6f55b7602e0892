"""Kills the controller of a real study again and again, then counts what was lost or run twice.

    python -m tests.chaos.driver --kills 200 --trials 60 --seed 1 --report FILE.json
    python -m tests.chaos.driver --mode ladder --kills 60 --trials 24
    python -m tests.chaos.driver --mode functions --kills 50 --server-kills 20 --starter-kills 20
    python -m tests.chaos.driver --kills 200 --user nobody --python /usr/bin/python3

A study of short real commands runs in a temporary folder. Its controller gets SIGKILL, and now and
then SIGHUP or SIGTERM, after random delays, some within its start-up; each time the same command
starts it again, until it ends by itself. Studies follow each other until there were enough kills.
Each is then judged from outside, by its table, the ledger that its commands wrote, and /proc.
The modes are `grid`, whose table must be that of an undisturbed study, and three whose course
depends on time: `ladder` (budgets and checkpoints), `stopping` (by a pruner) and `pbt`. The mode
`functions` is a study of a Python function, whose fork servers and starters are killed as well.
With `--user`, root runs the studies as a plain user, who has no control groups.
Linux only. The exit code is 0 if nothing was found wrong, else 1.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.chaos.chaos_checks import check_ledger, check_same, check_table, noted_after
from tests.chaos.chaos_subject import ChaosStudy, Plan, User
from tests.chaos.disturber import Disturber, Total
from tests.chaos.functions.call_checks import check_calls
from tests.chaos.functions.strikes import KINDS, SERVER, STARTER
from tests.chaos.search_checks import check_rows, check_stages, check_walks

LEFT_PATIENCE_S = 20.0
"""How long processes may still be ending after the controller ended; seen at once is told too.

Long, as a busy machine takes its time to end a process. A trial that was left running is not missed
for that: what it notes after the study's end tells it.
"""

MOST_STUDIES = 200
"""So many are run at most, should some kills never come to pass."""

MODES = ("grid", "ladder", "stopping", "pbt", "functions")

LADDER_TOP = 9
STEPS = 15
MEMBERS = 4
"""As `chaos_search.py` has them."""


def run_chaos(plan: Plan, folder: Path) -> dict[str, Any]:
    """Run studies below `folder` until there were enough kills; return the report."""
    began = time.monotonic()
    rng = random.Random(plan.seed)  # noqa: S311 - to be repeated, not to be secret
    total = Total()
    expected = _undisturbed(plan, folder, rng, total) if plan.mode == "grid" else []
    while (missing := _missing(plan, total)) and total.counts["studies"] < MOST_STUDIES:
        total.counts["studies"] += 1
        share = {kind: min(count, rng.randint(5, 25)) for kind, count in missing.items()}
        study = ChaosStudy(folder / f"study-{total.counts['studies']}", plan)
        try:
            _verdicts(study, plan, rng, total, expected, share)
        finally:
            study.sweep()
    total.problems += [f"{count} {kind} did not come to pass" for kind, count in missing.items()]
    if plan.kills and not total.counts["most_outliving"]:
        total.problems.append("no trial was ever seen to outlive its controller: nothing was shown")
    return _report(plan, total, time.monotonic() - began)


def _missing(plan: Plan, total: Total) -> dict[str, int]:
    """Return how many kills are to come, by what is killed."""
    wanted = {
        "kills": plan.kills,
        f"{SERVER}_kills": plan.server_kills,
        f"{STARTER}_kills": plan.starter_kills,
    }
    left = {kind: count - total.counts[kind] for kind, count in wanted.items()}
    return {kind: count for kind, count in left.items() if count > 0}


def _undisturbed(
    plan: Plan, folder: Path, rng: random.Random, total: Total
) -> list[dict[str, Any]]:
    """Return the rows of a study that nobody disturbed."""
    study = ChaosStudy(folder / "undisturbed", plan)
    try:
        # With no kills to come, the first controller is left alone to the end.
        if not Disturber(study, rng, Total()).run(0):
            raise SystemExit(f"the undisturbed study failed:\n{study.log_tail()}")
        rows = study.table() or []
        total.take(0, check_table(rows, study.a_count, study.b_count))
        return rows
    finally:
        study.sweep()


def _verdicts(
    study: ChaosStudy,
    plan: Plan,
    rng: random.Random,
    total: Total,
    expected: list[dict[str, Any]],
    share: dict[str, int],
) -> None:
    number = total.counts["studies"]
    disturber = Disturber(study, rng, total)
    strikes = {kind: share.get(f"{kind}_kills", 0) for kind in KINDS}
    ended = disturber.run(share.get("kills", 0), strikes)
    ended_s = time.time()
    total.counts["left_at_once"] += len(study.processes())
    total.counts["left"] += len(left := _left(study))
    total.problems += [
        f"study {number}: left running: {pid} {words}" for pid, words in left.items()
    ]
    if ended:
        total.tell(number, noted_after(study.ledger(), ended_s))
    rows = study.table() if ended else None
    if rows is None:
        total.counts["not_ended"] += 1
        total.tell(number, ["came to no table"])
    if plan.mode == "grid":
        _judge_grid(study, total, rows, expected, disturber)
    elif plan.mode == "functions":
        ledger, strikes = study.ledger(), disturber.strikes
        found = check_calls(ledger, rows or [], plan.trials, disturber.stops_s, strikes)
        total.take(number, found)
    else:
        _judge_search(study, plan, total, rows or [], disturber)


def _judge_grid(
    study: ChaosStudy,
    total: Total,
    rows: list[dict[str, Any]] | None,
    expected: list[dict[str, Any]],
    disturber: Disturber,
) -> None:
    number, a_count, b_count = total.counts["studies"], study.a_count, study.b_count
    if rows is not None:
        total.take(number, check_table(rows, a_count, b_count))
        total.tell(number, check_same(rows, expected))
    total.take(number, check_ledger(study.ledger(), a_count, b_count, disturber.stops_s))


def _judge_search(
    study: ChaosStudy, plan: Plan, total: Total, rows: list[dict[str, Any]], disturber: Disturber
) -> None:
    number, ledger = total.counts["studies"], study.ledger()
    total.take(number, check_rows(rows, plan.trials))
    total.counts["pruned"] += sum(row["stopped_step"] is not None for row in rows)
    if plan.mode == "stopping":
        kills_s = disturber.kills_s
        total.take(number, check_walks(ledger, rows, STEPS, disturber.stops_s, kills_s))
        return
    whole = LADDER_TOP if plan.mode == "ladder" else plan.trials // MEMBERS
    total.take(number, check_stages(ledger, rows, whole, disturber.stops_s))
    total.counts["continued"] += sum(row["budget"] > 1 for row in rows)


def _left(study: ChaosStudy) -> dict[int, str]:
    deadline = time.monotonic() + LEFT_PATIENCE_S
    while (left := study.processes()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _report(plan: Plan, total: Total, wall_s: float) -> dict[str, Any]:
    names = (
        "studies kills kills_during_start sigterm sighup starts lost run_twice left left_at_once"
    )
    counts = {
        name: total.counts[name]
        for name in f"{names} most_outliving rerun_after_stop not_ended".split()
    }
    counts["restarts"] = counts["starts"] - counts["studies"]
    if plan.mode == "functions":
        names = ("server_kills", "starter_kills", "rerun_after_kill")
        counts |= {name: total.counts[name] for name in names}
    elif plan.mode != "grid":
        counts |= {name: total.counts[name] for name in ("pruned", "continued")}
    return {
        "mode": plan.mode,
        "trials_per_study": plan.trials,
        "seed": plan.seed,
        "uid": plan.user.uid if plan.user else os.getuid(),
        "wall_s": round(wall_s, 1),
        **counts,
        "problems": total.problems,
    }


def main() -> int:
    """Run as the command line says; print and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--server-kills", type=int, default=0, help="of fork servers of functions")
    parser.add_argument("--starter-kills", type=int, default=0, help="of what they fork for calls")
    parser.add_argument("--trials", type=int, default=60, help="in each study")
    parser.add_argument("--parallel", type=int, default=4)
    parser.add_argument("--mode", choices=MODES, default="grid")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--span-ms",
        type=int,
        default=950,
        help="by how much the longest command or call takes longer than the shortest",
    )
    parser.add_argument("--starters", action="store_true", help="start each trial without a shell")
    parser.add_argument("--user", help="who runs the studies, by name or number; for root only")
    parser.add_argument("--python", default=sys.executable, help="an interpreter for that user")
    parser.add_argument("--report", type=Path, help="a file for the figures, as JSON")
    parser.add_argument("--keep", type=Path, help="a new folder for the studies, to look at them")
    given = parser.parse_args()
    plan = Plan(
        kills=given.kills,
        trials=given.trials,
        max_parallel=given.parallel,
        seed=given.seed,
        mode=given.mode,
        span_ms=given.span_ms,
        starters=given.starters,
        server_kills=given.server_kills,
        starter_kills=given.starter_kills,
        user=User.named(given.user, given.python) if given.user else None,
    )
    folder = given.keep or Path(tempfile.mkdtemp(prefix="automl-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    if plan.user is not None:
        folder.chmod(0o755)
    try:
        report = run_chaos(plan, folder.absolute())
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    text = json.dumps(report, indent=2)
    if given.report:
        given.report.write_text(text + "\n")
    sys.stdout.write(text + "\n")
    return 1 if report["problems"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
