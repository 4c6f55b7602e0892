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
            _fill(copy, study, url)
    except optuna.exceptions.DuplicatedStudyError as error:
        raise AutomlError(
            f"the storage {url} has a study {study.study_name!r} already; give another storage"
        ) from error
    except Exception as error:
        # Of whichever database it is; each has errors of its own.
        left = "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
        raise AutomlError(f"cannot write to Optuna's storage {url}: {error}{left}") from error


def _fill(copy: PlainStudy, study: PlainStudy, url: str) -> None:
    """Write all that a study has into its copy, which goes again if that is not possible."""
    import optuna  # noqa: PLC0415 - as above

    try:
        for key, value in study.user_attrs.items():
            copy.set_user_attr(key, value)
        copy.add_trials(study.trials)
    except BaseException as error:
        # Also where the user interrupts it: half a study looks like a whole one.
        try:
            optuna.delete_study(study_name=study.study_name, storage=url)
        except Exception:  # noqa: BLE001 - of whichever database it is
            error.add_note(f"a part of the study {study.study_name!r} is left in the storage")
        raise
