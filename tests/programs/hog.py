"""Take memory and keep it: hog.py MARKER MEGABYTES; MARKER is made once it is taken."""

import signal
import sys

taken = bytearray(b"x") * (int(sys.argv[2]) << 20)
open(sys.argv[1], "x").close()  # noqa: PTH123 - pathlib would double the start-up time
while taken:
    signal.pause()
