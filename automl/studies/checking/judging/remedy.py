"""A reader that would have found the metric, as it is written for each door."""

import shlex
from dataclasses import dataclass

from automl.readers.advice.suggested import Suggested
from automl.readers.named.reader import StdoutReader
from automl.readers.sighting import Span
from automl.render.config import yaml_line
from automl.spelling.script import Script
from automl.study.objective import METRIC, Objective
from automl.study.tasks.reader import Reader, described_reader

STDOUT = "{{ trial.dir }}/stdout.log"
"""Where patterns of the command line look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A reader to be written in place of one that finds nothing.

    Attributes:
        line: the last line that it reads.
        span: where the number stands in it; None where that is not known.
        value: the number.
        count: how many numbers it finds in the file.
        file: that file, as it is shown.
        yaml: what to write into a study's file: of the task, and of the study.
        script: what to write into a script.
        options: what to type.
    """

    line: str
    span: Span | None
    value: float
    count: int
    file: str
    yaml: str
    script: str
    options: str


def remedy_of(one: Suggested, objective: Objective, file: str) -> Remedy:
    """Return a reader in the words of each door.

    Args:
        one: the reader.
        objective: that of the metric, as the study has it.
        file: what its file is called.
    """
    reader = one.reader
    described = {"type": reader.type, **described_reader(reader)}
    # Where nobody named the metric, the only one that is read ranks the trials.
    renamed = objective.metric not in {reader.metric, METRIC}
    written = {"metric": reader.metric, "direction": str(objective.direction)}
    more = {"objectives": [written]} if renamed else {}
    script = Script().part("metric_reader", described)
    if renamed:
        script += f"\n{Script().part('objectives', written)}"
    return Remedy(
        line=one.last.line,
        span=one.last.span,
        value=one.last.value,
        count=one.count,
        file=file,
        yaml="\n".join(
            f"{key}: {yaml_line(value)}"
            for key, value in {"metric_reader": described, **more}.items()
        ),
        script=script,
        options=_options(reader, objective),
    )


def _options(reader: Reader, objective: Objective) -> str:
    words = [f"--{objective.direction}", reader.metric]
    if pattern := getattr(reader, "parser_pattern", ""):
        words += ["--pattern", pattern]
    if reader.location != STDOUT and not isinstance(reader, StdoutReader):
        words += ["--metric-file", reader.location]
    return shlex.join(words)
