"""Fails one system call of a real study after another, then judges what became of the study.

    python -m tests.chaos.fault_points --points 1000 --seed 1 --report FILE.json
    python -m tests.chaos.fault_points --only 'ENOSPC stays write 3 studies/faults/journal.jsonl'
    python -m tests.chaos.fault_points --seconds 60
    python -m tests.chaos.fault_points --functions --points 60

A small study is run once to list its calls (see `faults.c`). A point is one call, an error that
fits it, and how long that lasts: `once`, `brief` (five calls), `heals` (until the study has said
what is wrong), `stays` (until it has been interrupted). At each point the study must end right, or
pause with a message; once the fault is gone, the same command must end right: nothing lost, run
twice or left, no raw error. What is refused before the first trial counts as a message. `--only`
runs one point, named as in the report, and keeps its folder. After Ctrl-C the points that were
begun are ended and reported. Linux only. The exit code is 0 if nothing was found wrong, else 1.
"""

import argparse
import errno
import itertools
import json
import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.injection.library import Call, Injection, build, listed
from tests.chaos.injection.points import Point, points_of
from tests.chaos.injection.starters import VARIABLE
from tests.chaos.injection.subject import (
    END_TIMEOUT_S,
    FUNCTIONS_VARIABLE,
    REFUSED,
    TRACEBACK,
    Subject,
    again_problems,
    take_interrupts,
    wait_end,
)

INTERRUPTED = 130


@dataclass(slots=True)
class Verdict:
    """What became of one point: how the study ended, and what was wrong."""

    ending: str
    problems: list[str] = field(default_factory=list)


def list_calls(folder: Path, library: Path) -> list[Call]:
    """Return the calls of a study that nothing disturbs.

    Raises:
        SystemExit: it did not end as it should.
    """
    subject = Subject(folder)
    log = folder / "calls"
    try:
        injection = Injection(library=library, disk=subject.disk, log=log)
        code = wait_end(subject.start(injection))
        wrong = subject.table_problems() + subject.ledger_problems(frozenset())
        if code != 0 or wrong:
            raise SystemExit(f"the undisturbed study is wrong ({code}): {wrong}\n{subject.said()}")
    finally:
        subject.sweep()
    return listed(log)


def run_point(point: Point, folder: Path, library: Path) -> Verdict:
    """Run the study with one fault, and again without; return what became of it."""
    subject = Subject(folder)
    try:
        return _judged(point, subject, library)
    finally:
        subject.sweep()


def _judged(point: Point, subject: Subject, library: Path) -> Verdict:
    hit, healed = subject.folder / "hit", subject.folder / "healed"
    injection = Injection(
        library=library,
        disk=subject.disk,
        log=hit,
        at=point.call,
        what=point.what,
        until=healed,
    )
    controller = subject.start(injection)
    watched = _watch(point, subject, controller, healed)
    code = wait_end(controller)
    healed.touch()
    paused = watched.paused or _named(point, subject)
    reached = "hit" in hit.read_text()
    verdict = _first_end(subject, code, watched=watched, stays=point.lasts == "stays")
    if watched.silent:
        verdict.problems.append("it stood still and did not name the error")
    if not reached:
        verdict.ending = f"not reached: {verdict.ending}"
    verdict.problems += again_problems(subject)
    # A trial that fails while the disk is full is not to blame, and neither is one that could be
    # started but not watched: it was killed at once and is started again.
    excused = _excused(point, paused=paused)
    verdict.problems += subject.ledger_problems(watched.spared | excused)
    verdict.problems += subject.speech_problems()
    return verdict


def _excused(point: Point, *, paused: bool) -> frozenset[int]:
    """Return the X that may run again for the fault's sake."""
    failing = frozenset({2, 4}) if paused else frozenset()
    watching = point.error == "EMFILE" or point.call.kind in {"epoll", "pidfd"}
    return failing | (frozenset(range(6)) if watching else frozenset())


def _named(point: Point, subject: Subject) -> bool:
    """Tell whether the study has named the error of a point; a short write is no error."""
    if point.error == "SHORT":
        return False
    return os.strerror(getattr(errno, point.error)).lower() in subject.said().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What was seen while a fault lasted.

    Attributes:
        paused: whether the study named the error.
        silent: whether it neither did that nor ended.
        spared: the X that had not ended when they were interrupted.
    """

    paused: bool = False
    silent: bool = False
    spared: frozenset[int] = frozenset()


def _watch(
    point: Point, subject: Subject, controller: subprocess.Popen[bytes], healed: Path
) -> Watched:
    """Wait until the study ended, or has said what is wrong; then heal or interrupt."""
    if point.lasts not in {"heals", "stays"} or point.error == "SHORT":
        return Watched()
    deadline = time.monotonic() + END_TIMEOUT_S / 2
    while controller.poll() is None and time.monotonic() < deadline:
        if _named(point, subject) or TRACEBACK in subject.said():
            break
        time.sleep(0.02)
    if controller.poll() is not None or TRACEBACK in subject.said():
        return Watched(paused=_named(point, subject))
    paused = _named(point, subject)
    if point.lasts == "heals":
        healed.touch()
        return Watched(paused=paused, silent=not paused)
    spared = subject.unended()
    controller.send_signal(signal.SIGINT)
    return Watched(paused=paused, silent=not paused, spared=spared)


def _first_end(subject: Subject, code: int | None, *, watched: Watched, stays: bool) -> Verdict:
    """Judge how the controller ended that met the fault."""
    last = (subject.said().strip().splitlines() or ["nothing"])[-1]
    if code is None:
        return Verdict("stood still", [f"it stood still, last saying: {last}"])
    if code == 0:
        wrong = [f"left running: {one}" for one in subject.left()] + subject.table_problems()
        return Verdict("ended right after a pause" if watched.paused else "ended right", wrong)
    if stays and code == -signal.SIGINT and "refused: " in subject.said():
        code = REFUSED  # The interrupt came as it was already about to end.
    # OpenBLAS, without a thread for itself, sends SIGINT to the process that loads it.
    by_library = code == INTERRUPTED and "blas_thread_init" in subject.said()
    if by_library or (stays and watched.paused and code in {INTERRUPTED, REFUSED}):
        ending = "interrupted by a library" if by_library else "paused, interrupted"
        return Verdict(ending, [f"left running: {one}" for one in subject.left()])
    if code == REFUSED:
        if not subject.begun():
            return Verdict("refused before the first trial")
        return Verdict("gave up", [f"it gave up instead of pausing: {last}"])
    return Verdict("raw error", [f"it ended with {code}, saying: {last}"])


def _kind(problem: str) -> str:
    """Return a problem without what differs from point to point."""
    problem = re.sub(r"/\S+", "PATH", problem)
    return re.sub(r"\d+", "N", problem)[:160]


@dataclass(slots=True)
class Campaign:
    """Runs points, two at a time, and adds up what became of them."""

    folder: Path
    library: Path
    stop_at: float | None
    counts: Counter[str] = field(default_factory=Counter)
    by_error: dict[str, Counter[str]] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _taking: threading.Lock = field(default_factory=threading.Lock)

    def run(self, points: Sequence[Point], workers: int) -> None:
        """Run them all, as long as there is time and nobody interrupts."""
        with ThreadPoolExecutor(workers) as pool:
            done = [pool.submit(self._one, point) for point in points]
            try:
                for one in done:
                    one.result()
            except BaseException as error:
                self.stop_at = -math.inf
                if not isinstance(error, KeyboardInterrupt):
                    raise

    def _one(self, point: Point) -> None:
        if self.stop_at is not None and time.monotonic() > self.stop_at:
            return
        folder = self.folder / f"point-{next(self._numbers)}"
        try:
            verdict = run_point(point, folder, self.library)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        with self._taking:
            self._take(point, verdict)

    def _take(self, point: Point, verdict: Verdict) -> None:
        self.counts["points"] += 1
        self.counts[verdict.ending] += 1
        own = self.by_error.setdefault(f"{point.call.kind} {point.error}", Counter())
        own["points"] += 1
        if verdict.problems:
            own["wrong"] += 1
            self.counts["wrong"] += 1
            self.problems.append({"point": str(point), "problems": verdict.problems})

    def report(self, total: int, seed: int, wall_s: float) -> dict[str, Any]:
        """Return the figures, and each kind of problem with the first that had it."""
        kinds: dict[str, dict[str, Any]] = {}
        for one in self.problems:
            for kind in {_kind(problem) for problem in one["problems"]}:
                own = kinds.setdefault(kind, {"points": 0, "example": one["point"]})
                own["points"] += 1
        return {
            "points_there_are": total,
            "seed": seed,
            "wall_s": round(wall_s, 1),
            **dict(sorted(self.counts.items())),
            "by_error": {name: dict(own) for name, own in sorted(self.by_error.items())},
            "kinds_of_problems": dict(sorted(kinds.items(), key=lambda item: -item[1]["points"])),
            "problems": self.problems,
        }


def main() -> int:
    """Run as the command line says; print and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--points", type=int, default=0, help="how many, drawn at random; 0: all")
    parser.add_argument("--seconds", type=float, help="begin no point after so long")
    parser.add_argument("--only", type=Point.named, help="a point's name; its folder is kept")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--starters", action="store_true", help="start each trial without a shell")
    parser.add_argument("--functions", action="store_true", help="a study of a function")
    parser.add_argument("--beginning", default="", help="only points whose name begins so")
    parser.add_argument("--report", type=Path, help="a file for the figures, as JSON")
    given = parser.parse_args()
    take_interrupts()
    if given.starters:
        os.environ[VARIABLE] = "yes"
    if given.functions:
        os.environ[FUNCTIONS_VARIABLE] = "yes"
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="automl-faults-"))
    try:
        library = build(folder)
        if given.only is not None:
            return _run_only(given.only, folder, library)
        points = points_of(list_calls(folder / "undisturbed", library))
        chosen = [point for point in points if str(point).startswith(given.beginning)]
        random.Random(given.seed).shuffle(chosen)  # noqa: S311 - to be repeated
        stop_at = None if given.seconds is None else began + given.seconds
        campaign = Campaign(folder, library, stop_at)
        campaign.run(chosen[: given.points or None], given.workers)
        report = campaign.report(len(points), given.seed, time.monotonic() - began)
    finally:
        if given.only is None:
            shutil.rmtree(folder, ignore_errors=True)
    text = json.dumps(report, indent=2)
    if given.report:
        given.report.write_text(text + "\n")
    sys.stdout.write(text + "\n")
    return 1 if report["problems"] else 0


def _run_only(point: Point, folder: Path, library: Path) -> int:
    verdict = run_point(point, folder / "only", library)
    log = (folder / "only" / "controller.log").read_text(errors="replace")
    lines = [f"{point}: {verdict.ending}", *verdict.problems, f"folder: {folder}/only", "", log]
    sys.stdout.write("\n".join(lines))
    return 1 if verdict.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
