"""Control groups: figures and limits from files that stand in for the kernel's, and real groups."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from automl.executors.cgroups.group import Group, limits_memory, remove_tree
from automl.executors.cgroups.groups import Groups, group_of, open_groups, own_group
from automl.executors.processes.identity import pid_namespace, start_time


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of a group."""
    folder = tmp_path / "group"
    folder.mkdir()
    (folder / "cgroup.events").write_text("populated 0\nfrozen 0\n")
    (folder / "cpu.stat").write_text("usage_usec 1000\nuser_usec 600\n")
    (folder / "cgroup.procs").write_text("")
    (folder / "cgroup.kill").write_text("")
    return folder


@pytest.fixture
def group(folder: Path) -> Iterator[Group]:
    group = Group(str(folder))
    yield group
    group.free()


def add_memory(folder: Path, oom_kill: int = 2) -> None:
    (folder / "memory.events").write_text(f"low 0\noom 1\noom_kill {oom_kill}\n")
    for name in ("memory.max", "memory.swap.max"):
        (folder / name).write_text("max\n")
    (folder / "memory.oom.group").write_text("0\n")


def test_seconds_count_from_the_beginning_of_a_launch(group: Group, folder: Path) -> None:
    assert group.begin()
    assert group.cpu_s() is None
    (folder / "cpu.stat").write_text("usage_usec 2501000\nuser_usec 600\n")
    assert group.cpu_s() == 2.5
    assert group.begin()
    assert group.cpu_s() is None


def test_seconds_of_an_adopted_launch_count_from_its_own_beginning(folder: Path) -> None:
    group = Group(str(folder), 400)
    assert group.cpu_s() == 0.0006
    group.free()


def test_a_group_that_is_not_empty_is_not_lent_again(group: Group, folder: Path) -> None:
    (folder / "cgroup.events").write_text("populated 1\nfrozen 0\n")
    assert group.populated
    assert not group.begin()


def test_processes_of_groups_below_belong(group: Group, folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "cgroup.procs").write_text(f"{os.getpid()}\n4000000\n")
    assert group.pids() == [os.getpid(), 4000000]


def test_the_kill_goes_to_the_kernel(group: Group, folder: Path) -> None:
    group.kill()
    assert (folder / "cgroup.kill").read_text() == "1"


def test_a_memory_limit_is_set_and_taken_back(group: Group, folder: Path) -> None:
    add_memory(folder)
    assert group.limit_memory(5_000_000)
    assert group.limited
    names = ("memory.max", "memory.swap.max", "memory.oom.group")
    assert [(folder / name).read_text() for name in names] == ["5000000", "0", "1"]
    assert limits_memory(group.path)
    assert not group.limit_memory(None)
    assert [(folder / name).read_text() for name in names] == ["max", "max", "0"]
    assert not limits_memory(group.path)


def test_without_the_controller_there_is_no_limit(group: Group, folder: Path) -> None:
    assert not group.limit_memory(5_000_000)
    assert not group.limited
    assert not limits_memory(group.path)
    assert not group.ran_out_of_memory()
    assert not (folder / "memory.max").exists()


def test_kills_for_want_of_memory_count_from_the_beginning(group: Group, folder: Path) -> None:
    add_memory(folder, oom_kill=2)
    group.limit_memory(5_000_000)
    assert not group.ran_out_of_memory()
    add_memory(folder, oom_kill=3)
    assert group.ran_out_of_memory()
    group.limit_memory(6_000_000)
    assert not group.ran_out_of_memory()


def test_a_group_that_is_gone_answers_nothing(folder: Path) -> None:
    group = Group(str(folder))
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert group.gone
    assert group.pids() == []
    group.kill()
    group.free()
    assert remove_tree(str(folder))


def test_a_folder_that_is_no_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Group(str(tmp_path))
    (tmp_path / "cgroup.events").write_text("populated 0\n")
    with pytest.raises(FileNotFoundError):
        Group(str(tmp_path))


@pytest.mark.parametrize(
    ("membership", "mount", "found"),
    [
        ("0::/", "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "sys/fs/cgroup"),
        ("0::/a/b", "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "sys/fs/cgroup/a/b"),
        (
            "4:memory:/x\n0::/a",
            (
                "29 1 0:25 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                "30 1 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw"
            ),
            "sys/fs/cgroup/unified/a",
        ),
        ("0::/box/1", "30 1 0:26 /box/1 /my\\040groups rw - cgroup2 cgroup2 rw", "my groups"),
        ("0::/box/1/in", "30 1 0:26 /box/1 /groups rw - cgroup2 cgroup2 rw", "groups/in"),
        ("0::/box/12", "30 1 0:26 /box/1 /groups rw - cgroup2 cgroup2 rw", None),
        ("0::/a", "29 1 0:25 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", None),
        ("4:memory:/x", "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", None),
    ],
)
def test_the_own_group_is_found(
    tmp_path: Path, membership: str, mount: str, found: str | None
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(membership + "\n")
    (tmp_path / "proc/self/mountinfo").write_text(mount + "\n")
    for name in ("sys/fs/cgroup/a/b", "sys/fs/cgroup/unified/a", "my groups", "groups/in"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    assert own_group(str(tmp_path)) == (None if found is None else str(tmp_path / found))


def test_where_no_group_can_be_made_there_is_no_pool(tmp_path: Path) -> None:
    assert open_groups(str(tmp_path)) is None
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("0::/\n")
    (tmp_path / "proc/self/mountinfo").write_text("3 1 0:2 / /groups rw - cgroup2 cgroup2 rw\n")
    (tmp_path / "groups").mkdir()
    (tmp_path / "groups/cgroup.procs").write_text("")
    assert open_groups(str(tmp_path)) is None
    assert [path.name for path in (tmp_path / "groups").iterdir()] == ["cgroup.procs"]


@pytest.fixture
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A real group below our own."""
    if not request.getfixturevalue("has_groups"):
        pytest.skip("no control groups of version 2 that this user can write to")
    base = Path(own_group() or "", f"test-{os.getpid()}-{tmp_path.name}")
    base.mkdir()
    yield base
    assert remove_tree(str(base))


def test_groups_are_lent_again_and_removed(base: Path) -> None:
    groups = Groups(str(base))
    first = groups.take(None)
    second = groups.take(None)
    assert first
    assert second
    assert first.path != second.path
    groups.give_back(first)
    again = groups.take(None)
    assert again is first
    groups.give_back(again)
    groups.give_back(second)
    groups.close()
    assert not list(base.glob("automl-*"))


def test_two_pools_of_one_process_share_no_group(base: Path) -> None:
    pools = [Groups(str(base)) for _ in range(2)]
    taken = [pool.take(None) for pool in pools]
    assert len({group.path for group in taken if group}) == 2
    for pool, group in zip(pools, taken, strict=True):
        assert group
        pool.give_back(group)
        pool.close()


def test_a_lent_group_that_somebody_removed_is_replaced(base: Path) -> None:
    groups = Groups(str(base))
    group = groups.take(None)
    assert group
    groups.give_back(group)
    Path(group.path).rmdir()
    other = groups.take(None)
    assert other
    assert other.path != group.path
    groups.give_back(other)
    groups.close()


def test_empty_groups_of_dead_controllers_are_removed(base: Path) -> None:
    namespace = pid_namespace()
    own = f"automl-{namespace}n{os.getpid()}-{start_time(os.getpid())}-999999"
    # Of a container that shares the tree of groups, where that pid is another process.
    foreign = f"automl-{namespace}9n{os.getpid()}-1-0"
    dead = [f"automl-{namespace}n{os.getpid()}-1-0", f"automl-{os.getpid()}-1-0"]
    for name in (own, foreign, *dead, "somebody-else"):
        (base / name).mkdir()
    Groups(str(base)).close()
    left = {path.name for path in base.iterdir() if path.is_dir()}
    assert left == {own, foreign, "somebody-else"}


def test_only_groups_of_controllers_are_adopted(base: Path) -> None:
    groups = Groups(str(base))
    (base / "somebody-else").mkdir()
    assert groups.adopt("somebody-else", 0) is None
    assert groups.adopt("automl-1-1-1", 0) is None
    (base / "automl-1-1-1").mkdir()
    for name in ("automl-1-1-1", str(base / "automl-1-1-1")):
        group = groups.adopt(name, 0)
        assert group
        assert group.path == str(base / "automl-1-1-1")
        group.free()
    groups.close()


def test_a_memory_limit_where_the_kernel_lets_us(base: Path) -> None:
    groups = Groups(str(base))
    group = groups.take(100 << 20)
    assert group
    limited = limits_memory(group.path)
    assert group.limited == limited
    groups.give_back(group)
    groups.close()


def test_the_group_of_a_process_counts_only_if_it_is_a_controllers(tmp_path: Path) -> None:
    (tmp_path / "proc/7").mkdir(parents=True)
    for text, name in (("0::/a/automl-1-2-3\n", "automl-1-2-3"), ("0::/a/other\n", None)):
        (tmp_path / "proc/7/cgroup").write_text(f"4:memory:/automl-9-9-9\n{text}")
        assert group_of(7, str(tmp_path)) == name
    assert group_of(8, str(tmp_path)) is None
