"""Kills the controller of a real study at every named moment, then gives the same command again.

    python -m tests.chaos.moments --report FILE.json
    python -m tests.chaos.moments --list
    python -m tests.chaos.moments --only NAME

Each course of a small study is run once to list its calls (see `faults.c`). A moment lies right
before or right after one that matters, such as `plain: launch: after spawn 1 of .../trial.sh`,
which is before its event is written. At each, one study gets `kill -9`, and the same command
follows: it must end with the right table, nothing lost, run twice or left. The courses are

    plain        opening, launches, measurements, ends, an early stop with its grace, closing
    interrupted  from Ctrl-C on: TERM, the grace, KILL, leaving
    resumed      the opening after a kill that left two trials running
    fresh        `fresh=True` over a study that was killed and whose trials ended
    fresh-alive  the same while two of its trials run on

Linux only. The exit code is 0 if every moment was hit and nothing was found wrong, else 1.
"""

import argparse
import itertools
import json
import math
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.injection.library import Call, Injection, build, listed
from tests.chaos.injection.starters import VARIABLE
from tests.chaos.injection.subject import (
    DEAF,
    STARTS,
    Subject,
    again_problems,
    take_interrupts,
    wait_end,
)

COURSES = ("plain", "interrupted", "resumed", "fresh", "fresh-alive")

CHANGING = frozenset(
    {"create", "write", "fsync", "truncate", "rename", "unlink"}
    | {"mkdir", "link", "flock", "spawn", "fork", "kill", "send"}
)
"""Kinds of calls that change something, or make what follows safe."""

LOOKING = frozenset({"open", "pidfd", "pipe", "socket", "receive"})
"""Kinds that matter where they are on the study's own files, or hold a launch."""

TOO_LATE = ["too late"]
"""What was found at a moment that was not tried."""

TRIES = 3
"""How often a moment is tried: with the timing, the number of a call on its path can differ."""

SECOND_LAUNCH = Call("pidfd", "-", 3)
"""Two trials have passed their gates, and the second is watched; the first tries the system."""

SECOND_BEGINNING = Call("receive", "-", 4)
"""The same where starters do it: each of two has said that it is ready, and what it began."""

_OF_EVENT = {
    "StudyOpened": "opening",
    "TrialPlanned": "launch",
    "TrialStarted": "launch",
    "Measured": "measurement",
    "TrialEnded": "end",
    "TrialRequeued": "end",
    "StudyClosed": "closing",
}

_METRIC_FILE = re.compile(r"metrics/|std(out|err)\.log$")

_OF_FILE = (
    (re.compile(r"trials/\d+/exit$"), "end"),
    (_METRIC_FILE, "measurement"),
    (re.compile(r"trials/\d+(/|$)"), "launch"),
)


_OF_TRIAL = re.compile(r"trials/|metrics/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment of a course: before or after one of its calls."""

    course: str
    stretch: str
    call: Call
    after: bool
    stopping: bool = False

    def __str__(self) -> str:
        """Return its name."""
        side = "after" if self.after else "before"
        events = f" ({', '.join(self.call.events)})" if self.call.events else ""
        place = f"{side} {self.call.kind} {self.call.nth} of {self.call.path}"
        return f"{self.course}: {self.stretch}: {place}{events}"


def matters(call: Call) -> bool:
    """Tell whether the moments around a call are worth a kill."""
    if call.path.startswith("CODE") or call.path in {"/proc", "/dev"}:
        return False
    if call.kind == "open" and call.nth > 1 and _METRIC_FILE.search(call.path):
        # How often a growing file is looked at is a matter of time: it may never come again.
        return False
    return call.kind in CHANGING or (call.kind in LOOKING and not call.path.startswith("/"))


def moments_of(course: str, calls: Sequence[Call]) -> list[Moment]:
    """Return the moments of a course, in the order of its calls."""
    found = []
    stretch, stopping = "opening", False
    for call in _own_part(course, calls):
        stretch = _stretch(call, stretch)
        stopping = stopping or call.kind == "kill"
        if matters(call):
            found += [
                Moment(course=course, stretch=stretch, call=call, after=after, stopping=stopping)
                for after in (False, True)
            ]
    return found


def _own_part(course: str, calls: Sequence[Call]) -> Sequence[Call]:
    """Return the calls of a course that no other course has."""
    if course == "plain":
        return calls
    if course == "interrupted":
        first = next(place for place, call in enumerate(calls) if call.kind == "kill")
        return calls[first:]
    last = next(place for place, call in enumerate(calls) if "TrialStarted" in call.events)
    return calls[: last + 1]


def _stretch(call: Call, before: str) -> str:
    """Return in which stretch of the study a call is, after one in `before`."""
    if before == "closing":
        return before
    if call.kind == "kill":
        return "stop"
    if call.events:
        last = "TrialEnded" if "TrialEnded" in call.events else call.events[-1]
        return _OF_EVENT.get(last, before)
    if call.kind == "spawn" or (call.kind == "rename" and _OF_TRIAL.search(call.path)):
        return "launch"
    return next((name for pattern, name in _OF_FILE if pattern.search(call.path)), before)


class Course:
    """One run of a course in a folder of its own."""

    def __init__(self, name: str, folder: Path, library: Path) -> None:
        self.name = name
        self.subject = Subject(folder, fresh=name.startswith("fresh"))
        self._library = library
        self._uid = ""

    def prepare(self) -> None:
        """Bring the study to where the course begins."""
        if self.name == "plain":
            return
        if self.name == "interrupted":
            (self.subject.book / "interrupts").touch()
            return
        slow = self.subject.book / "slow"
        if self.name == "fresh-alive":
            slow.touch()
        launch = SECOND_BEGINNING if os.environ.get(VARIABLE) else SECOND_LAUNCH
        controller = self.subject.start(self._injection(launch, "kill-after"), fresh=False)
        wait_end(controller)
        if self.name == "fresh-alive":
            # Both must be in their work before what they wait for is taken away.
            self._wait_for_starts(2)
            slow.unlink()
        if self.name == "fresh":
            self.subject.left()
        self._uid = self._uids()[0]

    def run(self, moment: Moment | None) -> int | None:
        """Run the controller, killed at a moment or listing its calls; return its exit code."""
        if moment is None:
            return wait_end(self.subject.start(self._injection(None, "")))
        what = "kill-after" if moment.after else "kill-before"
        return wait_end(self.subject.start(self._injection(moment.call, what)))

    def reached(self) -> bool:
        """Tell whether the course had begun: a kill before that hit another moment.

        The next controller would get the interrupt then.
        """
        return not (self.subject.book / "interrupts").exists()

    def problems(self, moment: Moment | None) -> list[str]:
        """Give the same command again; return what is wrong."""
        found = again_problems(self.subject)
        fresh = self.name.startswith("fresh")
        found += self.subject.ledger_problems(self._spared(moment), lives=3 if fresh else 1)
        if fresh and self._uid not in self._uids():
            found.append("the journal of the study that was set aside is gone")
        return found + self.subject.speech_problems()

    def _spared(self, moment: Moment | None) -> frozenset[int]:
        """Return the X that may run again: those that were being stopped."""
        if self.name == "interrupted":
            return frozenset({0, 1})
        if self.name.startswith("fresh"):
            return frozenset(STARTS)
        return frozenset({DEAF}) if moment is not None and moment.stopping else frozenset()

    def calls(self) -> list[Call]:
        """Return the calls of the run that listed them."""
        return listed(self.subject.folder / "calls")

    def _injection(self, at: Call | None, what: str) -> Injection:
        log = self.subject.folder / ("hits" if at else "calls")
        return Injection(library=self._library, disk=self.subject.disk, log=log, at=at, what=what)

    def _wait_for_starts(self, count: int) -> None:
        ledger, deadline = self.subject.book / "ledger", time.monotonic() + 60
        while time.monotonic() < deadline:
            if ledger.exists() and ledger.read_text().count("START") >= count:
                return
            time.sleep(0.01)

    def _uids(self) -> list[str]:
        journals = (self.subject.disk / "studies").glob("*/journal.jsonl")
        found = (re.search(r'"uid":"(\w+)"', one.read_text()) for one in journals)
        return [match[1] for match in found if match]


@dataclass(slots=True)
class Campaign:
    """Hits moments, two at a time, and adds up what became of them."""

    folder: Path
    library: Path
    stop_at: float = math.inf
    counts: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def listed(self, course: str) -> list[Moment]:
        """Return the moments of a course.

        Raises:
            SystemExit: it did not end as it should, without any kill.
        """
        own = Course(course, self.folder / f"list-{course}", self.library)
        try:
            own.prepare()
            code = own.run(None)
            wanted = 130 if course == "interrupted" else 0
            if code != wanted:
                raise SystemExit(f"the course {course!r} ended with {code}:\n{own.subject.said()}")
            return moments_of(course, own.calls())
        finally:
            own.subject.sweep()

    def run(self, moments: Sequence[Moment], workers: int) -> None:
        """Hit them, as many as there is time for."""
        with ThreadPoolExecutor(workers) as pool:
            for moment, found in zip(moments, pool.map(self._hit_in_time, moments), strict=True):
                self.counts["listed"] += 1
                if found == TOO_LATE:
                    self.counts["left out, for want of time"] += 1
                    continue
                if found is None:
                    self.missed.append(str(moment))
                    continue
                self.counts["hit"] += 1
                self.counts[f"hit in {moment.course}: {moment.stretch}"] += 1
                if found:
                    self.counts["wrong"] += 1
                    self.problems.append({"moment": str(moment), "problems": found})

    def _hit_in_time(self, moment: Moment) -> list[str] | None:
        return TOO_LATE if time.monotonic() > self.stop_at else self.hit(moment)

    def hit(self, moment: Moment, *, keep: bool = False) -> list[str] | None:
        """Kill at a moment and give the same command again; None if it never came."""
        for _ in range(TRIES):
            folder = self.folder / f"moment-{next(self._numbers)}"
            own = Course(moment.course, folder, self.library)
            try:
                own.prepare()
                if own.run(moment) == -9 and own.reached():
                    return own.problems(moment)
            finally:
                own.subject.sweep()
                if not keep:
                    shutil.rmtree(folder, ignore_errors=True)
        return None

    def report(self, wall_s: float) -> dict[str, Any]:
        """Return the figures, and each kind of problem with the first moment that had it."""
        kinds: dict[str, dict[str, Any]] = {}
        for one in self.problems:
            for problem in one["problems"]:
                kind = re.sub(r"\d+", "N", re.sub(r"/\S+", "PATH", problem))[:160]
                own = kinds.setdefault(kind, {"moments": 0, "example": one["moment"]})
                own["moments"] += 1
        return {
            "wall_s": round(wall_s, 1),
            **dict(sorted(self.counts.items())),
            "missed": self.missed,
            "kinds_of_problems": kinds,
            "problems": self.problems,
        }


def main() -> int:
    """Run as the command line says; print and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--course", choices=COURSES, action="append", help="all if not given")
    parser.add_argument("--list", action="store_true", help="only print the moments")
    parser.add_argument("--only", help="the name of one moment; its folder is kept")
    parser.add_argument("--every", type=int, default=1, help="hit every so-many-th only")
    parser.add_argument(
        "--seconds", type=float, default=math.inf, help="begin no moment after so long; shuffled"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--starters", action="store_true", help="start each trial without a shell")
    parser.add_argument("--report", type=Path, help="a file for the figures, as JSON")
    given = parser.parse_args()
    take_interrupts()
    if given.starters:
        os.environ[VARIABLE] = "yes"
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="automl-moments-"))
    try:
        campaign = Campaign(folder, build(folder), began + given.seconds)
        courses = [given.only.partition(":")[0]] if given.only else given.course or COURSES
        moments = [one for course in courses for one in campaign.listed(course)]
        if given.list:
            sys.stdout.write("".join(f"{moment}\n" for moment in moments))
            return 0
        if given.only:
            return _run_only(campaign, moments, given.only)
        chosen = moments[:: given.every]
        if given.seconds < math.inf:
            # All courses get their share of the time.
            random.Random(1).shuffle(chosen)  # noqa: S311 - to be repeated
        campaign.run(chosen, given.workers)
        report = campaign.report(time.monotonic() - began)
    finally:
        if not given.only:
            shutil.rmtree(folder, ignore_errors=True)
    text = json.dumps(report, indent=2)
    if given.report:
        given.report.write_text(text + "\n")
    sys.stdout.write(text + "\n")
    return 1 if report["problems"] or report["missed"] else 0


def _run_only(campaign: Campaign, moments: Sequence[Moment], name: str) -> int:
    moment = next((one for one in moments if str(one) == name), None)
    if moment is None:
        raise SystemExit(f"there is no moment {name!r}; --list prints them all")
    found = campaign.hit(moment, keep=True)
    lines = ["not hit"] if found is None else found or ["nothing wrong"]
    sys.stdout.write("\n".join([str(moment), *lines, f"folders: {campaign.folder}", ""]))
    return 0 if found == [] else 1


if __name__ == "__main__":
    raise SystemExit(main())
