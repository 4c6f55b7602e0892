"""The house stays one that a newcomer finds their way in: small files, folders and functions."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "automl"
FILES = sorted(PACKAGE.rglob("*.py"))

FILES_A_FOLDER = 15
LINES_A_FILE = 399
LINES_A_FUNCTION = 60
METHODS_A_CLASS = 12
OWN_IMPORTS = 15
MEDIAN_LINES = 115

FUNCTIONS_TO_COME = {"report", "params", "tune", "grid", "create_study", "trial_dir", "note"}
"""What `import automl` will offer as functions: no room may have such a name."""


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def nodes(kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[tuple[str, ast.AST]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, kind):
                yield path.relative_to(PACKAGE).as_posix(), node


def own_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("automl."):
            found.add(node.module)
        elif isinstance(node, ast.ImportFrom) and node.module == "automl":
            found |= {f"automl.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("automl.")}
    return {name for name in found if name}


@pytest.mark.parametrize(
    "folder",
    sorted({path.parent for path in FILES}),
    ids=lambda folder: folder.relative_to(PACKAGE.parent).as_posix(),
)
def test_a_folder_can_be_taken_in_at_a_glance(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) <= FILES_A_FOLDER


def test_no_file_is_too_long() -> None:
    assert [path.name for path in FILES if lines_of(path) > LINES_A_FILE] == []


def test_half_of_the_files_are_short() -> None:
    assert statistics.median(lines_of(path) for path in FILES) <= MEDIAN_LINES


def test_no_function_is_too_long() -> None:
    functions = nodes((ast.FunctionDef, ast.AsyncFunctionDef))
    assert [
        (path, node.name)
        for path, node in functions
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LINES_A_FUNCTION
    ] == []


def test_no_class_offers_too_much() -> None:
    public = {
        f"{path}: {node.name}": [
            one
            for one in node.body
            if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
        ]
        for path, node in nodes(ast.ClassDef)
        if isinstance(node, ast.ClassDef)
    }
    assert {name: len(own) for name, own in public.items() if len(own) > METHODS_A_CLASS} == {}


def test_no_module_needs_half_the_house() -> None:
    counts = {path.relative_to(PACKAGE).as_posix(): len(own_imports(path)) for path in FILES}
    assert {path: count for path, count in counts.items() if count > OWN_IMPORTS} == {}


def test_no_room_has_the_name_of_a_function() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py"}
    assert rooms & FUNCTIONS_TO_COME == set()


def test_no_two_test_files_have_the_same_name() -> None:
    # pytest imports them by that: with two, the whole suite stops before its first test.
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
