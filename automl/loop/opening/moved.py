"""Whether a study was moved together with its working directory, and its texts in the new place."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from automl.journal.events import StudyOpened
from automl.journal.folder import StudyFolder
from automl.launch.launch_note import read_note


def way_to(cwd: str, folder: str | os.PathLike[str]) -> str:
    """Return the way from a study's folder to the working directory, both without links."""
    return os.path.relpath(os.path.realpath(cwd), os.path.realpath(folder))


def same_place(known: StudyOpened, cwd: str, folder: StudyFolder) -> bool:
    """Tell whether commands run in the folder where they ran before, whatever it is called now.

    So it is if it lies where it lay, seen from the study's folder: both were moved or renamed
    together, or are mounted elsewhere.

    Args:
        known: an earlier opening.
        cwd: the working directory as it is described now.
        folder: the study's.

    Raises:
        OSError: the machine cannot tell now what lies in the study's folder.
    """
    before = str(known.study.get("cwd", cwd))
    if before == cwd or os.path.realpath(before) == os.path.realpath(cwd):
        return True
    now = way_to(cwd, folder.path)
    if known.cwd_from_folder:
        return known.cwd_from_folder == now
    places = _places_before(folder)
    # Where nothing ran, nothing can have run elsewhere.
    return not places or now in {os.path.relpath(before, place) for place in places}


def _places_before(folder: StudyFolder) -> set[str]:
    """Return where the study's folder was, as its trials know: earlier releases told it nowhere."""
    places = set()
    with suppress(FileNotFoundError):
        for trial in folder.trials.iterdir():
            with suppress(FileNotFoundError, NotADirectoryError):
                note = read_note(str(trial / "launch.json"))
                places.add(note.place if note else "")
    return places - {""}


def in_new_place(was: Any, now: Any, before: str, after: str) -> Any:  # noqa: ANN401 - any JSON
    """Return plain values of before with the paths that differ as they are in the new place.

    >>> in_new_place(["/a/p/t.py", "/a/q"], ["/b/p/t.py", "/a/q"], "/a/p", "/b/p")
    ['/b/p/t.py', '/a/q']

    Args:
        was: plain values.
        now: those of now; what is the same was not moved.
        before: the working directory of before.
        after: that of now.
    """
    old, new = _renamed(before, after)
    return _replaced(was, now, re.compile(rf"{re.escape(old)}(?![\w.-])"), new)


def _renamed(before: str, now: str) -> tuple[str, str]:
    """Return the folders in which two paths differ: what both end with was not renamed."""
    old, new = Path(before), Path(now)
    while old.name == new.name and len(old.parts) > 2 and len(new.parts) > 2:  # noqa: PLR2004
        old, new = old.parent, new.parent
    return str(old), str(new)


def _replaced(was: Any, now: Any, old: re.Pattern[str], new: str) -> Any:  # noqa: ANN401 - as above
    if isinstance(was, dict) and isinstance(now, dict):
        return {key: _replaced(item, now.get(key), old, new) for key, item in was.items()}
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        return [_replaced(one, other, old, new) for one, other in zip(was, now, strict=True)]
    if isinstance(was, str) and was != now:
        return old.sub(lambda _: new, was)
    return was
