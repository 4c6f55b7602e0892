"""Become a daemon that shares nothing with who started it, and go on for ever.

Usage: daemon.py MARKER MODE; MARKER is made once it is there, and who only started it is gone, so
that a test that looks then sees all that stays. It forks twice and leads a session in
between. MODE `bare` clears its environment by starting another program, `retitled` overwrites it
in place, as programs do that change the title they show, `hops` forks on and on and is never long
in one process, until it is tired.
"""

import ctypes
import os
import signal
import sys
import time

marker, mode = sys.argv[1], sys.argv[2]
if os.fork():
    signal.pause()
os.setsid()
between = os.getpid()
if os.fork():
    os._exit(0)
while os.getppid() == between:
    time.sleep(0.001)
null = os.open(os.devnull, os.O_RDWR)
for stream in (0, 1, 2):
    os.dup2(null, stream)
if mode == "hops":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    open(marker, "x").close()  # noqa: PTH123 - pathlib would double the start-up time
    for _ in range(30_000):
        if os.fork():
            os._exit(0)
        os.setsid()
    os._exit(0)
if mode == "retitled":
    area = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    places = ctypes.cast(area, ctypes.POINTER(ctypes.c_void_p))
    index = 0
    while area[index]:
        ctypes.memset(places[index], ord("x"), len(area[index]))
        index += 1
    open(marker, "x").close()  # noqa: PTH123 - pathlib would double the start-up time
    while True:
        signal.pause()
os.execve("/bin/sh", ["sh", "-c", ': > "$0"; exec sleep 600', marker], {})  # noqa: S606
