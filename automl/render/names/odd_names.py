"""Parameters whose names are no words, such as `batch-size`, as users write them in templates."""

import re
from collections.abc import Sequence
from dataclasses import replace

from automl.render.context import PARAM_PREFIX
from automl.render.syntax import Piece, simple_name
from automl.space.written_names import names_in_template, refuse_ambiguous

_RAW = re.compile(r"\{%[-+]?\s*raw\b")
_PLAIN = re.compile(r"[^\s{}<>()\[\]'\",|%](?:[^\n{}<>()\[\]'\",|%]*[^\s{}<>()\[\]'\",|%])?")
_WORDS = re.compile(r"\{\{\s*\w+(?:[ ]+\w+)+\s*\}\}")


def with_names(pieces: Sequence[Piece], names: Sequence[str]) -> list[Piece]:
    """Return the parts of a template with `trial.param['batch-size']` for `trial.param.batch-size`.

    Args:
        pieces: the parts.
        names: all parameters.

    Raises:
        SpecError: a name may also be a shorter one and what is computed with it.
    """
    return [
        piece if piece.is_text or _RAW.match(piece.text) else _with_names(piece, names)
        for piece in pieces
    ]


def _with_names(piece: Piece, names: Sequence[str]) -> Piece:
    parts: list[str] = []
    end = 0
    for found in names_in_template(piece.text, names):
        refuse_ambiguous(found, piece.text)
        parts += [piece.text[end : found.start], _bracketed(found.name)]
        end = found.end
    if not parts:
        return piece
    text = "".join([*parts, piece.text[end:]])
    inside = text.removeprefix("{{").removesuffix("}}").strip()
    return replace(piece, text=text, name=simple_name(inside) if text.startswith("{{") else "")


def may_have_odd_names(pieces: Sequence[Piece]) -> bool:
    """Tell whether what is no template may be told more of once all parameters are known."""
    code = [piece.text for piece in pieces if not piece.is_text]
    return any(PARAM_PREFIX in text or _WORDS.fullmatch(text) for text in code)


def spelling(name: str, parameters: Sequence[str] = ()) -> str:
    """Return a placeholder as users write it between the braces.

    Args:
        name: its dotted name.
        parameters: all parameters, as a name may begin with another one.

    >>> spelling("trial.param.lr"), spelling("trial.param.batch-size")
    ('trial.param.lr', 'trial.param.batch-size')
    >>> spelling("trial.param.batch-size", ["batch"]), spelling("trial.param.a}}")
    ("trial.param['batch-size']", "trial.param['a}}']")
    """
    parameter = name.removeprefix(PARAM_PREFIX)
    if parameter == name or parameter.isidentifier():
        return name
    found = next(names_in_template(name, [*parameters, parameter]), None)
    as_it_is = found is not None and found.name == parameter and not found.shorter
    return name if as_it_is and _PLAIN.fullmatch(parameter) else _bracketed(parameter)


def _bracketed(parameter: str) -> str:
    return f"{PARAM_PREFIX.removesuffix('.')}[{parameter!r}]"
