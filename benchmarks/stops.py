"""How soon all running trials are asked to stop after a Ctrl-C, on a machine that is busy."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import Settings, environment, study
from benchmarks.rows import Row, Unavailable, row

TRIALS, QUICK_TRIALS = 200, 20
BUSY = 8
SLEEP_S = 98_765
"""Seconds that each trial would run, by which its process is told from others."""

START_S, END_S = 120.0, 60.0
LOOK_S = 0.02
ASKED_S = 1.0


def stops(settings: Settings) -> Iterator[Row]:
    """Yield when the first and the last trial were asked, and when the controller had ended.

    A `sleep` ends as soon as it is asked, so its end tells when that was.
    """
    if not Path("/proc/self/stat").exists():
        raise Unavailable("there is no /proc")
    count = QUICK_TRIALS if settings.quick else TRIALS
    folder = settings.fresh_folder()
    with (folder / "output.log").open("wb") as output:
        controller = subprocess.Popen(
            study("sleeping.py", count, SLEEP_S),
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            with _busy_processes():
                first_s, last_s, ended_s = _stopped(controller, count)
        finally:
            controller.kill()
            controller.wait()
    note = f"beside {BUSY} busy processes; {count} trials"
    yield row("Ctrl-C: the first trial is asked", [first_s], "s", note=note)
    yield row("Ctrl-C: the last trial is asked", [last_s], "s", at_most=ASKED_S, note=note)
    yield row("Ctrl-C: the controller has ended", [ended_s], "s", note=f"{note}, grace 1 s")


def _stopped(controller: "subprocess.Popen[bytes]", count: int) -> tuple[float, float, float]:
    """Interrupt a study once all its trials run; return the seconds to three moments."""
    left = _sleepers(controller, count)
    controller.send_signal(signal.SIGINT)
    began = time.monotonic()
    first_s = last_s = 0.0
    while left and time.monotonic() < began + END_S:
        time.sleep(LOOK_S)
        left = [pid for pid in left if _is_sleeper(pid)]
        last_s = time.monotonic() - began
        first_s = first_s or (last_s if len(left) < count else 0.0)
    controller.wait(END_S)
    return first_s, last_s, time.monotonic() - began


def _sleepers(controller: "subprocess.Popen[bytes]", count: int) -> list[int]:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and controller.poll() is None:
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        found = [pid for pid in pids if _is_sleeper(pid)]
        if len(found) == count:
            return found
        time.sleep(0.2)
    raise RuntimeError(f"the controller did not start {count} trials within {START_S:.0f} s")


def _is_sleeper(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() == f"sleep\0{SLEEP_S}\0".encode()
    except OSError:
        return False


@contextmanager
def _busy_processes() -> Iterator[None]:
    busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for one in busy:
            os.kill(one.pid, signal.SIGKILL)
            one.wait()
