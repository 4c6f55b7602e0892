"""Launches that ended while no controller ran, by what they left."""

from datetime import UTC, datetime

from automl.executors.executor import Gone, Wanted
from automl.executors.local.adoption.ages import lasted_s
from automl.executors.local.exits import left_at_ns, read_exit_code
from automl.executors.processes.identity import host
from automl.study.launch import Ended, Exit


def collected(wanted: Wanted, now: datetime) -> Ended | Gone:
    """Return how a launch ended of which nothing runs any more.

    Args:
        wanted: what is looked for.
        now: the wall time.

    Raises:
        OSError: what it left cannot be read now.
    """
    trial_id = int(wanted.handle["trial"])
    code = read_exit_code(wanted.exit_path)
    if code is None:
        return Gone(trial_id=trial_id, why=_elsewhere(wanted))
    ended_ns = left_at_ns(wanted.exit_path)
    ended = datetime.fromtimestamp(ended_ns / 1e9, UTC)
    return Ended(
        trial_id=trial_id,
        exit=Exit(code=code),
        lasted_s=lasted_s(wanted, ended, now),
        ended_ns=ended_ns,
    )


def _elsewhere(wanted: Wanted) -> str:
    there = wanted.handle.get("host", host())
    if there == host():
        return ""
    return f"was running on {there}; it is taken for gone, as this is {host()}"
