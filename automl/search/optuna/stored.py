"""A plain Optuna study, written to a storage that Optuna's own programs open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automl.errors import AutomlError
from automl.quiet import muted, unlogged
from automl.search.optuna.library import load_optuna

if TYPE_CHECKING:
    from automl.search.optuna.plain_study import PlainStudy

_LOG = "optuna.storages._rdb.storage"


def store(study: PlainStudy, url: str) -> None:
    """Write a study to a storage, under its own name.

    Args:
        study: the study.
        url: where the storage is, as Optuna has it: `sqlite:///study.db`.

    Raises:
        AutomlError: there is a study of this name, or the storage cannot be written.
    """
    load_optuna()
    import optuna  # noqa: PLC0415 - 0.2 s

    try:
        with muted(Warning), unlogged(_LOG):
            copy = optuna.create_study(
                storage=url, study_name=study.study_name, directions=study.directions
            )
            for key, value in study.user_attrs.items():
                copy.set_user_attr(key, value)
            copy.add_trials(study.trials)
    except optuna.exceptions.DuplicatedStudyError as error:
        raise AutomlError(
            f"the storage {url} has a study {study.study_name!r} already; give another storage"
        ) from error
    except Exception as error:
        # Of whichever database it is; each has errors of its own.
        raise AutomlError(f"cannot write to Optuna's storage {url}: {error}") from error
