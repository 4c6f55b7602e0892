"""A reader that would have found the metric, as it is written for each door."""

import shlex
from dataclasses import dataclass
from typing import Any

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


def remedy_of(
    one: Suggested, objective: Objective | None, file: str, *, several: bool = False
) -> Remedy:
    """Return a reader in the words of each door.

    Args:
        one: the reader.
        objective: that of the metric, as the study has it; None for one of a constraint.
        file: what its file is called.
        several: whether it is one of several readers, so that it stands in a list.
    """
    reader = one.reader
    parts: dict[str, dict[str, Any]] = {
        "metric_reader": {"type": reader.type, **described_reader(reader)}
    }
    # Where nobody named the metric, the only one that is read ranks the trials.
    if objective and objective.metric not in {reader.metric, METRIC}:
        parts["objectives"] = {"metric": reader.metric, "direction": str(objective.direction)}
    return Remedy(
        line=one.last.line,
        span=one.last.span,
        value=one.last.value,
        count=one.count,
        file=file,
        yaml="\n".join(_yaml(key, part, several=several) for key, part in parts.items()),
        script="\n".join(Script().part(key, part) for key, part in parts.items()),
        options=_options(reader, objective),
    )


def _yaml(key: str, part: dict[str, Any], *, several: bool) -> str:
    if several:
        return f"- {yaml_line(part)}"
    return f"{key}: {yaml_line([part] if key == 'objectives' else part)}"


def _options(reader: Reader, objective: Objective | None) -> str:
    words = [f"--{objective.direction}", reader.metric] if objective else []
    if pattern := getattr(reader, "parser_pattern", ""):
        words += ["--pattern", pattern]
    if reader.location != STDOUT and not isinstance(reader, StdoutReader):
        words += ["--metric-file", reader.location]
    return shlex.join(words)
