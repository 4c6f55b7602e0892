"""`--maximize NAME` and its like: what trials are ranked by, and where it is read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.inside.measured import SIZE
from automl.readers.advice.forms import form_of
from automl.readers.named.reader import FileReader, StdoutReader
from automl.readers.reported.reader import ReportReader
from automl.readers.run.reader import MEASURES, RunReader
from automl.study.constraint import parse_constraint
from automl.study.tasks.reader import LocalReader

STDOUT = "{{ trial.dir }}/stdout.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on the command line.

    Attributes:
        ranked: names of metrics, each with its direction.
        patterns: one for each of these metrics, in this order; those left are read by name.
        metric_file: the file that has the metrics; empty for what the program prints. One of JSON
            or CSV is told by its name: a metric is then a path in it, or a column.
        constraints: comparisons of metrics.
        measures: metrics that are measured of the command, each as it was typed.
    """

    ranked: Sequence[tuple[str, str]] = ()
    patterns: Sequence[str] = ()
    metric_file: str = ""
    constraints: Sequence[str] = ()
    measures: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """The metrics that trials are ranked by."""
        return [name for name, _ in self.ranked]

    def objectives(self) -> list[dict[str, str]]:
        """Return the objectives of a description."""
        return [{"metric": name, "direction": direction} for name, direction in self.ranked]

    def readers(self, told: Collection[str] = ()) -> list[dict[str, Any]]:
        """Return the readers of a description, one for each metric, those of constraints too.

        Args:
            told: the names of numbers that the program is seen to report, an empty one for none.

        Raises:
            SpecError: there are more patterns than metrics, or a measure is not written as it
                must be.
        """
        more = [name for text in self.constraints for name in parse_constraint(text).names]
        measured = {one["metric"]: one for one in map(measured_of, self.measures)}
        found = dict.fromkeys([*self.names, *more])
        names = [name for name in found if name not in measured]
        if len(self.patterns) > len(names):
            raise SpecError(
                f"--pattern is given {len(self.patterns)} times for {len(names)} metrics; give "
                "one for each of --maximize and --minimize, in this order"
            )
        reported = {*told, *(self.names if "" in told and len(self.names) == 1 else ())}
        read = [
            self._reader(name, number, reported=name in reported)
            for number, name in enumerate(names)
        ]
        return [*read, *measured.values()]

    def _reader(self, name: str, number: int, *, reported: bool) -> dict[str, Any]:
        pattern = self.patterns[number] if number < len(self.patterns) else ""
        where = {"location": self.metric_file} if self.metric_file else {}
        if reported and not (pattern or where):
            return {"type": ReportReader.type, "metric": name}
        if not pattern:
            by_form = form_of(self.metric_file)
            kind = by_form.type if by_form else FileReader.type if where else StdoutReader.type
            return {"type": kind, **where, "metric": name}
        return {
            "type": LocalReader.type,
            "location": STDOUT,
            **where,
            "parser_pattern": pattern,
            "metric": name,
        }


def measured_of(text: str) -> dict[str, Any]:
    """Return the reader that `--measure` asks for.

    >>> measured_of("wall_seconds")
    {'type': 'run_reader', 'measure': 'wall_seconds', 'metric': 'wall_seconds'}
    >>> measured_of("size=size_bytes:{{ trial.dir }}/a.zst")["path"]
    '{{ trial.dir }}/a.zst'

    Raises:
        SpecError: it names no measure, or one that needs a path has none.
    """
    before, colon, path = text.partition(":")
    name, equals, measure = before.partition("=")
    measure = measure if equals else name
    if measure not in MEASURES or bool(path) != (measure == SIZE) or not name:
        raise SpecError(
            f"--measure {text!r}: write NAME=MEASURE, or the measure alone: "
            f"{', '.join(one for one in MEASURES if one != SIZE)}, or {SIZE}:FILE, as in "
            f"--measure 'size={SIZE}:{{{{ trial.dir }}}}/out.zst'"
        )
    found = {"type": RunReader.type, "measure": measure, "metric": name}
    return {**found, "path": path} if colon else found
