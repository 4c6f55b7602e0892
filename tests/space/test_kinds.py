"""Every kind of parameter answers for itself: other rooms ask no parameter what it is."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import automl
from automl.errors import SpecError
from automl.space import parameters
from automl.space.kinds import distributions, flag, listed, numeric
from automl.space.kinds.kind import Kind
from automl.space.kinds.registry import PARAMETERS, item_from, parameter_from
from automl.space.parameters import (
    Categorical,
    Choice,
    Constant,
    Flag,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    Real,
    described,
)

PACKAGE = Path(automl.__file__).parent
KINDS = {
    name
    for module in (distributions, flag, listed, numeric, parameters)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, Kind)
} | {"Choice", "Parameter", "SpaceItem"}
"""The names by which a kind of parameter could be asked for."""

EVERY_KIND: list[Parameter] = [
    Categorical(name="p", candidates=(1, 1.0, "a", [1, None])),
    Constant(name="p", value={"a": [1]}),
    Flag(name="p", on="--p", off="--no-p"),
    Integer(name="p", min_value=1, max_value=9, log=True),
    Linked(names=("p", "q"), candidates=([1, 2], ["a", None])),
    LogNormal(name="p", mean=0, std=1, step=0.5),
    Normal(name="p", mean=0, std=1),
    Real(name="p", min_value=0, max_value=1, step=0.1),
]


def _is_of_syntax(node: ast.AST) -> bool:
    """Tell whether it is a kind of syntax, as `ast.Constant` is, and none of a parameter."""
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "ast"


def _asked(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of each kind that a module's `isinstance`, `is` or `match` asks for."""
    for node in ast.walk(ast.parse(source)):
        parts: list[ast.AST] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            parts = list(node.args[1:]) if node.func.id in {"isinstance", "issubclass"} else []
        elif isinstance(node, ast.Compare) and ast.unparse(node.left).startswith("type("):
            parts = list(node.comparators)
        elif isinstance(node, ast.MatchClass):
            parts = [node.cls]
        for part in parts:
            for inner in ast.walk(part):
                if _is_of_syntax(inner):
                    continue
                name = getattr(inner, "id", getattr(inner, "attr", ""))
                if name in KINDS:
                    yield node.lineno, name


def test_no_other_room_asks_a_parameter_what_it_is() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line} asks for {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if PACKAGE / "space" not in path.parents
        for line, name in _asked(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "isinstance(one, Constant)",
        "isinstance(one, parameters.Linked | int)",
        "issubclass(kind, (int, Real))",
        "type(one) is Integer",
        "type(one) in {Normal}",
        "match one:\n    case Categorical(): ...",
    ],
)
def test_a_question_for_a_kind_is_found(source: str) -> None:
    assert [name for _, name in _asked(source)]


@pytest.mark.parametrize("one", EVERY_KIND, ids=lambda one: type(one).__name__)
def test_a_kind_is_read_back_from_its_description(one: Parameter) -> None:
    assert parameter_from(described(one)) == one


def test_every_kind_is_read_back_here() -> None:
    kinds = {type(one).__name__ for one in EVERY_KIND}
    assert kinds | {"Choice"} == {
        name
        for name in PARAMETERS.names()
        if PARAMETERS.factory(name).__module__.startswith("automl")
    }


def test_a_choice_is_read_from_dictionaries() -> None:
    made = item_from(
        {
            "type": "Choice",
            "name": "opt",
            "options": {"sgd": [{"type": "Constant", "name": "m", "value": 1}], "adam": []},
        }
    )
    options = {"sgd": [Constant(name="m", value=1)], "adam": []}
    assert made == Choice(name="opt", options=options)


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ({"name": "p"}, "type None is unknown"),
        ({"type": "Intger", "name": "p"}, "did you mean 'Integer'"),
        ({"type": "Constant", "name": "p"}, "needs value="),
        ({"type": "Choice", "name": "p", "options": {"a": []}}, "is not one parameter"),
    ],
)
def test_a_description_of_no_parameter_is_refused(description: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        parameter_from(description)
