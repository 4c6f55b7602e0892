"""`create_study`: a study of a Python function, new or as an earlier run of the script left it."""

import os
import weakref
from collections.abc import Mapping, Sequence
from typing import Any

from automl import logs
from automl.brief_errors import ensure_brief_errors
from automl.functions.described import changed_study, described_study
from automl.functions.names.errors import DuplicatedStudyError
from automl.functions.naming import checked_name, unnamed
from automl.functions.stored import kept_keywords, remove_stored, stored_folder
from automl.functions.study import Study
from automl.journal.folder import StudyFolder, place_of
from automl.notebook.cell import running_cell
from automl.notebook.kernel import is_notebook
from automl.studies.from_terminal import FROM_TERMINAL


class _Created:
    """The studies of this process: how many have no name, and the newest of each folder.

    None is kept for this alone: one that nobody uses any more is let go.
    """

    def __init__(self) -> None:
        self.studies: dict[str, weakref.ref[Study]] = {}
        self._unnamed = 0
        self._run = ""

    def next_unnamed(self) -> int:
        """Return which of those without a name is created now.

        In a notebook they are counted for each run of a cell, so that it creates the same again.
        """
        cell = running_cell()
        run = cell.run if cell else ""
        self._unnamed = self._unnamed + 1 if run == self._run else 1
        self._run = run
        return self._unnamed


_CREATED = _Created()


def create_study(  # noqa: PLR0913 - Optuna's arguments
    *,
    storage: object = None,
    sampler: object = None,
    pruner: object = None,
    study_name: str | None = None,
    direction: object = None,
    load_if_exists: bool = False,
    directions: Sequence[object] | None = None,
    study_dir: str | os.PathLike[str] | None = None,
    **further: Any,  # noqa: ANN401 - keywords of a study
) -> Study:
    """Return a study; a study that an earlier run of the script began goes on.

    Args:
        storage: nothing: a study is kept in its folder.
        sampler: what proposes values; None for the best that was measured.
        pruner: what ends trials that ask `should_prune`; None for what stops least that is good.
        study_name: its name and folder; that of the script or notebook if not given, with `-2` and
            so on behind it for a second and further ones of the script, or of a cell.
        direction: `minimize`, which it is if not given, or `maximize`.
        load_if_exists: take up a study that this process has created before; a notebook does.
        directions: the same for each of several objectives.
        study_dir: where study folders are; `automl_studies` in the current folder.
        further: other keywords of a study, such as `trial_timeout` and `memory_per_trial`.

    Raises:
        DuplicatedStudyError: this process has created a study of that name.
        SpecError: an argument is not allowed; a ValueError too.
    """
    ensure_brief_errors()
    logs.ensure_handler()
    number = number_of(study_name)
    given = {
        "storage": storage,
        "sampler": sampler,
        "pruner": pruner,
        "study_name": study_name,
        "direction": direction,
        "directions": directions,
        "study_dir": study_dir,
        **further,
    }
    study = study_of(number, given)
    folder = os.path.realpath(study.folder.path)
    # A cell is run again, which creates what it created before.
    if folder in _CREATED.studies and not load_if_exists and not is_notebook():
        raise DuplicatedStudyError(
            f"Another study with name '{study.study_name}' already exists. Please specify a "
            "different name, or reuse the existing one by setting `load_if_exists` to True.",
            place="study_name",
        )
    _CREATED.studies[folder] = weakref.ref(study)
    return study


def load_study(
    *,
    study_name: str | None = None,
    storage: object = None,
    sampler: object = None,
    pruner: object = None,
    study_dir: str | os.PathLike[str] | None = None,
    **further: Any,  # noqa: ANN401 - keywords of a study
) -> Study:
    """Return a study that is on the disk, to read it or to go on with it.

    What is not given is as it was described last. Trials of its `optimize` come on top of those
    that are there.

    Args:
        study_name: its name; None for the only study of the folder.
        storage: nothing, as in `create_study`.
        sampler: what proposes values from now on.
        pruner: what ends trials that ask `should_prune` from now on.
        study_dir: where study folders are; `automl_studies` in the current folder.
        further: other keywords of a study that are to change.

    Raises:
        StudyNotFoundError: there is none of that name, or several and no name was given; a
            KeyError too.
        SpecError: an argument is not allowed, or its description cannot be read.
    """
    ensure_brief_errors()
    logs.ensure_handler()
    given = {"storage": storage, "sampler": sampler, "pruner": pruner, **further}
    study = loaded(study_name, study_dir, given)
    folder = os.path.realpath(study.folder.path)
    before = _CREATED.studies.get(folder)
    study._count_calls_on(before() if before else None)  # noqa: SLF001 - of the same door
    _CREATED.studies[folder] = weakref.ref(study)
    return study


def loaded(
    name: str | None, study_dir: str | os.PathLike[str] | None, given: Mapping[str, Any]
) -> Study:
    """Return a study on the disk; for the arguments see `load_study`."""
    name, place, typed = _typed(name, study_dir)
    folder = stored_folder(name, place)
    changed = {key: value for key, value in given.items() if value is not None}
    stored_elsewhere = changed.pop("storage", None) is not None
    keywords = {**kept_keywords(folder), **changed_study(changed)}
    return Study(folder, keywords, typed, stored_elsewhere=stored_elsewhere)


def delete_study(
    *, study_name: str, storage: object = None, study_dir: str | os.PathLike[str] | None = None
) -> None:
    """Remove a study with all that its trials left, as `automl rm` does.

    Args:
        study_name: its name.
        storage: nothing, as in `create_study`.
        study_dir: where study folders are; `automl_studies` in the current folder.

    Raises:
        StudyNotFoundError: there is none of that name; a KeyError too.
        StudyBusyError: it runs.
        AutomlError: a trial of it may still run, or it cannot be removed.
    """
    del storage
    folder = stored_folder(study_name, study_dir)
    remove_stored(folder)
    _CREATED.studies.pop(os.path.realpath(folder.path), None)


def number_of(name: str | None) -> int:
    """Return which of this process's studies without a name a new one is, from 1; 0: it has one."""
    return _CREATED.next_unnamed() if name is None else 0


def study_of(number: int, given: Mapping[str, Any]) -> Study:
    """Return a study without asking whether this process has created it before.

    Args:
        number: which of those without a name it is, from 1.
        given: the arguments of `create_study`, or some of them.
    """
    folder, typed = folder_of(number, given.get("study_name"), given.get("study_dir"))
    own = {"storage", "study_name", "study_dir", "load_if_exists"}
    keywords = described_study({key: value for key, value in given.items() if key not in own})
    return Study(
        folder,
        keywords,
        typed,
        stored_elsewhere=given.get("storage") is not None,
        unnamed=is_unnamed(given.get("study_name")),
    )


def is_unnamed(name: str | None) -> bool:
    """Tell whether a study has the name of a notebook, which others of it may have too.

    Args:
        name: the name that the notebook gives it.
    """
    return _typed(name, None)[0] is None and is_notebook()


def _typed(name: Any, place: Any) -> tuple[Any, Any, dict[str, Any]]:  # noqa: ANN401 - as given
    """Return name, folder and further keywords: what was typed to run the script goes before."""
    typed = dict(FROM_TERMINAL.keywords)
    return typed.pop("name", name), typed.pop("study_dir", place), typed


def folder_of(
    number: int, name: str | None, study_dir: str | os.PathLike[str] | None
) -> tuple[StudyFolder, dict[str, Any]]:
    """Return where a study lives, and what was typed to run the script, which replaces its own.

    Args:
        number: which of those without a name it is, from 1.
        name: its name; None without.
        study_dir: where study folders are; None for the usual place.
    """
    named, place, typed = _typed(name, study_dir)
    own = unnamed(number) if named is None else checked_name(named)
    return StudyFolder(place_of(place), own), typed
