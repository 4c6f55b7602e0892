"""What is better, what a mean is and what counts is said in `study`; other rooms ask there."""

import ast
from pathlib import Path

import pytest

import automl

PACKAGE = Path(automl.__file__).parent
ROOMS = ("show", "journal", "loop", "hpo")
RULES = {"statistics", "automl.study.ranking.mean", "automl.study.ranking.student"}
"""Modules with which a room would make a rule of its own."""


def modules() -> list[Path]:
    return [path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py"))]


def own_rules(source: str) -> list[str]:
    """Return what a module takes to compute with what trials found."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [one.name for one in names if one.name in RULES]
            case ast.ImportFrom(module=str(module)) if module in RULES:
                found.append(module)
            case ast.Attribute(attr="fsum" | "fmean" as name):
                found.append(name)
            case _:
                pass
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_room_has_rules_of_its_own_for_what_trials_found(path: Path) -> None:
    assert own_rules(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["import statistics", "from automl.study.ranking.mean import mean_of", "math.fsum(values)"],
)
def test_the_check_sees_a_rule(source: str) -> None:
    assert len(own_rules(source)) == 1
