"""The values of a sweep as Hydra writes them: `a,b`, `choice(a, b)`, `tag(log, interval(1, 9))`."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from automl.registry import did_you_mean
from automl.render.documents.yaml_reading import yaml_value
from automl.space.values import written
from automl.studies.foreign import distributions as of
from automl.studies.foreign.distributions import Distribution
from automl.studies.foreign.entry import number_in
from automl.studies.ranges.part import Part, mistake

_CALL = re.compile(r"(?P<name>[A-Za-z_]\w*)\((?P<inside>.*)\)", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class _Sweep:
    """What stands between the brackets, and what was said around it."""

    part: Part
    positional: list[Part]
    named: dict[str, Part]
    tags: frozenset[str] = frozenset()
    cast: str = ""


def distribution_of(text: str) -> Distribution | None:
    """Return what a value becomes; None for one that only Hydra can list, `glob(*)`.

    Raises:
        SpecError: it is not as Hydra writes it; the message shows the place.
    """
    return _made(Part(text, 0, len(text)).stripped(), frozenset(), "")


def _made(part: Part, tags: frozenset[str], cast: str) -> Distribution | None:
    found = _CALL.fullmatch(part.text)
    if found is None or len(part.items()) > 1:
        return _listed(part, part.items(), cast)
    name = part.between(*found.span("name"))
    inside = part.between(*found.span("inside"))
    if name.text == "glob":
        return None
    items = inside.items() if inside.text.strip() else []
    if name.text in _CASTS:
        if len(items) != 1:
            raise mistake(part, f"{name.text} takes one sweep", f"{name.text}(interval(1, 9))")
        return _made(items[0], tags, cast or name.text)
    if name.text == "tag":
        said = frozenset(one.text for one in items[:-1])
        made = _made(items[-1], tags | said, cast) if items else None
        others = ", ".join(sorted(said - {"log"}))
        return made.noting(f"the tag {others} is left out") if made and others else made
    if name.text in {"shuffle", "sort"}:
        return _reordered(items, tags, cast)
    if name.text not in SWEEPS:
        near = did_you_mean(name.text, _KNOWN)
        raise mistake(name, f"Hydra has no sweep {name.text!r}{near}", ", ".join(_KNOWN))
    named, positional = {}, []
    for item in items:
        head, equals, _ = item.text.partition("=")
        if equals and head.strip().isidentifier():
            named[head.strip()] = item.between(len(head) + 1, len(item.text)).stripped()
        else:
            positional.append(item)
    return SWEEPS[name.text](_Sweep(part, positional, named, tags, cast))


def _reordered(items: list[Part], tags: frozenset[str], cast: str) -> Distribution | None:
    """Return a list, whose order says nothing here."""
    values = [item for item in items if not item.text.startswith(("reverse=", "reverse ="))]
    if len(values) == 1:
        return _made(values[0], tags, cast)
    return _listed(values[0], values, cast) if values else of.listed([])


def _choice(sweep: _Sweep) -> Distribution:
    return _listed(sweep.part, sweep.positional, sweep.cast)


def _listed(part: Part, items: list[Part], cast: str) -> Distribution:
    values = [_cast(item, _value(item), cast) for item in items]
    if not values:
        raise mistake(part, "the list is empty")
    return of.listed(values) if len(values) > 1 else of.constant(values[0])


def _interval(sweep: _Sweep) -> Distribution:
    low, high = _numbers(sweep, ("start", "end"), 2)
    log = "log" in sweep.tags
    if sweep.cast == "int":
        return of.integer(int(low), int(high), log=log)
    return of.real(low, high, log=log)


def _range(sweep: _Sweep) -> Distribution:
    """Return the values from `start` to before `stop`."""
    named = ("start", "stop", "step")
    if len(sweep.positional) == 1 and "stop" not in sweep.named:
        named = ("stop", "step", "start")
    given = dict(zip(named, _numbers(sweep, named, 1), strict=False))
    start, stop, step = given.get("start", 0), given["stop"], given.get("step", 1)
    if step == 0:
        raise mistake(sweep.part, "the step must not be 0")
    count = math.ceil((written(stop) - written(start)) / written(step))
    if count < 1:
        raise mistake(sweep.part, f"there is no value from {start} to before {stop}")
    whole = all(type(one) is int for one in (start, stop, step)) and sweep.cast != "float"
    last = written(start) + (count - 1) * written(step)
    low, high = sorted((start, int(last) if whole else float(last)))
    if whole:
        return of.integer(int(low), int(high), step=abs(int(step)))
    return of.stepped(low, high, abs(step))


def _numbers(sweep: _Sweep, names: tuple[str, ...], least: int) -> list[float]:
    parts = dict(zip(names, sweep.positional, strict=False))
    for name, part in sweep.named.items():
        if name not in names:
            raise mistake(part, f"there is no option {name}=", ", ".join(sorted(names)))
        parts[name] = part
    found = []
    for name in names:
        if name not in parts:
            break
        number = number_in(parts[name].text)
        if number is None:
            raise mistake(parts[name], f"{name} must be a number, got {parts[name].text!r}")
        found.append(number)
    if len(found) < least or len(sweep.positional) > len(names):
        raise mistake(sweep.part, "numbers are missing, or there are too many", ", ".join(names))
    return found


def _value(part: Part) -> Any:  # noqa: ANN401 - plain data
    """Return a value of a list; texts in quotes are texts, and so are bare words."""
    text = part.text
    if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]:
        return text[1:-1].replace(f"\\{text[0]}", text[0])
    if text[:1] in {"[", "{"}:
        return yaml_value(text)
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    number = number_in(text)
    return text if number is None else number


def _cast(part: Part, value: Any, cast: str) -> Any:  # noqa: ANN401 - plain data
    if not cast:
        return value
    try:
        return _CASTS[cast](value)
    except (TypeError, ValueError):
        raise mistake(part, f"{cast}() cannot take {part.text!r}") from None


_CASTS: dict[str, Callable[[Any], Any]] = {"int": int, "float": float, "str": str, "bool": bool}

SWEEPS: dict[str, Callable[[_Sweep], Distribution]] = {
    "choice": _choice,
    "range": _range,
    "interval": _interval,
}
_KNOWN = [*SWEEPS, *_CASTS, "tag", "glob", "shuffle", "sort"]
