"""Readers that would have found a number in what a program wrote, each tried on its very files."""

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from automl.errors import ReadError, SpecError
from automl.readers.advice.forms import form_of, names_with_numbers
from automl.readers.advice.likeness import is_within, nearest_first, shared
from automl.readers.advice.outputs import tail_of
from automl.readers.advice.proposal import proposals
from automl.readers.csv_files.reader import CsvReader
from automl.readers.json_files.reader import JsonReader
from automl.readers.named.reader import FileReader, StdoutReader
from automl.readers.named.step import COLUMN
from automl.readers.registry import follow, make_reader
from automl.readers.sighting import Showing, Sighting
from automl.study.tasks.reader import LocalReader, Reader

MOST = 3
"""So many readers are suggested."""

_LOOK_BYTES = 1 << 20
_MOST_LOOKS = 1024
_LIKED = 0.5
_PLACES = {JsonReader: "key", CsvReader: "column"}
"""The option by which a reader of a form finds the number."""

_WORD = re.compile(r"[A-Za-z_][\w./@-]*")
_OF_TRAINING = re.compile(r"train|trn", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a program wrote.

    Attributes:
        path: the file.
        location: how a reader names it.
        stream: whether it is what the commands print.
    """

    path: str
    location: str
    stream: bool


@dataclass(frozen=True, slots=True)
class Suggested:
    """A reader that finds numbers.

    Attributes:
        reader: the reader.
        last: the last number that it finds.
        count: how many it finds in the file.
        source: the file.
    """

    reader: Reader
    last: Sighting
    count: int
    source: Source


def suggested(
    sources: Sequence[Source],
    names: Sequence[str],
    metric: str,
    *,
    maximize: bool | None = None,
    renamed: bool = True,
    most: int = MOST,
) -> list[Suggested]:
    """Return readers that find numbers in files, the likeliest first.

    Args:
        sources: the files, those that are likely to have the metric first.
        names: what the number may be called.
        metric: what the study calls it.
        maximize: whether it is to be large or small; None where that is not known.
        renamed: whether a reader may give the number another name.
        most: so many at the most.
    """
    found: list[Suggested] = []
    patterns: list[Suggested] = []
    for source in sources:
        by_form = list(_by_form(source, names, metric, renamed=renamed))
        if by_form:
            found += by_form
            continue
        lines = tail_of(source.path)
        by_pattern = list(proposals(lines, names, maximize=maximize))
        called = [*_like(lines, names), *(one.name for one in by_pattern if one.name)]
        for name in sorted(dict.fromkeys(called if renamed else ()), key=_is_of_training):
            found += _by_name(name.rstrip("./-"), source)
        for proposal in sorted(by_pattern, key=lambda one: _is_of_training(one.name)):
            patterns += _tried(
                LocalReader(
                    location=source.location, parser_pattern=proposal.pattern, metric=metric
                ),
                source,
            )
    return [*found, *patterns][:most]


def _like(lines: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the words of lines that are like what was asked for, the likest first."""
    words = dict.fromkeys(word for line in lines for word in _WORD.findall(line))
    liked = [word for word in words if any(_is_like(word, one) for one in names)]
    return [word for one in names for word in nearest_first(liked, one)]


def _by_form(
    source: Source, names: Sequence[str], metric: str, *, renamed: bool
) -> Iterator[Suggested]:
    """Give readers of paths of JSON or columns of tables that are like what was asked for."""
    kind = None if source.stream else form_of(source.path)
    if kind is None:
        return
    known = names_with_numbers(source.path)
    liked = [one for one in known if any(_is_like(one, asked) for asked in names)]
    near = [one for asked in names for one in nearest_first(liked, asked)]
    step = next(filter(COLUMN.fullmatch, known), "")
    for name in sorted(dict.fromkeys(near), key=_is_of_training):
        place = {} if renamed else {_PLACES[kind]: name}
        called = name if renamed else metric
        with suppress(SpecError):
            options = {"location": source.location, "metric": called, "step": step, **place}
            yield from _tried(make_reader(kind.type, options), source)


def _is_like(name: str, asked: str) -> bool:
    return is_within(name, asked) or shared(name, asked) >= _LIKED


def _is_of_training(name: str) -> bool:
    return _OF_TRAINING.search(name) is not None


def _by_name(name: str, source: Source) -> Iterator[Suggested]:
    with suppress(SpecError):
        by_name = (
            StdoutReader(metric=name)
            if source.stream
            else FileReader(location=source.location, metric=name)
        )
        yield from _tried(by_name, source)


def _tried(reader: Reader, source: Source) -> Iterator[Suggested]:
    """Give a reader if it finds numbers, and only such as can be results."""
    sightings = _sightings(reader, source.path)
    if sightings and all(math.isfinite(one.value) for one in sightings):
        yield Suggested(reader, sightings[-1], len(sightings), source)


def _sightings(reader: Reader, path: str) -> list[Sighting]:
    """Return the numbers that count of a file that is written to its end."""
    follower = follow(reader, path)
    told: list[Sighting] = []
    count = 0
    if isinstance(follower, Showing):
        follower.watch(told.append)
    try:
        for _ in range(_MOST_LOOKS):
            look = follower.read(ended=True, limit_bytes=_LOOK_BYTES)
            for points in look.measurements.values():
                count = len(points.values) + (0 if points.restarted else count)
            if not look.more:
                break
    except ReadError:
        return []
    finally:
        follower.close()
    return told[-count:] if count else []
