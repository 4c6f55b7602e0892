"""The report of a check at a terminal, and the exit code that tells of it."""

import click

from automl.cli.documents import print_document
from automl.cli.exits import INTERRUPTED, NOT_YET, WELL, WITHOUT_VALUE
from automl.studies.checking.end import EndedBy
from automl.studies.checking.judging.report import Report, Verdict
from automl.studies.checking.shown.document import document_of
from automl.studies.checking.shown.printed import printed

_CODES = {Verdict.NUMBERS: WELL, Verdict.NONE: WITHOUT_VALUE, Verdict.NOT_YET: NOT_YET}


def reported(report: Report, *, as_json: bool) -> int:
    """Print a report, as text or as one document; return the exit code."""
    code = INTERRUPTED if report.end.by is EndedBy.USER else _CODES[report.verdict]
    if as_json:
        print_document(exit_code=code, **document_of(report))
        return code
    click.echo(printed(report), nl=False)
    return code
