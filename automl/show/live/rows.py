"""The running trials and the best ones in the same columns, one line each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from automl.show.launches import launch_columns, reached_share
from automl.show.layout import Column, shortened
from automl.show.lines import clock_text, one_line, ranked, value_text
from automl.show.progress import RunningTrial
from automl.space.parameters import ParamValue
from automl.study.spec import StudySpec
from automl.study.trial import Trial

_LONGEST_CELL = 12
_WIDE_CELL = 40
"""The same where the window is wide enough for all of them."""

_DIGITS = 4
"""Significant digits of parameters; the columns of more of them have room for fewer parameters."""

_LEAST_WIDTHS = {"trial": 5, "time": 7, "seen": 4, "step": 5}
"""Of columns whose values grow, so that they stand still; others are as wide as their cells."""

_METRIC_WIDTH = 8
_GAP = "  "
_MORE = " +99"
_NOTHING = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Lines of text.

    Attributes:
        heading: the names of the columns.
        running: a line for each running trial.
        best: a line for each of the best ones.
        leads: the place of the running trial whose newest value is best; None without any value.
        hidden: how many parameters have no column.
    """

    heading: str
    running: list[str]
    best: list[str]
    leads: int | None
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialColumns:
    """The running trials and then the best ones, cell by cell.

    Attributes:
        columns: each with a cell for each trial.
        leads: as in `Rows`.
        hidden: as in `Rows`.
    """

    columns: list[Column]
    leads: int | None
    hidden: int


def trial_rows(
    spec: StudySpec, running: Sequence[RunningTrial], best: Sequence[Trial], width: int
) -> Rows:
    """Return the trials in columns, with as many parameters as so many columns of text take.

    Of the running ones, the one whose newest value is best is marked with `>`, and of the best
    ones the first with `*`.
    """
    found = trial_columns(spec, running, best, width)
    lines = [
        _side_by_side(column.fitted(column.cells[row]) for column in found.columns)
        for row in range(len(running) + len(best))
    ]
    heading = _side_by_side(column.fitted(column.name) for column in found.columns)
    return Rows(
        heading=heading + f" +{found.hidden}" * bool(found.hidden),
        running=lines[: len(running)],
        best=lines[len(running) :],
        leads=found.leads,
        hidden=found.hidden,
    )


def trial_columns(
    spec: StudySpec, running: Sequence[RunningTrial], best: Sequence[Trial], width: int
) -> TrialColumns:
    """Return what `trial_rows` puts side by side."""
    leads = _leading(spec, running)
    columns = [
        Column(group="", name=name, cells=cells, left=False)
        for name, cells in _figures(spec, running, best, leads).items()
    ]
    for column in columns:
        column.width = max(column.width, _LEAST_WIDTHS.get(column.name, 0))
    taken = _span(columns)
    shown: list[RunningTrial | Trial] = [*running, *best]
    params = list(_params(spec, shown, _WIDE_CELL))
    if taken + _span(params) > width:
        params = list(_params(spec, shown, _LONGEST_CELL))
    fitting = list(_fitting(params, width - taken))
    hidden = len(params) - len(fitting)
    return TrialColumns(columns=columns + fitting, leads=leads, hidden=hidden)


def _fitting(columns: Sequence[Column], width: int) -> Iterator[Column]:
    """Yield the first columns, as many as fit, with room for how many do not."""
    taken = 0
    for place, column in enumerate(columns):
        taken += column.width + len(_GAP)
        if taken + len(_MORE) * (place < len(columns) - 1) > width:
            return
        yield column


def _span(columns: Sequence[Column]) -> int:
    return sum(column.width + len(_GAP) for column in columns)


def _side_by_side(cells: Iterable[str]) -> str:
    return (_GAP[:1] + _GAP.join(cells)).rstrip()


def _leading(spec: StudySpec, running: Sequence[RunningTrial]) -> int | None:
    """Return the place of the running trial whose newest value is best."""
    known = [place for place, trial in enumerate(running) if trial.value is not None]
    sign = spec.objectives.direction.sign
    return max(known, key=lambda place: sign * (running[place].value or 0.0), default=None)


def _figures(
    spec: StudySpec, running: Sequence[RunningTrial], best: Sequence[Trial], leads: int | None
) -> dict[str, list[str]]:
    """Return the cells of all that is no parameter, by heading."""
    objectives = spec.objectives
    marks = [">" if place == leads else "" for place in range(len(running))]
    marks += ["*" if not place else "" for place in range(len(best))]
    ids = [trial.id for trial in running] + [trial.id for trial in best]
    figures = {"trial": [f"{mark} {id_}".strip() for mark, id_ in zip(marks, ids, strict=True)]}
    for name, cells in launch_columns(spec, running).items():
        reached = [reached_share(spec, trial) if name.strip() == "budget" else "" for trial in best]
        figures[name] = [*cells, *reached]
    spent = [trial.elapsed_s for trial in running] + [trial.duration_s for trial in best]
    figures["time"] = [_NOTHING if one is None else clock_text(one) for one in spent]
    steps = any(trial.step is not None for trial in running)
    figures["step" if steps else "seen"] = [
        *[_number(trial.step) if steps else str(trial.measurements) for trial in running],
        *["" if steps else str(trial.measurements) for trial in best],
    ]
    values = [trial.value for trial in running] + [ranked(trial, objectives) for trial in best]
    name = shortened(one_line(objectives.name), _LONGEST_CELL)
    figures[name.rjust(_METRIC_WIDTH)] = [
        _NOTHING if value is None else f"{value:.6g}" for value in values
    ]
    return figures


def _params(
    spec: StudySpec, trials: Sequence[RunningTrial | Trial], longest: int
) -> Iterator[Column]:
    """Yield a column for each parameter that is searched and that any of the trials has."""
    asked = dict.fromkeys(name for trial in trials for name in trial.params)
    searched = [name for one in spec.space if one.searched for name in one.names]
    for name in asked if spec.space.learnt else searched:
        if name in asked:
            yield _param(name, [trial.params for trial in trials], longest)


def _param(name: str, params: Sequence[Mapping[str, ParamValue]], longest: int) -> Column:
    values = [one[name] for one in params if name in one]
    return Column(
        group="",
        name=shortened(one_line(name), longest),
        cells=[_cell(one[name], longest) if name in one else _NOTHING for one in params],
        left=any(isinstance(value, (str, list, dict)) for value in values),
    )


def _cell(value: ParamValue, longest: int) -> str:
    text = f"{value:.{_DIGITS}g}" if isinstance(value, float) else value_text(value)
    return shortened(text, longest)


def _number(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:g}"
