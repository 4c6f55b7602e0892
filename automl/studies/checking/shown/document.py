"""A report as plain data, for programs."""

import math
from collections.abc import Mapping
from typing import Any

from automl.studies.checking.judging.remedy import Remedy
from automl.studies.checking.judging.report import Found, Report
from automl.studies.checking.plan import Plan
from automl.studies.checking.running.seen import Point


def document_of(report: Report) -> dict[str, Any]:
    """Return a report as plain data; the fields are documented in the reference."""
    return {
        "verdict": str(report.verdict),
        "reason": report.reason,
        "next": report.next,
        "metrics": [_found(report.plan, one) for one in report.found],
        "doubts": [{"kind": one.kind, "text": one.text} for one in report.doubts],
        "readers": [_remedy(one) for one in report.remedies],
        "lines": [{"file": one.file, "text": one.text} for one in report.lines],
        "trial": _trial(report) if report.plan.commands else None,
    }


def _found(plan: Plan, one: Found) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "goal": one.goal,
        "final": one.final,
        "count": one.count,
        "shown": [_point(plan, point) for point in one.shown],
    }


def _point(plan: Plan, point: Point) -> dict[str, Any]:
    seen = point.sighting
    return {
        "value": point.value,
        "step": None if math.isnan(point.step) else point.step,
        "file": seen and plan.names.of(seen.path),
        "line": seen and seen.number,
        "text": seen and seen.line,
        "span": seen and seen.span and list(seen.span),
    }


def _remedy(one: Remedy) -> Mapping[str, Any]:
    return {
        "file": one.file,
        "text": one.line,
        "span": one.span and list(one.span),
        "value": one.value,
        "count": one.count,
        "yaml": one.yaml,
        "script": one.script,
        "options": one.options,
    }


def _trial(report: Report) -> dict[str, Any]:
    plan, end = report.plan, report.end
    return {
        "params": dict(plan.params),
        "commands": [one if isinstance(one, str) else list(one) for one in plan.commands],
        "cwd": plan.cwd,
        "env": dict(plan.env),
        "files": list(plan.files),
        "goes": dict(plan.goes),
        "ended_by": str(end.by),
        "lasted_s": end.lasted_s,
        "cpu_s": end.cpu_s,
    }
