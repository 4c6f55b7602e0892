"""The metrics of an experiment, and where its collector finds them."""

import re
from pathlib import PurePath
from typing import Any

from automl.quiet import muted
from automl.studies.foreign.entry import Entry

_KINDS = ("StdOut", "File", "TensorFlowEvent", "PrometheusMetric", "Custom", "None", "Push")
_STRATEGIES = {"min": "min", "max": "max", "latest": "last"}
_STDOUT = "{{ trial.dir }}/stdout.log"


def metrics_of(objective: Entry) -> list[str]:
    """Return the metric that ranks, then the others."""
    others = [str(one) for one in objective.listed("additionalMetricNames", [])]
    return [objective.text("objectiveMetricName"), *others]


def ranked_by(objective: Entry) -> dict[str, Any]:
    """Return the objectives, and the goal that ends the study.

    Katib takes the best number of a metric, unless `metricStrategies` says otherwise.
    """
    direction = objective.choice("type", ("minimize", "maximize"))
    metric = metrics_of(objective)[0]
    final = "best"
    for one in objective.entries("metricStrategies", []):
        if one.text("name") == metric:
            final = _STRATEGIES[one.choice("value", _STRATEGIES)]
    study: dict[str, Any] = {
        "objectives": [{"metric": metric, "direction": direction, "final": final}]
    }
    goal = objective.number("goal", None)
    if goal is not None:
        kind = "large_is_better" if direction == "maximize" else "small_is_better"
        study["earlystop"] = {"type": kind, "threshold": goal}
    return study


def readers_of(
    spec: Entry, metrics: list[str], notes: list[str]
) -> tuple[list[dict[str, Any]], str]:
    """Return a reader for each metric, and the path of a file that its program must be told.

    Raises:
        SpecError: the collector or its filter is not as Katib has it.
    """
    collector = spec.below("metricsCollectorSpec", {})
    kind = collector.below("collector", {}).choice("kind", _KINDS, "StdOut")
    source = collector.below("source", {})
    formats = source.below("filter", {}).listed("metricsFormat", [])
    where = source.below("fileSystemPath", {})
    path = where.text("path", "")
    location = in_trial(path) if path else _STDOUT
    if kind == "TensorFlowEvent":
        # Katib looks into the folders below, too.
        events = f"{in_trial(path) if path else '{{ trial.dir }}'}/**/*tfevents*"
        kind = "tensorboard_reader"
        return [{**_of(kind, one, events), "tag": one} for one in metrics], path
    if kind in {"PrometheusMetric", "Custom", "None", "Push"}:
        notes.append(f"the metrics collector {kind} has no counterpart: what is printed is read")
    if where.text("format", "TEXT") == "JSON":
        return [_of("json_reader", one, location) for one in metrics], path
    if formats:
        if len(formats) > 1:
            notes.append(f"metricsFormat: only the first of {len(formats)} expressions is used")
        return [_by_pattern(source, str(formats[0]), one, location) for one in metrics], path
    if path:
        return [_of("file_reader", one, location) for one in metrics], path
    return [_of("stdout_reader", one, "") for one in metrics], path


def in_trial(path: str) -> str:
    """Return where a path of a container lies on this machine: in the folder of the trial."""
    return f"{{{{ trial.dir }}}}/{PurePath(path).name}"


def _of(kind: str, metric: str, location: str) -> dict[str, Any]:
    return {"type": kind, **({"location": location} if location else {}), "metric": metric}


def _by_pattern(source: Entry, expression: str, metric: str, location: str) -> dict[str, Any]:
    """Return a reader of a metric by Katib's expression of a name and its value."""
    pattern = with_name(expression, metric)
    try:
        # Katib's own expressions have sets that a later Python may read otherwise.
        with muted(FutureWarning):
            groups = re.compile(pattern).groups
    except re.error as error:
        source.fail(f"metricsFormat {expression!r} is no expression of Python: {error}", "filter")
    if groups != 1:
        source.fail(f"metricsFormat {expression!r} must have two groups: name and value", "filter")
    return {**_of("local_reader", metric, location), "parser_pattern": pattern}


def with_name(expression: str, name: str) -> str:
    r"""Return an expression of any name and its value as one of this name.

    >>> with_name(r"([\w|-]+)\s*=\s*((-?\d+)(\.\d+)?)", "acc")
    '(?:acc)\\s*=\\s*(?P<value>(?:-?\\d+)(?:\\.\\d+)?)'
    """
    made: list[str] = []
    depth = count = within = 0
    for part in _PART.findall(expression):
        depth += part.startswith("(") - (part == ")")
        count += part == "("
        if part == "(" and count == 1:
            within = depth
            made.append(f"(?:{re.escape(name)}")
        elif not within or depth < within:
            within = 0
            opening = "(?P<value>" if count == _VALUE else "(?:"
            made.append(opening if part == "(" else part)
    return "".join(made)


_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:P<\w+>|[:=!]|<[=!])?|.", re.DOTALL)
"""What stands for itself, a set of characters, an opening bracket, or any other character."""

_VALUE = 2
"""Which group has the value."""
