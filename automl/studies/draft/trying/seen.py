"""What a command printed and wrote: the metric that was asked for, or the likeliest one."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from automl.readers.advice.likeness import fits, is_within, shared
from automl.readers.advice.outputs import tail_of
from automl.readers.advice.proposal import numbers_by_name
from automl.readers.advice.suggested import Source, Suggested, suggested
from automl.studies.draft.draft import Metric
from automl.study.tasks.reader import LocalReader, described_reader

_MOST, _SHOWN, _SHOWN_CHARS = 12, 6, 100
_LIKED = 0.5
_WORD = re.compile(r"[A-Za-z_][\w./@-]*")
_GUESSED = "guessed"
_SPLITS = (frozenset(("val", "valid", "validation", "dev")), frozenset(("test", "eval")))
_TRAIN = frozenset(("train", "training"))


def seen_metric(metric: Metric, sources: Sequence[Source]) -> Metric:
    """Return a metric that was asked for, with what reads it.

    Args:
        metric: its name and direction.
        sources: what was written, standard output first.
    """
    maximize = None if not metric.direction else metric.direction == "maximize"
    found = suggested(sources, [metric.name], _GUESSED, maximize=maximize, most=_MOST)
    like = [one for one in found if _is_like(_name_of(one), metric.name)]
    if not like:
        return replace(metric, told=(f"{metric.name} was not seen{_others(sources)}",))
    exact = [one for one in like if _name_of(one) == metric.name]
    return _metric_of((exact or like)[0], metric.direction, metric.name)


def likely_metric(sources: Sequence[Source]) -> Metric:
    """Return the number that people would most likely rank by; one without a name if none is seen.

    Its direction is not guessed.
    """
    # Names in the header of a table have no number behind them.
    found = suggested(sources, _names_of_metrics(sources), _GUESSED, most=_MOST)
    found = found or suggested(sources, (), _GUESSED, most=_MOST)
    if not found:
        return Metric(told=("no number with a name was seen",))
    best = min(found, key=lambda one: _order(_name_of(one)))
    told = _metric_of(best, "", "")
    return replace(told, told=(*told.told, *_also(found, best)))


def _names_of_metrics(sources: Sequence[Source]) -> list[str]:
    """Return the words in what was written that metrics are called by."""
    words = dict.fromkeys(
        word
        for source in sources
        for line in tail_of(source.path)
        for word in _WORD.findall(line)
        if not (fits(word, maximize=True) and fits(word, maximize=False))
    )
    return [*words][:_MOST]


def _is_like(name: str, asked: str) -> bool:
    return name == asked or is_within(name, asked) or shared(name, asked) >= _LIKED


def _name_of(one: Suggested) -> str:
    if one.reader.metric != _GUESSED:
        return one.reader.metric
    named = numbers_by_name(one.last.line)
    return next((name for name, number in named if float(number) == one.last.value), "")


def _order(name: str) -> tuple[bool, int, bool]:
    """Put what is measured on other data than is learnt from first, then what is to be large."""
    words = set(re.findall(r"[a-z]+", name.lower()))
    small, large = not fits(name, maximize=True), not fits(name, maximize=False)
    splits = [place for place, split in enumerate(_SPLITS) if words & split]
    place = splits[0] if splits else 3 if words & _TRAIN else 2
    return not (small or large), place, small


def _metric_of(one: Suggested, direction: str, asked: str) -> Metric:
    name = _name_of(one) or asked or "metric"
    reader = one.reader
    if isinstance(reader, LocalReader) and reader.metric == _GUESSED:
        reader = replace(reader, metric=name)
    where = "" if one.source.stream else f" in {os.path.relpath(one.source.path)}"
    line = one.last.line.strip()[:_SHOWN_CHARS]
    told = [f"seen: {one.last.value:.6g}{where}, in the line {line!r}"]
    if asked and name != asked:
        told.append(f"{asked} itself was not seen, so {name} is read in its place")
    return Metric(
        name=name,
        direction=direction,
        reader=_plain(described_reader(reader)),
        told=tuple(told),
        path="" if one.source.stream else one.source.path,
    )


def _plain(described: dict[str, Any]) -> dict[str, Any]:
    return {"type": described.get("type", LocalReader.type), **described}


def _also(found: Sequence[Suggested], best: Suggested) -> Iterator[str]:
    names = dict.fromkeys(map(_name_of, found))
    listed = [one for one in names if one not in {"", _name_of(best)}][:_SHOWN]
    if listed:
        yield f"others that were seen: {', '.join(listed)}"


def _others(sources: Sequence[Source]) -> str:
    """Return which other names have numbers."""
    names = dict.fromkeys(
        name
        for source in sources
        for line in reversed(tail_of(source.path))
        for name, _ in numbers_by_name(line)
    )
    listed = ", ".join([*names][:_SHOWN])
    return f"; these were: {listed}" if listed else ", and no other number with a name"
