"""Paths into config files: `optimizer.lr`, `layers[0].size`, `['a.b'].c`."""

import re
from collections.abc import Iterable

from automl.errors import SpecError

_STEP = re.compile(
    r"""
    (?:^|(?<=.)\.) (?P<key>[^.\[\]'"]+)
    | \[ (?P<index>\d+) \]
    | \[ (?: '(?P<single>[^']*)' | "(?P<double>[^"]*)" ) \]
    """,
    re.VERBOSE,
)
_PLAIN = re.compile(r"[^.\[\]'\"]+")


def parse_path(path: str) -> tuple[str | int, ...]:
    """Return the keys and list positions of a path.

    >>> parse_path("layers[0].size"), parse_path("['a.b'].c")
    (('layers', 0, 'size'), ('a.b', 'c'))

    Raises:
        SpecError: it is no path.
    """
    steps: list[str | int] = []
    end = 0
    while end < len(path) and (match := _STEP.match(path, end)):
        end = match.end()
        if match["index"] is not None:
            steps.append(int(match["index"]))
        else:
            steps.append(
                next(key for key in match.group("key", "single", "double") if key is not None)
            )
    if not steps or end < len(path):
        raise SpecError(
            f"{path!r} is no path; write optimizer.lr, layers[0].size, or ['a.b'] for a key with "
            "a dot"
        )
    return tuple(steps)


def path_text(steps: Iterable[str | int]) -> str:
    """Return a path as it is written.

    >>> path_text(["layers", 0, "size"]), path_text(["a.b"])
    ('layers[0].size', "['a.b']")
    """
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]' if "'" in step else f"['{step}']"
    return text
