"""Whether this process speaks for its training, of which there may be many processes."""

import os
import sys
from collections.abc import Mapping

from automl.inside.marks import OUTER_RANKS_VARIABLE

_RANKS = {
    "RANK": "WORLD_SIZE",  # torchrun, accelerate, DeepSpeed
    "OMPI_COMM_WORLD_RANK": "OMPI_COMM_WORLD_SIZE",  # mpirun of Open MPI
    "PMI_RANK": "PMI_SIZE",  # mpiexec of MPICH and Intel MPI, srun --mpi=pmi2
    "MV2_COMM_WORLD_RANK": "MV2_COMM_WORLD_SIZE",  # mpirun of MVAPICH2
    "HOROVOD_RANK": "HOROVOD_SIZE",  # horovodrun
    "JSM_NAMESPACE_RANK": "JSM_NAMESPACE_SIZE",  # jsrun
    "FLUX_TASK_RANK": "FLUX_JOB_SIZE",  # flux run
}
"""Variables with a rank, the innermost first, each with the one of the size that comes with it.

One alone says nothing: a rank may be that of a matrix.
"""

_IN_PARTS = ("LOCAL_RANK", "NODE_RANK", "GROUP_RANK", "SLURM_PROCID")
"""Variables that are all 0, or absent, for the first process where nothing tells its rank.

Lightning starts processes with the first of them alone. That of Slurm is 0 in a whole batch job,
unless `srun` starts processes of it.
"""


def speaks() -> bool:
    """Tell whether what this process reports counts: it is the first one, or there is no other."""
    try:
        rank = _told_by_library()
    except Exception:  # noqa: BLE001 - of a library, in whatever state it is
        rank = None
    return rank == 0 if rank is not None else is_first(os.environ)


def is_first(environ: Mapping[str, str]) -> bool:
    """Tell whether variables are those of the first process of a training."""
    outer = environ.get(OUTER_RANKS_VARIABLE, "").split()
    ranks = {
        name: value for name, value in _ranks_in(environ).items() if f"{name}={value}" not in outer
    }
    for name in _RANKS:
        if name in ranks:
            return ranks[name] == 0
    return not any(ranks.values())


def outer_ranks(environ: Mapping[str, str]) -> str:
    """Return the ranks that a program was started with which starts trials, but for those of 0."""
    return " ".join(f"{name}={value}" for name, value in _ranks_in(environ).items() if value)


def _ranks_in(environ: Mapping[str, str]) -> dict[str, int]:
    named = [name for name, size in _RANKS.items() if environ.get(size, "").isdecimal()]
    return {
        name: int(environ[name])
        for name in (*named, *_IN_PARTS)
        if environ.get(name, "").isdecimal()
    }


def _told_by_library() -> int | None:
    """Return the rank that a library knows which has joined processes; None if none has."""
    torch = sys.modules.get("torch.distributed")
    if torch is not None and torch.is_available() and torch.is_initialized():
        return int(torch.get_rank())
    jax = sys.modules.get("jax._src.distributed")
    if jax is not None and jax.global_state.client is not None:
        return int(jax.global_state.process_id)
    return None
