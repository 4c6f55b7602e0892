"""The examples in docstrings do what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "automl"


def _modules() -> list[str]:
    """Return the dotted names of all modules but `__main__`, which would run when imported."""
    names = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if parts[-1] != "__main__":
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


@pytest.mark.parametrize("name", _modules())
def test_doctests_of_a_module(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        # What is for users of a library that is not installed here.
        if not name.startswith("automl.inside.") or str(error.name).startswith("automl"):
            raise
        pytest.skip(f"{name} needs {error.name}")
    try:
        results = doctest.testmod(module)
    except RuntimeError:
        # The search through the module's names imported one of its parts, which is there now.
        results = doctest.testmod(module)
    assert results.failed == 0, f"{name}: {results.failed} of {results.attempted} examples failed"


def test_examples_are_found() -> None:
    assert doctest.testmod(importlib.import_module("automl.registry")).attempted > 0
