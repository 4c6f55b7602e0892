"""What an executor starts, the plain data of a started one, and how it ended."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Handle: TypeAlias = Mapping[str, "str | int"]
"""A started launch as plain data: it goes into the journal and finds the process again."""

REST_MS = "rest_ms"
"""In a handle that is looked for: it was asked to end, and may take so many more milliseconds."""

MARK_VARIABLE = "AUTOML_MARK"
"""The environment variable that every process of a trial inherits; its value names the trial."""

PLACE_VARIABLE = "AUTOML_STUDY_FOLDER"
"""The environment variable that every process of a trial inherits; it names the study's folder."""

EXIT_FILE_VARIABLE = "AUTOML_EXIT_FILE"
"""The environment variable that tells a trial's script where to leave its exit code."""

CGROUP_VARIABLE = "AUTOML_CGROUP"
"""The environment variable that tells a trial's script which control group it is to enter."""

GATE_VARIABLE = "AUTOML_GATE"
"""The environment variable that tells a trial's script to wait until its standard input is closed.

It starts nothing before, so that what is done to it by then reaches all that it starts.
"""


OWN_VARIABLES = frozenset(
    {MARK_VARIABLE, PLACE_VARIABLE, EXIT_FILE_VARIABLE, CGROUP_VARIABLE, GATE_VARIABLE}
)
"""The variables that an executor sets, whatever the environment has."""


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
        place: the real path of the study's folder, which every process carries too; may be empty.
        cpus: the CPUs that it may use, None for all.
        nice: how much lower than the controller's its priority is, 0 to 19.
        memory_bytes: what all its processes together may use, None for no limit.
    """

    trial_id: int
    script: str
    stdout: str
    stderr: str
    exit_path: str
    mark: str
    place: str = ""
    cpus: tuple[int, ...] | None = None
    nice: int = 0
    memory_bytes: int | None = None


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
    """

    code: int | None
    peak_memory_bytes: int | None = None
    cpu_s: float | None = None
    out_of_memory: bool = False
    memory_limit_bytes: int | None = None
    memory_was_short: bool = False

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One exit as an executor reports it: which trial, and how."""

    trial_id: int
    exit: Exit = field(default_factory=lambda: Exit(code=None))
