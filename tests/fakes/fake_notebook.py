"""A notebook's kernel, made up: what automl asks of IPython, and what cells show."""

import sys
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest


@dataclass
class FakeNotebook:
    """A kernel that keeps what is published.

    Attributes:
        kernel: what a terminal's shell lacks.
        user_ns: the variables of the cells.
        message: what the editor sent with the cell that runs.
        published: what was shown, in order.
        broken: whether the editor is gone.
    """

    kernel: object = field(default_factory=object)
    user_ns: dict[str, Any] = field(default_factory=dict)
    message: dict[str, Any] = field(default_factory=dict)
    published: list[dict[str, Any]] = field(default_factory=list)
    broken: bool = False
    runs: int = 0

    @property
    def display_pub(self) -> "FakeNotebook":
        return self

    def publish(self, **given: Any) -> None:
        if self.broken:
            raise RuntimeError("the socket is closed")
        self.published.append(given)

    def get_parent(self) -> dict[str, Any]:
        return self.message

    def run(self, code: str = "", cell: str = "") -> None:
        """Begin to run a cell."""
        self.runs += 1
        self.message = {
            "header": {"msg_id": str(self.runs)},
            "metadata": {"cellId": cell} if cell else {},
            "content": {"code": code},
        }

    def texts(self) -> list[str]:
        return [str(one["data"]["text/plain"]) for one in self.published]


def become_notebook(monkeypatch: pytest.MonkeyPatch, **given: Any) -> FakeNotebook:
    """Let this process be the kernel of a notebook."""
    made = FakeNotebook(**given)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: made))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return made
