"""Reads what a launch logs of one metric, in the stores of MLflow at one place."""

import os
from collections.abc import Sequence

from automl.readers.advice.likeness import nearest_first
from automl.readers.follower import Look
from automl.readers.mlflow.database import add_runs
from automl.readers.mlflow.files import FileStore, experiments
from automl.readers.mlflow.runs import Owner, Run, Runs, owner_of
from automl.readers.patterns.launched import Launched
from automl.readers.whole.follower import Rows, Whole, WholeFollower, state_of
from automl.study.tasks.location import ALL, name_pattern

DATABASE, FOLDER = "mlflow.db", "mlruns"
"""What MLflow makes in its working directory: the one now, the other before."""

_WRITTEN_AHEAD = "-wal"
_SHOWN = 5


class MlflowFollower:
    """Reads one metric.

    Args:
        key: the metric.
        metric: what its numbers are called.
        run: the name of the runs that count, maybe with `*`; empty for all.
        which: of several runs, `all` or the `newest`.
        path: a database, a folder with the files of a store, or one that has either as MLflow
            calls them.
        launched: the launch.
    """

    def __init__(
        self, key: str, metric: str, run: str, which: str, path: str, launched: Launched
    ) -> None:
        self._key = key
        self._run, self._wanted = run, name_pattern(run)
        self._all = which == ALL
        self._path = path.removesuffix("/.")
        self._launched = launched
        self._owner: Owner | None = None
        self._stores: dict[str, FileStore] = {}
        self._found: Runs | None = None
        self._rows_read = False
        whole = Whole(self._rows, self._state)
        self._follower = WholeFollower(metric, f"metric {key!r}", self._path, whole)

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return the numbers that are new.

        Raises:
            ReadError: it cannot be read, or not now.
        """
        return self._follower.read(ended=ended, limit_bytes=limit_bytes)

    def problem(self) -> str:
        """Return why there is no usable number."""
        if self._found is None or self._rows_read:
            return self._follower.problem()
        if not self._found.own:
            return self._no_run(self._found.unknown)
        named = self._named(self._found.own)
        if not named:
            names = [one.name for one in self._found.own]
            return f"no run {self._run!r} in {self._path}; this trial began {_listed(names)}"
        keys = list(dict.fromkeys(key for one in named for key in one.keys))
        if not keys:
            return f"no metric at all in the {_counted(len(named))} of this trial in {self._path}"
        nearest = _listed(nearest_first(keys, self._key))
        return f"no metric {self._key!r} in {self._path}; this trial logged {nearest}"

    def close(self) -> None:
        """No file stays open between two looks."""

    def _no_run(self, unknown: int) -> str:
        if not unknown:
            return f"this trial began no run of MLflow in {self._path}"
        return (
            f"{_counted(unknown)} of MLflow began in {self._path} meanwhile, of which nobody knows "
            "whether this trial began any: let it begin them by mlflow.start_run, which tags them, "
            "or give each trial a store of its own, as MLFLOW_TRACKING_URI in env: "
            "'sqlite:///{{ trial.dir }}/mlflow.db'"
        )

    def _state(self, path: str) -> object:
        """Return what tells that there may be news; None without a store."""
        databases, folders = _places(path)
        if not (databases or folders):
            return None
        # To look whether files changed costs as much as to read them.
        changing = object() if folders else None
        return changing, *(state_of(f"{one}{end}") for one in databases for end in _ENDS)

    def _rows(self, path: str) -> Rows:
        self._owner = self._owner or owner_of(self._launched)
        if self._owner is None:
            return []
        found = Runs()
        databases, folders = _places(path)
        for one in databases:
            add_runs(found, one, self._key, self._owner)
        for one in folders:
            store = self._stores.setdefault(one, FileStore(one))
            store.add_runs(found, self._key, self._owner)
        self._found = found
        rows = self._chosen(found.own)
        self._rows_read = self._rows_read or bool(rows)
        return rows

    def _chosen(self, own: Sequence[Run]) -> Rows:
        """Return the numbers of the runs that count; one that is part of another counts last."""
        runs = [one for one in self._named(own) if one.rows]
        runs.sort(key=lambda one: (not self._all and not one.nested, one.began_ms, one.id))
        return [row for one in (runs if self._all else runs[-1:]) for row in one.rows]

    def _named(self, own: Sequence[Run]) -> list[Run]:
        return [one for one in own if not self._run or self._wanted.fullmatch(one.name)]


_ENDS = ("", _WRITTEN_AHEAD)


def _places(path: str) -> tuple[list[str], list[str]]:
    """Return the databases and the folders of files that are at a path.

    Raises:
        ValueError: it is neither a file nor a folder.
        OSError: it cannot be looked at.
    """
    if not os.path.isdir(path):  # noqa: PTH112 - asked at each look
        return ([path] if state_of(path) else []), []
    database = f"{path}/{DATABASE}"
    databases = [database] if state_of(database) else []
    return databases, [one for one in (path, f"{path}/{FOLDER}") if experiments(one)]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(map(repr, names[:_SHOWN]))}{more}"


def _counted(count: int) -> str:
    return f"{count} run{'' if count == 1 else 's'}"
