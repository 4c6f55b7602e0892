"""What an executor starts, the plain data of a launch, and what becomes of it."""

import signal
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from automl.inside.calling.given import Given
from automl.inside.calling.words import Call
from automl.inside.marks import (
    FUNCTION_VARIABLE,
    MARK_VARIABLE,
    OUTER_RANKS_VARIABLE,
    SCRIPT_VARIABLE,
    TRIAL_DIR_VARIABLE,
)

Handle: TypeAlias = Mapping[str, "str | int"]
"""A launch as plain data: it goes into the journal and finds the launch again.

It has the `executor`, the `study`'s id, the `trial` and the `attempt`, which are known before
anything is started. An executor adds what it finds the launch by once it has begun.
"""

PLACE_VARIABLE = "AUTOML_STUDY_FOLDER"
"""The environment variable that every process of a trial inherits; it names the study's folder."""

EXIT_FILE_VARIABLE = "AUTOML_EXIT_FILE"
"""The environment variable that tells a trial's script where to leave its exit code."""

OWN_VARIABLES = frozenset(
    {
        MARK_VARIABLE,
        PLACE_VARIABLE,
        EXIT_FILE_VARIABLE,
        SCRIPT_VARIABLE,
        FUNCTION_VARIABLE,
        TRIAL_DIR_VARIABLE,
        OUTER_RANKS_VARIABLE,
    }
)
"""The variables that every executor, script, or process of a function sets, whatever it got."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prologue:
    """Lines of `sh` that a place puts around the commands of the scripts that it starts.

    A person may run the same scripts by hand: then the lines do nothing.

    Args:
        trial: what `trial.sh` does before anything else.
        cleanup: what `cleanup.sh` does before anything else.
        end: what `trial.sh` does after its commands, with their exit code in `$code`.
        started: a command that succeeds where the place has started `trial.sh`, and fails where a
            person has.
        variables: what tells them what to do, in the environment of the script; not for the user
            to set.
    """

    trial: Sequence[str] = ()
    cleanup: Sequence[str] = ()
    end: Sequence[str] = ()
    started: str = "false"
    variables: Collection[str] = ()


_KEPT = EXIT_FILE_VARIABLE.lower()

LEAVES_EXIT = Prologue(
    trial=(f"{_KEPT}=${{{EXIT_FILE_VARIABLE}-}}; unset {EXIT_FILE_VARIABLE}",),
    cleanup=(f"unset {EXIT_FILE_VARIABLE}",),
    end=(f'if [ -n "${_KEPT}" ]; then echo "$code" > "${_KEPT}"; fi',),
    started=f'[ -n "${_KEPT}" ]',
)
"""Leaves the exit code and a newline in the file that `AUTOML_EXIT_FILE` names, if it is set.

The commands do not inherit the variable. The file is not written by rename, which would cost
another process: a reader accepts it only once it ends in a newline.
"""


SHELL = "/bin/sh"
"""What runs scripts, and lines of commands, where nothing asks for another shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """The one command that a launch's script runs, for whoever can start it without a shell.

    Args:
        argv: the program and its arguments.
        cwd: absolute path of the working directory.
        exports: the variables that it gets besides those of this process, in their order.
        call: what it does, if it calls a function; for whoever can do that without the command.
    """

    argv: tuple[str, ...]
    cwd: str
    exports: Mapping[str, str]
    call: Call | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One attempt at a trial, ready to start.

    Args:
        trial_id: whose attempt it is.
        script: path of the shell script to run; it changes to its own working directory.
        stdout: path of the file that gets its standard output.
        stderr: path of the file that gets its standard error.
        exit_path: path of the file where the script leaves its exit code.
        mark: the value of the marking variable, the same in every process of this trial.
        attempt: which attempt at the trial it is, from 1.
        place: the real path of the study's folder, which every process carries too; may be empty.
        cpus: the CPUs that it may use, None for all.
        nice: how much lower than the controller's its priority is, 0 to 19.
        memory_bytes: what all its processes together may use, None for no limit.
        shell: the path of the shell that runs the script.
        direct: what the script does, if that is no more than to run one command.
        given: the values that its trial is given.
        more: whether further launches of its study are expected.
        objects: the URLs of its metric files on other machines. What is there before it begins is
            to be noted in the folder of its script.
    """

    trial_id: int
    script: str
    stdout: str
    stderr: str
    exit_path: str
    mark: str
    attempt: int = 1
    place: str = ""
    cpus: tuple[int, ...] | None = None
    nice: int = 0
    memory_bytes: int | None = None
    shell: str = SHELL
    direct: Direct | None = None
    given: Given | None = None
    more: bool = False
    objects: tuple[str, ...] = ()

    def handle(self, executor: str) -> Handle:
        """Return what names this launch before it was started."""
        return handle_of(executor, self.mark, self.trial_id, self.attempt)

    def is_of(self, handle: Handle) -> bool:
        """Tell whether a handle names this launch, and not another one of its trial."""
        attempt = handle.get("attempt", self.attempt)
        return int(handle["trial"]) == self.trial_id and attempt == self.attempt


def handle_of(executor: str, mark: str, trial_id: int, attempt: int) -> Handle:
    """Return what names a launch, whether or not it was started.

    >>> handle_of("local", "5ad3:7", 7, 1)
    {'executor': 'local', 'study': '5ad3', 'trial': 7, 'attempt': 1}
    """
    study = mark.rpartition(":")[0]
    return {"executor": executor, "study": study, "trial": trial_id, "attempt": attempt}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How one attempt ended.

    Attributes:
        code: the exit code, negative for a signal as in `subprocess`, None if nobody saw it.
        peak_memory_bytes: largest resident size of a process of the attempt, if known.
        cpu_s: CPU seconds of the attempt, children that were waited for included, if known.
        out_of_memory: the kernel killed it for want of memory, or it passed its own limit.
        memory_limit_bytes: the own limit that it passed, None where it passed none.
        memory_was_short: whether the machine had no memory to spare as well, so that what others
            used may be to blame.
        left_running: whether others of the attempt still ran when its command had ended, and were
            stopped.
    """

    code: int | None
    peak_memory_bytes: int | None = None
    cpu_s: float | None = None
    out_of_memory: bool = False
    memory_limit_bytes: int | None = None
    memory_was_short: bool = False
    left_running: bool = False

    @property
    def over_own_share(self) -> bool:
        """Whether it used more than its own share while there was memory, so would do so alone."""
        return self.memory_limit_bytes is not None and not self.memory_was_short

    @property
    def signal_name(self) -> str | None:
        """The signal that ended the attempt, as `SIGKILL`, or `signal 35` without a name, or None.

        A shell reports a command killed by signal n as 128 + n; so does a script of ours.
        """
        if self.code is None:
            return None
        number = -self.code if self.code < 0 else self.code - 128
        try:
            return signal.Signals(number).name
        except ValueError:
            return f"signal {number}" if self.code < 0 else None

    def __str__(self) -> str:
        """Return the end in words: `exit code 3`, `killed by SIGKILL`, `end unseen`."""
        if self.code is None:
            return "end unseen"
        return f"killed by {self.signal_name}" if self.signal_name else f"exit code {self.code}"


class EndKind(StrEnum):
    """What kind of end a launch came to."""

    EXITED = "exited"
    """It ran, and ended by itself, by a signal, or as it was cancelled; its `Exit` tells."""

    REFUSED = "refused"
    """It was not started, for a reason that `problem` tells."""

    CANCELLED = "cancelled"
    """It was cancelled before it began, so nothing of it ever ran."""

    LOST = "lost"
    """Nobody can tell what became of it, but nothing of it runs: it can be run again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A launch waits for its turn, as in the queue of a cluster."""

    trial_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """A launch runs from now on: the clock of its trial starts.

    Attributes:
        trial_id: whose.
        handle: its handle, with all that finds it again.
        ran_s: for how long it has run by now, where it is told late.
    """

    trial_id: int
    handle: Handle
    ran_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The end of a launch, nothing of which runs.

    Attributes:
        trial_id: whose.
        exit: how it ended, as far as somebody saw it.
        kind: what kind of end it was.
        problem: why it was refused, or lost; for people.
        errno: the number of the system's error that refused it, if it was one; it may be one that
            passes.
        lasted_s: for how long it ran, where the executor alone can know; of one that ended while
            nobody watched it.
        ended_ns: when that was, in nanoseconds since 1970, if it can be told.
    """

    trial_id: int
    exit: Exit = field(default_factory=lambda: Exit(code=None))
    kind: EndKind = EndKind.EXITED
    problem: str = ""
    errno: int | None = None
    lasted_s: float | None = None
    ended_ns: int | None = None


News: TypeAlias = Queued | Began | Ended
"""What an executor tells of a launch, in this order; what begins at once is never queued."""
