"""What is read in a source of click is what click has of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from automl.discovery.option import MISSING, Kind
from automl.discovery.source.reading import options_in_source

PROGRAMS = Path(__file__).parents[1] / "programs"
OWN = {"click_command": "train.py", "click_groups": "pkg/__main__.py"}

DUMP = r"""
import json, os, runpy, sys
import click

def told(command, below=""):
    for one in command.params:
        kind = one.type
        yield {
            "names": sorted([*one.opts, *one.secondary_opts]),
            "below": below,
            "flag": bool(getattr(one, "is_flag", False)),
            "required": one.required,
            "choices": list(getattr(kind, "choices", ())),
            "bounds": [getattr(kind, n, None) for n in ("min", "max", "min_open", "max_open")],
            "default": one.to_info_dict()["default"],
            "type": kind.name,
        }
    for name, inner in getattr(command, "commands", {}).items():
        yield from told(inner, f"{below} {name}".strip())

class Told(Exception):
    pass

def stop(self, *args, **kwargs):
    raise Told(list(told(self)))

click.Command.main = stop
answers = {}
for file in sys.argv[1:]:
    sys.path.insert(0, os.path.dirname(file))
    sys.path.insert(0, os.path.dirname(os.path.dirname(file)))
    try:
        if file.endswith("__main__.py"):
            runpy.run_module(os.path.basename(os.path.dirname(file)), run_name="__main__")
        else:
            runpy.run_path(file, run_name="__main__")
    except Told as error:
        answers[file] = error.args[0]
print(json.dumps(answers, default=repr))
"""

KINDS = {
    "integer": Kind.INTEGER,
    "integer range": Kind.INTEGER,
    "float": Kind.FLOAT,
    "float range": Kind.FLOAT,
    "text": Kind.TEXT,
    "path": Kind.PATH,
    "choice": Kind.CHOICE,
    "boolean": Kind.CHOICE,
}


@pytest.mark.parametrize("name", list(OWN))
def test_options_are_those_that_click_has(name: str) -> None:
    file = PROGRAMS / name / OWN[name]
    done = subprocess.run(
        [sys.executable, "-c", DUMP, str(file)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    words = ["python", "-m", "pkg"] if file.name == "__main__.py" else ["python", file.name]
    found = options_in_source(words, PROGRAMS / name, {})
    assert found is not None
    mine = {
        (*sorted([*one.names, *([one.negative] if one.negative else [])]), one.subcommand): one
        for one in found.options
    }
    for real in json.loads(done.stdout)[str(file)]:
        option = mine.pop((*real["names"], real["below"]))
        assert option.required is real["required"]
        assert_same(option, real)
    assert mine == {}


def assert_same(option: Any, real: dict[str, Any]) -> None:
    if real["flag"]:
        assert (option.kind, option.default) == (Kind.FLAG, real["default"])
        return
    assert option.kind is KINDS[real["type"]]
    bounds = [option.low, option.high, option.low_open, option.high_open]
    assert bounds == [real["bounds"][0], real["bounds"][1], *map(bool, real["bounds"][2:])]
    if real["type"] == "choice":
        assert list(option.choices) == real["choices"]
    if option.default is not MISSING and real["type"] != "boolean":
        assert option.default == real["default"]
