"""Whether this process is a notebook's kernel, what that is called, and which cell runs."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from fake_notebook import become_notebook

from automl.notebook.cell import cell_of, running_cell
from automl.notebook.display import publish
from automl.notebook.kernel import is_notebook, notebook_name
from automl.notebook.words import command_word, interrupt_word


@pytest.mark.parametrize(
    "module",
    [
        None,
        SimpleNamespace(),
        SimpleNamespace(get_ipython=lambda: None),
        SimpleNamespace(get_ipython=lambda: SimpleNamespace(user_ns={})),
        SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=None)),
    ],
    ids=["no IPython", "half loaded", "loaded alone", "a terminal", "embedded"],
)
def test_other_programs_are_no_notebook(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setenv("JPY_SESSION_NAME", "/n/train.ipynb")
    assert not is_notebook()
    assert (notebook_name(), running_cell()) == ("", None)
    assert (interrupt_word(), command_word()) == ("Ctrl-C", "command")
    publish({"text/plain": "nobody sees it"}, "1", again=False)


@pytest.mark.parametrize(
    ("session", "file", "name"),
    [
        ("/n/train.ipynb", None, "train"),
        ("train.v2.ipynb", None, "train.v2"),
        ("/n/train.md", None, "train"),
        ("/n/console-1-8a6b", None, ""),
        ("", None, ""),
        (None, None, ""),
        (None, "/n/My net.ipynb", "My net"),
        ("/n/other.ipynb", "/n/train.ipynb", "train"),
    ],
)
def test_a_notebook_is_called_as_its_editor_tells(
    monkeypatch: pytest.MonkeyPatch, session: str | None, file: str | None, name: str
) -> None:
    notebook = become_notebook(monkeypatch)
    if session is not None:
        monkeypatch.setenv("JPY_SESSION_NAME", session)
    if file:
        notebook.user_ns["__vsc_ipynb_file__"] = file
    assert is_notebook()
    assert notebook_name() == name
    assert (interrupt_word(), command_word()) == ("an interrupt", "cell")


def test_a_cell_is_known_by_what_its_editor_calls_it(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = become_notebook(monkeypatch)
    cells = []
    for code, cell in [("a", "1"), ("b", "1"), ("a", "2")]:
        notebook.run(code, cell)
        cells.append(running_cell())
    first, edited, copy = cells
    assert first is not None
    assert edited is not None
    assert copy is not None
    assert first.known_as == first.kept_as[0] == edited.known_as != copy.known_as
    assert first.kept_as[1] == copy.kept_as[1] != edited.kept_as[1]
    assert len({first.run, edited.run, copy.run}) == 3


def test_a_cell_without_a_name_is_known_by_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = become_notebook(monkeypatch)
    cells = []
    for code in ["a", "a", "b"]:
        notebook.run(code)
        cells.append(running_cell())
    assert cells[0] is not None
    assert cells[1] is not None
    assert cells[2] is not None
    assert cells[0].known_as == cells[1].known_as != cells[2].known_as
    assert cells[0].kept_as == (cells[0].known_as,)


def test_names_that_do_not_last_are_not_kept() -> None:
    given = "vscode-notebook-cell:/n/train.ipynb#W3sZmlsZQ%3D%3D"
    first, other = (
        cell_of({"metadata": {"cellId": f"{given}{end}"}, "content": {"code": "a"}})
        for end in ("", "0")
    )
    assert first.known_as != other.known_as
    assert first.kept_as == other.kept_as


@pytest.mark.parametrize("message", [{}, {"metadata": None, "header": None, "content": None}])
def test_a_message_that_tells_nothing_is_a_cell_like_others(message: dict[str, Any]) -> None:
    assert cell_of(message).run == ""


def test_a_kernel_without_messages_has_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = become_notebook(monkeypatch)
    monkeypatch.setattr(type(notebook), "get_parent", None)
    assert running_cell() is not None


def test_an_editor_that_is_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = become_notebook(monkeypatch, broken=True)
    publish({"text/plain": "x"}, "1", again=True)
    assert notebook.published == []
