"""What a check found out, as plain values: shown as text, or as a document for programs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from automl.readers.reported.reader import ReportReader
from automl.studies.checking.end import End, EndedBy
from automl.studies.checking.judging.doubts import Doubt, doubts_of
from automl.studies.checking.judging.evidence import Evidence
from automl.studies.checking.judging.number_lines import (
    NumberLine,
    last_lines,
    lines_with_numbers,
    remedies_of,
)
from automl.studies.checking.judging.remedy import Remedy
from automl.studies.checking.plan import Plan
from automl.studies.checking.running.seen import Point, Seen
from automl.study.objective import maximized

SHOWN = 3
"""So many of the first numbers of a metric are shown, and the last."""


MORE_TIME = "give it more time"


class Verdict(StrEnum):
    """Whether a study would get numbers."""

    NUMBERS = "numbers"
    NONE = "none"
    NOT_YET = "not yet"


RECORDED = "recorded"
"""The goal of a metric on which no result depends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found of one metric.

    Attributes:
        metric: its name.
        goal: whether it is to be large or small, `maximize` or `minimize`; `kept` for one of a
            constraint; `recorded` for one on which no result depends.
        final: which of its numbers counts.
        count: how many there are.
        shown: the first of them, and the last.
    """

    metric: str
    goal: str
    final: str
    count: int
    shown: tuple[Point, ...]

    @property
    def last(self) -> Point | None:
        """The last number; None without any."""
        return self.shown[-1] if self.shown else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found out.

    Attributes:
        verdict: whether a study would get numbers.
        reason: why, in a sentence.
        next: what to do now.
        found: what was found of each metric.
        doubts: what may be wrong.
        lines: lines with numbers, where a metric has none; the last lines of one that crashed.
        remedies: readers that find numbers in them, each tried.
        plan: what was run.
        end: how it ended.
    """

    verdict: Verdict
    reason: str
    next: str
    found: tuple[Found, ...]
    doubts: tuple[Doubt, ...]
    lines: tuple[NumberLine, ...]
    remedies: tuple[Remedy, ...]
    plan: Plan
    end: End

    def __repr__(self) -> str:
        counts = ", ".join(f"{one.metric}: {one.count}" for one in self.found)
        return f"Report({str(self.verdict)!r}, numbers found: {counts})"

    def __bool__(self) -> bool:
        """Tell whether a study would get numbers."""
        return self.verdict is Verdict.NUMBERS


def with_words(report: Report, *, run: str, longer: str) -> Report:
    """Return a report that says how its user does what is to be done next.

    Args:
        report: the report.
        run: how the study is run.
        longer: how a trial gets more time.
    """
    how = run if report else longer if report.next == MORE_TIME else ""
    return replace(report, next=f"{report.next}: {how}") if how else report


def report_of(one: Evidence) -> Report:
    """Return what the evidence tells; files of the trial are read for it."""
    verdict = _verdict(one)
    doubts = tuple(Doubt(each.kind, one.said(each.text)) for each in doubts_of(one))
    searched = [] if one.end.crashed else one.missing
    remedies = tuple(each for metric in searched for each in remedies_of(one, metric))
    lines = tuple(last_lines(one) if one.end.crashed else lines_with_numbers(one))
    return Report(
        verdict=verdict,
        reason=one.said(_reason(one, verdict, lines_below=bool(lines or remedies))),
        next=_next(one, verdict, doubts, remedies),
        found=tuple(_found(one, seen) for seen in one.seen.values()),
        doubts=doubts,
        lines=lines if one.end.crashed or one.missing else (),
        remedies=remedies,
        plan=one.plan,
        end=one.end,
    )


def _verdict(one: Evidence) -> Verdict:
    if one.end.finite and not one.end.failure:
        return Verdict.NUMBERS
    waits = one.end.by in {EndedBy.TIME, EndedBy.USER} and one.missing
    return Verdict.NOT_YET if waits else Verdict.NONE


def _reason(one: Evidence, verdict: Verdict, *, lines_below: bool) -> str:
    if verdict is Verdict.NUMBERS:
        return _WELL[one.end.by]
    told = one.end.failure or one.end.why_missing
    return told.partition("; its last lines: ")[0] if lines_below else told


_WELL = {
    EndedBy.ITSELF: "the trial ended by itself, with a number that counts",
    EndedBy.TIME: "the numbers so far count; the trial was ended as the time of the check was over",
    EndedBy.USER: "the numbers so far count; you ended the trial",
    EndedBy.OUTPUT: "the numbers so far count; the trial was ended as it printed very much",
    EndedBy.NOTHING: "the numbers in the file count",
}


_REPORT = "let the program call automl.report(value)"


def _next(
    one: Evidence, verdict: Verdict, doubts: tuple[Doubt, ...], remedies: tuple[Remedy, ...]
) -> str:
    if verdict is Verdict.NUMBERS:
        return "look at what is doubtful, then run the study" if doubts else "run the study"
    if one.end.crashed:
        return "mend the command, and check again"
    reports = any(isinstance(one.spec.reader_of(name), ReportReader) for name in one.missing)
    if remedies:
        if_there = "if the metric is among the lines below, " if verdict is Verdict.NOT_YET else ""
        write = (
            f"{_REPORT}, or give it one of the readers below"
            if reports
            else "write one of the readers below in place of yours"
        )
        return f"{if_there}{write}, and check again"
    if verdict is Verdict.NOT_YET:
        held = any(each.kind == "buffered" for each in doubts)
        return "see what is doubtful below" if held else MORE_TIME
    if not one.missing:
        return "let the program end with a finite number"
    shown = f"print its metric, as in {one.missing[0]}=0.5"
    usual = f"{_REPORT}, or {shown}" if reports else f"let the program {shown}"
    return f"{getattr(one.spec.reader_of(one.missing[0]), 'cure', usual)}, and check again"


def _found(one: Evidence, seen: Seen) -> Found:
    objectives = one.spec.objectives
    large = maximized(objectives, seen.metric)
    beside = "kept" if seen.metric in objectives.metrics else RECORDED
    goal = beside if large is None else "maximize" if large else "minimize"
    return Found(
        metric=seen.metric,
        goal=goal,
        final=str(objectives.reading(seen.metric).final),
        count=seen.count,
        shown=tuple(_some(seen)),
    )


def _some(seen: Seen) -> Iterator[Point]:
    yield from seen.first[:SHOWN]
    if seen.count > SHOWN:
        yield seen.last[-1]
