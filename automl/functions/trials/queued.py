"""Values that the user gives one of the next trials, with notes of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from automl.inside.attrs import queue_attrs
from automl.journal.folder import StudyFolder
from automl.space.values import json_value


@dataclass(frozen=True, slots=True)
class Queued:
    """A trial that is to come.

    Attributes:
        values: by name, as JSON has them; other names are left to the search.
        attrs: notes of it.
    """

    values: dict[str, Any]
    attrs: dict[str, Any] = field(default_factory=dict)

    def note(self, folder: StudyFolder) -> None:
        """Leave the notes for the trial's process, in the study's folder, which is made for them.

        Raises:
            JournalError, StorageError, OSError: they cannot be written.
        """
        if self.attrs:
            folder.create()
            queue_attrs(str(folder.path), self.values, self.attrs)


def queued(params: Mapping[str, Any], user_attrs: Mapping[str, Any] | None) -> Queued:
    """Return a trial that is to come, with values and notes as they are kept.

    Raises:
        TypeError: `params` is no dictionary by name, or JSON has no such note.
        SpecError: a value cannot be written as JSON.
    """
    _check_named("params", params)
    attrs = kept_attrs(user_attrs)
    return Queued({name: json_value(name, "is", value) for name, value in params.items()}, attrs)


def kept_attrs(user_attrs: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return notes of a trial as they are kept: a tuple is a list then.

    Raises:
        TypeError: this is no dictionary by name, or JSON has no such value.
        ValueError: JSON has no such number.
    """
    given = user_attrs or {}
    _check_named("user_attrs", given)
    kept: dict[str, Any] = json.loads(json.dumps(dict(given), allow_nan=False))
    return kept


def _check_named(what: str, given: Any) -> None:  # noqa: ANN401 - whatever a user gives
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise TypeError(f"{what} must be a dictionary of values by name, got {given!r}")
