"""The schema in the package is that of the table of keywords."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from automl.render.documents.yaml_reading import yaml_value
from automl.studies.given.keyword import NEEDED, Keyword
from automl.studies.keywords import KEYWORDS
from automl.studies.study_file.schema import schema
from automl.study.tasks.config_file import FILE_OPTIONS

FILE = resources.files("automl.studies.study_file") / "study.schema.json"
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def fits(value: object, row: Keyword) -> bool:
    types = schema()["properties"][row.name].get("type")
    if types is None:
        return True
    if isinstance(value, bool):
        return "boolean" in types
    return any(isinstance(value, TYPES[one]) for one in types)


def test_the_package_has_the_schema_of_the_table() -> None:
    # python -c 'import json; from automl.studies.study_file.schema import schema;
    # print(json.dumps(schema(), indent=2))' > automl/studies/study_file/study.schema.json
    assert json.loads(FILE.read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize("row", KEYWORDS, ids=lambda row: row.name)
def test_what_a_keyword_takes_fits_its_type(row: Keyword) -> None:
    assert fits(row.example, row)
    if row.default is not NEEDED:
        default = list(row.default) if isinstance(row.default, tuple) else row.default
        assert fits(default, row)


def test_what_is_needed_and_no_other_keyword() -> None:
    found = schema()
    assert found["additionalProperties"] is False
    assert {
        "anyOf": [{"required": [name]} for name in ("task_list", "tasks", "function")]
    } in found["allOf"]
    assert {"anyOf": [{"required": ["max_parallel"]}]} in found["allOf"]
    assert {"env_from", "tasks"} <= found["properties"].keys()


def test_the_example_has_known_keywords() -> None:
    example = Path(__file__).parents[2] / "examples" / "digits.yaml"
    assert yaml_value(example.read_text(encoding="utf-8")).keys() <= schema()["properties"].keys()


def test_the_files_of_a_task_are_described() -> None:
    tasks = schema()["properties"]["task_list"]
    assert tasks["items"] == schema()["properties"]["tasks"]["items"]
    files = tasks["items"]["properties"]["files"]["items"]
    assert tuple(files["properties"]) == FILE_OPTIONS
