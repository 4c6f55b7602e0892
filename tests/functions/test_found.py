"""How the processes of trials find a function of this one."""

import functools
import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import cloudpickle
import pytest

from automl.errors import SpecError
from automl.functions.found.found import found_function
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
