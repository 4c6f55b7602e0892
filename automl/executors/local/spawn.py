"""Starting the script of a launch as the leader of a session of its own."""

import contextlib
import errno
import os
import resource
import signal
from collections.abc import Iterator, Mapping

from automl.errors import LaunchError
from automl.executors.local.prologue import CGROUP_VARIABLE, GATE_VARIABLE
from automl.executors.processes.brand import put_brand, put_place_brand
from automl.forks import held_off
from automl.inside.marks import MARK_VARIABLE
from automl.study.launch import EXIT_FILE_VARIABLE, PLACE_VARIABLE, Launch

_FRESH_LOG = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEFAULT_SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ]
_NICEST = 19
_MARK, _PLACE, _EXIT_FILE, _CGROUP, _GATE = map(
    os.fsencode,
    (MARK_VARIABLE, PLACE_VARIABLE, EXIT_FILE_VARIABLE, CGROUP_VARIABLE, GATE_VARIABLE),
)


class Spawner:
    """Starts scripts with the environment that this process has now, each with its brand."""

    def __init__(self) -> None:
        # Encoded once: doing it for every launch would be a large part of a launch.
        self._environ = dict(os.environb)
        for own in (_PLACE, _CGROUP, _GATE):
            self._environ.pop(own, None)

    @property
    def environ(self) -> Mapping[bytes, bytes]:
        """The environment that scripts get, but for what tells whose they are."""
        return self._environ

    def start(self, launch: Launch, group: bytes | None) -> int:
        """Start a launch and return its pid.

        Args:
            launch: what to start.
            group: folder of the control group that it is to enter.

        Raises:
            OSError: it was not started.
        """
        env = {
            **self._environ,
            _MARK: os.fsencode(launch.mark),
            _EXIT_FILE: os.fsencode(launch.exit_path),
        }
        if launch.place:
            env[_PLACE] = os.fsencode(launch.place)
        if group is not None:
            env[_CGROUP] = group
        # All that it starts must have its brand, also where it cannot enter its group, and it
        # cannot be given one before it is there: so it waits at its gate until we open it. Should
        # we die before, it ends without having run. No forked child may have our end too.
        with held_off():
            wait_on, gate = os.pipe()
            try:
                pid = self._spawn(launch, {**env, _GATE: b"closed"}, wait_on)
                os.write(gate, b"\n")
                return pid
            finally:
                os.close(wait_on)
                os.close(gate)

    def _spawn(self, launch: Launch, env: dict[bytes, bytes], stdin: int) -> int:
        # Before it starts, for there is no later moment that all it starts inherits from.
        with _bound_to(launch.cpus):
            pid = os.posix_spawn(
                launch.shell,
                [os.path.basename(launch.shell), launch.script],  # noqa: PTH119 - hot
                env,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, stdin, 0),
                    (os.POSIX_SPAWN_OPEN, 1, launch.stdout, _FRESH_LOG, 0o666),
                    (os.POSIX_SPAWN_OPEN, 2, launch.stderr, _FRESH_LOG, 0o666),
                ],
                setsid=True,
                setsigmask=[],
                setsigdef=_DEFAULT_SIGNALS,
            )
        put_brand(pid, launch.mark)
        if launch.place:
            put_place_brand(pid, launch.place)
        if launch.nice:
            own = os.getpriority(os.PRIO_PROCESS, 0)
            # After: this process could not take its own old priority back. Gone already: no matter.
            with contextlib.suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PGRP, pid, min(_NICEST, own + launch.nice))
        return pid


@contextlib.contextmanager
def _on_cpus(cpus: tuple[int, ...]) -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cpus)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _bound_to(cpus: tuple[int, ...] | None) -> contextlib.AbstractContextManager[None]:
    """Return a context in which this thread, and what it starts, runs on `cpus` only."""
    if cpus is None or not hasattr(os, "sched_setaffinity"):
        return contextlib.nullcontext()
    return _on_cpus(cpus)


def kill_at_once(pid: int) -> None:
    """Kill and reap a child that was just started and leads its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def launch_error(launch: Launch, error: OSError) -> LaunchError:
    """Return what to tell when the system did not let a launch start."""
    why = error.strerror or error
    lines = [f"trial {launch.trial_id}: cannot start {launch.shell} {launch.script}: {why}"]
    if error.errno in (errno.EMFILE, errno.ENFILE):
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        lines.append(f"limit: {soft} open files for this process")
        lines.append("do:    raise it (ulimit -n) before starting, or lower max_parallel")
    elif error.errno == errno.EAGAIN:
        soft, _ = resource.getrlimit(resource.RLIMIT_NPROC)
        known = "none set" if soft == resource.RLIM_INFINITY else str(soft)
        lines.append(f"limit: processes of this user: {known} (a container may have its own)")
        lines.append("do:    end other processes, raise it (ulimit -u), or lower max_parallel")
    elif error.errno == errno.ENOMEM:
        lines.append("do:    free memory, or lower max_parallel")
    elif launch.cpus is not None and error.errno == errno.EINVAL:
        lines.append(f"cpus:  {', '.join(map(str, launch.cpus))}; this process may not use them")
    else:
        lines.append(f"logs:  {launch.stdout}, {launch.stderr}; can they be written?")
    told = LaunchError("\n  ".join(lines))
    told.errno = error.errno
    return told
