"""The numbers that a trial's process tells: one line each, read while the trial runs."""

from json.encoder import encode_basestring_ascii
from typing import NamedTuple

from automl.inside.files import REPORTS, append_text, number_from_json, number_text, record_of

VALUE = "value"
"""What the number of a function is called, if there is one."""


class Report(NamedTuple):
    """One number that was told.

    Attributes:
        name: what it is called, as in objectives and tables; empty where that was not told.
        value: the number, which may be NaN or infinite.
        step: how far the trial was; None where that was not told.
        final: whether it is what the function returned.
    """

    name: str
    value: float
    step: float | None = None
    final: bool = False


def write_report(folder: str, report: Report) -> None:
    """Tell a number.

    Args:
        folder: the trial's.
        report: the number.

    Raises:
        OSError: it cannot be written.
    """
    # Not by `json.dumps`, of which each fork would pay for its first use.
    step = "" if report.step is None else f', "step": {number_text(report.step)}'
    final = ', "final": true' if report.final else ""
    name = f'"name": {encode_basestring_ascii(report.name)}, ' if report.name else ""
    line = f'{{{name}"value": {number_text(report.value)}{step}{final}}}\n'
    append_text(f"{folder}/{REPORTS}", line)


def report_in(line: str) -> Report | None:
    """Return the number that a line tells, None if it tells none."""
    record = record_of(line)
    if record is None or not isinstance(record.get("name", ""), str):
        return None
    value = number_from_json(record.get("value"))
    if value is None:
        return None
    step = number_from_json(record.get("step"))
    return Report(record.get("name", ""), value, step, record.get("final") is True)
