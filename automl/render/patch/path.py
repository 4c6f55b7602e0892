"""Paths into config files: `optimizer.lr`, `layers[0].size`, `['a.b'].c`."""

from automl.data_path import path as data_path
from automl.errors import SpecError


def parse_path(path: str) -> tuple[str | int, ...]:
    """Return the keys and list positions of a path, each of which names one value.

    >>> parse_path("layers[0].size"), parse_path("['a.b'].c")
    (('layers', 0, 'size'), ('a.b', 'c'))

    Raises:
        SpecError: it is no path, or counts from the end, or may name several values.
    """
    steps: list[str | int] = []
    for step in data_path.parse_path(path):
        if isinstance(step, data_path.Where) or (isinstance(step, int) and step < 0):
            raise SpecError(
                f"{path!r} is no path to one value; write optimizer.lr, layers[0].size, or "
                "['a.b'] for a key with a dot"
            )
        steps.append(step)
    return tuple(steps)
