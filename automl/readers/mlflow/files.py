"""Runs of MLflow in files: `<experiment>/<run>/metrics/<key>`, and its like for tags."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from automl.errors import may_pass
from automl.readers.mlflow.runs import TAG, Owner, Run, Runs, Whose, stepped
from automl.readers.numbers.number import number_of
from automl.readers.whole.follower import NotWholeError, Rows, state_of

META = "meta.yaml"
"""Each experiment and each run has a file of this name."""

_MOST_BYTES = 32 << 20
_SMALL_BYTES = 1 << 16
_MOST_KEYS = 1000

_BEGAN = re.compile(r"^start_time: (\d{1,18})$", re.MULTILINE)
_DELETED = re.compile(r"^lifecycle_stage: deleted$", re.MULTILINE)
_LINE = re.compile(r"\d+ (?P<value>\S{1,64})(?: (?P<step>-?\d{1,18})(?: \S+ \S+)?)?")
"""The time, the number and its step; then the name and digest of a dataset, if it has one."""


class FileStore:
    """Reads the runs of one folder.

    Args:
        folder: the folder that has a folder an experiment.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._others: set[str] = set()
        self._read: dict[str, tuple[object, Rows]] = {}

    def add_runs(self, found: Runs, key: str, owner: Owner) -> None:
        """Add the runs of a launch.

        Args:
            found: what was found.
            key: the metric whose numbers are read.
            owner: the launch.

        Raises:
            NotWholeError: a file has more than is read.
            OSError: one cannot be read.
        """
        for folder in self._run_folders():
            meta = _text(f"{folder}/{META}")
            began = _BEGAN.search(meta)
            if not began:
                continue
            began_ms = int(began[1])
            whose = owner.whose(_text(f"{folder}/tags/{TAG}") or None, began_ms)
            if whose is Whose.OTHER:
                # What a run tells of itself never changes.
                self._others.add(folder)
            found.unknown += whose is Whose.UNKNOWN
            if whose is Whose.OWN and not _DELETED.search(meta):
                found.own.append(self._run(folder, key, began_ms))

    def _run_folders(self) -> Iterator[str]:
        for experiment in experiments(self._folder):
            yield from (one for one in _folders(experiment) if one not in self._others)

    def _run(self, folder: str, key: str, began_ms: int) -> Run:
        rows = self._rows(f"{folder}/metrics/{key}")
        return Run(
            id=os.path.basename(folder),  # noqa: PTH119 - as text
            name=_text(f"{folder}/tags/mlflow.runName"),
            began_ms=began_ms,
            nested=os.path.lexists(f"{folder}/tags/mlflow.parentRunId"),
            rows=stepped(rows),
            keys=() if rows else _keys(f"{folder}/metrics"),
        )

    def _rows(self, path: str) -> Rows:
        """Return the numbers of a metric; what did not change is not read again."""
        state = state_of(path)
        before = self._read.get(path)
        if before is None or before[0] != state:
            before = self._read[path] = state, _rows(path)
        return before[1]


def experiments(folder: str) -> list[str]:
    """Return the experiments that a folder has.

    Raises:
        OSError: the folder cannot be read.
    """
    return [one for one in _folders(folder) if os.path.lexists(f"{one}/{META}")]


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(one.path for one in entries if _is_folder(one))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError as error:
        if may_pass(error.errno):
            raise
        # A link that leads nowhere.
        return False


def _rows(path: str) -> Rows:
    """Return the numbers of whole lines; of one without an end, nobody knows where it ends."""
    lines = _text(path, _MOST_BYTES).split("\n")[:-1]
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    pairs = [(number_of(one["value"]), float(one["step"] or 0)) for one in found]
    return [(value, step) for value, step in pairs if value is not None]


def _keys(folder: str) -> Sequence[str]:
    """Return the metrics of a run; slashes in their names are folders."""
    found: list[str] = []
    for place, _, names in os.walk(folder):
        found += [str(Path(place, name).relative_to(folder)) for name in names]
        if len(found) > _MOST_KEYS:
            break
    return sorted(found[:_MOST_KEYS])


def _text(path: str, most_bytes: int = _SMALL_BYTES) -> str:
    """Return what a file says; nothing without one, and of what is no file.

    Raises:
        NotWholeError: it is larger than is read.
        OSError: it cannot be read.
    """
    try:
        # Without O_NONBLOCK, a pipe would stop us.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    with open(fd, "rb") as file:  # noqa: PTH123 - it is open
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            return ""
        if status.st_size > most_bytes:
            raise NotWholeError(f"{path} has more than {most_bytes >> 20 or 1} MiB")
        return file.read(most_bytes).decode(errors="replace")
