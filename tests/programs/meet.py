"""Note when this process began and ended, and end only once its whole round has begun.

Usage: meet.py FOLDER ID ROUND; process ID is one of the ROUND processes that run together. So a
limit below ROUND makes the processes wait in vain, and one above it shows in the noted times.
"""

import os
import sys
import time

folder, own, together = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# Before the others can see the file and end: so the spans of a round always overlap.
began_ns = time.monotonic_ns()
with open(f"{folder}/{own}", "x") as file:  # noqa: PTH123 - pathlib would double the start-up time
    deadline = time.monotonic() + 20
    while len(os.listdir(folder)) < (own // together + 1) * together:  # noqa: PTH208
        if time.monotonic() > deadline:
            sys.exit("the others of the round did not begin")
        time.sleep(0.002)
    # Long enough for one process too many to begin before this one ends.
    time.sleep(0.1)
    file.write(f"{began_ns} {time.monotonic_ns()}")
print(own)  # noqa: T201 - its metric
