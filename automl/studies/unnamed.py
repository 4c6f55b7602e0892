"""Studies to which nobody gave a name, so that they have that of their script or notebook."""

import os
import sys
from pathlib import Path
from typing import Any

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.notebook.kernel import notebook_name
from automl.spelling.spelling import spelled
from automl.study.spec import StudySpec

UNKNOWN = "study"
"""What a study is called that has no name, of a program whose name is not known."""

_GO_ON = {"name", "mode", "limits", "trial_limits", "resources", "confirm"}
"""What may differ between two starts that one notebook's cell makes of its search."""


class UnnamedSearches:
    """Refuses a second search that would go on with the first one's trials for want of a name."""

    def __init__(self) -> None:
        self._ran: dict[str, dict[str, Any]] = {}

    def check(self, spec: StudySpec, folder: StudyFolder) -> None:
        """Refuse a study in whose folder this process has run another search.

        Raises:
            SpecError: the message says how to have both.
        """
        before = self._ran.get(os.path.realpath(folder.path))
        now = spec.describe()
        if before is None:
            return
        differing = [
            key
            for key in dict.fromkeys([*before, *now])
            if key not in _GO_ON and before.get(key) != now.get(key)
        ]
        if not differing:
            return
        raise SpecError(
            f"{spelled('name')} is not given, and this process has run another search as "
            f"{spec.name!r} (other "
            f"{', '.join(differing)}), so that this one would return that one's trials. Give it a "
            f"name of its own, such as {spelled('name', f'{spec.name}-2')}; "
            f"{spelled('name', spec.name)} goes on with the search in {folder.path}",
            place="name",
        )

    def ran(self, spec: StudySpec, folder: StudyFolder) -> None:
        """Take in that a study is run that nobody named."""
        self._ran[os.path.realpath(folder.path)] = spec.describe()


UNNAMED = UnnamedSearches()
"""Those of this process."""


def script_name() -> str:
    """Return the name of the running script or notebook without its ending; else `study`."""
    # By what it holds: in the process of a trial, its attribute is for other processes.
    path = vars(sys.modules.get("__main__", sys)).get("__file__")
    return Path(path).stem if path else notebook_name() or UNKNOWN
