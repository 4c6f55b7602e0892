"""Arrays of training data: rows that belong together, and a share of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PARTS = (2, 3)
"""Inputs and targets, and weights of the rows if given."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """Inputs and targets, each an array, or a dictionary or tuple of arrays.

    Attributes:
        parts: `(x, y)` or `(x, y, weights)`.
        count: how many rows each array has.
    """

    parts: tuple[Any, ...]
    count: int

    def rows(self, places: Any) -> tuple[Any, ...]:  # noqa: ANN401 - an array of whole numbers
        """Return some rows of everything, in the order of their places."""
        return tuple(_each(part, lambda one: one[places]) for part in self.parts)

    def order(self, seed: int | None, number: int) -> Any:  # noqa: ANN401 - as above
        """Return the places of all rows, shuffled for the pass of a number; not without a seed."""
        import numpy as np  # noqa: PLC0415 - only where there are arrays

        if seed is None:
            return np.arange(self.count)
        return np.random.default_rng([seed, number]).permutation(self.count)

    def share(self, fraction: float, seed: int, labels: Sequence[Any] | None = None) -> "Arrays":
        """Return a random share of the rows, in their order.

        Args:
            fraction: how large, above 0 and at most 1.
            seed: the rows follow from it.
            labels: a class for each row, each of which then has that share.
        """
        import numpy as np  # noqa: PLC0415 - only where there are arrays

        count = max(1, round(self.count * fraction))
        rng = np.random.default_rng(seed)
        if labels is None:
            places = rng.permutation(self.count)[:count]
        else:
            places = np.array(_stratified(labels, count, rng))
        return Arrays(self.rows(np.sort(places)), count)


def arrays_of(name: str, given: Any) -> Arrays | None:  # noqa: ANN401 - as users have data
    """Return arrays that a user gives as `(x, y)` or `(x, y, weights)`; None if it is no such.

    Args:
        name: what messages call it.
        given: a tuple, or a list of arrays.

    Raises:
        ValueError: their numbers of rows differ, or are 0.
        TypeError: it is one array alone.
    """
    if hasattr(given, "shape"):
        raise TypeError(
            f"{name} is one array; give inputs and targets, as in {name}=(x, y), or (x, x) where "
            "the inputs are the targets"
        )
    listed = isinstance(given, list) and all(hasattr(one, "shape") for one in given)
    if not (isinstance(given, tuple) or listed) or len(given) not in _PARTS:
        return None
    parts = tuple(map(_normal, given))
    counts = {path: _count(name, path, one) for path, one in _leaves(parts)}
    if len(set(counts.values())) != 1:
        told = ", ".join(f"{path} has {count}" for path, count in counts.items())
        raise ValueError(f"{name}: all arrays need the same number of rows, but {told}")
    (count,) = set(counts.values())
    if not count:
        raise ValueError(f"{name} has no rows; a model needs at least one")
    return Arrays(parts, count)


def labels_of(name: str, arrays: Arrays, given: Any) -> list[Any]:  # noqa: ANN401 - True or labels
    """Return the class of each row: the targets, or what the user gives.

    Args:
        name: what messages call the arrays.
        arrays: the data.
        given: True for the targets, else a class for each row.

    Raises:
        ValueError: there are as many classes as rows, or not a class for each row.
        TypeError: the targets are several arrays.
    """
    targets = arrays.parts[1]
    if given is True and isinstance(targets, Mapping | list | tuple):
        raise TypeError(
            f"stratify=True needs one array of targets, and {name} has several; give the class of "
            "each row, as in stratify=y"
        )
    labels = _hashable(_array(targets if given is True else given).tolist())
    if len(labels) != arrays.count:
        raise ValueError(f"stratify has {len(labels)} classes for {arrays.count} rows of {name}")
    if len(set(labels)) == len(labels) > 1:
        raise ValueError(
            "stratify: each row has a class of its own; give targets that are classes, or leave "
            "stratify out"
        )
    return labels


def _stratified(labels: Sequence[Any], count: int, rng: Any) -> list[int]:  # noqa: ANN401 - numpy's
    """Return places of rows, of each class its share, and one at least where there is room."""
    by_label: dict[Any, list[int]] = {}
    for place, label in enumerate(labels):
        by_label.setdefault(label, []).append(place)
    groups = list(by_label.values())
    taken = shared_out([len(group) for group in groups], count)
    pairs = zip(groups, taken, strict=True)
    return [group[one] for group, n in pairs for one in rng.permutation(len(group))[:n]]


def shared_out(sizes: Sequence[int], count: int) -> list[int]:
    """Return how many of each group make `count` in all, in proportion to its size.

    Each group has one at least, where `count` is enough for that.
    """
    least = 1 if count >= len(sizes) else 0
    exact = [count * size / sum(sizes) for size in sizes]
    taken = [max(least, int(one)) for one in exact]
    # Who lost most by rounding gets what is left of it; who gained most gives what is missing.
    while (left := count - sum(taken)) != 0:
        by = 1 if left > 0 else -1
        limits = sizes if by > 0 else [least] * len(sizes)
        free = [one for one, limit in enumerate(limits) if taken[one] != limit]
        taken[max(free, key=lambda one: by * (exact[one] - taken[one]))] += by
    return taken


def _normal(given: Any) -> Any:  # noqa: ANN401 - as users nest it
    """Return inputs or targets as arrays: one, or several by name or place."""
    if isinstance(given, Mapping):
        return {name: _array(one) for name, one in given.items()}
    # A list of numbers is one array, as for Keras.
    several = isinstance(given, list | tuple) and given and all(map(_has_rows, given))
    return tuple(map(_array, given)) if several else _array(given)


def _has_rows(given: object) -> bool:
    return bool(getattr(given, "shape", ()))


def _each(data: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as `_normal` has it
    if isinstance(data, Mapping):
        return {name: change(one) for name, one in data.items()}
    return tuple(map(change, data)) if isinstance(data, tuple) else change(data)


def _leaves(parts: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Yield each array with how it is called."""
    for name, part in zip(("x", "y", "weights"), parts, strict=False):
        if isinstance(part, Mapping):
            yield from ((f"{name}[{key!r}]", one) for key, one in part.items())
        elif isinstance(part, tuple):
            yield from ((f"{name}[{place}]", one) for place, one in enumerate(part))
        else:
            yield name, part


def _count(name: str, path: str, array: Any) -> int:  # noqa: ANN401 - numpy's
    if not array.shape:
        raise ValueError(f"{name}: {path} must be an array with rows, got {array.item()!r}")
    return len(array)


def _array(given: Any) -> Any:  # noqa: ANN401 - of whatever library
    import numpy as np  # noqa: PLC0415 - only where there are arrays

    return np.asarray(given)


def _hashable(listed: list[Any]) -> list[Any]:
    """Return classes that are rows themselves, as one-hot targets are, as texts."""
    return [repr(one) if isinstance(one, list) else one for one in listed]
