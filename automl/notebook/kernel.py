"""Whether this process is the kernel of a notebook, and what the notebook is called."""

import os
import sys
from pathlib import PurePath
from typing import Any

_SESSION = "JPY_SESSION_NAME"
"""The environment variable by which a Jupyter server tells a kernel the path of its notebook."""

_FILE_NAME = "__vsc_ipynb_file__"
"""What VS Code calls the variable with that path."""


def shell() -> Any:  # noqa: ANN401 - of a library that need not be there
    """Return what runs the cells of a notebook in this process, None where it is no kernel.

    IPython in a terminal is none: what fits there is what fits every terminal.
    """
    # By what is loaded: a kernel has loaded it, and nobody else is to pay for that.
    asked = getattr(sys.modules.get("IPython"), "get_ipython", None)
    found = asked() if asked else None
    return found if getattr(found, "kernel", None) is not None else None


def is_notebook() -> bool:
    """Tell whether this process is the kernel of a notebook."""
    return shell() is not None


def notebook_name() -> str:
    """Return the notebook's name without its ending; empty where nobody knows it."""
    found = shell()
    if found is None:
        return ""
    path = PurePath(str(found.user_ns.get(_FILE_NAME) or os.environ.get(_SESSION, "")))
    # A console has a session too, whose name is that of no file.
    return path.stem if path.suffix else ""
