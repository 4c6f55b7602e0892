"""How values are written in Python source."""

import ast
import keyword
import math
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.render.patch.python.assignments import Place
from automl.space.numbers import is_number


def python_word(value: Any, place: Place | None, text: str) -> str:  # noqa: ANN401 - any value
    """Return a value as source, in the manner of what stood there.

    Args:
        value: a text, a number, True, False, None, a list or a dictionary.
        place: what it takes the place of, if anything.
        text: the source.

    Raises:
        SpecError: it is none of these.
    """
    node = place.node if place is not None else None
    inner = place.children if place is not None else {}
    if isinstance(value, Mapping):
        pairs = [
            (str(key), python_word(one, inner.get(str(key)), text)) for key, one in value.items()
        ]
        return _mapping(pairs, node)
    if isinstance(value, list | tuple):
        items = [python_word(one, inner.get(at), text) for at, one in enumerate(value)]
        if isinstance(node, ast.Tuple):
            return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
        return f"[{', '.join(items)}]"
    if isinstance(value, str):
        old = text[place.start : place.end].lstrip("rRbBuUfF") if place is not None else ""
        return _text(value, old)
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    if value is None or isinstance(value, bool) or is_number(value):
        return repr(value)
    raise SpecError(f"a Python file of plain assignments has no value {value!r}")


def is_name(text: str) -> bool:
    """Tell whether a text can be assigned to."""
    return text.isidentifier() and not keyword.iskeyword(text)


def _mapping(pairs: list[tuple[str, str]], node: ast.AST | None) -> str:
    if isinstance(node, ast.Call) and all(is_name(key) for key, _ in pairs):
        return f"dict({', '.join(f'{key}={word}' for key, word in pairs)})"
    return f"{{{', '.join(f'{key!r}: {word}' for key, word in pairs)}}}"


def _text(value: str, old: str) -> str:
    word = repr(value)
    if old.startswith('"') and word.startswith("'") and '"' not in value:
        return f'"{word[1:-1]}"'
    return word
