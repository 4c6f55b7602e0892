"""`--set KEY=VALUE`: one value of a description by its place, such as `algorithm.type=tpe`."""

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from automl.errors import SpecError
from automl.render.documents.yaml_reading import yaml_value
from automl.studies.ranges.part import Part, mistake

_STEP = re.compile(r"\.?(?P<name>[^.\[\]=]+)|\[(?P<number>\d+)\]")
_TYPED = {"algorithm", "pruner", "earlystop", "workspace"}
"""Keywords that may be the name of a type, which has options once one is set."""


def with_settings(description: Mapping[str, Any], texts: Sequence[str]) -> dict[str, Any]:
    """Return a description in which values were set.

    Args:
        description: what is changed; it stays as it is.
        texts: `KEY=VALUE`; the value is read as in a study file.

    Raises:
        SpecError: a text has no key or no value, or the key leads nowhere.
    """
    changed = copy.deepcopy(dict(description))
    for text in texts:
        key, equals, value = text.partition("=")
        whole = Part(text, 0, len(text))
        if not equals or not key:
            allowed = "KEY=VALUE, as in algorithm.initial_trials_num=5"
            raise mistake(whole, "a setting is a key and a value", allowed)
        _set(changed, _steps(whole.between(0, len(key))), yaml_value(value), text)
    return changed


def _steps(key: Part) -> list[str | int]:
    steps: list[str | int] = []
    at = 0
    while at < len(key.text):
        found = _STEP.match(key.text, at)
        if found is None:
            raise mistake(key.between(at, len(key.text)), "this is no key", "a.b or a[0].b")
        steps.append(found["name"] or int(found["number"]))
        at = found.end()
    return steps


def _set(where: Any, steps: list[str | int], value: Any, text: str) -> None:  # noqa: ANN401 - plain data
    first, *rest = steps
    try:
        if not rest:
            where[first] = value
            return
        if isinstance(where, dict):
            inner = where.setdefault(first, {})
            if isinstance(inner, str) and first in _TYPED:
                where[first] = {"type": inner}
        inner = where[first]
    except (TypeError, IndexError, KeyError) as error:
        raise SpecError(f"--set {text}: there is nothing at {first!r} to set") from error
    if not isinstance(inner, dict | list):
        raise SpecError(f"--set {text}: {first!r} is {inner!r}, which has nothing below it")
    _set(inner, rest, value, text)
