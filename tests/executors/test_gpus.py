"""Which GPUs a study may use."""

# ruff: noqa: N802 - the fake library's names are pynvml's

import builtins
import logging
import sys
from collections.abc import Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from automl.errors import SpecError
from automl.executors.machine.gpus import Gpu, NvmlDriver, choose_gpus
from automl.study.resources import ResourceSpec

GB = 2**30


def gpu(index: int, *, used: int = 0, users: Sequence[int] = (), name: str = "A100") -> Gpu:
    return Gpu(
        index=index,
        uuid=f"GPU-{'abcdef'[index]}{index}00-77",
        name=name,
        memory_total_bytes=80 * GB,
        memory_used_bytes=used,
        users=tuple(users),
    )


FOUR = tuple(gpu(index) for index in range(4))
AUTO = ResourceSpec(gpus="auto")


def indices(spec: ResourceSpec, devices: Sequence[Gpu], **options: Any) -> list[int]:
    return [gpu.index for gpu in choose_gpus(spec, devices, **{"environ": {}} | options)[0]]


def test_no_wish_chooses_none() -> None:
    assert choose_gpus(ResourceSpec(), FOUR, environ={}) == ((), ())


def test_auto_takes_all_that_are_free() -> None:
    assert choose_gpus(AUTO, FOUR, environ={}) == (FOUR, ())


def test_auto_leaves_out_what_others_use_and_says_so() -> None:
    devices = (gpu(0, used=12 * GB, users=[4711, 4712]), gpu(1), gpu(2, used=9 * GB))
    chosen, notes = choose_gpus(AUTO, devices, environ={})
    assert [gpu.index for gpu in chosen] == [1]
    by_pid, unseen = notes
    assert by_pid == (
        "GPU 0 (A100, GPU-a000-77) is left out: used by pid 4711, 4712 (12.0 GB of 80.0 GB of its "
        "memory is taken)"
    )
    assert unseen == (
        "GPU 2 (A100, GPU-c200-77) is left out: 9.0 GB of 80.0 GB of its memory is taken, by "
        "processes that cannot be seen from here"
    )


def test_a_desktop_is_no_user() -> None:
    assert indices(AUTO, (gpu(0, used=8 * GB),)) == [0]


def test_an_idle_process_is_a_user_and_an_unknown_size_is_said() -> None:
    unknown = Gpu(index=0, uuid="GPU-a", users=(5,))
    with pytest.raises(SpecError, match="used by pid 5 \\(an unknown part of its memory"):
        choose_gpus(AUTO, (unknown,), environ={})


def test_own_processes_are_not_others() -> None:
    devices = (gpu(0, used=40 * GB, users=[7]), gpu(1, used=40 * GB, users=[7, 8]))
    chosen, notes = choose_gpus(AUTO, devices, own_pids={7}, environ={})
    assert [gpu.index for gpu in chosen] == [0]
    assert "pid 8 (" in notes[0]


def test_gpus_of_running_trials_are_not_left_out() -> None:
    devices = (gpu(0, used=40 * GB, users=[7]), gpu(1, used=40 * GB))
    assert indices(AUTO, devices, held={devices[0].uuid, devices[1].uuid}) == [0, 1]


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        ("2,0", [2, 0]),
        (" 1 ", [1]),
        ("GPU-d300-77,GPU-b", [3, 1]),
        ("0,0,1", [0, 1]),
        ("0,9,1", [0]),
    ],
)
def test_auto_respects_what_is_visible(visible: str, expected: list[int]) -> None:
    assert indices(AUTO, FOUR, environ={"CUDA_VISIBLE_DEVICES": visible}) == expected


def test_a_cut_list_is_noted() -> None:
    _, notes = choose_gpus(AUTO, FOUR, environ={"CUDA_VISIBLE_DEVICES": "0,9,1"})
    assert notes == ("CUDA_VISIBLE_DEVICES='0,9,1' hides every GPU from '9' on",)


@pytest.mark.parametrize("visible", ["", "-1", "NoDevFiles"])
def test_nothing_visible_is_an_error(visible: str) -> None:
    with pytest.raises(SpecError, match=f"CUDA_VISIBLE_DEVICES='{visible}' hides every GPU"):
        choose_gpus(AUTO, FOUR, environ={"CUDA_VISIBLE_DEVICES": visible})


def test_a_visible_mig_instance_is_passed_on() -> None:
    chosen, _ = choose_gpus(AUTO, FOUR, environ={"CUDA_VISIBLE_DEVICES": "MIG-1,MIG-2"})
    assert [gpu.uuid for gpu in chosen] == ["MIG-1", "MIG-2"]


@pytest.mark.parametrize(
    ("environ", "noted"),
    [
        ({"CUDA_VISIBLE_DEVICES": "0,1"}, True),
        ({"CUDA_VISIBLE_DEVICES": "0,1", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}, False),
        ({"CUDA_VISIBLE_DEVICES": "GPU-a000-77"}, False),
        ({}, False),
    ],
)
def test_indices_of_different_models_are_doubtful(environ: dict[str, str], noted: bool) -> None:  # noqa: FBT001
    _, notes = choose_gpus(AUTO, (gpu(0), gpu(1, name="T4")), environ=environ)
    assert bool(notes) == noted


def test_a_machine_without_gpus_is_an_error() -> None:
    with pytest.raises(SpecError, match="this machine shows none"):
        choose_gpus(AUTO, (), environ={})


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ([2, 0], [2, 0]),
        (["1"], [1]),
        (["GPU-b100-77"], [1]),
        (["GPU-C2"], [2]),
        (["d3", 0], [3, 0]),
    ],
)
def test_a_list_means_exactly_these(wishes: list[int | str], expected: list[int]) -> None:
    busy = tuple(gpu(index, used=70 * GB, users=[9]) for index in range(4))
    hidden = {"CUDA_VISIBLE_DEVICES": ""}
    assert indices(ResourceSpec(gpus=tuple(wishes)), busy, environ=hidden) == expected


def test_listed_mig_instances_are_passed_on() -> None:
    chosen, _ = choose_gpus(ResourceSpec(gpus=("MIG-77", 0)), FOUR, environ={})
    assert [gpu.uuid for gpu in chosen] == ["MIG-77", "GPU-a000-77"]
    assert str(chosen[0]) == "MIG-77"


@pytest.mark.parametrize("wish", [4, "GPU-zz", "GPU-", "gpu"])
def test_an_unknown_gpu_lists_the_known_ones(wish: int | str) -> None:
    with pytest.raises(
        SpecError, match=r"is not a GPU of this machine; known: GPU 0 .*GPU-d300-77"
    ):
        choose_gpus(ResourceSpec(gpus=(wish,)), FOUR, environ={})


def test_a_beginning_must_fit_one() -> None:
    twins = (
        Gpu(index=0, uuid="GPU-ab1"),
        Gpu(index=1, uuid="GPU-ab2"),
        Gpu(index=2, uuid="GPU-ab"),
    )
    with pytest.raises(SpecError, match="'GPU-a' fits several GPUs; known: GPU 0 \\(GPU-ab1\\)"):
        choose_gpus(ResourceSpec(gpus=("GPU-a",)), twins, environ={})
    assert indices(ResourceSpec(gpus=("GPU-ab",)), twins) == [2]


def test_a_gpu_named_twice_is_an_error() -> None:
    with pytest.raises(SpecError, match="names a GPU twice"):
        choose_gpus(ResourceSpec(gpus=(0, "GPU-a")), FOUR, environ={})


# NVIDIA's library, real and imitated.


class NvmlError(Exception):
    """As in pynvml, all errors are one kind."""


class FakeNvml(ModuleType):
    """Two GPUs; `broken` names calls that fail, `lost` a GPU that does not answer."""

    NVMLError = NvmlError

    def __init__(self, broken: Sequence[str] = (), lost: int | None = None) -> None:
        super().__init__("pynvml")
        self.calls: list[str] = []
        self._broken, self._lost = broken, lost

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if name in self._broken:
            raise NvmlError(f"{name} Not Supported")

    def nvmlInit(self) -> None:
        self._called("init")

    def nvmlShutdown(self) -> None:
        self._called("shutdown")

    def nvmlDeviceGetCount(self) -> int:
        self._called("count")
        return 2

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        if index == self._lost:
            raise NvmlError("GPU is lost")
        return index

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> SimpleNamespace:
        self._called("memory")
        return SimpleNamespace(total=80 * GB, used=(handle + 1) * GB, free=0)

    def nvmlDeviceGetComputeRunningProcesses(self, handle: int) -> list[SimpleNamespace]:
        self._called("processes")
        return [SimpleNamespace(pid=pid) for pid in (90, 8, 90)] if handle else []

    def nvmlDeviceGetUUID(self, handle: int) -> str:
        return f"GPU-{handle}"

    def nvmlDeviceGetName(self, _handle: int) -> str:
        return "A100"


@pytest.fixture
def nvml(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> FakeNvml:
    fake = FakeNvml(**getattr(request, "param", {}))
    monkeypatch.setitem(sys.modules, "pynvml", fake)
    return fake


def test_nvml_tells_the_gpus(nvml: FakeNvml) -> None:
    assert NvmlDriver().devices() == (
        Gpu(index=0, uuid="GPU-0", name="A100", memory_total_bytes=80 * GB, memory_used_bytes=GB),
        Gpu(
            index=1,
            uuid="GPU-1",
            name="A100",
            memory_total_bytes=80 * GB,
            memory_used_bytes=2 * GB,
            users=(8, 90),
        ),
    )
    assert nvml.calls[-1] == "shutdown"


@pytest.mark.parametrize("nvml", [{"broken": ["memory", "processes"]}], indirect=True)
def test_figures_that_a_model_does_not_give_are_unknown(nvml: FakeNvml) -> None:
    first, second = NvmlDriver().devices()
    assert (second.memory_total_bytes, second.memory_used_bytes, second.users) == (0, 0, ())
    assert choose_gpus(AUTO, (first, second), environ={})[0] == (first, second)
    assert "memory" in nvml.calls


@pytest.mark.parametrize("nvml", [{"lost": 0}], indirect=True)
@pytest.mark.usefixtures("nvml")
def test_a_lost_gpu_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert [gpu.index for gpu in NvmlDriver().devices()] == [1]
    assert "GPU 0 does not answer and is left out: GPU is lost" in caplog.text


@pytest.mark.parametrize("nvml", [{"broken": ["init"]}], indirect=True)
def test_without_a_driver_the_error_says_what_nvml_said(nvml: FakeNvml) -> None:
    with pytest.raises(SpecError, match="NVML says: init Not Supported; check that `nvidia-smi`"):
        NvmlDriver().devices()
    assert nvml.calls == ["init"]


@pytest.mark.parametrize("nvml", [{"broken": ["count"]}], indirect=True)
def test_a_failing_list_is_an_error_and_the_library_is_closed(nvml: FakeNvml) -> None:
    with pytest.raises(SpecError, match="cannot be listed, NVML says: count"):
        NvmlDriver().devices()
    assert nvml.calls[-1] == "shutdown"


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refusing(name: str, *rest: Any, **options: Any) -> ModuleType:
        if name == "pynvml":
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(SpecError, match=r"pip install 'automl-hpo\[gpu\]'"):
        NvmlDriver().devices()


def test_the_real_library_lists_gpus_or_says_why_not() -> None:
    pynvml = pytest.importorskip("pynvml")
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        with pytest.raises(SpecError, match=f"needs an NVIDIA driver, but NVML says: {error}"):
            NvmlDriver().devices()
    else:
        count = pynvml.nvmlDeviceGetCount()
        pynvml.nvmlShutdown()
        found = NvmlDriver().devices()
        assert len(found) <= count
        assert all(gpu.uuid.startswith("GPU-") for gpu in found)
