"""Read a metric file while it grows, and print what that took as JSON.

Usage: follow.py FILE SIZE_MB. The file grows by a part at a time, which ends anywhere in a line,
and is read to its end after each, as a controller does between two ends of trials.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from automl.readers.follow import MetricFollower

MB = 1 << 20
PART = 4 * MB + 13
WARM = 16 * MB
LINES = b"step 41 of 100000\nepoch 7: train_loss=0.3127 val_accuracy=0.91731\n"
PATTERN = r"val_accuracy=(\d+\.\d+)"


def main() -> None:
    """Run it."""
    path, size = Path(sys.argv[1]), int(sys.argv[2]) * MB
    text = LINES * (2 * PART // len(LINES))
    path.touch()
    follower = MetricFollower(path, PATTERN)
    before, read_before = _peak_mb(), _bytes_read()
    warm = before
    read_s, values, done = 0.0, 0, 0
    with path.open("ab", buffering=0) as file:
        for part in _parts(text, size):
            file.write(part)
            done += len(part)
            began = time.perf_counter()
            values += _read_all(follower, ended=done == size)
            read_s += time.perf_counter() - began
            if done <= WARM:
                warm = _peak_mb()
    expected = _values_in(size)
    if values != expected:
        sys.exit(f"{values} values read, {expected} written")
    told = {
        "bytes_read": _bytes_read() - read_before,
        "size": size,
        "seconds": read_s,
        "growth_mb": _peak_mb() - before,
        "later_growth_mb": _peak_mb() - warm,
    }
    print(json.dumps(told))


def _parts(text: bytes, size: int) -> Iterator[memoryview]:
    """Give the parts of an endless repetition of `LINES`, cut at `size`."""
    view = memoryview(text)
    for offset in range(0, size, PART):
        start = offset % len(LINES)
        yield view[start : start + min(PART, size - offset)]


def _read_all(follower: MetricFollower, *, ended: bool) -> int:
    values, more = 0, True
    while more:
        batch = follower.read(ended=ended)
        values += len(batch.values)
        more = batch.more
    return values


def _values_in(size: int) -> int:
    """Return how many matches the first `size` bytes hold; the last line may be cut."""
    whole, rest = divmod(size, len(LINES))
    cut = LINES[:rest].partition(b"val_accuracy=")[2]
    return whole + (len(cut) > len("0."))


def _peak_mb() -> float:
    unit = MB if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _bytes_read() -> int:
    """Return what this process has read so far, by the kernel's count; 0 where it keeps none."""
    try:
        text = Path("/proc/self/io").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(text.split("rchar:")[1].split()[0])


if __name__ == "__main__":
    main()
