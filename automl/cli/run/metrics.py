"""`--maximize NAME` and its like: what trials are ranked by, and where it is read."""

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.inside.measured import SIZE
from automl.readers.advice.forms import form_of
from automl.readers.named.reader import FileReader, StdoutReader
from automl.readers.reported.reader import ReportReader
from automl.readers.run.reader import MEASURES, RunReader
from automl.registry import did_you_mean
from automl.study.constraint import odd_names, parse_constraint
from automl.study.tasks.reader import LocalReader

_JOINED = re.compile(r"(?<![\w.)\]])[^\W\d]\w*(?:(?:[-/.][^\W\d]|@\w)\w*)+(?!\w|\()")
"""Words that may be one name; behind `-`, `/` and a point, what begins with a digit is a number."""

_WORD = re.compile(r"[^\W\d]\w*")

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
        weights: the share of each ranked metric in a sum, each as it was typed.
    """

    ranked: Sequence[tuple[str, str]] = ()
    patterns: Sequence[str] = ()
    metric_file: str = ""
    constraints: Sequence[str] = ()
    measures: Sequence[str] = ()
    weights: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """The metrics that trials are ranked by."""
        return [name for name, _ in self.ranked]

    def objectives(self) -> list[dict[str, Any]]:
        """Return the objectives of a description.

        Raises:
            SpecError: a weight is not written as it must be, or is of no ranked metric.
        """
        weights = dict(map(weight_of, self.weights))
        for name in weights:
            if name not in self.names:
                raise SpecError(
                    f"--weight {name}: it is not ranked by{did_you_mean(name, self.names)}; give "
                    "--maximize or --minimize with it"
                )
        return [
            {
                "metric": name,
                "direction": direction,
                **({"weight": weights[name]} if name in weights else {}),
            }
            for name, direction in self.ranked
        ]

    def readers(self, told: Collection[str] = ()) -> list[dict[str, Any]]:
        """Return the readers of a description, one for each metric, those of constraints too.

        Args:
            told: the names of numbers that the program is seen to report, an empty one for none.

        Raises:
            SpecError: there are more patterns than metrics, or a measure is not written as it
                must be.
        """
        measured = {one["metric"]: one for one in map(measured_of, self.measures)}
        more = constrained(self.constraints, [*self.names, *measured])
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


def constrained(constraints: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the metrics that constraints name.

    Words that are joined without blanks, such as `test-auc`, are one name, unless each of them
    is a known metric.

    >>> constrained(["test-auc > 0.5 and a-b < 1", "size / ms < 2", "n-1 < 2"], ["a", "b"])
    ['test-auc', 'a', 'b', 'size', 'ms', 'n']
    >>> constrained(["MAE@12 < 3 and val/loss-0.5 < 1 and test.acc > 0.5"], [])
    ['MAE@12', 'val/loss', 'test.acc']
    """
    joined = {one for text in constraints for one in _JOINED.findall(text)}
    names = [one for one in joined if "@" in one or not {*_WORD.findall(one)} <= {*known}]
    odd = odd_names([*known, *names], constraints)
    return [name for text in constraints for name in parse_constraint(text, odd).names]


def weight_of(text: str) -> tuple[str, float]:
    """Return the metric and the number that `--weight` gives.

    >>> weight_of("auc=0.25"), weight_of("a=b=1")
    (('auc', 0.25), ('a=b', 1.0))

    Raises:
        SpecError: it is not written as it must be.
    """
    name, equals, number = text.rpartition("=")
    with suppress(ValueError):
        if name and equals:
            return name, float(number)
    raise SpecError(f"--weight {text!r}: write NAME=NUMBER, as in --weight auc=0.25")


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
