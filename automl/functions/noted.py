"""What a study is called and searches for, and what its script notes of it."""

import json
from collections.abc import Mapping
from typing import Any

from automl.functions.names.enums import StudyDirection
from automl.functions.outcomes import Outcomes
from automl.inside.attrs import attrs_in, write_attr
from automl.journal.folder import StudyFolder


class Noted(Outcomes):
    """A study by its name, its directions and its notes, besides what it found.

    Args:
        folder: where it lives; it need not exist yet.
        keywords: those of a study, without the function and the limits.

    Attributes:
        folder: as above.
    """

    def __init__(self, folder: StudyFolder, keywords: Mapping[str, Any]) -> None:
        super().__init__(folder)
        self.folder = folder
        self._keywords = dict(keywords)
        self._noted: dict[str, Any] = {}

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

    def _write_notes(self) -> None:
        """Write what is noted; a script that is run again notes the same."""
        # Whoever only looks at what a script would run is to find no folder of it afterwards.
        if self._on_disk is not None:
            written = attrs_in(str(self.folder.path))
            for key, value in self._noted.items():
                if key not in written or written[key] != value:
                    write_attr(str(self.folder.path), key, value)
