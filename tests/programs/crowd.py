"""Run many trials, let no file be opened any more, and stop them all.

Usage: crowd.py FOLDER HOW GROUPS [END]; HOW is `limit` (the limit is lowered) or `filled` (all
descriptors are taken), GROUPS is 0 for none. With END trials end by themselves meanwhile. It prints
how many ends were reported, and with what codes.
"""

import errno
import os
import resource
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "executors"))
from local_place import Kind, LocalPlace, refusal, start, until

from automl.study.launch import Ended, News

TRIALS = 26
folder, how, groups, *end = sys.argv[1:]
place = LocalPlace(Path(folder), Kind(cgroups=groups != "0"))
executor = place.executor()
launches = [
    place.launch_of(f": > marker; until [ -e {folder}/go ]; do sleep 0.05; done", trial_id=number)
    if end
    else place.bad("changes-session", trial_id=number)
    for number in range(TRIALS)
]
handles = [start(executor, launch) for launch in launches]
for launch in launches:
    place.wait_until_at_work(launch)
last = place.launch_of("true", trial_id=TRIALS)

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 256), hard))
filled: list[int] = []
if how == "filled":
    try:
        while True:
            filled.append(os.dup(0))
    except OSError:
        pass
else:
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
if refusal(executor, last).errno != errno.EMFILE:
    sys.exit("a launch was not refused for want of descriptors")
ended: list[News] = []
if end:
    # A folder, for which nothing need be opened.
    Path(folder, "go").mkdir()
else:
    executor.cancel(handles, 0.2)
for _ in range(200 if how == "limit" else 0):
    # Nothing can be looked at, so nothing may be taken for stopped; nothing raises either.
    ended += executor.wait(0.001)
if how == "limit":
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
while len(ended) < TRIALS:
    ended += executor.wait(None)
left = len(place.left())
executor.close()
for file in filled:
    os.close(file)
until(lambda: not place.left(), "something is left")
codes = Counter(
    one.exit.code if end else one.exit.signal_name for one in ended if isinstance(one, Ended)
)
print(left, dict(codes))  # noqa: T201 - its report
