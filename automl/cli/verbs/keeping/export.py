"""`automl export`: a study for another machine, or for Optuna."""

import os
import tarfile
from pathlib import Path

import click

from automl.cli.documents import json_option, print_document
from automl.cli.study_names import chosen, study_argument
from automl.errors import AutomlError
from automl.search.optuna.stored import store
from automl.studies.study import Study

_MODES = {".gz": "w:gz", ".tgz": "w:gz", ".xz": "w:xz"}


@click.command()
@study_argument
@click.option(
    "--folder", "archive", metavar="FILE.tar", type=click.Path(), help="Write an archive."
)
@click.option("--optuna", "url", metavar="URL", help="Write to Optuna's storage: sqlite:///a.db")
@json_option
def command(
    *, name: str | None, study_dir: str | None, archive: str | None, url: str | None, as_json: bool
) -> None:
    """Write a study as an archive that opens on another machine, or into a storage of Optuna.

    Example: automl export digits --folder digits.tar.gz

    `tar xf digits.tar.gz` and `automl show ./digits` open it there.
    """
    if (archive is None) == (url is None):
        raise click.UsageError("give --folder FILE.tar or --optuna URL")
    study = chosen(name, study_dir)
    told = _stored(study, url) if url is not None else _archived(study, Path(str(archive)))
    if not as_json:
        click.echo(told)
        return
    trials = len(study.trials)
    print_document(study=study.folder.path.name, archive=archive, storage=url, trials=trials)


def _stored(study: Study, url: str) -> str:
    store(study.to_optuna(), url)
    return f"written to {url} as the study {study.folder.path.name!r}"


def _archived(study: Study, path: Path) -> str:
    if study.state == "running":
        raise AutomlError("the study runs; export it when it has ended, or after `automl drain`")
    if path.exists():
        raise AutomlError(f"{path} is there already; give another name")
    write_archive(study, path)
    return f"written to {path}"


def write_archive(study: Study, path: Path) -> None:
    """Write the study's folder, whole or not at all; links stay links.

    Raises:
        AutomlError: it cannot be read or written.
    """
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        with tarfile.open(part, _MODES.get(path.suffix, "w")) as archive:  # type: ignore[call-overload]
            archive.add(study.folder.path, arcname=study.folder.path.name)
        part.rename(path)
    except (OSError, tarfile.TarError) as error:
        why = getattr(error, "strerror", None) or error
        raise AutomlError(f"cannot write {path}: {why}") from error
    finally:
        part.unlink(missing_ok=True)
