"""`--maximize NAME` and its like: what trials are ranked by, and where it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.readers.named.reader import FileReader, StdoutReader
from automl.study.constraint import parse_constraint
from automl.study.tasks.reader import LocalReader

STDOUT = "{{ trial.dir }}/stdout.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on the command line.

    Attributes:
        ranked: names of metrics, each with its direction.
        patterns: one for each of these metrics, in this order; those left are read by name.
        metric_file: the file that has the metrics; empty for what the program prints.
        constraints: comparisons of metrics.
    """

    ranked: Sequence[tuple[str, str]] = ()
    patterns: Sequence[str] = ()
    metric_file: str = ""
    constraints: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """The metrics that trials are ranked by."""
        return [name for name, _ in self.ranked]

    def objectives(self) -> list[dict[str, str]]:
        """Return the objectives of a description."""
        return [{"metric": name, "direction": direction} for name, direction in self.ranked]

    def readers(self) -> list[dict[str, Any]]:
        """Return the readers of a description, one for each metric, those of constraints too.

        Raises:
            SpecError: there are more patterns than metrics.
        """
        more = [name for text in self.constraints for name in parse_constraint(text).names]
        names = list(dict.fromkeys([*self.names, *more]))
        if len(self.patterns) > len(names):
            raise SpecError(
                f"--pattern is given {len(self.patterns)} times for {len(names)} metrics; give "
                "one for each of --maximize and --minimize, in this order"
            )
        return [self._reader(name, number) for number, name in enumerate(names)]

    def _reader(self, name: str, number: int) -> dict[str, Any]:
        pattern = self.patterns[number] if number < len(self.patterns) else ""
        where = {"location": self.metric_file} if self.metric_file else {}
        if not pattern:
            kind = FileReader.type if where else StdoutReader.type
            return {"type": kind, **where, "metric": name}
        return {
            "type": LocalReader.type,
            "location": STDOUT,
            **where,
            "parser_pattern": pattern,
            "metric": name,
        }
