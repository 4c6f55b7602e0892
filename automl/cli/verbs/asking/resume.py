"""`automl resume` of a running study."""

import click

from automl.cli.answers import answer_options, ask
from automl.cli.study_names import chosen, study_argument


@click.command()
@study_argument
@answer_options
def command(*, name: str | None, study_dir: str | None, timeout_s: float, as_json: bool) -> int:
    """Start trials again after `automl pause`.

    Example: automl resume digits
    """
    study = chosen(name, study_dir)
    return ask(study, [study.resume], timeout_s=timeout_s, as_json=as_json)
