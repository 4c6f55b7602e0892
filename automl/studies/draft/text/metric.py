"""What trials are ranked by, in a study file; nothing runs until that is chosen."""

import re
from collections.abc import Iterator

from automl.readers.advice.likeness import fits
from automl.render.config import yaml_line
from automl.studies.draft.draft import Draft, Metric
from automl.studies.draft.text.comments import comment, plain

CHOOSE = "choose maximize or minimize"
"""Stands for a direction that nobody chose: no study can be made of it, and its error tells why."""

_UNNAMED = "choose"
_PART = re.compile(r"[a-z0-9]+")


def metric_lines(draft: Draft) -> Iterator[str]:
    """Give the lines of `objectives`."""
    yield ""
    for one in draft.metrics:
        if not one.direction:
            yield from comment(_question(one, draft.file))
    yield "objectives:"
    for one in draft.metrics:
        objective = {"metric": one.name or _UNNAMED, "direction": one.direction or CHOOSE}
        yield f"  - {yaml_line(objective)}"


def _question(metric: Metric, file: str) -> str:
    """Return what is to be chosen, and what the name suggests."""
    if not metric.name:
        return (
            "By which number are trials ranked? Write its name as the program prints it, here and "
            "in metric_reader, and whether it is to be large (maximize) or small (minimize): "
            "nothing runs until then. `automl init --try` runs the command for some seconds to "
            f"find one; `automl run --maximize NAME {file}` says it at the start"
        )
    proposed = proposed_direction(metric.name)
    why = (
        f"Its name suggests {proposed}. Write that, or the other"
        if proposed
        else "Write maximize or minimize"
    )
    by_name = metric.reader.get("type", "stdout_reader") == "stdout_reader"
    start = f", or say it at the start: automl run --{proposed or 'maximize'} {metric.name} {file}"
    return (
        f"Is a large {plain(metric.name)} good, or a small one? {why}: nothing runs until then"
        f"{plain(start, 200) if by_name else ''}"
    )


def proposed_direction(name: str) -> str:
    """Return what a metric's name suggests; empty where it suggests nothing.

    >>> [proposed_direction(one) for one in ("val_loss", "test error", "val_acc", "x")]
    ['minimize', 'minimize', 'maximize', '']
    """
    small, large = not fits(name, maximize=True), not fits(name, maximize=False)
    return "minimize" if small else "maximize" if large else ""
