"""A place where tests of executors run real processes, and see what is left of them."""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

from automl.clock import SystemClock
from automl.executors.executor import Executor, Runs, Wanted
from automl.executors.local.executor import LocalExecutor
from automl.executors.local.prologue import PROLOGUE
from automl.executors.local.watch import PollWatch, Watch
from automl.executors.processes.identity import has_ended
from automl.render.script import only_argv, trial_script
from automl.study.launch import Began, Direct, Ended, EndKind, Handle, Launch, News
from automl.testing import Behaviour
from automl.waker import Waker

PROGRAMS = Path(__file__).parents[1] / "programs"
PYTHON = (sys.executable, "-S", "-E")
DEADLINE_S = 100.0
STRAY_S = 0.2


@dataclass(frozen=True)
class Kind:
    """A way to make a local executor."""

    watch: Callable[[Waker], Watch] | None = None
    cgroups: bool = True
    starters: bool = False


KINDS = {
    "groups": Kind(),
    "no groups": Kind(cgroups=False),
    "polling": Kind(watch=PollWatch, cgroups=False),
    "starters": Kind(cgroups=False, starters=True),
}


class LocalPlace:
    """A workplace on this machine, below a folder of its own."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        self.folder = folder
        self.kind = kind
        self.waker = Waker()
        self._executors: list[LocalExecutor] = []
        self._launched = 0

    def executor(self) -> LocalExecutor:
        executor = LocalExecutor(
            self.waker,
            SystemClock(),
            self.kind.watch,
            cgroups=self.kind.cgroups,
            stray_grace_s=STRAY_S,
            pays_after=0 if self.kind.starters else None,
        )
        self._executors.append(executor)
        return executor

    def launch(self, trial_id: int, behaviour: Behaviour) -> Launch:
        runs = ("sh", str(PROGRAMS / "behave.sh"), "runs", "marker")
        match behaviour:
            case Behaviour.FAILS:
                return self.launch_of("exit 3", trial_id=trial_id)
            case Behaviour.RUNS:
                return self.launch_of(runs, trial_id=trial_id)
            case Behaviour.STUBBORN:
                return self.launch_of(runs, trial_id=trial_id, first="trap '' TERM\n")
            case Behaviour.REFUSED:
                launch = self.launch_of("true", trial_id=trial_id)
                return replace(launch, stdout=str(self.folder / "nowhere" / "stdout.log"))

    def launch_of(
        self, *commands: tuple[str, ...] | str, trial_id: int = 0, first: str = ""
    ) -> Launch:
        """Return a launch of commands, in a folder of its own."""
        folder = self.folder / str(self._launched)
        self._launched += 1
        folder.mkdir()
        text = trial_script(
            title="t", cwd=str(folder), exports=first, commands=commands, prologue=PROLOGUE
        )
        (folder / "trial.sh").write_text(text)
        return Launch(
            trial_id=trial_id,
            script=str(folder / "trial.sh"),
            stdout=str(folder / "stdout.log"),
            stderr=str(folder / "stderr.log"),
            exit_path=str(folder / "exit"),
            mark=f"{self.folder}:{folder.name}",
            place=str(self.folder),
            direct=_direct(commands, str(folder), first),
        )

    def bad(self, behaviour: str, *, trial_id: int = 0) -> Launch:
        """Return a launch of `behave.sh`."""
        program = str(PROGRAMS / "behave.sh")
        return self.launch_of(("sh", program, behaviour, "marker"), trial_id=trial_id)

    def python(self, program: str, *words: str, trial_id: int = 0) -> Launch:
        """Return a launch of a program in Python."""
        command = (*PYTHON, str(PROGRAMS / program), "marker", *words)
        return self.launch_of(command, trial_id=trial_id)

    def wait_until_at_work(self, launch: Launch) -> None:
        marker = Path(launch.script).with_name("marker")
        until(marker.exists, f"{marker} was not made")

    def left(self) -> list[int]:
        """Return the pids of all living processes whose working directory is in our folder."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    where = (entry / "cwd").readlink()
                    # One that is dying has no memory before it has no working directory.
                    is_dying = (entry / "statm").read_text().startswith("0 ")
                except OSError:
                    continue
                if where.is_relative_to(self.folder) and not is_dying:
                    found.append(int(entry.name))
        return found

    def close(self) -> list[int]:
        """Close all executors; kill and return what was left."""
        for executor in self._executors:
            executor.close()
        self.waker.close()
        with suppress(ChildProcessError):
            # They end by themselves once what they started has, in whichever executor's time.
            while self.kind.starters:
                until(lambda: os.waitpid(-1, os.WNOHANG)[0], "a starter does not end")
        left = self.left()
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return left


def _direct(commands: Sequence[tuple[str, ...] | str], cwd: str, first: str) -> Direct | None:
    """Return what a starter is to do in place of a script."""
    argv = only_argv(commands)
    if argv and first:
        argv = ("/bin/sh", "-c", f'{first}exec "$@"', "sh", *argv)
    return Direct(argv=argv, cwd=cwd, exports={}) if argv else None


def until(holds: Callable[[], object], otherwise: str) -> None:
    """Return once something holds, which another process makes true."""
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise)
        time.sleep(0.002)


def wait_end(pid: int) -> None:
    """Return once the leader of a launch has ended, and its parent took note."""
    until(lambda: has_ended(pid), f"process {pid} does not end")
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


_untold: WeakKeyDictionary[object, list[News]] = WeakKeyDictionary()
"""What executors told that no test has asked for yet."""


def told(executor: Executor, kind: type[News], trial_id: int | None = None) -> News:
    """Return the next that an executor tells of that kind, which has to come."""
    untold = _untold.setdefault(executor, [])
    while True:
        for one in untold:
            if isinstance(one, kind) and trial_id in (None, one.trial_id):
                untold.remove(one)
                return one
        news = executor.wait(DEADLINE_S)
        assert news, f"no {kind.__name__} was told"
        untold += news


def start(executor: Executor, launch: Launch) -> Handle:
    """Submit a launch, and return its whole handle once it has begun."""
    executor.submit([launch])
    began = told(executor, Began, launch.trial_id)
    assert isinstance(began, Began)
    return began.handle


def refusal(executor: Executor, launch: Launch) -> Ended:
    """Submit a launch that cannot be started, and return how that was told."""
    executor.submit([launch])
    (ended,) = executor.wait(DEADLINE_S)
    assert isinstance(ended, Ended)
    assert ended.kind is EndKind.REFUSED
    return ended


def attach(
    executor: Executor, handles: Sequence[Handle], rest_s: float | None = None
) -> list[Handle]:
    """Look for launches that another executor started; return the handles of those that run."""
    wanted = [
        Wanted(
            handle=one,
            mark=str(one["mark"]),
            exit_path=str(one["exit"]),
            script=str(Path(str(one["exit"])).with_name("trial.sh")),
            rest_s=rest_s,
        )
        for one in handles
    ]
    return [found.handle for found in executor.find(wanted) if isinstance(found, Runs)]


def only_end(executor: Executor) -> Ended:
    """Return the next end, which has to come alone."""
    ended = told(executor, Ended)
    assert isinstance(ended, Ended)
    assert _untold[executor] == []
    return ended
