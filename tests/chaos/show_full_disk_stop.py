"""Shows that stops wait for no start: a hung trial and a stop request while nothing can be started.

    python -m tests.chaos.show_full_disk_stop

A study runs two trials that hang; a third place is free, but no trial can be started any more, as
if the machine had no room for processes. One of the two is then over its trial_timeout, and the
other is asked to stop. Both must end although nothing can be started. The exit code is 0 if they
do, else 1.
"""

import contextlib
import errno
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from automl.executors.local.spawn import Spawner
from automl.hpo import AutoTuner, hyperparam, open_study, reader, task
from automl.study.launch import Launch

DEADLINE_S = 40.0
LATE_S = 5
HANGING = 2
HANG = 'echo $$ > "$0"; sleep 1000'


def main() -> int:
    """Run the study, look at it while nothing can be started, and say what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _start_only(HANGING)
        tuner = _tuner(place)
        tuner.fit(synchronize=False)
        right = _look(place)
        open_study("show", place).stop()
        with contextlib.suppress(SystemExit, KeyboardInterrupt):
            tuner.wait()
    verdict = "right" if right else "broken: a stop waited for a start that could not be done"
    sys.stdout.write(f"{verdict}\n")
    return 0 if right else 1


def _tuner(place: Path) -> AutoTuner:
    x = hyperparam.create(type="Categorical", name="x", candidates=list(range(9)))
    metric = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"value (\d)"
    )
    work = task.create(
        type="BashTask",
        metric_reader=metric,
        cmd=["sh", "-c", HANG, str(place / "pid.{{ trial.id }}"), "{{ trial.param.x }}"],
    )
    return AutoTuner(
        [x],
        [work],
        HANGING + 1,
        9,
        algorithm="grid",
        name="show",
        study_dir=place,
        trial_timeout=LATE_S,
        grace=1,
    )


def _start_only(count: int) -> None:
    """Let no trial be started after so many."""
    start, started = Spawner.start, []

    def limited(spawner: Spawner, launch: Launch, group: bytes | None) -> int:
        if len(started) >= count:
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        started.append(launch.trial_id)
        return start(spawner, launch, group)

    Spawner.start = limited  # type: ignore[method-assign]


def _look(place: Path) -> bool:
    """Ask to stop the second trial, and wait until both are gone."""
    pids = [place / f"pid.{number}" for number in range(HANGING)]
    if not _within(lambda: all(pid.exists() and pid.read_text().strip() for pid in pids)):
        sys.stdout.write("the trials did not begin" + "\n")
        return False
    open_study("show", place).stop_trial(1)
    right = True
    for number, what in ((1, "the stop request"), (0, "the time-out")):
        process = Path("/proc", pids[number].read_text().strip())
        gone = _within(partial(_gone, process))
        sys.stdout.write(f"trial {number}: {'ended' if gone else 'still runs'} after {what}" + "\n")
        right = right and gone
    return right


def _gone(process: Path) -> bool:
    return not process.exists()


def _within(fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + DEADLINE_S
    while not fact():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


if __name__ == "__main__":
    sys.exit(main())
