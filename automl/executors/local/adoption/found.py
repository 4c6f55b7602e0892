"""Launches of an earlier controller, found again by what their handles tell."""

from datetime import datetime

from automl.executors.cgroups.group import Group
from automl.executors.cgroups.groups import Groups, group_of
from automl.executors.executor import Found, Runs, Wanted
from automl.executors.local.adoption.ages import ran_s
from automl.executors.local.adoption.collected import collected
from automl.executors.local.exits import read_exit_code
from automl.executors.local.running import Running
from automl.executors.processes.identity import Process, boot_id, host, is_running
from automl.executors.processes.proctree import ProcessTable
from automl.study.launch import Handle


def may_be_here(handle: Handle) -> bool:
    """Tell whether a launch may run here: not on another machine, or before this one's restart."""
    here = host(), boot_id()
    return (handle.get("host", here[0]), handle.get("boot", here[1])) == here


def became(wanted: Wanted, running: Running | None, now: datetime) -> Found:
    """Return what became of a launch.

    Args:
        wanted: what was looked for.
        running: what runs of it, None if nothing does.
        now: the wall time.

    Raises:
        OSError: what it left cannot be read now.
    """
    if running is None:
        return collected(wanted, now)
    handle = {**running.handle(), **wanted.handle}
    handle |= {"pid": running.leader.pid, "start": running.leader.start}
    return Runs(trial_id=running.trial_id, handle=handle, ran_s=ran_s(wanted, handle, now))


def found_again(
    wanted: Wanted, table: ProcessTable, groups: Groups | None, since: float
) -> Running | None:
    """Return a launch of which something still runs, `ended` if that is not its leader.

    None if nothing of it runs, or if it has left its exit code: what then still runs is what it
    left behind, and not the launch.

    Args:
        wanted: what tells of it, on this machine and since its last start.
        table: the living processes.
        groups: the control groups, None without them.
        since: the monotonic second from which on it is watched.

    Raises:
        StorageError: that cannot be told now, as the table is not whole.
        OSError: its exit file cannot be read now.
    """
    ended = read_exit_code(wanted.exit_path) is not None
    handle = wanted.handle
    leader = _leader(wanted, table)
    if leader is None:
        table.must_be_whole()
        return None
    group = _group(handle, leader, groups)
    found = table.of(leader, wanted.mark, members=group.pids() if group else ())
    if leader not in found and not table.whole:
        if group:
            group.free()
        table.must_be_whole()  # Its leader may run unseen; it is not to be stopped.
    if ended or (not found and not (group and group.populated)):
        if group:
            group.remove()
        return None
    return Running(
        trial_id=int(handle["trial"]),
        leader=leader,
        mark=wanted.mark,
        exit_path=wanted.exit_path,
        since=since,
        named=handle,
        memory_bytes=int(handle["memory"]) if "memory" in handle else None,
        group=group,
        forked="forked" in handle,
        ended=leader not in found,
        asked_until=None if wanted.rest_s is None else since + wanted.rest_s,
        parent=table.starter_of(leader),
    )


def _leader(wanted: Wanted, table: ProcessTable) -> Process | None:
    """Return the leader that a handle tells of, alive or not; None if it cannot be known."""
    handle = wanted.handle
    if "pid" in handle:
        return Process(int(handle["pid"]), int(handle["start"]))
    return table.leader_of(wanted.mark)


def _group(handle: Handle, leader: Process, groups: Groups | None) -> Group | None:
    if groups is None:
        return None
    if "cgroup" in handle:
        return groups.adopt(str(handle["cgroup"]), int(handle["cgroup_usec"]))
    # A stranger with that pid has a group too.
    name = group_of(leader.pid) if is_running(leader) else None
    return groups.adopt(name, None) if name else None
