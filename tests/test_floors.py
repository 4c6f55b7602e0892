"""Imports go down only, and each heavy package lives in the rooms that own it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "automl"

FLOORS = {
    "errors": 0,
    "clock": 0,
    "data_path": 0,
    "aside": 0,
    "brief_errors": 0,
    "forks": 0,
    "inside": 0,
    "notebook": 0,
    "logs": 0,
    "plain_data": 0,
    "quiet": 0,
    "registry": 0,
    "spelling": 0,
    "streams": 0,
    "waker": 0,
    "patience": 0,
    "program_file": 0,
    "space": 1,
    "study": 1,
    "search": 2,
    "render": 2,
    "executors": 2,
    "readers": 2,
    "journal": 2,
    "show": 2,
    "discovery": 2,
    "engine": 3,
    "launch": 3,
    "loop": 4,
    "studies": 5,
    "functions": 6,
    "hpo": 6,
    "testing": 6,
    "cli": 6,
    "__main__": 7,
    "distributions": 7,
    "exceptions": 7,
    "logging": 1,
    "pruners": 7,
    "samplers": 7,
    "trial": 7,
}

BELOW = {
    ("registry", "errors"),
    ("data_path", "errors"),
    ("registry", "spelling"),
    ("registry", "plain_data"),
    ("__main__", "cli"),
    ("brief_errors", "errors"),
    ("inside", "errors"),
    ("brief_errors", "streams"),
    ("logs", "streams"),
    ("aside", "streams"),
    ("aside", "patience"),
    ("patience", "errors"),
    ("study", "space"),
}
"""Imports within one floor that are meant: the first may import the second."""

HEAVY = {
    "fsspec": {"readers"},
    "jinja2": {"render"},
    "tomlkit": {"render"},
    "yaml": {"render", "journal"},
    "optuna": {"search"},
    "click": {"cli"},
    "cloudpickle": {"functions"},
    "cmaes": {"search"},
    "keras": {"functions", "inside"},
    "transformers": {"inside"},
    "xgboost": {"inside"},
    "numpy": {"inside", "search"},
    "scipy": {"search"},
    "psutil": {"executors"},
    "pynvml": {"executors"},
    "msgspec": {"journal"},
    "pandas": {"show"},
    "rich": {"show", "cli"},
    "ray": {"executors"},
}

ONLY = {
    ("loop", "executors"): {"executor", "modes", "site"},
    ("engine", "executors"): {"executor"},
    ("hpo", "executors"): {"modes", "site"},
}
"""What the first room may import of the second: its contract, not how it keeps it."""

ROOT = "__init__"

GIVEN = ("functions", "hpo", "inside")
"""Rooms of which `import automl` gives something, once it is asked for."""

MODULES = ("distributions", "exceptions", "logging", "pruners", "samplers", "study", "trial")
"""Its modules with Optuna's names."""

GIVING = tuple(f"automl.{name}" for name in MODULES if name != "logging")
"""Those of them that give what is elsewhere, once it is asked for; `study` is a room besides."""


def room_of(module: str) -> str:
    """Return the room of a dotted module name: `search` for `automl.search.own.draw`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ROOT


def imported(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """Return the line and the full dotted name of everything that a module imports, anywhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            # `from automl import search` names a room only in the alias.
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}" if base == "automl" else base


def problems(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """Return one sentence for each import of `source` that its floor does not allow."""
    room = room_of(module)
    if room != ROOT and room not in FLOORS:
        return [f"{module}: room {room!r} has no floor; give it one in FLOORS of test_floors.py"]
    package = module if is_package else module.rpartition(".")[0]
    found = [
        f"{module}:{line}: {wrong}"
        for line, name in imported(ast.parse(source), package)
        if (wrong := _wrong(ROOT if module in GIVING else room, name) or _not_for_it(room, name))
    ]
    return sorted(found)


def _wrong(room: str, name: str) -> str:
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return ""
    if room == ROOT and room_of(name) not in (*GIVEN, *MODULES):
        return f"it imports {name}, and gives what is in {' and '.join(GIVEN)} alone"
    if top != "automl":
        return _wrong_package(room, top)
    target = room_of(name)
    if target in {room, ROOT, "__version__"} or room == ROOT or (room, target) in BELOW:
        return ""
    if target not in FLOORS:
        return f"imports {name}, whose room {target!r} has no floor in FLOORS of test_floors.py"
    return _wrong_floor(room, target, name)


def _not_for_it(room: str, name: str) -> str:
    """Return what is wrong where a room imports more of another than its contract."""
    _, target, *parts = [*name.split("."), "", ""]
    allowed = ONLY.get((room, target))
    if allowed is None or parts[0] in allowed:
        return ""
    return f"{room} imports {name}; of {target} it may import {', '.join(sorted(allowed))} alone"


def _wrong_floor(room: str, target: str, name: str) -> str:
    if FLOORS[target] < FLOORS[room]:
        return ""
    way = "sideways" if FLOORS[target] == FLOORS[room] else "upward"
    return (
        f"{room} (floor {FLOORS[room]}) imports {name} (floor {FLOORS[target]}): {way}; "
        "hand it a value instead"
    )


def _wrong_package(room: str, top: str) -> str:
    if top not in HEAVY:
        return f"imports {top}, which no room owns; name its rooms in HEAVY of test_floors.py"
    if room in HEAVY[top]:
        return ""
    return f"{room} imports {top}, which only {' and '.join(sorted(HEAVY[top]))} may import"


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", _modules(), ids=_dotted)
def test_a_module_imports_only_from_floors_below(path: Path) -> None:
    is_package = path.name == "__init__.py"
    assert problems(_dotted(path), path.read_text("utf-8"), is_package=is_package) == []


def test_the_package_is_found() -> None:
    assert {"automl", "automl.errors", "automl.space.space"} <= {
        _dotted(path) for path in _modules()
    }


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("automl.space.space", "import automl.search.own.draw", "upward"),
        ("automl.space.space", "from automl.loop import engine", "upward"),
        ("automl.search.own.draw", "from automl.readers.lines import split", "sideways"),
        ("automl.search.own.draw", "from automl import journal", "sideways"),
        ("automl.search.known", "from ..show.table import rows", "sideways"),
        ("automl.search.known", "from .. import show", "sideways"),
        ("automl.search.own.draw", "def f():\n    from automl.hpo import task", "upward"),
        ("automl.clock", "from automl.logs import ensure_handler", "sideways"),
        ("automl.errors", "from automl.registry import Registry", "sideways"),
        (
            "automl.readers.lines",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import automl.render.shell",
            "sideways",
        ),
        (
            "automl.engine.engine",
            "try:\n    import pandas as pd\nexcept ImportError: ...",
            "show",
        ),
        ("automl.hpo.tuner", "from rich.live import Live", "cli and show"),
        ("automl.search.own.draw", "import sympy.ntheory", "no room owns"),
        ("automl.search.own.draw", "import automl.attic", "no floor"),
        ("automl.loop.opening.claims", "from automl.executors.processes import proctree", "alone"),
        ("automl.loop.runner", "import automl.executors.local.executor", "alone"),
        ("automl.loop.runner", "from automl.executors.machine.gpus import Gpu", "alone"),
        ("automl.attic", "", "no floor"),
        ("automl.attic.box", "import os", "no floor"),
    ],
)
def test_the_check_sees_a_wrong_import(module: str, source: str, expected: str) -> None:
    found = problems(module, source)
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize("source", ["import automl.errors", "from .errors import SpecError"])
def test_the_root_gives_what_is_for_users_alone(source: str) -> None:
    found = problems("automl", source, is_package=True)
    assert len(found) == 1
    assert "gives what is in functions and hpo and inside alone" in found[0]


@pytest.mark.parametrize("module", GIVING)
def test_a_module_of_names_gives_what_is_for_users_alone(module: str) -> None:
    found = problems(module, "from automl.loop import engine", is_package=True)
    assert len(found) == 1
    assert "gives what is in" in found[0]


def test_to_import_the_modules_of_names_loads_no_door() -> None:
    names = ", ".join(f"automl.{name}" for name in MODULES)
    code = f"import sys, {names}; print(sorted(one for one in sys.modules if 'automl.' in one))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {room_of(name) for name in ast.literal_eval(told.stdout)}
    assert loaded <= {*MODULES, "functions", "inside", "logs", "streams"}
    assert "automl.functions.create" not in told.stdout


def test_to_import_the_package_loads_nothing() -> None:
    code = "import sys, automl; print([one for one in sys.modules if one.startswith('automl.')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_relative_import_counts_from_its_own_package() -> None:
    # In search/__init__.py one dot is search itself, in search/known.py too; two dots are automl.
    assert problems("automl.search", "from .known import Known", is_package=True) == []
    assert problems("automl.search.known", "from .sampler import Sampler") == []
    assert problems("automl.search", "from ..loop import engine", is_package=True) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "automl.search.own.draw",
            "import json, random\nfrom automl.space.space import SearchSpace",
        ),
        ("automl.search.own.draw", "import automl.search.own.walk"),
        ("automl.search.bridge", "def f():\n    import optuna.samplers"),
        ("automl.registry", "from automl.errors import SpecError"),
        ("automl.loop.runner", "from automl.executors.executor import Executor"),
        ("automl.cli.main", "from automl import __version__\nfrom automl.studies import keywords"),
        ("automl.__main__", "from automl.cli import main"),
    ],
)
def test_the_check_lets_a_right_import_pass(module: str, source: str) -> None:
    assert problems(module, source) == []
