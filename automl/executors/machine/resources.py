"""Shares the machine out: which GPUs, CPUs and memory the next trial may have, if any."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from automl.errors import SpecError
from automl.executors.machine.gpus import VISIBLE, Gpu, GpuDriver, NvmlDriver, choose_gpus
from automl.executors.machine.memory import MachineMemory
from automl.spelling.spelling import spelled
from automl.study.resources import THREAD_VARIABLES, Grant, ResourceSpec, size_text

RESERVE_BYTES = 200 * 2**20
"""Memory that no start may touch where trials have no limit of their own."""

_PEAK_MARGIN = 1.1
_NEGLIGIBLE_SHARE = 0.01


class Resources:
    """What the machine has for trials and who holds it.

    To be used from one thread. It counts; binding CPUs and enforcing limits is the executor's.

    Memory is admitted so. With `memory_bytes`, each running trial is taken to use all of its limit,
    counted from what was available while none ran (or more, if more is available by now); the next
    one's limit must fit into the rest, and into what is available now. What other programs took
    since is thus seen only once the trials have grown. Without `memory_bytes`, the highest peak of
    the trials that ended, a tenth more and a reserve must be available now. Either way a trial may
    start when none runs.

    Args:
        spec: what each trial gets.
        max_parallel: for the notes only; the caller keeps to it.
        driver: tells the GPUs; None asks NVIDIA's library, and only if the study wants GPUs.
        cpus: the CPUs to share out; None for those this process may use.
        memory: the machine's.
        held: UUIDs of the GPUs of trials that an earlier controller started and that still run, so
            that these do not pass for somebody else's.
        environ: the controller's environment; variables for threads that it has are not set.

    Attributes:
        capacity: how many trials GPUs and CPUs allow at once; None if they set no limit.
        notes: for the log: GPUs left out, and what allows fewer trials than `max_parallel`.

    Raises:
        SpecError: not even one trial fits, or the GPUs asked for are not there.
    """

    def __init__(  # noqa: PLR0913 - each from another part of the machine
        self,
        spec: ResourceSpec,
        max_parallel: int,
        *,
        memory: MachineMemory,
        driver: GpuDriver | None = None,
        cpus: Sequence[int] | None = None,
        held: Collection[str] = (),
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._unset = [name for name in THREAD_VARIABLES if name not in environ]
        gpus: tuple[Gpu, ...] = ()
        gpu_notes: tuple[str, ...] = ()
        if spec.gpus is not None:
            devices = (driver or NvmlDriver()).devices()
            gpus, gpu_notes = choose_gpus(spec, devices, own_pids={os.getpid()}, held=held)
        self._gpus = _GpuSlots(spec, gpus) if spec.gpus is not None else None
        usable = usable_cpus() if cpus is None else cpus
        self._cpu_count, self._cpus_each = len(usable), spec.cpus
        self._cpus = _CpuBlocks(spec.cpus, usable) if spec.cpus else None
        self._memory = _Admission(spec.memory_bytes, memory)
        self._running: set[int] = set()
        limited = [pool.capacity for pool in (self._gpus, self._cpus) if pool]
        self.capacity = min(limited) if limited else None
        bounds = [pool.bound() for pool in (self._gpus, self._cpus) if pool]
        self.notes = gpu_notes + tuple(
            f"{spelled('max_parallel', max_parallel)}, but {what} allow "
            f"{_count(trials, 'trial')} at once"
            for what, trials in (*bounds, *self._memory.bounds())
            if trials < max_parallel
        )

    def room(self) -> str:
        """Return an empty text if one more trial may start now, else why not, in a few words."""
        for pool in (self._gpus, self._cpus):
            if pool and (why := pool.room()):
                return why
        return self._memory.room(len(self._running))

    def acquire(self, trial_id: int, beside: int = 1) -> Grant:
        """Return what the trial gets, its own until `release`; ask `room` first.

        Args:
            trial_id: the trial.
            beside: how many trials may run at once now, this one included, by which the CPUs are
                divided to say how many threads it is to start.

        Raises:
            RuntimeError: no GPU or CPUs are left, or the trial has its share already.
        """
        if trial_id in self._running:
            raise RuntimeError(f"trial {trial_id} has its resources already")
        if why := (self._gpus and self._gpus.room()) or (self._cpus and self._cpus.room()):
            raise RuntimeError(f"trial {trial_id} cannot start: {why}")
        if not self._running:
            self._memory.note_idle()
        self._running.add(trial_id)
        gpus = self._gpus.take(trial_id) if self._gpus else ()
        env = {VISIBLE: ",".join(gpus)} if self._gpus else {}
        return Grant(
            env=self._threads(beside) | env,
            cpus=self._cpus.take(trial_id) if self._cpus else None,
            gpus=gpus,
        )

    def _threads(self, beside: int) -> dict[str, str]:
        """Return the variables by which the CPUs are shared out; what the user set stays."""
        count = self._cpus_each or max(1, self._cpu_count // beside)
        return dict.fromkeys(self._unset, str(count))

    def restore(self, trial_id: int, gpus: tuple[str, ...], cpus: tuple[int, ...]) -> None:
        """Count a trial of an earlier controller that still runs, with what it was given then.

        Its part of a GPU counts as large as today's; GPUs and CPUs that are not shared out any more
        are no hindrance, and neither is a machine that is fuller than the study now allows.
        """
        self.release(trial_id, None)
        self._running.add(trial_id)
        if self._gpus:
            self._gpus.hold(trial_id, gpus)
        if self._cpus:
            self._cpus.hold(trial_id, cpus)

    def release(self, trial_id: int, peak_memory_bytes: int | None) -> None:
        """Take back what a trial had, once nothing of it runs any more; unknown trials are fine.

        Args:
            trial_id: the trial.
            peak_memory_bytes: the most memory it used at once; None if unknown.
        """
        self._running.discard(trial_id)
        for pool in (self._gpus, self._cpus):
            if pool:
                pool.free(trial_id)
        self._memory.note_peak(peak_memory_bytes or 0)


class _GpuSlots:
    """GPUs with as many slots each as trials may share one."""

    def __init__(self, spec: ResourceSpec, gpus: Sequence[Gpu]) -> None:
        self._slots = spec.trials_per_gpu
        self._per_trial = max(1, int(spec.gpus_per_trial))
        self._load = {gpu.uuid: 0 for gpu in gpus}
        self._held: dict[int, tuple[str, ...]] = {}
        self.capacity = len(gpus) * self._slots // self._per_trial
        if not self.capacity:
            raise SpecError(
                f"{spelled('gpus_per_trial', self._per_trial)}, but the study has "
                f"{_count(len(gpus), 'GPU')}: "
                f"{', '.join(map(str, gpus))}; lower {spelled('gpus_per_trial')}, or "
                f"list more in {spelled('gpus')}"
            )

    def bound(self) -> tuple[str, int]:
        return _count(len(self._load), "GPU"), self.capacity

    def room(self) -> str:
        free = sum([load < self._slots for load in self._load.values()])
        if free >= self._per_trial:
            return ""
        return f"waiting for {_count(self._per_trial, 'GPU')}, {free} of {len(self._load)} are free"

    def take(self, trial_id: int) -> tuple[str, ...]:
        # Sorting is stable, so equally loaded GPUs are taken in their order; a full one comes last.
        least = sorted(self._load, key=self._load.__getitem__)[: self._per_trial]
        # In the order of the machine, as neighbours are often linked and a program numbers them so.
        gpus = tuple([uuid for uuid in self._load if uuid in least])
        self.hold(trial_id, gpus)
        return gpus

    def hold(self, trial_id: int, gpus: tuple[str, ...]) -> None:
        self._held[trial_id] = gpus = tuple([uuid for uuid in gpus if uuid in self._load])
        for uuid in gpus:
            self._load[uuid] += 1

    def free(self, trial_id: int) -> None:
        for uuid in self._held.pop(trial_id, ()):
            self._load[uuid] -= 1


class _CpuBlocks:
    """CPUs cut into blocks of neighbours, one for each trial, so that gaps never add up."""

    def __init__(self, per_trial: int, cpus: Sequence[int]) -> None:
        if per_trial > len(cpus):
            raise SpecError(
                f"{spelled('cpus_per_trial', per_trial)}, but {_count(len(cpus), 'CPU')} may be "
                f"used here; "
                f"lower {spelled('cpus_per_trial')}"
            )
        ordered = sorted(cpus)
        self._per_trial = per_trial
        self._total = len(ordered)
        self.capacity = len(ordered) // per_trial
        self._blocks = [
            tuple(ordered[start : start + per_trial])
            for start in range(0, self.capacity * per_trial, per_trial)
        ]
        self._held: dict[int, tuple[int, ...]] = {}
        self._taken: Counter[int] = Counter()
        self._free = self._blocks

    def bound(self) -> tuple[str, int]:
        return (
            f"{_count(self._total, 'CPU')} with {spelled('cpus_per_trial', self._per_trial)}",
            self.capacity,
        )

    def room(self) -> str:
        if self._free:
            return ""
        return f"waiting for {_count(self._per_trial, 'CPU')}, all {self._total} are shared out"

    def take(self, trial_id: int) -> tuple[int, ...]:
        block = self._free[0]
        self.hold(trial_id, block)
        return block

    def hold(self, trial_id: int, cpus: Iterable[int]) -> None:
        self._held[trial_id] = tuple(cpus)
        self._taken.update(self._held[trial_id])
        self._list_free()

    def free(self, trial_id: int) -> None:
        if cpus := self._held.pop(trial_id, ()):
            self._taken.subtract(cpus)
            self._taken = +self._taken
            self._list_free()

    def _list_free(self) -> None:
        taken = self._taken.keys()
        self._free = [block for block in self._blocks if taken.isdisjoint(block)]


def _memory(limit_bytes: int) -> str:
    """Return how the user gave the memory of a trial, about."""
    return spelled("memory_per_trial", size_text(limit_bytes))


class _Admission:
    """Whether there is memory for one more trial; the rule is told in `Resources`."""

    def __init__(self, limit_bytes: int | None, memory: MachineMemory) -> None:
        self._limit = limit_bytes
        self._memory = memory
        self._total = memory.total_bytes
        self._peak = 0
        self._idle_available = memory.available_bytes()
        if limit_bytes and limit_bytes > self._total:
            raise SpecError(
                f"{_memory(limit_bytes)}, but this machine (or container) has "
                f"{size_text(self._total)}; lower {spelled('memory_per_trial')}"
            )

    def bounds(self) -> list[tuple[str, int]]:
        if not self._limit:
            return []
        what = f"{size_text(self._total)} of memory with {_memory(self._limit)}"
        return [(what, self._total // self._limit)]

    def note_idle(self) -> None:
        """Remember what is available while no trial runs."""
        self._idle_available = self._memory.available_bytes()

    def note_peak(self, peak_bytes: int) -> None:
        self._peak = max(self._peak, peak_bytes)

    def room(self, running: int) -> str:
        if not running:  # waiting would be for ever: nothing of ours will give memory back
            return ""
        if self._limit:
            need, left = self._limit, self._left(running, self._limit)
        else:
            expected = self._peak * _PEAK_MARGIN
            if expected < _NEGLIGIBLE_SHARE * self._total:
                return ""
            need, left = int(expected) + RESERVE_BYTES, self._memory.available_bytes()
        if left >= need:
            return ""
        return f"waiting for {size_text(need)} of memory, {size_text(max(0, left))} are available"

    def _left(self, running: int, limit: int) -> int:
        """Return what is neither in use nor promised to a running trial."""
        available = self._memory.available_bytes()
        promised = running * limit
        # The trials use between nothing and all that is promised to them, which bounds what would
        # be available without them from both sides.
        self._idle_available = max(self._idle_available, available)
        return min(self._idle_available - promised, available)


def usable_cpus() -> Sequence[int]:
    """Return the numbers of the CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
