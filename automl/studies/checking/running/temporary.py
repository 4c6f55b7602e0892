"""The folder of a check, which is removed with all that a program made of it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from automl.errors import AutomlError
from automl.journal.disk.removal import remove_below
from automl.journal.folder import StudyFolder

PREFIX = "automl-check-"

_ALL = [("*",), (".*",)]
_OWNER = 0o700


@contextmanager
def temporary_folder(name: str, near: Path | None = None) -> Iterator[StudyFolder]:
    """Make the folder of a study that is not kept.

    Args:
        name: the study's name.
        near: where it is made; None for where this machine keeps what is temporary.

    Raises:
        AutomlError: something in it cannot be removed; the message says where it is.
    """
    made = [] if near is None else [one for one in (near, *near.parents) if not one.exists()]
    if near:
        near.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=near))
    try:
        folder = StudyFolder(place, name)
        folder.create()
        yield folder
    finally:
        _remove(place)
        for one in made:
            with suppress(OSError):
                one.rmdir()


def _remove(place: Path) -> None:
    """Remove the folder; a program may have removed it, or closed parts of it to everybody."""
    if not _emptied(place):
        _open_up(place)
        _emptied(place)
    try:
        place.rmdir()
    except FileNotFoundError:
        return
    except OSError as error:
        raise AutomlError(
            f"the folder of the check {place} cannot be removed: {error.strerror}; remove it "
            "yourself"
        ) from error


def _emptied(place: Path) -> bool:
    try:
        folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        return not remove_below(folder, _ALL).left
    except OSError:
        return False
    finally:
        os.close(folder)


def _open_up(place: Path) -> None:
    """Make all folders the owner's to read and change; links are left alone."""
    with suppress(OSError):
        place.chmod(_OWNER)
    for path, folders, _ in os.walk(place):
        for name in folders:
            inner = Path(path, name)
            if not inner.is_symlink():
                with suppress(OSError):
                    inner.chmod(_OWNER)
