"""What a command reported by `automl.report` in a short run."""

from collections.abc import Mapping
from dataclasses import replace

from automl.inside.reports import report_in
from automl.readers.advice.likeness import nearest_first
from automl.readers.advice.outputs import tail_of
from automl.studies.draft.draft import Metric
from automl.study.objective import METRIC


def reported_numbers(path: str) -> dict[str, float]:
    """Return the last number that was reported of each name, an empty one for none.

    Args:
        path: the file with the reports; it need not be there.
    """
    reports = map(report_in, tail_of(path))
    return {one.name: one.value for one in reports if one is not None}


def reported_metric(metric: Metric, told: Mapping[str, float]) -> Metric | None:
    """Return a metric as one that is reported, None if it is not.

    Args:
        metric: its name and direction; without a name, the likeliest is meant.
        told: what was reported.
    """
    if not told:
        return None
    name = metric.name
    if not name:
        name = METRIC if "" in told else nearest_first(told, "val_loss")[0]
    key = name if name in told else ""
    if key not in told:
        return None
    others = ", ".join(one for one in told if one not in {"", name})
    seen = f"reported: {told[key]:.6g}{f'; others that were reported: {others}' if others else ''}"
    return replace(metric, name=name, told=(seen,), reported=True)
