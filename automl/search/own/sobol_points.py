"""The points of a scrambled Sobol sequence, drawn aside.

What draws them takes 70 MB of memory for good and half a second of the interpreter. A process of
its own gives the memory back, and does not hold up the trials of this one meanwhile.
"""

import logging
import os
import subprocess
import sys
from array import array
from collections.abc import Iterator

logger = logging.getLogger(__name__)

_PROGRAM = f"from {__name__} import main; main()"


def sobol_points(dimensions: int, seed: int, skipped: int, count: int) -> Iterator[list[float]]:
    """Yield points `skipped` to `skipped + count - 1` of the sequence, counted from 0.

    This process draws them itself only where that costs nothing, as scipy's statistics are loaded
    already, or where it can start no other.

    Args:
        dimensions: coordinates of a point, each in [0, 1).
        seed: of the scramble; the same seed gives the same sequence.
        skipped: so many points are passed over.
        count: so many points are drawn.
    """
    question = (dimensions, seed, skipped, count)
    numbers = _drawn(*question) if "scipy.stats" in sys.modules else _drawn_aside(*question)
    for at in range(0, len(numbers), dimensions):
        yield numbers[at : at + dimensions].tolist()


def main() -> None:
    """Draw the points that the words of the command ask for, and print their bytes."""
    sys.stdout.buffer.write(_drawn(*map(int, sys.argv[1:])).tobytes())


def _drawn(dimensions: int, seed: int, skipped: int, count: int) -> "array[float]":
    from scipy.stats.qmc import Sobol  # type: ignore[import-untyped]  # noqa: PLC0415

    sequence = Sobol(dimensions, scramble=True, rng=seed)
    if skipped:
        sequence.fast_forward(skipped)
    return array("d", sequence.random(count).tobytes())


def _drawn_aside(*question: int) -> "array[float]":
    try:
        done = subprocess.run(
            # Without the working directory, where a file may be called as a module of Python is.
            [sys.executable, "-P", "-c", _PROGRAM, *map(str, question)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            start_new_session=True,  # Ctrl-C is for the study to answer
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        logger.debug("Sobol points are drawn by this process: %s", error)
        return _drawn(*question)
    return array("d", done.stdout)
