"""Sharing GPUs, CPUs and memory out to trials."""

import math
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.executors.machine.gpus import Gpu
from automl.executors.machine.resources import Resources
from automl.study.resources import THREAD_VARIABLES, Grant, ResourceSpec, size_text

GB = 2**30


class FakeMemory:
    """A machine whose memory a test takes and gives back."""

    def __init__(self, total: int = 64 * GB, available: int | None = None) -> None:
        self.total_bytes = total
        self.available = total if available is None else available
        self.asked = 0

    def available_bytes(self) -> int:
        self.asked += 1
        return self.available


class FakeDriver:
    """A machine with some GPUs, all free unless said otherwise."""

    def __init__(self, count: int, users: tuple[int, ...] = ()) -> None:
        self._gpus = tuple(
            Gpu(index=index, uuid=f"GPU-{index}", users=users) for index in range(count)
        )

    def devices(self) -> tuple[Gpu, ...]:
        return self._gpus


@pytest.fixture(autouse=True)
def _all_gpus_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def resources(*, gpus: int = 0, max_parallel: int = 1, **options: Any) -> Resources:
    """Return resources of `gpus` GPUs and 8 CPUs; options are of `ResourceSpec` or `Resources`."""
    own = {
        name: options.pop(name)
        for name in ("memory", "cpus_here", "held", "environ")
        if name in options
    }
    spec = ResourceSpec(**({"gpus": "auto"} if gpus else {}) | options)
    return Resources(
        spec,
        max_parallel,
        memory=own.get("memory") or FakeMemory(),
        driver=FakeDriver(gpus),
        cpus=own.get("cpus_here", range(8)),
        held=own.get("held", ()),
        environ=own.get("environ", dict.fromkeys(THREAD_VARIABLES, "of the user")),
    )


def test_the_cpus_are_shared_out_as_threads_among_those_that_may_run_at_once() -> None:
    pool = resources(environ={"MKL_NUM_THREADS": "7"})
    for trial_id, (beside, threads) in enumerate([(1, "8"), (3, "2"), (100, "1")]):
        env = pool.acquire(trial_id, beside).env
        assert set(env) == set(THREAD_VARIABLES) - {"MKL_NUM_THREADS"}
        assert set(env.values()) == {threads}
    assert resources(cpus=2, environ={}).acquire(0, 4).env["OMP_NUM_THREADS"] == "2"


# The values.


@pytest.mark.parametrize(
    ("share", "trials"), [(1, 1), (4, 1), (0.5, 2), (0.33, 3), (1 / 3, 3), (0.6, 1), (0.1, 10)]
)
def test_a_share_goes_into_a_gpu_so_often(share: float, trials: int) -> None:
    assert ResourceSpec(gpus_per_trial=share).trials_per_gpu == trials


@pytest.mark.parametrize("share", [0, -1, 1.5, math.nan, math.inf, True, "0.5", None])
def test_a_wrong_share_is_refused(share: Any) -> None:
    with pytest.raises(SpecError, match=r"whole number of GPUs or a share such as 0\.5"):
        ResourceSpec(gpus_per_trial=share)


@pytest.mark.parametrize("gpus", ["all", "0,1", (), (0, 0), (-1,), (True,), ("",), (1.5,), 3])
def test_wrong_gpus_are_refused(gpus: Any) -> None:
    with pytest.raises(SpecError, match=r"^gpus must"):
        ResourceSpec(gpus=gpus)


@pytest.mark.parametrize("size", [0, -5, "8G", 1.5])
def test_a_memory_limit_is_a_number_of_bytes(size: Any) -> None:
    with pytest.raises(SpecError, match="memory_per_trial in bytes"):
        ResourceSpec(memory_bytes=size)


def test_sizes_read_well() -> None:
    assert [size_text(size) for size in (0, 1.5 * 2**20, GB - 1, GB, 3.14 * GB)] == [
        "0 MB",
        "2 MB",
        "1024 MB",
        "1.0 GB",
        "3.1 GB",
    ]


# Nothing asked for.


def test_without_wishes_there_is_always_room() -> None:
    memory = FakeMemory()
    pool = resources(memory=memory, max_parallel=1000)
    memory.available = 0
    assert (pool.capacity, pool.notes) == (None, ())
    for trial_id in range(100):
        assert pool.room() == ""
        assert pool.acquire(trial_id) == Grant(env={})


def test_the_driver_is_only_asked_for_gpus() -> None:
    class Broken:
        def devices(self) -> tuple[Gpu, ...]:
            raise SpecError("no driver")

    pool = Resources(ResourceSpec(cpus=1), 1, memory=FakeMemory(), driver=Broken(), cpus=[0])
    assert pool.capacity == 1
    with pytest.raises(SpecError, match="no driver"):
        Resources(ResourceSpec(gpus=(0,)), 1, memory=FakeMemory(), driver=Broken())


# GPUs.


def test_whole_gpus_go_to_one_trial_each() -> None:
    pool = resources(gpus=2, max_parallel=2)
    assert pool.capacity == 2
    assert pool.acquire(5) == Grant(env={"CUDA_VISIBLE_DEVICES": "GPU-0"}, gpus=("GPU-0",))
    assert pool.acquire(6).gpus == ("GPU-1",)
    assert pool.room() == "waiting for 1 GPU, 0 of 2 are free"
    pool.release(5, None)
    assert pool.room() == ""
    assert pool.acquire(7).gpus == ("GPU-0",)


def test_shares_are_spread_over_the_least_loaded() -> None:
    pool = resources(gpus=2, gpus_per_trial=0.5)
    assert pool.capacity == 4
    assert [pool.acquire(trial).gpus for trial in range(4)] == [("GPU-0",), ("GPU-1",)] * 2
    assert pool.room()
    pool.release(1, None)
    assert pool.acquire(4).gpus == ("GPU-1",)


def test_a_trial_may_get_several_gpus() -> None:
    pool = resources(gpus=5, gpus_per_trial=2, max_parallel=2)
    assert pool.capacity == 2
    pool.acquire(0)
    grant = pool.acquire(1)
    assert grant.env == {"CUDA_VISIBLE_DEVICES": "GPU-2,GPU-3"}
    assert pool.room() == "waiting for 2 GPUs, 1 of 5 are free"


def test_too_many_gpus_a_trial_are_refused() -> None:
    with pytest.raises(SpecError, match=r"gpus_per_trial=3, but the study has 2 GPUs: .*GPU-1"):
        resources(gpus=2, gpus_per_trial=3)


def test_busy_gpus_are_noted_and_own_use_is_not_busy() -> None:
    def notes(pid: int) -> tuple[str, ...]:
        class Mixed:
            def devices(self) -> tuple[Gpu, ...]:
                return (Gpu(index=0, uuid="GPU-0", users=(pid,)), Gpu(index=1, uuid="GPU-1"))

        spec = ResourceSpec(gpus="auto")
        return Resources(spec, 1, memory=FakeMemory(), driver=Mixed()).notes

    assert notes(os.getpid()) == ()
    assert len(notes(1)) == 1
    assert "GPU 0 (GPU-0) is left out: used by pid 1" in notes(1)[0]


def test_gpus_of_trials_that_still_run_stay_in() -> None:
    spec = ResourceSpec(gpus="auto")
    pool = Resources(
        spec, 2, memory=FakeMemory(), driver=FakeDriver(2, users=(99,)), held={"GPU-0", "GPU-1"}
    )
    pool.restore(3, ("GPU-0",), ())
    assert pool.acquire(4).gpus == ("GPU-1",)
    assert pool.room()


# CPUs.


def test_neighbouring_cpus_are_bound_together() -> None:
    pool = resources(cpus=3, cpus_here=[9, 8, 3, 1, 2, 10, 11])
    assert pool.capacity == 2
    assert pool.acquire(0) == Grant(env={}, cpus=(1, 2, 3))
    assert pool.acquire(1).cpus == (8, 9, 10)
    assert pool.room() == "waiting for 3 CPUs, all 7 are shared out"
    pool.release(0, None)
    assert pool.acquire(2).cpus == (1, 2, 3)


def test_too_many_cpus_a_trial_are_refused() -> None:
    with pytest.raises(SpecError, match="cpus_per_trial=9, but 8 CPUs may be used here; lower"):
        resources(cpus=9)


def test_the_cpus_of_this_process_are_the_default() -> None:
    pool = Resources(ResourceSpec(cpus=1), 1, memory=FakeMemory())
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}
    assert set(pool.acquire(0).cpus or ()) <= set(allowed) | {0}
    assert pool.capacity in {len(allowed), os.cpu_count()}


# What allows fewer trials than max_parallel.


def test_what_allows_fewer_trials_is_noted() -> None:
    pool = resources(gpus=4, cpus=1, memory_bytes=40 * GB, max_parallel=8)
    assert pool.capacity == 4
    assert pool.notes == (
        "max_parallel=8, but 4 GPUs allow 4 trials at once",
        (
            "max_parallel=8, but 64.0 GB of memory with memory_per_trial='40.0 GB' allow 1 "
            "trial at once"
        ),
    )
    assert resources(cpus=2, max_parallel=5).notes == (
        "max_parallel=5, but 8 CPUs with cpus_per_trial=2 allow 4 trials at once",
    )
    assert resources(gpus=4, cpus=2, memory_bytes=16 * GB, max_parallel=4).notes == ()


# Trials of an earlier controller, and ends.


def test_restored_trials_keep_what_they_have() -> None:
    pool = resources(gpus=2, cpus=2, max_parallel=2)
    pool.restore(0, ("GPU-1",), (2, 3))
    grant = pool.acquire(1)
    assert (grant.gpus, grant.cpus) == (("GPU-0",), (0, 1))
    assert "GPU" in pool.room()
    pool.release(0, None)
    grant = pool.acquire(2)
    assert (grant.gpus, grant.cpus) == (("GPU-1",), (2, 3))


def test_restored_trials_may_have_what_is_not_shared_out_any_more() -> None:
    pool = resources(gpus=1, cpus=4)
    pool.restore(0, ("GPU-gone", "GPU-0"), (3, 4, 77))
    assert pool.room() == "waiting for 1 GPU, 0 of 1 are free"
    pool.release(0, None)
    assert pool.acquire(1).cpus == (0, 1, 2, 3)


def test_a_block_is_free_only_when_all_of_it_is() -> None:
    pool = resources(cpus=4)
    pool.restore(0, (), (0,))
    pool.restore(1, (), (0, 5))
    assert pool.room() == "waiting for 4 CPUs, all 8 are shared out"
    pool.release(1, None)
    assert pool.acquire(2).cpus == (4, 5, 6, 7)
    assert pool.room()


def test_an_overfull_gpu_empties_before_it_is_used() -> None:
    pool = resources(gpus=1)
    pool.restore(0, ("GPU-0",), ())
    pool.restore(1, ("GPU-0",), ())
    pool.release(0, None)
    assert pool.room()
    pool.release(1, None)
    assert pool.room() == ""


def test_restoring_and_releasing_twice_is_as_once() -> None:
    pool = resources(gpus=2, cpus=4)
    pool.restore(0, ("GPU-0",), (0, 1))
    pool.restore(0, ("GPU-0",), (0, 1))
    pool.release(0, None)
    pool.release(0, None)
    assert pool.acquire(1).gpus == ("GPU-0",)
    assert pool.acquire(2).gpus == ("GPU-1",)


def test_more_than_there_is_is_our_own_mistake() -> None:
    pool = resources(cpus=8)
    pool.acquire(0)
    with pytest.raises(RuntimeError, match="trial 0 has its resources already"):
        pool.acquire(0)
    with pytest.raises(RuntimeError, match="trial 1 cannot start: waiting for 8 CPUs"):
        pool.acquire(1)
    # A refused trial leaves nothing behind.
    pool.release(0, None)
    assert pool.acquire(1).cpus == tuple(range(8))


# Memory.


def test_a_limit_above_the_machine_is_refused() -> None:
    with pytest.raises(SpecError, match=r"memory_per_trial='65\.0 GB', but .* has 64\.0 GB; lower"):
        resources(memory_bytes=65 * GB)


def test_limits_are_promised_before_they_are_used() -> None:
    memory = FakeMemory(available=20 * GB)
    pool = resources(memory_bytes=8 * GB, memory=memory)
    pool.acquire(0)
    assert pool.room() == ""
    pool.acquire(1)
    # Neither trial has used anything yet.
    assert pool.room() == "waiting for 8.0 GB of memory, 4.0 GB are available"
    memory.available = 4 * GB  # both use all of their limit, and it is not counted twice
    assert pool.room() == "waiting for 8.0 GB of memory, 4.0 GB are available"
    pool.release(0, 8 * GB)
    memory.available = 12 * GB
    assert pool.room() == ""


def test_memory_that_others_took_is_not_promised() -> None:
    memory = FakeMemory(available=40 * GB)
    pool = resources(memory_bytes=8 * GB, memory=memory)
    pool.acquire(0)
    memory.available = int(3.1 * GB)
    assert pool.room() == "waiting for 8.0 GB of memory, 3.1 GB are available"
    memory.available = 32 * GB
    assert pool.room() == ""


def test_memory_that_others_gave_back_can_be_promised() -> None:
    memory = FakeMemory(available=10 * GB)
    pool = resources(memory_bytes=8 * GB, memory=memory)
    pool.acquire(0)
    assert pool.room()
    memory.available = 30 * GB
    assert pool.room() == ""


def test_what_is_available_is_seen_anew_while_nothing_runs() -> None:
    memory = FakeMemory(available=40 * GB)
    pool = resources(memory_bytes=8 * GB, memory=memory)
    pool.acquire(0)
    pool.release(0, None)
    memory.available = 10 * GB
    pool.acquire(1)
    assert pool.room() == "waiting for 8.0 GB of memory, 2.0 GB are available"


def test_restored_trials_have_their_limit_promised() -> None:
    memory = FakeMemory(available=20 * GB)
    pool = resources(memory_bytes=8 * GB, memory=memory)
    pool.restore(0, (), ())
    pool.restore(1, (), ())
    assert pool.room()
    pool.release(0, None)
    assert pool.room() == ""


@pytest.mark.parametrize("options", [{"memory_bytes": 8 * GB}, {}])
def test_one_trial_may_always_start(options: dict[str, int]) -> None:
    memory = FakeMemory()
    pool = resources(memory=memory, **options)
    pool.release(0, 50 * GB)
    memory.available = 0
    assert pool.room() == ""
    pool.acquire(1)
    assert pool.room() != ""


def test_without_a_limit_the_highest_peak_must_fit() -> None:
    memory = FakeMemory()
    pool = resources(memory=memory)
    pool.acquire(0)
    pool.acquire(1)
    memory.available = 1 * GB
    assert pool.room() == ""  # no peak is known
    pool.release(0, 10 * GB)
    pool.release(7, 2 * GB)
    assert pool.room() == "waiting for 11.2 GB of memory, 1.0 GB are available"
    memory.available = 11 * GB + 199 * 2**20
    assert pool.room() != ""
    memory.available = 11 * GB + 200 * 2**20
    assert pool.room() == ""


def test_a_negligible_peak_does_not_even_ask() -> None:
    memory = FakeMemory()
    pool = resources(memory=memory)
    pool.acquire(0)
    pool.acquire(1)
    pool.release(0, GB // 2)
    memory.available, memory.asked = 0, 0
    assert pool.room() == ""
    assert memory.asked == 0


# Any order of starts and ends.

_STEPS = st.lists(st.tuples(st.sampled_from(["start", "end", "adopt"]), st.integers(0, 11)))


@given(
    gpus=st.integers(1, 5),
    share=st.sampled_from([1, 2, 3, 0.5, 0.25, 0.33]),
    cpus=st.integers(1, 5),
    steps=_STEPS,
)
def test_no_order_of_starts_and_ends_gives_anything_twice(
    gpus: int, share: float, cpus: int, steps: list[tuple[str, int]]
) -> None:
    spec = ResourceSpec(gpus=tuple(range(gpus)), gpus_per_trial=share, cpus=cpus)
    machine: dict[str, Any] = {"memory": FakeMemory(), "driver": FakeDriver(gpus), "cpus": range(8)}
    assume(share <= gpus)
    pool = Resources(spec, 1, **machine)
    running: dict[int, Grant] = {}
    for what, trial_id in steps:
        if what == "end":
            pool.release(trial_id, None)
            running.pop(trial_id, None)
        elif what == "adopt":  # another controller goes on with the trials that run
            pool = Resources(spec, 1, **machine)
            for its, grant in running.items():
                pool.restore(its, grant.gpus, grant.cpus or ())
        elif trial_id not in running and not pool.room():
            running[trial_id] = pool.acquire(trial_id)
        load = Counter(uuid for grant in running.values() for uuid in grant.gpus)
        bound = Counter(cpu for grant in running.values() for cpu in grant.cpus or ())
        assert all(trials * share <= max(1, share) for trials in load.values())
        assert all(trials == 1 for trials in bound.values())
        assert all(len(grant.gpus) == max(1, int(share)) for grant in running.values())
        assert all(len(grant.cpus or ()) == cpus for grant in running.values())
        assert pool.capacity is not None
        # No place is lost: there is room exactly as long as the capacity is not reached.
        assert bool(pool.room()) == (len(running) >= pool.capacity)


@given(
    limit=st.integers(1, 30),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=40),
)
def test_no_order_of_starts_and_ends_promises_more_memory_than_there_is(
    limit: int, steps: list[tuple[bool, int]]
) -> None:
    memory = FakeMemory(total=64 * GB)
    pool = resources(memory_bytes=limit * GB, memory=memory)
    running: set[int] = set()
    for starts, trial_id in steps:
        if not starts:
            pool.release(trial_id, None)
            running.discard(trial_id)
        elif trial_id not in running and not pool.room():
            pool.acquire(trial_id)
            running.add(trial_id)
        # Every second one uses all it may, the others nothing.
        memory.available = 64 * GB - limit * GB * sum(its % 2 for its in running)
        assert len(running) * limit <= 64
