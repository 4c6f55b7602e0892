"""The JSON schema of a study's file, for editors: made from the table of keywords."""

import re
from typing import Any

from automl.studies.given.keyword import NEEDED, Keyword
from automl.studies.given.trial_parts import TASKS_KIND
from automl.studies.keywords import KEYWORDS
from automl.studies.study_file.variables import KEY

_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "None": "null"}
_PART = re.compile(r"[\w.]+(?:\[[^\]]*(?:\[[^\]]*\])?[^\]]*\])?")

_FILE: dict[str, Any] = {
    "base": {"type": "string", "description": "the file, which is only read."},
    "name": {"type": "string", "description": "what {{ trial.file.NAME }} calls it."},
    "set": {
        "type": "object",
        "description": "path in the file to its value; without it, the file has placeholders.",
    },
    "format": {"type": "string", "description": "if the end of its name does not tell."},
    "dest": {
        "type": "string",
        "description": "where it is written, with {{ trial.id }}, if not in the trial's folder.",
    },
    "create": {"type": "boolean", "description": "whether `set` makes what is not there."},
    "digest": {"type": "string", "description": "of the base's content, written by automl."},
}
_TASK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "files": {
            "description": "config files that are written for each trial.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": _FILE,
                "required": ["base"],
                "additionalProperties": False,
            },
        }
    },
}


def schema() -> dict[str, Any]:
    """Return the schema as plain data, the same whenever the table is the same."""
    properties: dict[str, Any] = {}
    needed = []
    for row in KEYWORDS:
        properties |= {name: _property(row) for name in (row.name, row.also) if name}
        if row.kind is TASKS_KIND:
            properties |= {one: {**properties[one], "items": _TASK} for one in (row.name, row.also)}
        if row.default is NEEDED:
            names = [name for name in (row.name, row.also, row.instead) if name]
            needed.append({"anyOf": [{"required": [name]} for name in names]})
    properties[KEY] = {
        "description": "names of variables of the environment that ${NAME} may take.",
        "type": "array",
        "items": {"type": "string"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A study of automl",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "allOf": needed,
    }


def _property(row: Keyword) -> dict[str, Any]:
    """Return what is known of a keyword: its help, its types, its default."""
    found: dict[str, Any] = {"description": f"{row.help} Allowed: {row.kind.words}."}
    types = [_type(part) for part in _PART.findall(row.kind.annotation)]
    if row.default is None:
        types.append("null")
    if "" not in types:
        found["type"] = list(dict.fromkeys(types))
    if row.default is not NEEDED:
        found["default"] = list(row.default) if isinstance(row.default, tuple) else row.default
    found["examples"] = [row.example]
    return found


def _type(part: str) -> str:
    """Return the type in JSON of one part of an annotation, empty for any.

    >>> _type("int"), _type("Sequence[str]"), _type("Budget"), _type("object")
    ('integer', 'array', 'object', '')
    """
    if part in {"object", "Any"}:
        return ""
    if part.startswith("os."):
        return "string"
    return _TYPES.get(part, "array" if part.startswith("Sequence") else "object")
