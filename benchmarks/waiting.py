"""What a controller uses while its trials run and nothing happens."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import Settings, environment, study
from benchmarks.rows import Row, Unavailable, row

TRIALS = 16
LOOK_S, QUICK_LOOK_S = 10.0, 1.0
SLEEP_S = 20
START_S = 30.0
END_S = 30.0
CPU_PERCENT = 1.0
MEMORY_MB = 90.0


def waiting(settings: Settings) -> Iterator[Row]:
    """Yield CPU and memory of a controller with 16 sleeping trials, default search."""
    if not Path("/proc/self/stat").exists():
        raise Unavailable("there is no /proc")
    look_s = QUICK_LOOK_S if settings.quick else LOOK_S
    folder = settings.fresh_folder()
    with _controller(folder) as controller:
        _wait_for_starts(controller, folder / "automl_studies" / "study" / "journal.jsonl")
        before, began = _cpu_s(controller.pid), time.monotonic()
        time.sleep(look_s)
        used = (_cpu_s(controller.pid) - before) / (time.monotonic() - began)
        memory_mb = _memory_mb(controller.pid)
        maps = Path(f"/proc/{controller.pid}/maps").read_text(encoding="utf-8", errors="replace")
        if controller.poll() is not None:
            raise RuntimeError("the controller ended while it was looked at")
    who = f"waiting on {TRIALS} trials"
    note = f"over {look_s:.0f} s"
    yield row(
        f"{who}: CPU of a core", [100 * used], "%", at_most=CPU_PERCENT, below=True, note=note
    )
    yield row(f"{who}: memory", [memory_mb], "MB", at_most=MEMORY_MB, note="default search")
    loaded = maps.count("/pandas/")
    note = "pandas is not loaded" if loaded == 0 else "pandas is loaded"
    yield row(f"{who}: files of pandas mapped", [loaded], "files", at_most=0, note=note)


@contextmanager
def _controller(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the study; interrupt it afterwards, which stops its trials too."""
    with (folder / "output.log").open("wb") as output:
        controller = subprocess.Popen(
            study("sleeping.py", TRIALS, SLEEP_S),
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield controller
    finally:
        controller.send_signal(signal.SIGINT)
        try:
            controller.wait(END_S)
        except subprocess.TimeoutExpired:
            controller.kill()
            controller.wait()


def _wait_for_starts(controller: "subprocess.Popen[bytes]", journal: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and controller.poll() is None:
        text = journal.read_text(encoding="utf-8") if journal.exists() else ""
        if text.count('"event":"TrialStarted"') == TRIALS:
            return
        time.sleep(0.1)
    raise RuntimeError(f"the controller did not start {TRIALS} trials within {START_S:.0f} s")


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process itself, in steps of usually 10 ms."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    # The name in brackets may hold anything, so count from its last bracket.
    fields = text.rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    kilobytes = text.split("VmRSS:")[1].split()[0]
    return int(kilobytes) / 1024
