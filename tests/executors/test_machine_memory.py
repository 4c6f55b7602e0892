"""What memory the machine and its container leave, read from files as the kernel writes them."""

from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from automl.clock import SystemClock
from automl.executors.machine.memory import CACHE_S, SystemMemory

GB = 2**30
UNLIMITED_V1 = 9223372036854771712


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.now_s, UTC)

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, duration_s: float) -> None:
        self.now_s += duration_s


def write(root: Path, path: str, text: object) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n")


def machine(root: Path, *, total: int, available: int) -> None:
    write(
        root,
        "proc/meminfo",
        f"MemTotal:       {total // 1024} kB\nMemFree:         1 kB\n"
        f"MemAvailable:   {available // 1024} kB\nHugePages_Total:       0",
    )


def version_2(root: Path, group: str, *, mounted: str = "/", at: str = "/sys/fs/cgroup") -> None:
    write(root, "proc/self/cgroup", f"0::{group}")
    write(
        root,
        "proc/self/mountinfo",
        f"25 1 8:1 / / rw - ext4 /dev/sda rw\n31 23 0:27 {mounted} {at} rw - cgroup2 cgroup2 rw",
    )


def version_1(root: Path, group: str, *, mounted: str = "/") -> None:
    write(root, "proc/self/cgroup", f"5:cpu:/elsewhere\n4:memory:{group}\n0::/")
    write(
        root,
        "proc/self/mountinfo",
        f"33 31 0:31 / /sys/fs/cgroup/cpu rw shared:9 - cgroup cgroup rw,cpu\n"
        f"35 31 0:32 {mounted} /sys/fs/cgroup/memory rw shared:8 - cgroup cgroup rw,memory\n"
        "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
    )


def limit_2(root: Path, folder: str, limit: object, used: int, dropped: int = 0) -> None:
    write(root, f"{folder}/memory.max", limit)
    write(root, f"{folder}/memory.current", used)
    write(root, f"{folder}/memory.stat", f"anon 5\ninactive_file {dropped}\nactive_file 7")


def limit_1(root: Path, folder: str, limit: int, used: int, dropped: int = 0) -> None:
    write(root, f"{folder}/memory.limit_in_bytes", limit)
    write(root, f"{folder}/memory.usage_in_bytes", used)
    write(root, f"{folder}/memory.stat", f"inactive_file 3\ntotal_inactive_file {dropped}")


def test_without_groups_the_machine_counts(tmp_path: Path) -> None:
    machine(tmp_path, total=64 * GB, available=40 * GB)
    memory = SystemMemory(HandClock(), tmp_path)
    assert memory.total_bytes == 64 * GB
    assert memory.available_bytes() == 40 * GB


def test_a_figure_is_read_again_once_it_is_old(tmp_path: Path) -> None:
    machine(tmp_path, total=64 * GB, available=40 * GB)
    clock = HandClock()
    memory = SystemMemory(clock, tmp_path)
    machine(tmp_path, total=64 * GB, available=30 * GB)
    clock.sleep(CACHE_S / 2)
    assert memory.available_bytes() == 40 * GB
    clock.sleep(CACHE_S)
    assert memory.available_bytes() == 30 * GB


def test_a_group_of_version_2_lowers_both(tmp_path: Path) -> None:
    machine(tmp_path, total=64 * GB, available=40 * GB)
    version_2(tmp_path, "/box")
    limit_2(tmp_path, "sys/fs/cgroup/box", 8 * GB, used=5 * GB, dropped=2 * GB)
    clock = HandClock()
    memory = SystemMemory(clock, tmp_path)
    assert memory.total_bytes == 8 * GB
    assert memory.available_bytes() == 5 * GB
    limit_2(tmp_path, "sys/fs/cgroup/box", 8 * GB, used=9 * GB)
    clock.sleep(1)
    assert memory.available_bytes() == 0


def test_the_tightest_group_above_counts(tmp_path: Path) -> None:
    machine(tmp_path, total=64 * GB, available=40 * GB)
    version_2(tmp_path, "/user/box")
    limit_2(tmp_path, "sys/fs/cgroup/user/box", "max", used=1 * GB)
    limit_2(tmp_path, "sys/fs/cgroup/user", 10 * GB, used=6 * GB)
    limit_2(tmp_path, "sys/fs/cgroup", 20 * GB, used=19 * GB)
    memory = SystemMemory(HandClock(), tmp_path)
    assert memory.total_bytes == 10 * GB
    assert memory.available_bytes() == 1 * GB


def test_a_group_of_version_1_lowers_both(tmp_path: Path) -> None:
    machine(tmp_path, total=64 * GB, available=40 * GB)
    version_1(tmp_path, "/job/7")
    limit_1(tmp_path, "sys/fs/cgroup/memory/job/7", 8 * GB, used=5 * GB, dropped=1 * GB)
    limit_1(tmp_path, "sys/fs/cgroup/memory", UNLIMITED_V1, used=20 * GB)
    memory = SystemMemory(HandClock(), tmp_path)
    assert memory.total_bytes == 8 * GB
    assert memory.available_bytes() == 4 * GB


@pytest.mark.parametrize(
    ("group", "mounted"),
    [("/docker/4f", "/docker/4f"), ("/docker/4f", "/docker/5a"), ("/../../docker/4f", "/")],
    ids=["the mount is the group", "the group is outside", "a name above the root"],
)
def test_in_a_container_the_mount_is_the_group(tmp_path: Path, group: str, mounted: str) -> None:
    machine(tmp_path, total=64 * GB, available=40 * GB)
    version_1(tmp_path, group, mounted=mounted)
    limit_1(tmp_path, "sys/fs/cgroup/memory", 6 * GB, used=2 * GB)
    assert SystemMemory(HandClock(), tmp_path).available_bytes() == 4 * GB


def test_a_limit_above_the_machine_is_none(tmp_path: Path) -> None:
    machine(tmp_path, total=4 * GB, available=3 * GB)
    version_2(tmp_path, "/box")
    limit_2(tmp_path, "sys/fs/cgroup/box", 8 * GB, used=7 * GB)
    memory = SystemMemory(HandClock(), tmp_path)
    assert (memory.total_bytes, memory.available_bytes()) == (4 * GB, 3 * GB)


def test_a_group_that_cannot_be_read_any_more_is_left_out(tmp_path: Path) -> None:
    machine(tmp_path, total=64 * GB, available=40 * GB)
    version_2(tmp_path, "/box")
    limit_2(tmp_path, "sys/fs/cgroup/box", 8 * GB, used=5 * GB)
    clock = HandClock()
    memory = SystemMemory(clock, tmp_path)
    (tmp_path / "sys/fs/cgroup/box/memory.current").unlink()
    clock.sleep(1)
    assert memory.available_bytes() == 40 * GB


def test_when_the_file_cannot_be_opened_the_last_figure_holds(tmp_path: Path) -> None:
    machine(tmp_path, total=64 * GB, available=40 * GB)
    clock = HandClock()
    memory = SystemMemory(clock, tmp_path)
    (tmp_path / "proc/meminfo").unlink()
    (tmp_path / "proc/meminfo").mkdir()  # opening a folder fails as too many open files do
    clock.sleep(1)
    assert memory.available_bytes() == 40 * GB


@pytest.mark.parametrize("content", [None, "MemTotal:  1 kB\nMemFree:  1 kB"])
def test_without_the_figures_psutil_is_asked(tmp_path: Path, content: str | None) -> None:
    if content:
        write(tmp_path, "proc/meminfo", content)
    memory = SystemMemory(HandClock(), tmp_path)
    assert memory.total_bytes == psutil.virtual_memory().total
    assert 0 < memory.available_bytes() <= memory.total_bytes


def test_this_machine_has_some() -> None:
    memory = SystemMemory(SystemClock())
    assert 0 < memory.available_bytes() <= memory.total_bytes <= psutil.virtual_memory().total
