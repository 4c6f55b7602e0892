"""The two forms of a placeholder, `{{ x }}` and `<<x>>`, brought to one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from automl.render.context import PARAM_PREFIX

_NAME = r"[^\W\d]\w*"

_PIECE = re.compile(
    rf"""
    (?P<raw> \{{%[-+]?\s*raw\s*[-+]?%\}} .*? \{{%[-+]?\s*endraw\s*[-+]?%\}} )
    | (?P<block> \{{% .*? %\}} )
    | \{{\{{ (?P<braces> .*? ) \}}\}}
    | (?<!<) << (?!<) [ \t]*
      (?P<angles> (?:trial|study)[ \t]*[.\[][^\n]*? | {_NAME}(?:\.{_NAME})+ )
      [ \t]* >>
    """,
    re.VERBOSE | re.DOTALL,
)

_SIMPLE = re.compile(
    rf"""
    (?P<field> trial\.(?:id|dir|seed|scratch|params_file|params_yaml|overrides)
        | study\.(?:name|dir) | python )
    | (?P<file> trial\.file\.{_NAME} )
    | trial\.param \.(?P<attribute>{_NAME})
    | trial\.param \['(?P<single>[^'\\]*)'\]
    | trial\.param \["(?P<double>[^"\\]*)"\]
    """,
    re.VERBOSE,
)

_BARE_ANGLES = re.compile(rf"(?<!<)<<(?!<)[ \t]*({_NAME})[ \t]*>>")

# No template has a NUL, so these cannot be met in one. Jinja would turn a carriage return into a
# newline, and take the `{#` of `${#array}` for the beginning of a comment.
_CARRIAGE_RETURN = "\0r"
NO_COMMENT = ("\0(", "\0)")
"""Delimiters of comments that no source has."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a template.

    Attributes:
        text: the user's own text, or the part in jinja's form.
        is_text: whether it is the user's own text, to be copied.
        name: the placeholder if the part is nothing but one, as `trial.param.lr`; else empty.
    """

    text: str
    is_text: bool = False
    name: str = ""


def split(text: str) -> list[Piece]:
    """Return the parts of a template in order; `<<x>>` comes out as `{{ x }}`.

    What stands between `<<` and `>>` on one line is a placeholder if it begins with `trial.` or
    `study.`, or is a dotted name (most likely a misspelt placeholder, to be reported). Other `<<`
    are left alone: here-documents, here-strings, shifts.
    """
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    end = 0
    for match in _PIECE.finditer(text):
        if match.start() > end:
            yield Piece(text[end : match.start()], is_text=True)
        end = match.end()
        if match["raw"] or match["block"]:
            yield Piece(match[0])
            continue
        inside = match["angles"] or match["braces"]
        source = f"{{{{ {inside} }}}}" if match["angles"] else match[0]
        yield Piece(source, name=simple_name(inside.strip()))
    if end < len(text):
        yield Piece(text[end:], is_text=True)


def simple_name(inside: str) -> str:
    """Return the placeholder that stands between braces, empty if it is not only one."""
    match = _SIMPLE.fullmatch(inside)
    if match is None:
        return ""
    if match["field"] or match["file"]:
        return match["field"] or match["file"]
    names = (match["attribute"], match["single"], match["double"])
    return PARAM_PREFIX + next(name for name in names if name is not None)


def is_simple(pieces: Sequence[Piece]) -> bool:
    """Tell whether the parts are nothing but text and single placeholders."""
    return all(
        piece.name or (piece.is_text and "{{" not in piece.text and "{%" not in piece.text)
        for piece in pieces
    )


def jinja_source(pieces: Sequence[Piece]) -> str:
    """Return the parts as one source for jinja; see `restore` for the other way."""
    parts: list[str] = []
    for piece in pieces:
        if not piece.is_text and parts and parts[-1].endswith("{"):
            # `{<<x>>` must not become `{{{ x }}`, where jinja would see a dict.
            parts[-1] = parts[-1][:-1] + "{% raw %}{{% endraw %}"
        parts.append(piece.text.replace("\r", _CARRIAGE_RETURN) if piece.is_text else piece.text)
    return "".join(parts)


def restore(rendered: str) -> str:
    """Return text that jinja rendered from a `jinja_source` with its carriage returns."""
    return rendered.replace(_CARRIAGE_RETURN, "\r")


def bare_names(pieces: Sequence[Piece]) -> set[str]:
    """Return the words that stand alone as `<<word>>`: here-documents, or a forgotten prefix."""
    return {name for piece in pieces if piece.is_text for name in _BARE_ANGLES.findall(piece.text)}
