"""A report as a person reads it: the verdict first, then what to do, then what was found."""

import math
import textwrap
from collections.abc import Iterator
from pathlib import PurePath

from automl.show.layout import shortened
from automl.show.lines import duration_text, params_text, short
from automl.studies.checking.judging.remedy import Remedy
from automl.studies.checking.judging.report import RECORDED, Found, Report, Verdict
from automl.studies.checking.plan import Plan
from automl.studies.checking.running.seen import Point
from automl.studies.checking.shown.marks import PLAIN, Marks, marked

WIDTH = 80
"""So many columns are used, where a terminal has no fewer."""

_LABEL = 11
_LONGEST = 230


def report_text(report: Report, *, marks: Marks = PLAIN, width: int = WIDTH) -> str:
    """Return a report as lines.

    What is to be pasted is never cut or wrapped; all else fits the width.

    Args:
        report: what was found out.
        marks: how numbers stand out.
        width: how many columns there are.
    """
    return "\n".join(_lines(report, marks, width))


def found_line(plan: Plan, metric: str, point: Point, *, marks: Marks, width: int) -> str:
    """Return the line that tells of a number as it is found."""
    return f"  {_sighted(plan, metric, point, marks, width - 2)}"


def verdict_text(report: Report) -> str:
    """Return the verdict in a line."""
    needed = [one for one in report.found if one.goal != RECORDED]
    names = ", ".join(one.metric for one in needed)
    lacking = ", ".join(one.metric for one in needed if not one.count) or names
    if report.verdict is Verdict.NUMBERS:
        found = ", ".join(one.metric for one in report.found if one.count)
        return f"yes: a study would get numbers for {found}"
    if report.verdict is Verdict.NOT_YET:
        return f"not yet: no number for {lacking} in {duration_text(report.end.lasted_s)}"
    if report.end.crashed:
        return "no: the trial failed, and so may all of a study"
    return f"no: a study would get no number for {lacking}"


def _lines(report: Report, marks: Marks, width: int) -> Iterator[str]:
    yield f"{marks.head}{verdict_text(report)}{marks.tail}"
    yield from _labelled("why", report.reason, width)
    yield from _labelled("next", report.next, width)
    yield from _found_lines(report, marks, width)
    if report.doubts:
        yield "doubtful"
        for doubt in report.doubts:
            yield from _wrapped(doubt.text, width, "  - ", "    ")
    if report.remedies:
        yield "readers that find numbers, each tried on what was written"
        for number, remedy in enumerate(report.remedies, 1):
            yield from _remedy_lines(number, remedy, marks, width)
    elif report.lines:
        yield "its last lines" if report.end.crashed else "lines with numbers"
        for line in report.lines:
            file = f"{_short(line.file, width)}: " if line.file else ""
            yield from _wrapped(f"{file}{line.text[:_LONGEST]}", width, "  ", "    ")
    if report.plan.commands:
        yield from _plan_lines(report, width)


def _found_lines(report: Report, marks: Marks, width: int) -> Iterator[str]:
    for one in report.found:
        yield f"{one.metric} ({one.goal}, {one.final} counts): {_count(one)}"
        for place, point in enumerate(one.shown):
            if place == len(one.shown) - 1 and one.count > len(one.shown):
                yield f"  ... {one.count - len(one.shown)} more ..."
            yield f"  {_sighted(report.plan, '', point, marks, width - 2)}"


def _count(one: Found) -> str:
    return (
        "no number" if not one.count else "1 number" if one.count == 1 else f"{one.count} numbers"
    )


def _sighted(plan: Plan, metric: str, point: Point, marks: Marks, width: int) -> str:
    """Return a number with its line, its step, and where it stands."""
    step = "" if math.isnan(point.step) else f" step {point.step:g}"
    sighting = point.sighting
    name = f"{metric} " if metric else ""
    if sighting is None:
        return f"{name}{point.value:g}{step}"
    place = f"{_short(plan.names.of(sighting.path), width)}:{sighting.number}"
    head = f"{name}{place}{step}  "
    return head + marked(sighting.line, sighting.span, max(width - len(head), 20), marks)


def _remedy_lines(number: int, one: Remedy, marks: Marks, width: int) -> Iterator[str]:
    head = f"  {number}  {_short(one.file, width)}: "
    yield head + marked(one.line, one.span, max(width - len(head), 20), marks)
    for door, text in (("study file", one.yaml), ("script", one.script), ("options", one.options)):
        for place, part in enumerate(text.splitlines()):
            yield f"     {'' if place else door:12}{part}"


def _plan_lines(report: Report, width: int) -> Iterator[str]:
    plan, end = report.plan, report.end
    yield "what ran"
    for line in plan.lines:
        yield from _labelled("command", line, width)
    yield from _labelled("folder", plan.cwd, width)
    if plan.env:
        texts = [
            f"{name}={value}" if value is not None else f"without {name}"
            for name, value in plan.env.items()
        ]
        yield from _labelled("sets", "  ".join(texts), width)
    for file in plan.files:
        yield from _labelled("file", file, width)
    yield from _labelled("time", duration_text(end.lasted_s), width)
    for name, where in plan.goes.items():
        value = params_text(short({name: plan.params[name]})) if name in plan.params else name
        yield from _labelled("value", f"{value}: {where}", width)


def _short(file: str, width: int) -> str:
    room = width // 3
    return file if len(file) <= room else shortened(PurePath(file).name, room)


def _labelled(label: str, text: str, width: int) -> Iterator[str]:
    yield from _wrapped(text, width, f"  {label:{_LABEL - 2}}", " " * _LABEL)


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
