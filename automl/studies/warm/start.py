"""What earlier searches found, for a new study to begin with."""

from __future__ import annotations

import logging
import math
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from automl.errors import AutomlError, SpecError
from automl.inside.ranges import Range
from automl.search.sampler import Told
from automl.space.cells import is_missing, read_back
from automl.space.parameters import Parameter, ParamValue
from automl.space.space import Params, SearchSpace
from automl.space.values import json_value
from automl.studies.given.place import at
from automl.studies.study import open_study
from automl.studies.view import StudyView
from automl.studies.warm.rows import Row, trial_rows
from automl.studies.warm.table import csv_rows, frame_rows
from automl.study.objective import Objectives
from automl.study.spec import StudySpec
from automl.study.trial import TrialState

logger = logging.getLogger(__name__)

_ALLOWED = (
    "allowed: the name or folder of a study, a tuner or an opened study, the path of a CSV file, "
    "a pandas DataFrame"
)


def known_before(sources: Sequence[object], spec: StudySpec, study_dir: str) -> list[Told]:
    """Return what other studies found, as the search is told it: with ids below 0.

    Raises:
        SpecError: as for `observations`.
    """
    if not sources:
        return []
    told: list[Told] = []
    with at("warm_start"):
        found = observations(sources, spec.space, spec.objectives, study_dir)
    for number, one in enumerate(found, 1):
        planned = Told(
            trial_id=-number, params=one.params, state=TrialState.PLANNED, ranges=one.ranges
        )
        values = () if spec.objectives.single else one.values
        told += [
            planned,
            replace(planned, state=TrialState.COMPLETED, value=one.value, values=values),
        ]
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One combination that was tried earlier, and what it gave.

    Attributes:
        params: its values, within the space.
        value: the number that ranks it.
        values: one number for each of the objectives' directions.
        ranges: with which ranges it asked for its values, where the space is learnt.
    """

    params: Params
    value: float
    values: tuple[float, ...]
    ranges: Mapping[str, Range] = field(default_factory=dict)


def observations(
    sources: Sequence[object],
    space: SearchSpace,
    objectives: Objectives,
    study_dir: str | os.PathLike[str] | None = None,
) -> list[Observation]:
    """Return what the sources tell about the space, in their order; log a line for each source.

    A value keeps its meaning but takes the type that its parameter has in the space. Rows outside
    the space, without a finite value, or of trials that did not complete are left out and counted.
    Columns and parameters that the space does not know are ignored in tables; a trial with a
    parameter that the space does not know is outside it.

    Args:
        sources: each a study's name or folder, a tuner or any other object with `.trials`, the
            path of a CSV file, or a pandas DataFrame.
        space: the parameters of the new study.
        objectives: what the new study improves.
        study_dir: where studies are that are given by their names.

    Raises:
        SpecError: a source cannot be read or was searched in another direction, has not the
            columns that are needed, or has no row that can be used.
    """
    if not isinstance(sources, list | tuple):
        raise SpecError(f"warm_start must be a list of sources, got {sources!r}; {_ALLOWED}")
    found: list[Observation] = []
    for source in sources:
        what, rows = _source_rows(source, space, objectives, study_dir)
        usable, line = _usable(what, rows, space, objectives)
        logger.info("%s", line)
        found += usable
    return found


def _source_rows(
    source: object,
    space: SearchSpace,
    objectives: Objectives,
    study_dir: str | os.PathLike[str] | None,
) -> tuple[str, list[Row]]:
    """Return what a source is called and its rows; an error says which keyword it is about."""
    try:
        return _rows(source, space, objectives, study_dir)
    except AutomlError as error:
        if str(error).startswith("warm_start"):
            raise
        raise SpecError(f"warm_start: {error}") from error


def _rows(
    source: object,
    space: SearchSpace,
    objectives: Objectives,
    study_dir: str | os.PathLike[str] | None,
) -> tuple[str, list[Row]]:
    """Return what a source is called and its rows."""
    if hasattr(source, "columns") and hasattr(source, "to_dict"):
        return "the DataFrame", frame_rows(source, space, objectives)
    if hasattr(source, "trials"):
        what = f"the study {name!r}" if (name := _name(source)) else "the study"
        return what, trial_rows(what, source, objectives)
    if not isinstance(source, str | os.PathLike):
        raise SpecError(f"warm_start: {source!r} is no source of earlier results; {_ALLOWED}")
    path = Path(source).expanduser()
    if path.is_file() or path.suffix.lower() == ".csv":
        return f"the file {path}", csv_rows(path, space, objectives)
    study = (
        open_study(path.absolute().name, path.absolute().parent)
        if path.is_dir() or len(path.parts) > 1
        else open_study(str(source), study_dir)
    )
    what = f"the study {str(source)!r}"
    return what, trial_rows(what, study, objectives)


def _name(source: object) -> str:
    if isinstance(source, StudyView):
        return source._snapshot().name  # noqa: SLF001 - of this room
    return str(getattr(source, "study_name", ""))


def _usable(
    what: str, rows: Sequence[Row], space: SearchSpace, objectives: Objectives
) -> tuple[list[Observation], str]:
    """Return what can be used of a source, and a line that says how much that is.

    Raises:
        SpecError: nothing can be used.
    """
    usable: list[Observation] = []
    left_out: Counter[str] = Counter()
    example = ""
    for row in rows:
        if row.left_out:
            left_out[row.left_out] += 1
            continue
        try:
            params = _fitted(row.params, space)
        except ValueError as error:
            left_out["outside the space"] += 1
            example = example or f" (the first outside: {error})"
            continue
        values = _values(row.finals, objectives)
        if values is None:
            left_out["without a finite value"] += 1
            continue
        finals = dict(zip([one.metric for one in objectives.items], values, strict=True))
        usable.append(
            Observation(
                params=params,
                value=objectives.score(finals),
                values=objectives.values(finals),
                ranges=row.ranges if space.learnt else {},
            )
        )
    reasons = ", ".join(f"{count} {reason}" for reason, count in left_out.most_common())
    counted = f"{len(usable)} of {len(rows)} trials"
    if not usable:
        raise SpecError(
            f"warm_start: {what} has nothing for this study, {counted} can be used"
            f"{reasons and f'; {reasons}'}{example}; leave it out, or widen the space"
        )
    return usable, (
        f"warm start: {counted} taken from {what}{reasons and f'; left out: {reasons}'}{example}"
    )


def _fitted(given: Mapping[str, object], space: SearchSpace) -> Params:
    """Return the values of a row as the space has them; ValueError says why there are none."""
    if space.learnt:
        # Which of them mean something is known once trials have asked for names.
        return {name: json_value(name, "is", one) for name, one in given.items()}
    for name, cell in given.items():
        if name not in space.names and not is_missing(cell):
            raise ValueError(f"{name}: no parameter of this space")

    def choose(parameter: Parameter) -> ParamValue:
        return read_back(parameter, [given.get(name) for name in parameter.names])

    params = space.assemble(choose)
    for parameter in space.parameters:
        if not parameter.searched and not is_missing(given.get(parameter.name)):
            choose(parameter)
    if problem := space.problem(params):
        raise ValueError(problem)
    return params


def _values(finals: Mapping[str, object], objectives: Objectives) -> list[float] | None:
    """Return a finite number for each objective's metric, None if one has none."""
    values = [_number(finals.get(one.metric)) for one in objectives.items]
    return values if all(map(math.isfinite, values)) else None


def _number(cell: object) -> float:
    if isinstance(cell, bool):
        return math.nan
    try:
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan
