"""Readers by their kinds, and what reads for each."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from automl.errors import ReadError, SpecError
from automl.plain_data import plain
from automl.readers.follower import Follower, Look
from automl.readers.kinds import READERS
from automl.readers.own_followers import OWN_FOLLOWERS
from automl.readers.patterns.follower import PatternFollower
from automl.readers.patterns.launched import ANY, Launched
from automl.readers.reading_threads import failed
from automl.readers.remote.reader import check_options
from automl.readers.several.metric_dict import weighted_readers
from automl.study.objective import Objectives
from automl.study.tasks.location import NEWEST, is_pattern
from automl.study.tasks.reader import Reader, check_reader
from automl.study.tasks.weighted import WeightedReaders


def make_weighted(type_name: object, options: Mapping[str, Any]) -> WeightedReaders:
    """Return the description of a reader for each metric of the option `metric_dict`.

    Raises:
        SpecError: the type or an option is unknown, or an option is not allowed.
    """
    sought = getattr(READERS.factory(type_name), "sought", "")
    return weighted_readers(plain(dict(options)), sought, partial(make_reader, type_name))


def make_reader(type_name: object, options: Mapping[str, Any]) -> Reader:
    """Return the description of a reader.

    Raises:
        SpecError: the type or an option is unknown, or an option is not allowed.
    """
    check_options(type_name, options)
    reader = check_reader(READERS.create(type_name, options))
    if reader.type != type_name:
        raise SpecError(
            f"reader type {type_name!r}: what describes it says that its type is {reader.type!r}"
        )
    if reader.type not in OWN_FOLLOWERS and not callable(getattr(reader, "follow", None)):
        raise SpecError(f"reader type {type_name!r} has no method follow(path)")
    return reader


def follow(
    reader: Reader,
    path: str,
    outputs: Sequence[str] = (),
    *,
    objectives: Objectives | None = None,
    launched: Launched = ANY,
) -> Follower:
    """Return what reads the file, or the files, that a reader's location became.

    Args:
        reader: describes what is read.
        path: the file, or a pattern for it.
        outputs: other files that the program writes, for what is told where there is no number.
        objectives: what the study ranks by; None: not known.
        launched: by what that which a launch wrote is told from what others did.
    """
    if not is_pattern(reader.location):
        return _follow_file(reader, path, outputs, objectives, launched)

    def of_one(file: str) -> Follower:
        return _follow_file(reader, file, outputs, objectives, launched)

    return PatternFollower(path, getattr(reader, "which", NEWEST), launched, of_one)


def follow_in(
    folders: tuple[str, str],
    reader: Reader,
    path: str,
    outputs: Sequence[str],
    *,
    objectives: Objectives,
) -> Follower:
    """Return what reads for a launch of which nothing is known but where it ran.

    Args:
        folders: its trial's folder, and the working directory of its commands.
        reader: as for `follow`.
        path: as for `follow`.
        outputs: as for `follow`.
        objectives: as for `follow`.
    """
    folder, cwd = folders
    launched = Launched(folder=folder, cwd=cwd)
    return follow(reader, path, outputs, objectives=objectives, launched=launched)


def _follow_file(
    reader: Reader,
    path: str,
    outputs: Sequence[str],
    objectives: Objectives | None,
    launched: Launched,
) -> Follower:
    """Return what reads one file."""
    own = OWN_FOLLOWERS.get(reader.type)
    if own:
        return own(reader, path, outputs, objectives, launched)
    try:
        return cast("Follower", cast("Any", reader).follow(path))
    except Exception as error:  # noqa: BLE001 - a reader of a package's; the study goes on
        return _Broken(failed(error))


class _Broken:
    """Stands for a follower that could not be made."""

    def __init__(self, error: ReadError) -> None:
        self._error = error

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Raise what is wrong."""
        del ended, limit_bytes
        raise self._error

    def problem(self) -> str:
        """Return what is wrong."""
        return str(self._error)

    def close(self) -> None:
        """There is nothing to free."""
