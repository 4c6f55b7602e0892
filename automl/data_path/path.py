"""Paths into data of dictionaries and lists: `optimizer.lr`, `history[-1].loss`, `['a.b'].c`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from automl.errors import SpecError


@dataclass(frozen=True, slots=True)
class Where:
    """The items of a list whose field has a value, or all of them: `[name=val]`, `[*]`.

    Attributes:
        field: the key of each item that is compared, or a path in it; empty for all items.
        value: what stands there, as text.
    """

    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a list: `[:]`, `[5:]`, `[1:-1]`.

    Attributes:
        first: the position of its first item, counted from the end if negative; None for 0.
        end: the position behind its last one; None for all that follow.
    """

    first: int | None = None
    end: int | None = None


Step: TypeAlias = str | int | Where | Span
"""A key, a position in a list, or a choice of its items."""

_QUOTED = r"""'[^']*'|"[^"]*\""""
_INDEX = r"-?\d{1,9}"
_FIELD = r"""(?:[^\[\]'"=*]|\[-?\d{1,9}\])+?"""
_STEP = re.compile(
    rf"""
    (?:^|(?<=.)\.) (?P<key>[^.\[\]'"]+)
    | (?:(?<=.)\.)?
    \[ (?:
        (?P<index>{_INDEX})
        | (?P<quoted>{_QUOTED})
        | (?P<all>\*)
        | (?P<first>{_INDEX})? (?P<span>:) (?P<end>{_INDEX})?
        | \s* (?P<field>{_QUOTED}|{_FIELD}) \s*=\s* (?P<value>{_QUOTED}|[^\[\]'"]*?) \s*
    ) \]
    """,
    re.VERBOSE,
)
_PLAIN = re.compile(r"(?!\s)[^.\[\]'\";]+(?<!\s)")
_PART = re.compile(rf"{_QUOTED}|[\[\];]|[^\[\];'\"]+|.")
"""What a text of linked paths is made of; only `;` outside of brackets and quotes parts them."""


def parse_path(path: str) -> tuple[Step, ...]:
    """Return the steps of a path.

    >>> parse_path("layers[0].size"), parse_path("['a.b'].c")
    (('layers', 0, 'size'), ('a.b', 'c'))
    >>> parse_path("[split=val].loss"), parse_path("history[*].loss")
    ((Where(field='split', value='val'), 'loss'), ('history', Where(field='', value=''), 'loss'))
    >>> parse_path("model.[names[0]=a].dim"), parse_path("layers[5:]")
    (('model', Where(field='names[0]', value='a'), 'dim'), ('layers', Span(first=5, end=None)))

    Raises:
        SpecError: it is no path.
    """
    steps: list[Step] = []
    end = 0
    while end < len(path) and (match := _STEP.match(path, end)):
        end = match.end()
        steps.append(_step(match))
    if not steps or end < len(path):
        raise SpecError(
            f"{path!r} is no path; write optimizer.lr, layers[0].size, or ['a.b'] for a key with "
            "a dot"
        )
    return tuple(steps)


def linked_paths(text: str) -> tuple[str, ...]:
    """Return the paths of a text that joins them by `;`.

    >>> linked_paths("optimizer.lr; layers[name='a;b'].lr")
    ('optimizer.lr', "layers[name='a;b'].lr")
    """
    paths = [""]
    depth = 0
    for match in _PART.finditer(text):
        part = match[0]
        depth += (part == "[") - (part == "]")
        if part == ";" and depth <= 0:
            paths.append("")
        else:
            paths[-1] += part
    return tuple(path.strip() for path in paths)


def path_text(steps: Iterable[Step]) -> str:
    """Return a path as it is written.

    >>> path_text(["layers", 0, "size"]), path_text(["a.b"])
    ('layers[0].size', "['a.b']")
    """
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif isinstance(step, Where):
            text += f"[{step.field}={step.value}]" if step.field else "[*]"
        elif isinstance(step, Span):
            first, end = ("" if one is None else one for one in (step.first, step.end))
            text += f"[{first}:{end}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]' if "'" in step else f"['{step}']"
    return text


def _step(match: re.Match[str]) -> Step:
    if match["key"] is not None:
        return match["key"]
    if match["index"] is not None:
        return int(match["index"])
    if match["quoted"] is not None:
        return match["quoted"][1:-1]
    if match["span"] is not None:
        return Span(*(int(match[one]) if match[one] else None for one in ("first", "end")))
    return Where() if match["all"] else Where(_bare(match["field"]), _bare(match["value"]))


def _bare(text: str) -> str:
    """Return a text without the quotes around it."""
    return text[1:-1] if text[:1] in {"'", '"'} else text
