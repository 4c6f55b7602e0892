"""Which of the processes of a training speaks for it."""

import sys
from types import SimpleNamespace

import pytest

from automl.inside.scripts.ranks import is_first, outer_ranks, speaks

TORCHRUN = {"RANK": "0", "WORLD_SIZE": "4", "LOCAL_RANK": "0", "GROUP_RANK": "0"}
MPIRUN = {"OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "2", "PMIX_RANK": "0"}
SRUN = {"SLURM_PROCID": "0", "SLURM_NTASKS": "4", "SLURM_LOCALID": "0"}


@pytest.mark.parametrize(
    "environ",
    [
        {},
        TORCHRUN,
        MPIRUN,
        SRUN,
        {"PMI_RANK": "0", "PMI_SIZE": "2"},
        # The first process of torchrun may be on any machine of a job.
        {**SRUN, "SLURM_PROCID": "1", **TORCHRUN, "GROUP_RANK": "1"},
        # A rank alone is that of a matrix, as a user may name it.
        {"RANK": "16"},
        {"RANK": "16", "WORLD_SIZE": "all"},
        {"RANK": "first", "WORLD_SIZE": "2"},
        {"LOCAL_RANK": "-1"},
        {"LOCAL_RANK": "0", "NODE_RANK": "0"},
    ],
)
def test_the_first_process_speaks(environ: dict[str, str]) -> None:
    assert is_first(environ)


@pytest.mark.parametrize(
    "environ",
    [
        {**TORCHRUN, "RANK": "3"},
        {**TORCHRUN, "RANK": "1", "LOCAL_RANK": "0", "GROUP_RANK": "1"},
        {**MPIRUN, "OMPI_COMM_WORLD_RANK": "1"},
        {**SRUN, "SLURM_PROCID": "2"},
        {"PMI_RANK": "1", "PMI_SIZE": "2"},
        {"MV2_COMM_WORLD_RANK": "1", "MV2_COMM_WORLD_SIZE": "2"},
        {"HOROVOD_RANK": "1", "HOROVOD_SIZE": "2"},
        {"JSM_NAMESPACE_RANK": "1", "JSM_NAMESPACE_SIZE": "2"},
        {"FLUX_TASK_RANK": "1", "FLUX_JOB_SIZE": "2"},
        # What Lightning starts in a batch job of Slurm.
        {**SRUN, "LOCAL_RANK": "1", "WORLD_SIZE": "2"},
        {"LOCAL_RANK": "0", "NODE_RANK": "1"},
    ],
)
def test_others_do_not(environ: dict[str, str]) -> None:
    assert not is_first(environ)


def test_ranks_that_automl_was_started_with_say_nothing() -> None:
    outer = {**SRUN, "SLURM_PROCID": "3"}
    told = {"AUTOML_OUTER_RANKS": outer_ranks(outer)}
    assert told == {"AUTOML_OUTER_RANKS": "SLURM_PROCID=3"}
    assert is_first({**outer, **told})
    assert is_first({**outer, **told, "SLURM_PROCID": "0"})
    assert not is_first({**outer, **told, "SLURM_PROCID": "1"})
    assert not is_first({**outer, **told, **TORCHRUN, "RANK": "1"})
    assert outer_ranks({**TORCHRUN, **SRUN}) == ""


def test_a_library_that_has_joined_processes_knows_best(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "SLURM_PROCID"):
        monkeypatch.delenv(name, raising=False)
    torch = SimpleNamespace(
        is_available=lambda: True, is_initialized=lambda: True, get_rank=lambda: 1
    )
    monkeypatch.setitem(sys.modules, "torch.distributed", torch)
    assert not speaks()
    torch.is_initialized = lambda: False
    assert speaks()
    joined = SimpleNamespace(client=object(), process_id=1)
    monkeypatch.setitem(sys.modules, "jax._src.distributed", SimpleNamespace(global_state=joined))
    assert not speaks()
    joined.client = None
    assert speaks()


def test_one_in_an_odd_state_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.distributed", SimpleNamespace())
    assert speaks()
