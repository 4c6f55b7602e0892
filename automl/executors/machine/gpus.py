"""Which GPUs there are, and which of them a study may use."""

import logging
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

from automl.errors import SpecError
from automl.spelling.spelling import spelled
from automl.study.resources import ResourceSpec, size_text

VISIBLE = "CUDA_VISIBLE_DEVICES"
"""The variable that tells CUDA programs which GPUs to use."""

_BUSY_SHARE = 0.1
"""A desktop takes a little of a GPU's memory; more than this share is somebody's work."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One GPU at one moment.

    Attributes:
        index: its place in the order of `nvidia-smi`; -1 for a MIG instance.
        uuid: the name that stays the same, `GPU-...` or `MIG-...`.
        name: its model.
        memory_total_bytes: 0 if unknown.
        memory_used_bytes: by all processes together; 0 if unknown.
        users: pids of the processes that compute on it.
    """

    index: int
    uuid: str
    name: str = ""
    memory_total_bytes: int = 0
    memory_used_bytes: int = 0
    users: tuple[int, ...] = ()

    def __str__(self) -> str:
        if self.index < 0:
            return self.uuid
        return f"GPU {self.index} ({', '.join(filter(None, (self.name, self.uuid)))})"


class GpuDriver(Protocol):
    """Tells which GPUs a machine has."""

    def devices(self) -> tuple[Gpu, ...]:
        """Return all GPUs in the order of their indices.

        Raises:
            SpecError: there is no driver to ask.
        """
        ...


class NvmlDriver:
    """Asks NVIDIA's management library; nothing is loaded or kept open between questions."""

    def devices(self) -> tuple[Gpu, ...]:
        """Return the machine's NVIDIA GPUs; one that does not answer is left out and logged.

        Raises:
            SpecError: the package nvidia-ml-py is missing, or the driver is.
        """
        try:
            import pynvml  # noqa: PLC0415 - optional
        except ImportError as error:
            raise SpecError(
                f"{spelled('gpus')} needs the package nvidia-ml-py, which is not installed; "
                "do: pip install 'automl-hpo[gpu]'"
            ) from error
        try:
            pynvml.nvmlInit()
        except pynvml.NVMLError as error:
            raise SpecError(
                f"{spelled('gpus')} needs an NVIDIA driver, but NVML says: {error}; check that "
                f"`nvidia-smi` "
                f"works on this machine, or leave {spelled('gpus')} out"
            ) from error
        try:
            return tuple(_answering(pynvml))
        except pynvml.NVMLError as error:
            raise SpecError(f"gpus: the GPUs cannot be listed, NVML says: {error}") from error
        finally:
            pynvml.nvmlShutdown()


def _answering(nvml: ModuleType) -> Iterator[Gpu]:
    for index in range(nvml.nvmlDeviceGetCount()):
        try:
            yield _gpu(nvml, index)
        except nvml.NVMLError as error:
            _log.warning("GPU %d does not answer and is left out: %s", index, error)


def _gpu(nvml: ModuleType, index: int) -> Gpu:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    total = used = 0
    users: tuple[int, ...] = ()
    # Some models share the machine's memory and have no figure of their own; some drivers, as in
    # a container, do not tell who computes.
    try:
        memory = nvml.nvmlDeviceGetMemoryInfo(handle)
        total, used = int(memory.total), int(memory.used)
    except nvml.NVMLError as error:
        _log.debug("GPU %d: no memory figures: %s", index, error)
    try:
        users = tuple(sorted({p.pid for p in nvml.nvmlDeviceGetComputeRunningProcesses(handle)}))
    except nvml.NVMLError as error:
        _log.debug("GPU %d: no list of processes: %s", index, error)
    return Gpu(
        index=index,
        uuid=str(nvml.nvmlDeviceGetUUID(handle)),
        name=str(nvml.nvmlDeviceGetName(handle)),
        memory_total_bytes=total,
        memory_used_bytes=used,
        users=users,
    )


def choose_gpus(
    spec: ResourceSpec,
    devices: Sequence[Gpu],
    *,
    own_pids: Collection[int] = (),
    held: Collection[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> tuple[tuple[Gpu, ...], tuple[str, ...]]:
    """Return the GPUs that the study may use, and notes for its log.

    `auto` takes the GPUs that CUDA_VISIBLE_DEVICES leaves visible and that nobody else uses. A list
    means exactly these, in its order, whoever else uses them. MIG instances named by their UUID
    are passed on as they are.

    Args:
        spec: its `gpus` is the wish; None chooses none.
        devices: all GPUs of the machine.
        own_pids: processes that do not count as somebody else.
        held: UUIDs of GPUs on which trials of this study run already.
        environ: the controller's environment.

    Raises:
        SpecError: a listed GPU is unknown or ambiguous, or none is usable.
    """
    if spec.gpus is None:
        return (), ()
    if isinstance(spec.gpus, tuple):
        return _listed(spec.gpus, devices), ()
    visible, notes = _visible(devices, environ)
    free = []
    for gpu in visible:
        if gpu.uuid not in held and (why := _used_by_others(gpu, own_pids)):
            notes.append(f"{gpu} is left out: {why}")
        else:
            free.append(gpu)
    if not free:
        raise SpecError(
            f"{spelled('gpus', 'auto')} found no GPU to use: "
            + ("; ".join(notes) or "this machine shows none")
            + f"; wait for one, list those to use as {spelled('gpus', [0])}, or leave "
            f"{spelled('gpus')} out"
        )
    return tuple(free), tuple(notes)


def _used_by_others(gpu: Gpu, own_pids: Collection[int]) -> str:
    """Return who uses a GPU and how much, empty if nobody else does."""
    others = [str(pid) for pid in gpu.users if pid not in own_pids]
    total, used = gpu.memory_total_bytes, gpu.memory_used_bytes
    amount = f"{size_text(used)} of {size_text(total)}" if total else "an unknown part"
    if others:
        return f"used by pid {', '.join(others)} ({amount} of its memory is taken)"
    if not gpu.users and used > _BUSY_SHARE * total:
        return f"{amount} of its memory is taken, by processes that cannot be seen from here"
    return ""


def _listed(wishes: Sequence[int | str], devices: Sequence[Gpu]) -> tuple[Gpu, ...]:
    chosen = tuple(_asked_for(wish, devices) for wish in wishes)
    if len({gpu.uuid for gpu in chosen}) != len(chosen):
        raise SpecError(
            f"{spelled('gpus', list(wishes))} names a GPU twice: "
            f"{', '.join(str(gpu) for gpu in chosen)}"
        )
    return chosen


def _asked_for(wish: int | str, devices: Sequence[Gpu]) -> Gpu:
    found = _matches(wish, devices)
    if len(found) == 1:
        return found[0]
    known = ", ".join(str(gpu) for gpu in devices) or "none"
    problem = "fits several GPUs" if found else "is not a GPU of this machine"
    raise SpecError(
        f"gpus: {wish!r} {problem}; known: {known}; give indices, UUIDs, or beginnings that fit one"
    )


def _matches(wish: int | str, devices: Sequence[Gpu]) -> list[Gpu]:
    """Return the GPUs that an index, a UUID or the beginning of one means."""
    text = str(wish).strip()
    if text.upper().startswith("MIG-"):
        return [Gpu(index=-1, uuid=text)]
    if text.isdecimal():
        return [gpu for gpu in devices if gpu.index == int(text)]
    exact = [gpu for gpu in devices if gpu.uuid == text]
    # `nvidia-smi -L` shows `GPU-` before each; a beginning may leave that out.
    return exact or [
        gpu for gpu in devices if gpu.uuid.lower().removeprefix("gpu-").startswith(_bare(text))
    ]


def _bare(text: str) -> str:
    return text.lower().removeprefix("gpu-") or "?"


def _visible(devices: Sequence[Gpu], environ: Mapping[str, str]) -> tuple[list[Gpu], list[str]]:
    """Return the GPUs that CUDA_VISIBLE_DEVICES leaves, and notes where that is doubtful.

    As in CUDA, the list ends at the first entry that is no GPU, and an empty one hides them all.
    """
    given = environ.get(VISIBLE)
    if given is None:
        return list(devices), []
    notes = []
    found: list[Gpu] = []
    for entry in given.split(","):
        matches = _matches(entry, devices) if entry.strip() else []
        if len(matches) != 1:
            notes.append(
                f"{VISIBLE}={given!r} hides every GPU from {entry.strip()!r} on"
                if found
                else f"{VISIBLE}={given!r} hides every GPU"
            )
            break
        found += [gpu for gpu in matches if gpu not in found]
    by_index = any(entry.strip().isdecimal() for entry in given.split(","))
    mixed = len({gpu.name for gpu in devices}) > 1
    if by_index and mixed and environ.get("CUDA_DEVICE_ORDER") != "PCI_BUS_ID":
        notes.append(
            f"{VISIBLE}={given!r} is read in the order of nvidia-smi; CUDA may count different "
            "models in another order, so set CUDA_DEVICE_ORDER=PCI_BUS_ID or give UUIDs"
        )
    return found, notes
