"""How the processes of trials find a function of this one."""

import functools
import json
import linecache
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import cloudpickle
import pytest

from automl.errors import SpecError
from automl.functions.found.found import FoundFunction, found_function
from automl.inside.calling.function import _place
from automl.studies.unnamed import script_name

Function = Callable[..., Any]


def top_level(trial: Any) -> float:
    return float(trial)


class Model:
    """Has functions in several forms."""

    def __init__(self, shift: float) -> None:
        self.shift = shift

    def __call__(self, trial: float) -> float:
        return trial + self.shift

    def fit(self, trial: float) -> float:
        return trial - self.shift

    @staticmethod
    def still(trial: float) -> float:
        return trial


@pytest.fixture
def main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A script that runs, in place of the tests."""
    module = ModuleType("__main__")
    script = tmp_path / "sub" / "tune.py"
    script.parent.mkdir()
    script.touch()
    module.__file__ = str(script)
    monkeypatch.setitem(sys.modules, "__main__", module)
    monkeypatch.setattr(sys, "argv", ["tune.py", "--fast"])
    return module


def in_main(main: ModuleType, code: str, name: str) -> Function:
    exec(code, main.__dict__)  # noqa: S102
    found: Function = main.__dict__[name]
    return found


def test_one_of_a_module_is_imported(tmp_path: Path) -> None:
    found = found_function(json.loads, str(tmp_path))
    assert (found.function, found.pickled) == ("json:loads", b"")


def test_one_of_the_script_is_imported_from_it(main: ModuleType, tmp_path: Path) -> None:
    function = in_main(main, "def f(trial):\n    return 1\n", "f")
    found = found_function(function, str(tmp_path))
    assert (found.function, found.pickled, found.arguments) == ("sub/tune.py:f", b"", ("--fast",))
    assert found_function(function, "/elsewhere").function == f"{tmp_path}/sub/tune.py:f"


def test_a_static_method_is_imported() -> None:
    assert found_function(Model.still, "/base").function == f"{__name__}:Model.still"


def closure(shift: float) -> Function:
    return lambda trial: trial * shift


def failing(kind: str) -> Function:
    """Return a function that raises, in one of the forms that cannot be imported."""

    def inner(trial: Any) -> float:
        raise ValueError(trial)

    class Local:
        def fit(self, trial: Any) -> float:
            return inner(trial)

    def outer(trial: Any) -> float:
        return [inner(one) for one in [trial]][0]  # noqa: RUF015

    forms = {"closure": inner, "method": Local().fit, "nested": outer}
    return forms.get(kind) or functools.partial(inner)


@pytest.mark.parametrize("kind", ["closure", "method", "nested", "partial"])
def test_a_copied_function_knows_where_it_is_from(kind: str) -> None:
    found = cloudpickle.loads(found_function(failing(kind), "/base").pickled)
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        found(1)
    last = raised.traceback[-1]
    assert str(last.path) == __file__
    assert "raise ValueError(trial)" in str(last.statement)


def test_code_that_is_in_no_file_names_none(main: ModuleType) -> None:
    code = compile("def f(trial):\n    return g\n", "/tmp/ipykernel_1/2.py", "exec")  # noqa: S108
    exec(code, main.__dict__)  # noqa: S102
    del main.__dict__["__file__"]
    found = cloudpickle.loads(found_function(main.__dict__["f"], "/base").pickled)
    assert found.__code__.co_filename == "<dynamic-code>"


@pytest.mark.parametrize(
    ("function", "name", "value"),
    [
        (lambda trial: trial + 1, "<lambda>", 3),
        (closure(3), "closure.<locals>.<lambda>", 6),
        (Model(5), "Model", 7),
        (Model(5).fit, "Model.fit", -3),
        (functools.partial(pow, 3), "partial", 9),
    ],
)
def test_what_cannot_be_imported_is_pickled(function: Function, name: str, value: float) -> None:
    found = found_function(function, "/base")
    assert found.function.rpartition(":")[2] == name
    assert cloudpickle.loads(found.pickled)(2) == value
    assert found.file_name.startswith("functions/")


def test_one_of_a_notebook_is_pickled(main: ModuleType) -> None:
    del main.__file__
    function = in_main(main, "y = 4\ndef f(trial):\n    return trial + y\n", "f")
    found = found_function(function, "/base")
    assert (found.function, found.arguments) == (":f", ())
    main.__dict__.pop("y")
    assert cloudpickle.loads(found.pickled)(2) == 6


def test_the_same_content_has_the_same_file() -> None:
    first, again, other = (found_function(closure(one), "/base") for one in (3, 3, 4))
    assert first.file_name == again.file_name != other.file_name


def test_one_that_was_replaced_in_its_module_is_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    function = top_level
    monkeypatch.setattr(sys.modules[__name__], "top_level", None)
    assert found_function(function, "/base").pickled


def test_what_holds_a_lock_is_refused() -> None:
    lock = threading.Lock()

    def objective(_: Any) -> bool:
        return lock.locked()

    with pytest.raises(SpecError, match=r"cannot pickle '_thread.lock' object.*Define it with"):
        found_function(objective, "/base")


@pytest.mark.parametrize("given", [3, None, "objective"])
def test_what_cannot_be_called_is_refused(given: Any) -> None:
    with pytest.raises(SpecError, match="give the function itself, without calling it"):
        found_function(given, "/base")


def test_folders_of_the_script_are_looked_in_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib").mkdir()
    monkeypatch.setattr(sys, "path", ["", str(tmp_path / "lib"), "/no/such", *sys.path])
    monkeypatch.chdir(tmp_path)
    assert found_function(json.loads, "/base").path[:2] == (str(tmp_path), f"{tmp_path}/lib")
    assert not any("site-packages" in one for one in found_function(json.loads, "/base").path)


def test_one_of_a_script_in_an_archive_is_copied(tmp_path: Path, main: ModuleType) -> None:
    main.__file__ = str(tmp_path / "app.zip" / "__main__.py")
    function = in_main(main, "def objective(trial):\n    return trial + 1", "objective")
    found = found_function(function, str(tmp_path))
    assert found.function == ":objective"
    assert cloudpickle.loads(found.pickled)(2) == 3


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("tune.py", "tune"),
        ("src/tool/__main__.py", "tool"),
        ("app.zip/__main__.py", "app"),
        ("src/tune.v2.py", "tune.v2"),
        ("tune", "tune"),
    ],
)
def test_a_study_is_called_as_what_runs_it(main: ModuleType, path: str, name: str) -> None:
    main.__file__ = path
    assert script_name() == name


CELL_FILE = "/tmp/ipykernel_7/812.py"  # noqa: S108

CELL_TEXT = """shift, other, data = 2, 3, list(range(9))
def helper(x):
    if x > 5:
        raise ValueError("large")
    return x - shift + len(data)
class Model:
    def fit(self, x):
        return helper(x)
def objective(trial):
    return (lambda x: Model().fit(x))(trial)
"""


@pytest.fixture
def cell(main: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], FoundFunction]:
    """Run a cell of a notebook, and return how its function is found."""
    del main.__file__

    def ran(text: str) -> FoundFunction:
        lines = text.splitlines(keepends=True)
        monkeypatch.setitem(linecache.cache, CELL_FILE, (len(text), None, lines, CELL_FILE))
        exec(compile(text, CELL_FILE, "exec"), main.__dict__)  # noqa: S102
        return found_function(main.__dict__["objective"], "/base")

    return ran


def test_the_source_of_a_cell_is_what_its_function_uses(
    cell: Callable[[str], FoundFunction],
) -> None:
    source = cell(CELL_TEXT).source
    assert source.startswith("shift = 2\n\n\ndef objective(trial):\n    return (lambda")
    assert source.count("lambda") == source.count("def helper") == source.count("def fit") == 1
    assert "other" not in source
    assert cell(CELL_TEXT).source == source


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("2, 3", "4, 3", True),
        ("2, 3", "2, 5", False),
        ("x > 5", "x > 6", True),
        ("return helper", "return 2 * helper", True),
        ("def helper", "# above\ndef helper", False),
        ("shift, other", "\n\nshift, other", False),
    ],
)
def test_another_source_is_another_function_and_its_place_is_not(
    cell: Callable[[str], FoundFunction],
    old: str,
    new: str,
    changes: bool,  # noqa: FBT001 - a row
) -> None:
    before = cell(CELL_TEXT).source
    assert (cell(CELL_TEXT.replace(old, new)).source != before) is changes


def test_a_cell_that_fails_elsewhere_is_told_with_its_line(
    cell: Callable[[str], FoundFunction],
) -> None:
    function = cloudpickle.loads(cell(CELL_TEXT).pickled)
    assert function(1) == 8
    with pytest.raises(ValueError, match="large") as raised:
        function(7)
    assert _place(raised.value) == "<cell>, line 4"


def test_a_function_of_a_file_has_no_source_of_its_own() -> None:
    assert found_function(closure(3), "/base").source == ""
    assert found_function(json.loads, "/base").source == ""
