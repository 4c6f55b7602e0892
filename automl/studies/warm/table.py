"""The rows of a CSV file or a DataFrame that a new study may learn from."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.space.cells import is_missing
from automl.space.space import SearchSpace
from automl.studies.warm.rows import Row
from automl.study.objective import METRIC, Objectives
from automl.study.trial import TrialState

Column: TypeAlias = "str | tuple[str, str]"
"""A name, or a group and a name as in automl's own table."""

PARAMS, RESULTS, METADATA = GROUPS = ("params", "results", "metadata")
"""The groups of automl's own table."""

_LISTED = 20
_OTHER_SEPARATOR = re.compile(r"[;\t|]")


def csv_rows(path: Path, space: SearchSpace, objectives: Objectives) -> list[Row]:
    """Return the rows of a CSV file, whose first line names parameters and metrics.

    The `results.csv` of a study has the group before each name, as in `params.lr`. A file that
    pandas wrote from automl's own table has two such lines.

    Raises:
        SpecError: the file cannot be read, or its columns are not those needed.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [line for line in csv.reader(file) if line]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise SpecError(
            f"warm_start: cannot read the CSV file {path}: {why}; its path is relative to "
            f"{Path.cwd()}, and its text must be UTF-8"
        ) from error
    if not lines:
        raise SpecError(f"warm_start: the CSV file {path} is empty; its first line names columns")
    what = f"the CSV file {path}"
    first, rest = lines[0], lines[1:]
    columns: list[Column] = list(first)
    if rest and set(first) <= {*GROUPS, ""} and {"params", "results"} <= set(first):
        columns = list(zip(first, rest[0], strict=False))
        rest = rest[1:]
    elif all(name.partition(".")[0] in GROUPS and "." in name for name in first):
        columns = [(group, name) for group, _, name in (one.partition(".") for one in first)]
    return _table_rows(what, columns, rest, space, objectives)


def frame_rows(frame: Any, space: SearchSpace, objectives: Objectives) -> list[Row]:  # noqa: ANN401 - pandas is not imported here
    """Return the rows of a pandas DataFrame, with plain column names or those of automl's table.

    Raises:
        SpecError: its columns are not those needed.
    """
    columns = list(frame.columns)
    lines = frame.set_axis(range(len(columns)), axis="columns").to_dict("records")
    return _table_rows(
        "the DataFrame",
        [one if isinstance(one, tuple) else str(one) for one in columns],
        [list(line.values()) for line in lines],
        space,
        objectives,
    )


def _table_rows(
    what: str,
    columns: Sequence[Column],
    lines: Sequence[Sequence[object]],
    space: SearchSpace,
    objectives: Objectives,
) -> list[Row]:
    table = _Columns(what, columns)
    params = dict(table.params(space))
    finals = {one.metric: table.metric(one.metric, objectives) for one in objectives.items}
    if shared := set(params.values()) & set(finals.values()):
        raise SpecError(
            f"warm_start: in {what} the column {columns[min(shared)]!r} is both a parameter and "
            "the metric; name the metric's column otherwise, and the objective with it"
        )
    return [
        Row(left_out=why)
        if (why := table.why_not(line))
        else Row(params=_cells(params, line), finals=_cells(finals, line))
        for line in lines
    ]


def _cells(places: Mapping[str, int], line: Sequence[object]) -> dict[str, object]:
    return {name: line[place] if place < len(line) else None for name, place in places.items()}


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a table, found by their names."""

    what: str
    columns: Sequence[Column]

    @property
    def grouped(self) -> bool:
        return any(isinstance(one, tuple) for one in self.columns)

    def names(self, group: str) -> list[str]:
        """Return the names of a group; all names where there are no groups."""
        if not self.grouped:
            return [str(one) for one in self.columns]
        return [str(one[1]) for one in self.columns if one[0] == group]

    def find(self, group: str, name: str) -> int | None:
        """Return the place of a column, None if it is not there; SpecError if it is there twice."""
        wanted = (group, name) if self.grouped else name
        places = [place for place, one in enumerate(self.columns) if one == wanted]
        if len(places) > 1:
            raise SpecError(
                f"warm_start: {self.what} has {len(places)} columns {name!r}; keep one of them"
            )
        return places[0] if places else None

    def needed(self, group: str, name: str, what: str) -> int:
        place = self.find(group, name)
        if place is None:
            known = self.names(group)
            listed = ", ".join(known[:_LISTED]) or "none"
            if len(known) == 1 and _OTHER_SEPARATOR.search(listed):
                listed += "; put commas between columns"
            raise SpecError(
                f"warm_start: {self.what} has no column {name!r} for {what}"
                f"{did_you_mean(name, known)}; its columns: {listed}"
            )
        return place

    def params(self, space: SearchSpace) -> Iterator[tuple[str, int]]:
        """Yield name and place of every parameter; constants may be missing.

        Of automl's own table, also of parameters that the space does not know.
        """
        for parameter in space.parameters:
            for name in parameter.names:
                if parameter.searched:
                    yield name, self.needed(PARAMS, name, "the parameter of that name")
                elif (place := self.find(PARAMS, name)) is not None:
                    yield name, place
        for name in self.names(PARAMS) if self.grouped else ():
            if name not in space.names:
                yield name, self.needed(PARAMS, name, "a parameter")

    def metric(self, name: str, objectives: Objectives) -> int:
        """Return the place of a metric; the only one may be called `metric` as well."""
        place = self.find(RESULTS, name)
        if place is None and len(objectives.items) == 1:
            place = self.find(RESULTS, METRIC)
        what = "the objective; give its column this name"
        return self.needed(RESULTS, name, what) if place is None else place

    def why_not(self, line: Sequence[object]) -> str:
        """Return why a row of automl's own table does not count, empty if it does."""
        if not self.grouped:
            return ""
        state, reason = self.find(METADATA, "state"), self.find(METADATA, "reason")
        if state is not None:
            completed = line[state] == TrialState.COMPLETED
        else:
            completed = reason is None or is_missing(line[reason])
        return "" if completed else "not completed"
