"""Fork on and on, each time into a new session, and never stay in one process for long.

Usage: slow_forker.py MARKER MILLISECONDS; each process waits so long before it forks and ends, and
ignores TERM. It gets tired after a minute.
"""

import os
import signal
import sys
import time

marker, pause_s = sys.argv[1], int(sys.argv[2]) / 1000
tired = time.monotonic() + 60
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork():
    signal.pause()
open(marker, "x").close()  # noqa: PTH123 - pathlib would double the start-up time
while time.monotonic() < tired:
    time.sleep(pause_s)
    if os.fork():
        os._exit(0)
    os.setsid()
