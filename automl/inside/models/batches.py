"""The batches that models are fed with: endless, and the same ones for each model.

What a user gives is made a `Source`, which begins anew as often as it is asked to. So each model
gets as much as the others, in the same order, however many batches one pass has.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from automl.inside.models.arrays import Arrays, arrays_of, labels_of

MOST_COUNTED = 10_000
"""A pass of more batches counts as one without an end."""


class Source(NamedTuple):
    """Batches that can be gone through again and again.

    Attributes:
        name: what messages call it.
        begin: returns the batches of a pass, given its number from 0.
        length: how many batches a pass has; None where only going through it tells.
        rows: how many rows its arrays have; None where it has no arrays.
    """

    name: str
    begin: Callable[[int], Iterator[Any]]
    length: int | None = None
    rows: int | None = None


def is_one_pass(given: object) -> bool:
    """Tell whether something can be gone through only once, as a generator can."""
    # What reads images from folders is an iterator too, and has its batches by their places.
    by_place = hasattr(given, "__getitem__") and hasattr(given, "__len__")
    return hasattr(given, "__next__") and not by_place


def is_function(given: object) -> bool:
    """Tell whether something is called for its batches, rather than gone through."""
    is_data = hasattr(given, "__iter__") or hasattr(given, "__getitem__")
    return isinstance(given, type) or (callable(given) and not is_data)


def source_of(name: str, given: Any, cut: "Cut") -> Source:  # noqa: ANN401 - as users have data
    """Return the batches that a user gives.

    Args:
        name: what messages call it.
        given: arrays, batches that can be gone through again, or a function that returns either or
            a generator.
        cut: how arrays become batches.

    Raises:
        TypeError, ValueError: it is none of these, or its arrays do not belong together.
    """
    if is_function(given):
        return _called(name, given, cut)
    if is_one_pass(given):
        raise TypeError(
            f"{name} is {_kind(given)}, which one model would use up; give the function that makes "
            "it, without calling it"
        )
    arrays = arrays_of(name, given)
    if arrays is not None:
        return cut.source(name, arrays)
    plain = isinstance(given, str | bytes | Mapping)
    if not plain and hasattr(given, "__getitem__") and hasattr(given, "__len__"):
        length = len(given)
        return Source(name, lambda _: map(given.__getitem__, range(length)), length)
    if not plain and hasattr(given, "__iter__"):
        return Source(name, lambda _: iter(given))
    raise TypeError(
        f"{name} must be a function that returns a generator of batches, arrays (x, y), or "
        f"batches that can be gone through again, got {_kind(given)}"
    )


def _called(name: str, function: Callable[[], Any], cut: "Cut") -> Source:
    """Return what a function gives; it is called for each pass, where that is used up."""
    first = function()
    if first is None:
        raise TypeError(
            f"{name}: {_shown(function)} returned nothing; it must `yield` batches (x, y), or "
            "return what does"
        )
    if not is_one_pass(first):
        return source_of(name, first, cut)
    # The first pass is this one, as the function may take long until its first batch.
    waiting = [first]
    return Source(name, lambda _: waiting.pop() if waiting else iter(function()))


def endless(source: Source) -> Iterator[Any]:
    """Yield the batches of pass after pass.

    Raises:
        ValueError: a pass has none.
    """
    for number in itertools.count():
        empty = True
        for batch in source.begin(number):
            empty = False
            yield batch
        if empty:
            when = "" if number == 0 else f" when it was called for the {number + 1}. time"
            raise ValueError(f"{source.name} gave no batch{when}; a model needs at least one")


def stream(source: Source, count: int) -> Iterator[Any]:
    """Yield exactly so many batches."""
    return itertools.islice(endless(source), count)


def batches_of_pass(source: Source, option: str) -> int:
    """Return how many batches a pass has, going through one if need be.

    Args:
        source: the batches.
        option: the option that would tell it, for messages.

    Raises:
        ValueError: it has none, or so many that it may have no end.
    """
    if source.length is not None:
        length = source.length
    else:
        length = sum(1 for _ in itertools.islice(source.begin(0), MOST_COUNTED + 1))
    if not length:
        raise ValueError(f"{source.name} gave no batch; a model needs at least one")
    if length > MOST_COUNTED and source.length is None:
        raise ValueError(
            f"{source.name} gave more than {MOST_COUNTED:,} batches and may have no end; give "
            f"{option}="
        )
    return length


class Cut(NamedTuple):
    """How arrays become batches.

    Attributes:
        batch_size: how many rows a batch has; the last of a pass may have fewer.
        seed: what is random follows from it.
        shuffle: whether the order of rows is random, another one in each pass.
        fraction: which share of the rows is taken; None: all.
        stratify: whether each class has that share: True by the targets, or a class for each row.
    """

    batch_size: int
    seed: int = 0
    shuffle: bool = False
    fraction: float | None = None
    stratify: Any = False

    def source(self, name: str, whole: Arrays) -> Source:
        """Return the batches of arrays."""
        size, arrays = self.batch_size, self._share(name, whole)

        def begin(number: int) -> Iterator[Any]:
            order = arrays.order(self.seed if self.shuffle else None, number)
            return (arrays.rows(order[one : one + size]) for one in range(0, arrays.count, size))

        return Source(name, begin, -(-arrays.count // size), arrays.count)

    def _share(self, name: str, arrays: Arrays) -> Arrays:
        if self.fraction is None:
            return arrays
        by_class = self.stratify is not False and self.stratify is not None
        labels = labels_of(name, arrays, self.stratify) if by_class else None
        return arrays.share(self.fraction, self.seed, labels)


def _kind(given: object) -> str:
    return f"a {type(given).__name__}"


def _shown(function: object) -> str:
    return f"{getattr(function, '__name__', type(function).__name__)}()"
