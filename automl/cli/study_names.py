"""Which study a verb is about: one by its name, by its path, or the only one of a folder."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from automl.cli.completion.paths import folders
from automl.cli.exits import NoStudyError
from automl.errors import SpecError
from automl.journal.asking.asker import Door
from automl.journal.folder import StudyFolder, holds_study, is_set_aside, place_of
from automl.studies.on_disk.nearby import MOST_FOLDERS, NEAR, studies_below
from automl.studies.on_disk.several import Studies, find_study, studies_in
from automl.studies.study import Study
from automl.study.trial import Trial

_Command = TypeVar("_Command", bound=Callable[..., Any])

_LISTED = 20


def complete_study(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Return the studies whose names begin like this; folders if none does, or it is a path."""
    names = [
        CompletionItem(name)
        for name in studies_in(place_of(ctx.params.get("study_dir")))
        if name.startswith(incomplete) and (incomplete or not is_set_aside(name))
    ]
    return names or (folders(ctx, param, incomplete) if incomplete else [])


def study_dir_option(command: _Command) -> _Command:
    """Give a verb the option that says where the folders of studies are."""
    return click.option(
        "--study-dir",
        is_eager=True,
        type=click.Path(),
        shell_complete=folders,
        help="The folder of study folders; automl_studies if not given.",
    )(command)


def study_argument(command: _Command) -> _Command:
    """Give a verb NAME, which may be left out, and `--study-dir`."""
    named = click.argument("name", required=False, metavar="[NAME]", shell_complete=complete_study)(
        command
    )
    return study_dir_option(named)


def words_argument(
    metavar: str,
    complete: Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]],
) -> Callable[[_Command], _Command]:
    """Give a verb NAME, which may be left out, and further words; and `--study-dir`.

    Args:
        metavar: what they are, for the help.
        complete: what is offered for them at TAB.
    """

    def given(command: _Command) -> _Command:
        words = click.argument("words", nargs=-1, metavar=metavar, shell_complete=complete)
        return study_dir_option(words(command))

    return given


def chosen(name: str | None, study_dir: str | None) -> Study:
    """Return the study that is meant.

    Args:
        name: its name, or the path of its folder; None for the only study of `study_dir`.
        study_dir: the folder of study folders.

    Raises:
        NoStudyError: there is none.
        UsageError: there are several, and none is named.
    """
    if name is not None and (os.sep in name or name in {os.curdir, os.pardir}):
        return _by_path(Path(os.path.abspath(Path(name).expanduser())))  # noqa: PTH100 - keeps links
    try:
        found = find_study(name, study_dir, Door.CLI)
    except SpecError as error:
        raise NoStudyError(f"{error}{_elsewhere(name, study_dir)}") from error
    if isinstance(found, Studies):
        raise click.UsageError(
            f"there are {len(found)} studies in {place_of(study_dir)}; give the NAME of one: "
            f"{_listed(list(found))}"
        )
    return found


def split_words(
    words: Sequence[str], is_name: Callable[[str], bool]
) -> tuple[str | None, list[str]]:
    """Return the NAME that stands first, if it does, and the other words.

    Args:
        words: what was given.
        is_name: tells whether the first one is a NAME.
    """
    if words and is_name(words[0]):
        return words[0], list(words[1:])
    return None, list(words)


def trial_ids(words: Sequence[str], count: int | None = None) -> tuple[str | None, list[int]]:
    """Return the NAME, None where it is left out, and the ids of trials that follow it.

    Args:
        words: what was given. A first word that is a number is an id, where it is needed as one.
        count: how many ids there must be; None for at least one.

    Raises:
        UsageError: there are others, or a word is no id.
    """
    named = (len(words) > count) if count else not (words and words[0].isdecimal())
    name, ids = split_words(words, lambda _: named)
    for word in ids:
        if not (word.isascii() and word.isdecimal()):
            raise click.UsageError(f"the id of a trial is a whole number from 0, got {word!r}")
    if len(ids) != count if count else not ids:
        wanted = "the id of a trial is" if count in {None, 1} else f"the ids of {count} trials are"
        raise click.UsageError(f"{wanted} missing; `automl results` shows them")
    return name, [int(word) for word in ids]


def known_trial(study: Study, trial_id: int) -> Trial:
    """Return a trial of a study; SpecError if it has none of that id."""
    for trial in study.trials:
        if trial.id == trial_id:
            return trial
    raise SpecError(
        f"the study {study.folder.path.name!r} has no trial {trial_id}; "
        "`automl results` shows those that it has"
    )


def settings(words: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """Return the NAME, None where it is left out, and the KEY=VALUE words that follow it.

    Raises:
        UsageError: a word is no KEY=VALUE, or a key is given twice.
    """
    name, rest = split_words(words, lambda word: "=" not in word)
    given: dict[str, str] = {}
    for word in rest:
        key, equals, value = word.partition("=")
        if not (key and equals):
            raise click.UsageError(f"expected KEY=VALUE, got {word!r}")
        if key in given:
            raise click.UsageError(f"{key!r} is given twice")
        given[key] = value
    return name, given


def _elsewhere(name: str | None, study_dir: str | None) -> str:
    """Return where near here a study of this name is that is not in the usual place."""
    if study_dir is not None:
        return ""
    found = studies_below(Path.cwd(), NEAR, MOST_FOLDERS).called(name)
    return f"; found elsewhere, to be given as NAME: {_listed(found)}" if found else ""


def _by_path(path: Path) -> Study:
    if not holds_study(str(path)):
        raise NoStudyError(f"there is no study in the folder {path}")
    return Study(StudyFolder(path.parent, path.name), Door.CLI)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
