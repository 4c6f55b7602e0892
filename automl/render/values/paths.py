"""Filters for paths in templates: as seen from the working directory, and without an extension."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2.runtime import Context

CWD = "working directory"
"""The variable that has the working directory in expressions; no user can name it."""


def relative(variables: Context, path: object) -> str:
    """Return a path as a program in the working directory sees it, links resolved."""
    cwd = str(variables[CWD])
    return os.path.relpath(os.path.realpath(str(path)), os.path.realpath(cwd))


def without_extension(path: object) -> str:
    """Return a path without the extension of its file.

    >>> without_extension("/a/conf.json"), without_extension("/a.b/conf")
    ('/a/conf', '/a.b/conf')
    """
    return os.path.splitext(str(path))[0]  # noqa: PTH122 - a text
