"""What a study is called and searches for, and what its script notes of it."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from automl.errors import AutomlError, SpecError, StorageError
from automl.functions.named_values import named_values, value_names
from automl.functions.names.enums import StudyDirection
from automl.inside.attrs import attrs_in, write_attr
from automl.journal.disk.files import is_there
from automl.journal.folder import StudyFolder
from automl.patience import in_words, patiently
from automl.studies.study import Study as StudyOnDisk


class Noted:
    """A study by its name, its directions and its notes.

    Args:
        folder: where it lives; it need not exist yet.
        keywords: those of a study, without the function and the limits.

    Attributes:
        folder: as above.
    """

    def __init__(self, folder: StudyFolder, keywords: Mapping[str, Any]) -> None:
        self.folder = folder
        self._read: StudyOnDisk | None = None
        self._keywords = dict(keywords)
        self._noted: dict[str, Any] = {}

    @property
    def _on_disk(self) -> StudyOnDisk | None:
        """The study as its files tell, None before there are any.

        Raises:
            StorageError: the machine cannot tell now whether there are.
        """
        try:
            if self._read is None and is_there(self.folder.journal):
                self._read = StudyOnDisk(self.folder)
        except OSError as error:
            raise StorageError(in_words(error)) from error
        return self._read

    @property
    def study_name(self) -> str:
        """Its name, which is its folder's."""
        return self.folder.path.name

    @property
    def directions(self) -> list[StudyDirection]:
        """What is better, for each objective."""
        given = [one["direction"] for one in self._keywords.get("objectives", ())]
        return [StudyDirection[one.upper()] for one in given or [self._keywords["direction"]]]

    @property
    def direction(self) -> StudyDirection:
        """What is better.

        Raises:
            RuntimeError: the study has several objectives.
        """
        if len(self.directions) > 1:
            raise RuntimeError("the study has several objectives: read `directions`")
        return self.directions[0]

    @property
    def metric_names(self) -> list[str] | None:
        """What the numbers of the objectives are called; None where nobody named them."""
        names = [one["metric"] for one in self._keywords.get("objectives", ())]
        return None if set(names) <= set(value_names(len(names))) else names

    def set_metric_names(self, metric_names: Sequence[str]) -> None:
        """Name the numbers that the objective returns, for tables; before the first `optimize`.

        Args:
            metric_names: a name for each direction.

        Raises:
            SpecError: they are not as many as there are directions, or not different, or the study
                has trials whose numbers are called otherwise; a ValueError too.
        """
        names = named_values(metric_names, len(self.directions))
        found = self._on_disk
        kept = [one.metric for one in found.objectives.items] if found and found.trials else names
        if kept != names:
            raise SpecError(
                f"set_metric_names: the numbers of this study's trials are called {kept}; name "
                "them before the first optimize(), or begin another study"
            )
        described = zip(names, self.directions, strict=True)
        self._keywords.pop("direction", None)
        self._keywords["objectives"] = [
            {"metric": name, "direction": one.name.lower()} for name, one in described
        ]

    @property
    def user_attrs(self) -> dict[str, Any]:
        """What was noted of the study."""
        return {**attrs_in(str(self.folder.path)), **self._noted}

    def set_user_attr(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Note something of the study; it is in the study's folder once that is there.

        Raises:
            TypeError: JSON has no such value.
        """
        json.dumps({key: value})
        self._noted[key] = value
        self._write_notes()

    def _write_last_notes(self, *, leaving: bool) -> None:
        """Write what is noted, once the machine can; whoever leaves does not wait for that."""
        if leaving:
            self._try_to_write_notes()
        else:
            patiently(self._write_notes, then="what was noted of the study is written")

    def _try_to_write_notes(self) -> None:
        """Write what is noted if the machine can; a script that is run again does."""
        with suppress(AutomlError, OSError):
            self._write_notes()

    def _write_notes(self) -> None:
        """Write what is noted.

        Raises:
            StorageError, OSError: the machine cannot do that now.
        """
        # Whoever only looks at what a script would run is to find no folder of it afterwards.
        if self._on_disk is not None:
            written = attrs_in(str(self.folder.path))
            for key, value in self._noted.items():
                if key not in written or written[key] != value:
                    write_attr(str(self.folder.path), key, value)
