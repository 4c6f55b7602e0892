"""How many combinations a space has that is walked."""

from collections.abc import Sequence
from typing import Any

from automl.space.kinds.registry import item_from

_MOST = 100_000
"""A walk of more combinations has no limit by their number."""


def combinations(described: Sequence[dict[str, Any]]) -> int | None:
    """Return the number of combinations of parameters; None where it is none, or no limit."""
    found = 1
    for one in described:
        count: int | None = getattr(item_from(one), "count", None)
        if count is None or found * count > _MOST:
            return None
        found *= count
    return found
