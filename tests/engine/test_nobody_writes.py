"""Nobody outside writes into the engine: news come in through `handle`, and `view` is read."""

import ast
from pathlib import Path
from typing import Any, get_args

import pytest
from engine_player import Player, good
from loop_fakes import make_spec

import automl
from automl.engine import stimuli
from automl.engine.engine import Engine
from automl.engine.stimuli import Stimulus
from automl.engine.view import View

PACKAGE = Path(automl.__file__).parent
INSIDE = PACKAGE / "engine"


def played() -> Player:
    """A study with a trial that ended, one that is being stopped, and one that runs."""
    player = Player(make_spec(max_trials=6, max_parallel=3))
    player.fill()
    player.end(0, good())
    player.fill()
    player.tell(stimuli.TrialStopAsked(1))
    return player


def test_the_engine_has_two_public_members() -> None:
    public = {name for name in dir(Engine) if not name.startswith("_")}
    assert public == {"handle", "view"}
    assert all(name.startswith("_") for name in vars(played().engine))


def test_the_view_cannot_be_set() -> None:
    engine = played().engine
    with pytest.raises(AttributeError):
        engine.view = engine.view  # type: ignore[misc]


@pytest.mark.parametrize("name", View._fields)
def test_no_field_of_the_view_can_be_set(name: str) -> None:
    view = played().engine.view
    with pytest.raises(AttributeError):
        setattr(view, name, None)


@pytest.mark.parametrize("name", ["trials", "stops", "history"])
def test_what_the_view_holds_cannot_be_written_to(name: str) -> None:
    held: Any = getattr(played().engine.view, name)
    assert len(held) > 0
    with pytest.raises(TypeError):
        held[1] = None
    with pytest.raises(TypeError):
        del held[1]
    writers = {"append", "extend", "insert", "pop", "popitem", "clear", "update", "setdefault"}
    assert not writers & set(dir(held))


def test_a_view_stays_as_it_was_and_the_next_one_tells_the_news() -> None:
    player = played()
    before = player.engine.view
    assert player.engine.view is before
    told, best = len(before.history), before.best
    player.end(2, good(5.0))
    assert (before.finished, before.best, len(before.history)) == (1, best, told)
    after = player.engine.view
    assert (after.finished, len(after.history)) == (2, told + 1)
    assert after.best is after.trials[2]


def test_looking_changes_nothing() -> None:
    player, other = played(), played()
    for _ in range(5):
        assert player.engine.view.wants_start == other.engine.view.wants_start
        assert (player.engine.view.complete, player.engine.view.over) == (False, False)
    player.end(2)
    other.end(2)
    player.fill()
    other.fill()
    assert repr(player.events) == repr(other.events)


def kinds_of_news() -> list[type]:
    return [one for one in get_args(Stimulus) if isinstance(one, type)]


def test_all_news_are_frozen_and_of_the_kinds_that_the_engine_takes() -> None:
    classes = {one for one in vars(stimuli).values() if isinstance(one, type)}
    defined = {one for one in classes if one.__module__ == stimuli.__name__}
    assert defined == set(kinds_of_news())
    assert all(one.__dataclass_params__.frozen for one in defined)  # type: ignore[attr-defined]


def outside() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if INSIDE not in path.parents]


def writes(source: str) -> list[str]:
    """Return where a module writes into an engine, its view or what they hold.

    It does by setting or deleting what is reached through something called engine or view, or by
    reaching for what is private to it.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Attribute(ctx=ast.Store() | ast.Del(), value=owner)
                | ast.Subscript(ctx=ast.Store() | ast.Del(), value=owner)
            ):
                if reached(owner):
                    found.append(ast.unparse(node))
            case ast.Attribute(attr=name, value=owner) if reached(owner):
                if name.startswith("_"):
                    found.append(ast.unparse(node))
            case ast.ImportFrom(module=str(module)):
                if module.startswith("automl.engine.handlers"):
                    found.append(module)
            case _:
                pass
    return found


def reached(node: ast.expr) -> bool:
    """Tell whether an expression goes through something called engine or view."""
    names = {getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(node)}
    return bool(names & {"engine", "_engine", "view", "_view"})


@pytest.mark.parametrize("path", outside(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_outside_writes_into_the_engine(path: Path) -> None:
    assert writes(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "engine.phase = 1",
        "self._engine.view.trials[0] = trial",
        "del engine.view.stops[0]",
        "engine.view.history[:0] = known",
        "self._engine._parts.tally",
        "view.best += 1",
        "from automl.engine.handlers.parts import Parts",
    ],
)
def test_the_check_sees_a_write(source: str) -> None:
    assert len(writes(source)) >= 1


def test_the_check_lets_a_look_pass() -> None:
    assert writes("self._engine = engine\nbest = self._engine.view.trials[0].value") == []
