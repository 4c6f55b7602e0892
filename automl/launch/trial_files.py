"""The files of a trial's folder, and what lies in their way."""

import errno
import os
import shutil
import time
from pathlib import Path

from automl.journal.disk.files import is_in_the_way, make_folder
from automl.journal.disk.private import open_private
from automl.journal.folder import TrialFolder
from automl.launch.launch_note import LaunchNote, Said, said_in

_TICKS, _TICK_S = 20, 0.001

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def make_room(
    paths: TrialFolder, metrics: list[str], note: LaunchNote, *, keeps: bool = False
) -> None:
    """Make the folders of an attempt, and move aside what lies where it will write.

    Args:
        paths: the trial's folder.
        metrics: the files that tell what the attempt gives.
        note: of which launch the folder is.
        keeps: whether copies of other files are kept in the trial's folder, too.
    """
    # Not by `os.path.dirname`, which takes six times as long: each is an absolute path.
    folders = {metric: metric.rpartition("/")[0] or "/" for metric in metrics}
    try:
        os.mkdir(paths.path)  # noqa: PTH102 - the hot path of a launch
        # In a folder that was just made there is nothing to look for.
        in_the_way = [metric for metric in metrics if folders[metric] != paths.path]
    except FileExistsError:
        # The exit code first: killed in between, we must not take it for that of this attempt.
        ours = [paths.stdout, paths.stderr, paths.cleanup, paths.cleanup_log, paths.cleanup_exit]
        # A folder of this name is the user's where nothing is kept in it.
        kept = [paths.metric] if keeps or not all(map(paths.holds, metrics)) else []
        in_the_way = [paths.exit, *ours, *metrics, *kept, *_strange(paths, note)]
    for directory in set(folders.values()):
        if directory != paths.path:
            make_folder(directory)
    for path in dict.fromkeys(in_the_way):
        if is_in_the_way(path):
            set_aside(Path(path), Path(paths.attempts) / str(note.attempt - 1))


def wait_for_tick(path: str) -> None:
    """Wait until a file that is written now has a later time than one that was just written.

    The kernel's clock for files goes on in steps of some milliseconds.
    """
    clock = getattr(time, "CLOCK_REALTIME_COARSE", None)
    if clock is None:
        return
    written_ns = os.stat(path).st_mtime_ns  # noqa: PTH116 - the hot path of a launch
    for _ in range(_TICKS):
        if time.clock_gettime_ns(clock) > written_ns:
            return
        time.sleep(_TICK_S)


def _strange(paths: TrialFolder, note: LaunchNote) -> list[str]:
    """Return all else that is in a folder, unless earlier attempts at this trial left it."""
    said, _ = said_in(paths.note, note)
    if said in {Said.THIS, Said.BEFORE} or (said is Said.NOTHING and note.attempt > 1):
        return []
    with os.scandir(paths.path) as entries:
        found = [entry.path for entry in entries if entry.path != paths.attempts]
    # The note last: killed in between, we must not take what is left for that of an attempt.
    return sorted(found, key=lambda path: path == paths.note)


def set_aside(path: Path, folder: Path) -> None:
    """Move a file or folder into a folder, under another name if there is one of its own.

    Raises:
        OSError: it cannot be moved; nothing happens where there is nothing at the path.
    """
    make_folder(folder)
    target = folder / path.name
    while is_in_the_way(target):
        target = target.with_name(f"{target.name}.old")
    try:
        path.rename(target)
    except FileNotFoundError:
        return
    except OSError as error:
        # Only what is on another disk is copied, not what this one cannot do now.
        if error.errno != errno.EXDEV:
            raise
        shutil.move(path, target)


def write_whole(path: str, text: str, *, private: bool = False) -> None:
    """Write a file that is never seen in part: a torn note would send its checkpoint aside.

    A link that has its name is replaced, and what it leads to stays.

    Raises:
        OSError: it cannot be written.
    """
    part = f"{path}.part"
    write_file(part, text, private=private)
    os.replace(part, path)  # noqa: PTH105 - the hot path of a launch


def write_file(path: str, text: str, *, private: bool = False) -> None:
    """Write a file of a trial's folder; a lone surrogate stands for a byte of a file's name.

    Args:
        path: the file.
        text: all of it.
        private: only its owner may read it.

    Raises:
        OSError: it cannot be written.
        UnicodeEncodeError: another surrogate is in the text.
    """
    content = text.encode("utf-8", "surrogateescape")
    # Not by rename: a crash in between leaves a planned trial, whose folder is written anew. Not
    # through Python's files, which take twice as long.
    file = open_private(path, _NEW) if private else os.open(path, _NEW | os.O_CLOEXEC, 0o666)
    try:
        while content:
            content = content[os.write(file, content) :]
    finally:
        os.close(file)
