"""Whether importing a script seeds random numbers, however it does that.

What follows a seed is the same in each process that imports the script. A fork has its numbers
seeded anew, so that this would be lost.
"""

import random
import sys
from types import TracebackType
from typing import Any, Self

_LARGEST_GIVEN = 1 << 32
"""Seeds that people give are smaller; those that torch draws have 53 random bits."""


class SeedWatch:
    """Notes meanwhile whether Python's random numbers are seeded, by whatever function."""

    def __init__(self) -> None:
        self._noted = False
        self._seed = random.seed

    def __enter__(self) -> Self:
        random.seed = self._noting
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
    ) -> None:
        # The script may have put something else there.
        if random.seed == self._noting:
            random.seed = self._seed

    @property
    def found(self) -> bool:
        """Whether the numbers of Python, numpy or torch have been seeded by now."""
        return self._noted or _numpy_is_seeded() or _torch_is_seeded()

    def _noting(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as `random.seed` has them
        self._noted = self._noted or bool(given and given[0] is not None) or bool(named)
        self._seed(*given, **named)


def _numpy_is_seeded() -> bool:
    generator = getattr(sys.modules.get("numpy.random"), "get_bit_generator", None)
    # Only of numbers that nobody seeded, what they were drawn from is known.
    return generator is not None and getattr(generator(), "seed_seq", generator) is None


def _torch_is_seeded() -> bool:
    seed = getattr(sys.modules.get("torch"), "initial_seed", None)
    return seed is not None and 0 <= seed() < _LARGEST_GIVEN
