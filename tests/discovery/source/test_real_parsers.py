"""What is read in a source is what the real parser of the program has."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from automl.discovery.option import MISSING, Kind, Option
from automl.discovery.source.reading import options_in_source

PROGRAMS = Path(__file__).parents[1] / "programs"
STANDARD = Path(sysconfig.get_path("stdlib"))
MODULES = ["calendar", "zipfile", "tarfile", "trace", "ast", "gzip", "zipapp", "tokenize", "pickle"]
OWN = {
    "argparse_plain": "train.py",
    "argparse_parts": "train.py",
    "argparse_subcommands": "tool.py",
    "argparse_classes": "train.py",
    "argparse_from_data": "train.py",
    "argparse_registry": "main.py",
    "argparse_py2_style": "train.py",
}

DUMP = r"""
import argparse, json, runpy, sys, os

def told(parser, below=""):
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            seen = []
            for name, inner in action.choices.items():
                if inner not in seen:
                    seen.append(inner)
                    yield from told(inner, f"{below} {name}".strip())
        elif not isinstance(action, (argparse._HelpAction, argparse._VersionAction)):
            yield {
                "names": sorted(action.option_strings) or [action.dest],
                "below": below,
                "default": repr(action.default),
                "choices": None if action.choices is None else [str(c) for c in action.choices],
                "flag": action.nargs == 0,
                "required": action.required,
            }

class Told(Exception):
    pass

def stop(self, *args, **kwargs):
    raise Told(list(told(self)))

argparse.ArgumentParser.parse_args = argparse.ArgumentParser.parse_known_args = stop
answers = {}
for file in sys.argv[1:]:
    sys.path.insert(0, os.path.dirname(file))
    sys.modules.pop("options", None)
    try:
        runpy.run_path(file, run_name="__main__")
    except Told as error:
        answers[file] = error.args[0]
    sys.path.pop(0)
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def real() -> dict[str, list[dict[str, Any]]]:
    files = [str(STANDARD / f"{name}.py") for name in MODULES]
    files += [str(PROGRAMS / name / file) for name, file in OWN.items()]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DUMP, *files],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return answers


@pytest.mark.xdist_group("real parsers")
@pytest.mark.parametrize("name", [*MODULES, *OWN])
def test_options_are_those_of_the_real_parser(
    name: str, real: dict[str, list[dict[str, Any]]]
) -> None:
    file = PROGRAMS / name / OWN[name] if name in OWN else STANDARD / f"{name}.py"
    found = options_in_source(["python", str(file)], file.parent, {})
    assert found is not None
    mine = {(names, one.subcommand): one for one in found.options for names in keys(one)}
    negatives = {one.negative for one in found.options}
    for action in real[str(file)]:
        key = (" ".join(action["names"]), action["below"])
        if set(action["names"]) <= negatives:
            continue
        assert key in mine
        assert_same(mine.pop(key), action)
    assert mine == {}


def keys(option: Option) -> list[str]:
    names = [*option.names, *([option.negative] if option.negative else [])]
    return [" ".join(sorted(names))]


def assert_same(option: Option, action: dict[str, Any]) -> None:
    if action["flag"]:
        assert option.kind is Kind.FLAG
        return
    assert option.positional or option.required is action["required"]
    if action["choices"] is not None:
        assert [str(one) for one in option.choices] == action["choices"]
    if option.default is not MISSING and option.choices != ("true", "false"):
        assert as_number(repr(option.default)) == as_number(action["default"].strip())


def as_number(text: str) -> object:
    """Return a default as the parser converts it: argparse has texts where the source has them."""
    try:
        return float(text.strip("'\""))
    except ValueError:
        return text
