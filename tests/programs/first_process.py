"""Run and stop trials whose processes outlive their parents, as process 1 or a subreaper.

Usage: first_process.py FOLDER HOW GROUPS; HOW is `first` (this is process 1) or `reaper` (it makes
itself one), GROUPS is 0 for none. It prints what ended and how many zombies are left in the end,
and whether a child of its own was left to it.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "executors"))
from local_place import Kind, LocalPlace, start, told, until

from automl.errors import LaunchError
from automl.executors.processes.proctree import ended_children
from automl.study.launch import Ended

PR_SET_CHILD_SUBREAPER = 36
folder, how, groups = sys.argv[1:]
if how == "reaper":
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
place = LocalPlace(Path(folder), Kind(cgroups=groups != "0"))
try:
    executor = place.executor()
except LaunchError as error:
    sys.exit(str(error))
own = subprocess.Popen(["true"])
orphan = "(setsid sh -c ': > seen' & ) ; (true &) ; until [ -e seen ]; do sleep 0.01; done; "
lasting = place.launch_of(orphan + ": > marker; sleep 600", trial_id=0)
handle = start(executor, lasting)
start(executor, place.launch_of(orphan, trial_id=1))
ended = [told(executor, Ended)]
place.wait_until_at_work(lasting)


def only_ours() -> bool:
    executor.wait(0.1)
    return [pid for pid, _ in ended_children()] == [own.pid]


until(only_ours, "zombies stay while a trial runs")
executor.cancel([handle], 0.2)
ended.append(told(executor, Ended))
left = place.left()
executor.close()
zombies = [pid for pid, _ in ended_children() if pid != own.pid]
print([str(one.exit) for one in ended], left, zombies, own.wait())  # noqa: T201 - its report
base = handle.get("cgroup")
if base and os.path.exists(os.path.dirname(str(base))):  # noqa: PTH110, PTH120
    name = os.path.basename(str(base)).rpartition("-")[0]  # noqa: PTH119
    ours = [one for one in os.listdir(os.path.dirname(str(base))) if one.startswith(name)]  # noqa: PTH120, PTH208
    print("groups left:", ours)  # noqa: T201 - its report
