"""`automl drain` of a running study."""

import click

from automl.cli.answers import answer_options, ask
from automl.cli.study_names import chosen, study_argument


@click.command()
@study_argument
@answer_options
def command(*, name: str | None, study_dir: str | None, timeout_s: float, as_json: bool) -> int:
    """Start nothing more, and end the study when what runs has ended.

    Example: automl drain digits
    """
    study = chosen(name, study_dir)
    return ask(study, [study.drain], timeout_s=timeout_s, as_json=as_json)
