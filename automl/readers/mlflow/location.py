"""Where MLflow keeps what is logged: what its tracking URIs name on this machine."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from automl.errors import SpecError
from automl.spelling.spelling import spelled

VARIABLE = "MLFLOW_TRACKING_URI"
"""By this variable programs are told where to log."""

OF_VARIABLE = f"${VARIABLE}"
"""The location that the variable names."""

_HERE = "."
"""Without the variable, programs log into files of their working directory."""

_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///(?P<path>[^?]+)(?:\?.*)?", re.DOTALL)
_FILE = re.compile(r"file:(?://(?=/))?(?P<path>.+)", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_ELSEWHERE = re.compile(r"databricks|uc")


def store_path(uri: str) -> str:
    """Return the path of the file or folder that a tracking URI names, placeholders left in it.

    >>> store_path("sqlite:///mlflow.db"), store_path("sqlite:////data/m.db?timeout=9")
    ('mlflow.db', '/data/m.db')
    >>> store_path("file:///data/my%20runs"), store_path("./mlruns")
    ('/data/my runs', './mlruns')

    Raises:
        SpecError: it names none on this machine.
    """
    if found := _SQLITE.fullmatch(uri):
        return found["path"]
    if (found := _FILE.fullmatch(uri)) and not found["path"].startswith("//"):
        return unquote(found["path"])
    if _SCHEME.match(uri) or _ELSEWHERE.fullmatch(uri):
        kind = uri.partition(":")[0]
        raise SpecError(
            f"reader: mlflow_reader reads a store of MLflow on this machine, and location names "
            f"one elsewhere ({kind}:...); give a folder, a database, or 'sqlite:///mlflow.db', or "
            "let the program tell the number by automl.report"
        )
    return uri


def store_of(env: Mapping[str, str | None]) -> str:
    """Return the location of what programs log that get these variables.

    Raises:
        SpecError: the variable names no store on this machine.
    """
    uri = env.get(VARIABLE)
    try:
        return store_path(uri) if uri else _HERE
    except SpecError as error:
        raise SpecError(
            f"{error}; it is {VARIABLE} that names it, as {spelled('location')} is not given"
        ) from error
