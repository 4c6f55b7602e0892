"""The cell of a notebook that runs now."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from automl.notebook.kernel import shell

_SHORT_LIVED = "vscode-"
"""How the identifiers of cells begin that are others once the notebook is opened anew."""

_NAME_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell, run once.

    Attributes:
        known_as: tells it from other cells for as long as the kernel lives; its text where the
            notebook's editor tells no more.
        kept_as: by what it is found in another life of the kernel, what tells most first.
        run: tells this run of it from all others.
    """

    known_as: str
    kept_as: tuple[str, ...]
    run: str


def running_cell() -> Cell | None:
    """Return the cell that runs now, None outside of a notebook."""
    found = shell()
    return None if found is None else cell_of(_message(found))


def cell_of(message: dict[str, Any]) -> Cell:
    """Return the cell that a message asks to run."""
    metadata, content = message.get("metadata") or {}, message.get("content") or {}
    text = _short(f"text {content.get('code', '')}")
    given = str(metadata.get("cellId") or "")
    known = _short(f"cell {given}") if given else text
    lasts = known != text and not given.startswith(_SHORT_LIVED)
    return Cell(
        known_as=known,
        kept_as=(known, text) if lasts else (text,),
        run=str((message.get("header") or {}).get("msg_id", "")),
    )


def _message(found: Any) -> dict[str, Any]:  # noqa: ANN401 - as `shell` returns it
    """Return the message with which the editor asked for what runs now."""
    try:
        return dict(found.get_parent() or {})
    except (AttributeError, LookupError, TypeError, ValueError):
        return {}


def _short(text: str) -> str:
    return blake2b(text.encode(errors="replace"), digest_size=_NAME_BYTES).hexdigest()
