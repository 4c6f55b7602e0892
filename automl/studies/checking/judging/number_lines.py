"""Lines with numbers where a metric has none, and the readers that find these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from automl.readers.advice.outputs import tail_of
from automl.readers.advice.proposal import words_of
from automl.readers.advice.suggested import suggested
from automl.readers.numbers.number import NUMBER
from automl.studies.checking.judging.evidence import Evidence
from automl.studies.checking.judging.remedy import Remedy, remedy_of
from automl.study.objective import maximized

SHOWN = 4
"""So many lines of a file are shown."""

LAST = 6
"""So many lines of a trial that crashed are shown."""

_NUMBER = re.compile(NUMBER)


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A line with numbers.

    Attributes:
        file: what its file is called; empty for the last lines of what was printed.
        text: the line.
    """

    file: str
    text: str


def last_lines(one: Evidence) -> Iterator[NumberLine]:
    """Give the last lines of a trial that crashed."""
    for line in one.end.last_lines[-LAST:]:
        yield NumberLine("", one.masked(line.rstrip()))


def lines_with_numbers(one: Evidence) -> Iterator[NumberLine]:
    """Give the last lines with numbers of all that the trial wrote, none like another."""
    for path in dict.fromkeys([*one.files.values(), *one.outputs, *one.others]):
        found: dict[str, str] = {}
        for line in reversed(tail_of(path)):
            if len(found) < SHOWN and _NUMBER.search(line):
                found.setdefault(_NUMBER.sub("0", line), line)
        for line in reversed(found.values()):
            yield NumberLine(one.name_of(path), one.masked(line.strip()))


def remedies_of(one: Evidence, metric: str) -> Iterator[Remedy]:
    """Give readers that find numbers in what the trial wrote, each tried on it."""
    reader = one.spec.reader_of(metric)
    objectives = one.spec.objectives
    maximize = maximized(objectives, metric)
    several = any(len(task.readers) > 1 for task in one.spec.tasks)
    for each in suggested(
        one.sources(metric),
        words_of(getattr(reader, "parser_pattern", ""), metric),
        metric,
        maximize=maximize,
        # Constraints have its name.
        renamed=maximize is not None,
    ):
        objective = None if maximize is None else objectives.reading(metric)
        file = one.name_of(each.source.path)
        remedy = remedy_of(each, objective, file, several=several)
        line = one.masked(remedy.line)
        yield remedy if line == remedy.line else replace(remedy, line=line, span=None)
