"""What a loop over a value goes through."""

from automl.discovery.source.evaluation.definitions import Class
from automl.discovery.source.evaluation.objects.enumerations import members_of
from automl.discovery.source.evaluation.values import Value

_MOST_ROUNDS = 2_000


def items_of(value: Value) -> list[Value] | None:
    """Return what a loop goes through, None if that is not known or too much."""
    if isinstance(value, Class):
        return members_of(value)
    if isinstance(value, (list, tuple, str, dict, range, set, frozenset)):
        return list(value) if len(value) <= _MOST_ROUNDS else None
    return None
