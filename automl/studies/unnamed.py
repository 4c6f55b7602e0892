"""Studies to which nobody gave a name, so that they have that of their script or notebook."""

import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.notebook.cell import running_cell
from automl.notebook.kernel import is_notebook, notebook_name
from automl.spelling.spelling import spelled
from automl.study.spec import StudySpec

logger = logging.getLogger(__name__)

UNKNOWN = "study"
"""What a study is called that has no name, of a program whose name is not known."""

_GO_ON = {"name", "mode", "limits", "trial_limits", "resources", "confirm", "start_with"}
"""What may differ between two starts of one search."""


class UnnamedSearches:
    """Refuses a second search that would go on with the first one's trials for want of a name.

    What the cell of a notebook describes when it is run again is the same search, changed.
    """

    def __init__(self) -> None:
        self._ran: dict[str, dict[str, Any]] = {}
        self._cells: dict[tuple[str, str], str] = {}

    def check(self, spec: StudySpec, folder: StudyFolder) -> None:
        """Refuse a study in whose folder this process has run another search.

        Raises:
            SpecError: the message says how to have both.
        """
        place, cell = os.path.realpath(folder.path), running_cell()
        if cell and self._cells.get((place, cell.known_as), cell.run) != cell.run:
            self._ran.pop(place, None)
        now = spec.describe()
        before = self._ran.get(place, now)
        differing = [
            key
            for key in dict.fromkeys([*before, *now])
            if key not in _GO_ON and before.get(key) != now.get(key)
        ]
        if differing:
            tasks = "function" if spec.of_functions else "tasks"
            others = [tasks if key == "tasks" else key for key in differing]
            raise SpecError(
                f"{spelled('name')} is not given, and this process has run another search as "
                f"{spec.name!r} (other {', '.join(others)}), so that this one would return that "
                f"one's trials. Give it a name of its own, such as "
                f"{spelled('name', f'{spec.name}-2')}; {spelled('name', spec.name)} goes on with "
                f"the search in {folder.path}",
                place="name",
            )
        if cell:
            self._cells[place, cell.known_as] = cell.run

    def ran(self, spec: StudySpec, folder: StudyFolder) -> None:
        """Take in that a study is run that nobody named."""
        self._ran[os.path.realpath(folder.path)] = spec.describe()


UNNAMED = UnnamedSearches()
"""Those of this process."""


_TOLD = threading.Event()
"""Whether the user knows that the notebook's name is not known."""


def _of_file(path: Path) -> str:
    """Return the name of a program; of a package, a folder or an archive, that of it all."""
    return (path.parent if path.name == "__main__.py" else path).stem


def script_name() -> str:
    """Return the name of the running script or notebook without its ending; else `study`."""
    # By what it holds: in the process of a trial, its attribute is for other processes.
    path = vars(sys.modules.get("__main__", sys)).get("__file__")
    name = _of_file(Path(path)) if path else notebook_name()
    if not name and is_notebook() and not _TOLD.is_set():
        _TOLD.set()
        logger.info(
            "what this notebook is called is not known here, so its studies without %s are "
            "called %r",
            spelled("name"),
            UNKNOWN,
        )
    return name or UNKNOWN
