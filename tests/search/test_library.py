"""Optuna is loaded as a whole before any part of it, whichever thread begins."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SEARCH = Path(__file__).parents[2] / "automl" / "search"
FILES = sorted(path for path in SEARCH.rglob("*.py") if "optuna." in path.read_text("utf-8"))

THREADS = """
import threading
from automl.search.optuna.library import load_optuna

together, errors = threading.Barrier(4), []

def load(part):
    together.wait()
    try:
        load_optuna()
        __import__(f"optuna.{part}")
    except BaseException as error:
        errors.append(error)

parts = ["exceptions", "samplers", "trial", "distributions"]
threads = [threading.Thread(target=load, args=[part]) for part in parts]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(errors)
"""


def parts_without_whole(path: Path) -> list[int]:
    """Return the lines that import a part of Optuna where the function does not load it first."""
    found = []
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        calls = [
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "load_optuna"
        ]
        found += [
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("optuna.")
            and not any(line < node.lineno for line in calls)
        ]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_function_loads_the_whole_before_a_part(path: Path) -> None:
    assert parts_without_whole(path) == []


def test_threads_that_begin_with_different_parts_meet_whole_ones() -> None:
    words = [sys.executable, "-c", THREADS]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
