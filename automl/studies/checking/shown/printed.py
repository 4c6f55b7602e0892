"""A report printed to the standard output, as wide as the terminal is."""

import shutil
import sys

from automl.show.lines import writable
from automl.studies.checking.judging.report import Report
from automl.studies.checking.shown.marks import marks_of
from automl.studies.checking.shown.text import report_text

_NARROWEST, _WIDEST = 60, 100


def printed(report: Report) -> str:
    """Return the text of a report for the standard output, with a line break at its end."""
    width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    text = report_text(report, marks=marks_of(sys.stdout), width=width)
    return writable(f"{text}\n", getattr(sys.stdout, "encoding", None) or "utf-8")
