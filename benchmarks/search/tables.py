"""Tasks of real trainings, from the tables of benchmarks/data."""

import bisect
import gzip
import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.make_tables import DATA, SCALE, every
from benchmarks.search.task import Axis, Task, Values

Scores = NDArray[np.float64]
"""One row for each repeat of a training, one column for each value it printed."""


class Table:
    """Trainings at the points of a grid; between the points of a `Real` they are interpolated.

    A parameter with `length` says how many of the printed values count, as if the training had
    been stopped there: one value for each `length` of it.

    Args:
        found: what benchmarks/make_tables.py wrote.
    """

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.axes = tuple(_axis(one) for one in found["axes"])
        self._grids = {one["name"]: one["grid"] for one in found["axes"] if "grid" in one}
        self._logs = {axis.name for axis in self.axes if axis.log}
        self._length = next((one for one in found["axes"] if "length" in one), None)
        self._final = found["final"]
        self._rows = {
            tuple(values): (seconds, np.array(scores) / SCALE)
            for values, seconds, scores in found["rows"]
        }

    def best(self) -> float:
        """Return the highest mean over the repeats, at any point and length."""
        rows = (scores.mean(axis=0) for _, scores in self._rows.values())
        if self._final == "mean":
            return max(float(row.mean()) for row in rows)
        if self._length is None:
            return max(float(row[-1]) for row in rows)
        ends = [self._steps({self._length["name"]: n}) for n in _points(self._length)]
        return max(float(row[end - 1]) for row in rows for end in ends)

    def truth(self, values: Values) -> float:
        """Return what counts of a training, averaged over its repeats."""
        curve = self._scores(values).mean(axis=0)
        return float(curve.mean() if self._final == "mean" else curve[-1])

    def curve(self, values: Values, seed: int) -> tuple[float, ...]:
        """Return what one of the repeats printed, the last one at the values' own length."""
        scores = self._scores(values)
        return tuple(map(float, scores[seed % len(scores)]))

    def seconds(self, values: Values) -> float:
        """Return the CPU seconds that it took."""
        seconds, steps = 0.0, 0
        for share, row in self._near(values):
            seconds += share * row[0]
            steps = row[1].shape[1]
        return seconds * self._steps(values, steps) / steps

    def _scores(self, values: Values) -> Scores:
        near = self._near(values)
        scores: Scores = sum(share * row[1] for share, row in near)  # type: ignore[assignment]
        return scores[:, : self._steps(values, scores.shape[1])]

    def _steps(self, values: Values, steps: int = 0) -> int:
        if self._length is None:
            return steps
        return int(values[self._length["name"]]) // int(self._length["length"])

    def _near(self, values: Values) -> list[tuple[float, tuple[float, Scores]]]:
        """Return the trained points around `values`, each with its share."""
        length = self._length["name"] if self._length else None
        sides = [self._sides(name, value) for name, value in values.items() if name != length]
        return [
            (math.prod(share for share, _ in corner), self._rows[tuple(v for _, v in corner)])
            for corner in itertools.product(*sides)
        ]

    def _sides(self, name: str, value: Any) -> list[tuple[float, Any]]:  # noqa: ANN401
        grid: Sequence[float] | None = self._grids.get(name)
        if grid is None:
            return [(1.0, value)]
        after = min(max(bisect.bisect_left(grid, value), 1), len(grid) - 1)
        low, high = grid[after - 1], grid[after]
        if name in self._logs:
            share = math.log(value / low) / math.log(high / low)
        else:
            share = (value - low) / (high - low)
        ends = [(1 - share, low), (share, high)]
        return [end for end in ends if end[0] > 0]


def between(name: str, parts: int) -> Iterator[Values]:
    """Yield all trained points of a table and, cutting the ranges between them, others."""
    yield from every([_cut(one, parts) for one in _found(name)["axes"]])


def _cut(axis: Mapping[str, Any], parts: int) -> Values:
    grid = axis.get("grid")
    if not grid:
        return dict(axis)
    whole = Axis(name=axis["name"], type="Real", low=grid[0], high=grid[-1], log=axis["log"])
    places = [
        before + (after - before) * part / parts
        for before, after in itertools.pairwise(map(whole.place_of, grid))
        for part in range(parts)
    ]
    # The trained points themselves stay as they are, the last one included.
    cut = [whole.value_at(place) for place in places]
    cut[::parts] = grid[:-1]
    return {**axis, "grid": [*cut, grid[-1]]}


def _found(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress((DATA / f"{name}.json.gz").read_bytes()))
    return found


@cache
def load(name: str) -> Task:
    """Return the task of one table."""
    found = _found(name)
    table = Table(found)
    return Task(
        name=name,
        about=found["about"],
        axes=table.axes,
        maximize=True,
        final=found["final"],
        best=table.best(),
        truth=table.truth,
        curve=table.curve,
        seconds=table.seconds,
    )


def _axis(one: Mapping[str, Any]) -> Axis:
    kept = {key: value for key, value in one.items() if key not in {"grid", "length"}}
    return Axis(**kept | {"candidates": tuple(kept.get("candidates", ()))})


def _points(axis: Mapping[str, Any]) -> Sequence[int]:
    if axis["type"] == "Categorical":
        return list(axis["candidates"])
    return range(axis["low"], axis["high"] + 1, axis["step"])
