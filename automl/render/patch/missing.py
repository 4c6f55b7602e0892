"""What a file has near a path that it does not have."""

import difflib
from collections import deque
from collections.abc import Iterator

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.patcher import Steps

_SHOWN = 5
"""So many known paths are named in a message."""

_MOST_PATHS = 5000


def missing_path(asked: str, data: object) -> SpecError:
    """Return the error that tells of a path which a file does not have, with the nearest ones.

    Args:
        asked: the path.
        data: what the file holds.
    """
    paths = [path_text(steps) for steps in _paths(data)]
    ends = asked.rpartition(".")[2]
    near = [path for path in paths if path.rpartition(".")[2] == ends]
    close = difflib.get_close_matches(asked, paths, n=_SHOWN, cutoff=0.5)
    near += [path for path in close if path not in near]
    if near:
        return SpecError(f"it has no {asked!r}; the nearest: {', '.join(near[:_SHOWN])}")
    more = ", ..." if len(paths) > _SHOWN else ""
    return SpecError(f"it has no {asked!r}; it has: {', '.join(paths[:_SHOWN]) or 'nothing'}{more}")


def _paths(data: object) -> Iterator[Steps]:
    """Give what lies below, the outer first; not all of what is endless or too much."""
    waiting: deque[tuple[Steps, object]] = deque([((), data)])
    for _ in range(_MOST_PATHS):
        if not waiting:
            return
        steps, value = waiting.popleft()
        if steps:
            yield steps
        below = value.items() if isinstance(value, dict) else enumerate(_items(value))
        waiting.extend(((*steps, step), one) for step, one in below)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []
