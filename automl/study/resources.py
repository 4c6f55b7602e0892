"""What of the machine a trial gets."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from automl.errors import SpecError
from automl.space.numbers import is_number, is_whole, whole_number

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""What the numeric libraries ask for their number of threads."""

_UNIT_BYTES = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?\s*", re.IGNORECASE)
_NICEST = 19
_DUST = 1e-6


def parse_size(what: str, given: object) -> int:
    """Return the bytes that a user means by a number of bytes or a text such as '8G'.

    >>> parse_size("memory_per_trial", "1.5G")
    1610612736

    Raises:
        SpecError: it is neither, or not above 0; `what` names the option in the message.
    """
    size = 0
    if isinstance(given, str) and (match := _SIZE.fullmatch(given)):
        named = float(match[1]) * _UNIT_BYTES[match[2].lower()]
        size = int(named) if named < math.inf else 0
    elif is_whole(given):
        size = given
    if size <= 0:
        raise SpecError(
            f"{what} must be a number of bytes above 0 or a text such as '500M' or '8G', "
            f"got {given!r}"
        )
    return size


def size_text(size_bytes: float) -> str:
    """Return a size for people, in the units that `parse_size` reads.

    >>> size_text(8 * 2**30), size_text(200 * 2**20), size_text(5000)
    ('8.0 GB', '200 MB', '5 kB')
    """
    if size_bytes >= 2**30:
        return f"{size_bytes / 2**30:.1f} GB"
    small = 0 < size_bytes < 2**20
    return f"{size_bytes / 2**10:.0f} kB" if small else f"{size_bytes / 2**20:.0f} MB"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSpec:
    """What each trial gets; None leaves a resource alone.

    Args:
        memory_bytes: enforced on all processes of a trial together, and kept free before a start.
        gpus: `auto` for every GPU that nobody else uses, or indices as `nvidia-smi` counts them,
            UUIDs, or beginnings of UUIDs.
        gpus_per_trial: whole GPUs, or a share below 1: as many trials use a GPU at once as the
            share goes into 1 (0.5 for two, 0.33 for three).
        cpus: CPUs to which each trial is bound, none shared between trials.
        nice: how much lower than the controller's a trial's priority is, 0 to 19.
    """

    memory_bytes: int | None = None
    gpus: str | tuple[int | str, ...] | None = None
    gpus_per_trial: float = 1
    cpus: int | None = None
    nice: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.gpus, Sequence) and not isinstance(self.gpus, str):
            object.__setattr__(self, "gpus", tuple(self.gpus))
        if self.gpus is not None and self.gpus != "auto":
            self._check_gpus()
        if self.memory_bytes is not None:
            whole_number("memory_per_trial in bytes", self.memory_bytes)
        self._check_share()
        if self.cpus is not None:
            whole_number("cpus_per_trial", self.cpus)
        whole_number("nice", self.nice, 0, _NICEST)

    @property
    def trials_per_gpu(self) -> int:
        """How many trials may use one GPU at once; 1 where each gets whole ones."""
        return max(1, math.floor(1 / self.gpus_per_trial + _DUST))

    def _check_gpus(self) -> None:
        gpus = self.gpus
        if not isinstance(gpus, tuple) or not gpus:
            raise SpecError(_wrong_gpus(gpus))
        for gpu in gpus:
            is_index = type(gpu) is int and gpu >= 0
            if not is_index and not (isinstance(gpu, str) and gpu.strip()):
                raise SpecError(
                    "gpus must list indices of 0 or more or UUIDs such as 'GPU-5f1c...', "
                    f"got {gpu!r}"
                )
        if len(set(gpus)) != len(gpus):
            raise SpecError(_wrong_gpus(gpus))

    def _check_share(self) -> None:
        share = self.gpus_per_trial
        # NaN fails every comparison.
        if not is_number(share) or not (
            0 < share < 1 or (1 <= share < math.inf and share % 1 == 0)
        ):
            raise SpecError(
                "gpus_per_trial must be a whole number of GPUs or a share such as 0.5 or 0.25 "
                f"of one, got {share!r}"
            )


def _wrong_gpus(gpus: object) -> str:
    return f"gpus must be 'auto' or a list of different indices or UUIDs, got {gpus!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one trial was given of the machine.

    Attributes:
        env: variables that tell the program, such as CUDA_VISIBLE_DEVICES.
        cpus: the CPUs it is bound to, None for all.
        gpus: the UUIDs of its GPUs.
    """

    env: dict[str, str]
    cpus: tuple[int, ...] | None = None
    gpus: tuple[str, ...] = ()
