"""`automl results`: the ranked table, or the part of it that is asked for."""

import shutil
import sys
from collections.abc import Sequence

import click

from automl.cli.completion.of_study import columns as columns_of
from automl.cli.documents import json_option, objective_fields, print_document
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.study_names import chosen, study_argument
from automl.show.columns import Columns, Key, further_columns
from automl.show.fitting import Extent
from automl.show.markdown import markdown_text
from automl.show.result_files import csv_text
from automl.show.selection import (
    chosen_columns,
    few_further,
    first_rows,
    rows_where,
    sorted_rows,
)
from automl.show.table_text import table_text

_BESIDE = [("metadata", "state"), ("metadata", "reason")]
"""Columns that are shown beside the usual ones where trials without a result may be shown."""

_EXCLUSIVE = "give one of --csv, --json and --markdown"


@click.command()
@study_argument
@click.option(
    "--top", metavar="N", type=click.IntRange(min=1), help="Show the first so many rows only."
)
@click.option(
    "--sort",
    metavar="COLUMN",
    shell_complete=columns_of,
    help="Sort by a column; -COLUMN: largest first.",
)
@click.option(
    "--where",
    metavar="FORMULA",
    shell_complete=columns_of,
    help="Show rows for which it holds: 'lr < 0.1'.",
)
@click.option(
    "--columns",
    metavar="A,B",
    shell_complete=columns_of,
    help="Show these columns; `all` for all there are.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, with every digit.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a Markdown table.")
@json_option
def command(  # noqa: PLR0913 - one an option
    *,
    name: str | None,
    study_dir: str | None,
    top: int | None,
    sort: str | None,
    where: str | None,
    columns: str | None,
    as_csv: bool,
    as_json: bool,
    as_markdown: bool,
) -> int:
    """Show the trials of a study, best first.

    Example: automl results digits --top 5 --where 'lr < 0.1' --columns lr,id

    A column is named by its last word, or with its group: params.lr. Columns such as state,
    failure, start, duration_s, exit_code and origin are there to sort, select and show, too.
    """
    if as_csv + as_json + as_markdown > 1:
        raise click.UsageError(_EXCLUSIVE)
    study = chosen(name, study_dir)
    table = study.columns(full=False)
    if where or sort or columns or as_csv or as_json:
        usual = [*table, *_BESIDE]
        table = study.columns(full=True)
        table = rows_where(table, where) if where else table
        table = sorted_rows(table, sort) if sort else table
        if columns not in {None, "all"}:
            table = chosen_columns(table, [one.strip() for one in str(columns).split(",")])
        elif not (columns or as_csv or as_json):
            table = {key: table[key] for key in table if key in usual}
    table = first_rows(table, top) if top else table
    further = () if columns else further_columns(table, study.objectives)
    if as_json:
        fields = objective_fields(study.objectives)
        print_document(study=study.folder.path.name, **fields, trials=_rows(table))
    elif as_csv:
        click.echo(csv_text(table), nl=False)
    elif as_markdown:
        click.echo(markdown_text(few_further(table, further)))
    else:
        click.echo(_text(table, further, wide=columns is not None))
    return WELL if study.ok else WITHOUT_VALUE


def _text(table: Columns, further: Sequence[Key], *, wide: bool) -> str:
    """Return the table for a terminal's width; columns that were asked for are all shown."""
    encoding = sys.stdout.encoding or "utf-8"
    width = shutil.get_terminal_size().columns
    extent = Extent(width=width, fits=not wide, encoding=encoding)
    return table_text(table, extent, further=further)


def _rows(table: Columns) -> list[dict[str, dict[str, object]]]:
    """Return a document for each row: its values by group and name."""
    count = max((len(values) for values, _ in table.values()), default=0)
    rows: list[dict[str, dict[str, object]]] = [{} for _ in range(count)]
    for (group, name), (values, _) in table.items():
        for row, value in zip(rows, values, strict=True):
            row.setdefault(group, {})[name] = value
    return rows
