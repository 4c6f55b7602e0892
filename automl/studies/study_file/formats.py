"""The formats of a study's file, by how its name ends: a description, or an error with a place."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.render.documents.yaml_reading import yaml_marks, yaml_value
from automl.studies.study_file.marks import Mark, Marks, json_marks, toml_marks, too_deep

_AT = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_LONG = re.compile(r"[\d_]{4000,}")
"""Python reads no whole number of more than 4300 digits."""

_TOKEN = re.compile(r'"[^"\n]*"|[^\s\[\]{},:]+')


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        value: returns what a document holds; raises SpecError with line and column.
        marks: returns line and column of each value by its place, of a document that is right.
    """

    value: Callable[[str], Any]
    marks: Callable[[str], Mapping[str, Mark]]


def json_value(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what a JSON document holds.

    Raises:
        SpecError: it is no JSON, or has a key twice; the message names line and column.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise _json_mistake(text, error) from error
    except RecursionError as error:
        raise _mistake(too_deep(text), "this is nested too deep") from error
    except ValueError as error:
        raise _mistake(_long_number(text), f"this is no JSON: {error}") from error
    if twice := json_marks(text).twice:
        raise _mistake(twice[1], f"the key {twice[0]!r} is there twice")
    return found


def _json_mistake(text: str, error: json.JSONDecodeError) -> SpecError:
    """Return what is wrong; where a comma is missing, the place is behind what it should follow."""
    found = text[error.pos : error.pos + 1]
    if not found and text.strip():
        end = Marks(text).at(len(text.rstrip()))
        return _mistake(end, f"this is no JSON: the file ends here, too early ({error.msg})")
    # Between two values or entries nothing else can be missing.
    if error.msg != "Expecting ',' delimiter" or not (found in {'"', "{", "["} or found.isalnum()):
        return _mistake((error.lineno, error.colno), f"this is no JSON: {error.msg}")
    marks = Marks(text)
    line, column = marks.at(len(text[: error.pos].rstrip()))
    token = _TOKEN.match(text, error.pos)
    before = f"before {(token[0][:40] if token else found)!r}"
    if line != error.lineno:
        before = f"{before} in line {error.lineno}"
    return _mistake((line, column), f"this is no JSON: a comma is missing here, {before}")


def toml_value(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what a TOML document holds.

    Raises:
        SpecError: it is no TOML, or has a key twice; the message names line and column.
    """
    # Windows' line ends are no characters of their own for whoever counts columns.
    lines = text.replace("\r\n", "\n")
    try:
        return tomllib.loads(lines)
    except tomllib.TOMLDecodeError as error:
        raise _toml_mistake(lines, str(error)) from error
    except RecursionError as error:
        raise _mistake(too_deep(lines), "this is nested too deep") from error
    except ValueError as error:
        raise _mistake(_long_number(lines), f"this is no TOML: {error}") from error


def _toml_mistake(text: str, told: str) -> SpecError:
    found = _AT.search(told)
    mark = Marks(text).at(len(text))
    if found and found["line"]:
        mark = int(found["line"]), int(found["column"])
    if (twice := toml_marks(text).twice) and twice[1][0] <= mark[0]:
        return _mistake(twice[1], f"the key {twice[0]!r} is there twice")
    return _mistake(mark, f"this is no TOML: {_AT.sub('', told)}")


def _long_number(text: str) -> Mark:
    found = _LONG.search(text)
    return Marks(text).at(found.start() if found else 0)


def _mistake(mark: Mark, told: str) -> SpecError:
    return SpecError(f"line {mark[0]}, column {mark[1]}: {told}")


YAML = Format(yaml_value, yaml_marks)
FORMATS = {
    ".json": Format(json_value, lambda text: json_marks(text).found),
    ".toml": Format(toml_value, lambda text: toml_marks(text).found),
}
"""Those that are not YAML."""


def format_of(suffix: str) -> Format:
    """Return the format of a file whose name ends like this."""
    return FORMATS.get(suffix.lower(), YAML)
