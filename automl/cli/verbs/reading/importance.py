"""`automl importance`: which parameters make the best trials what they are."""

import click

from automl.cli.documents import json_option, objective_fields, print_document
from automl.cli.study_names import chosen, study_argument
from automl.show.lines import one_line

_WIDEST = 40


@click.command()
@study_argument
@json_option
def command(*, name: str | None, study_dir: str | None, as_json: bool) -> None:
    """Show each parameter's share in what makes a trial one of the best, largest first.

    Example: automl importance digits
    """
    study = chosen(name, study_dir)
    shares = study.importance()
    if as_json:
        fields = objective_fields(study.objectives)
        print_document(study=study.folder.path.name, **fields, importance=shares)
        return
    width = max(map(len, map(one_line, shares)), default=0)
    for param, share in shares.items():
        bar = "#" * round(share * _WIDEST)
        click.echo(f"{one_line(param):{width}}  {share:4.0%}  {bar}".rstrip())
