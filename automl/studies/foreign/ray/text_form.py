"""The text form of spaces, of LibCity and RecBole: `learning_rate loguniform -8,0`, one a line."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.studies.foreign import distributions as of
from automl.studies.foreign.distributions import Distribution
from automl.studies.foreign.entry import number_in, unknown
from automl.studies.foreign.parameters import Parameters, placed
from automl.studies.foreign.ray.spaces import RANKED_NOTE, RaySpace, config_file, ranked
from automl.studies.foreign.space import Beside, Converted

_LINE = re.compile(
    r"\s*(?P<name>[^\s#]+)[ \t]+(?P<type>[A-Za-z_]\w*)[ \t]*(?P<values>[^A-Za-z_].*)"
)
_NUMBERS = {
    "uniform": ("low", "high"),
    "loguniform": ("low", "high"),
    "quniform": ("low", "high", "q"),
}
TYPES = ("choice", *_NUMBERS)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    name: str
    kind: str
    values: str

    @property
    def place(self) -> str:
        return f"[{self.number}]"


class RayTextSpace:
    """Lines of a name, a type and its values, in brackets or without."""

    title = "a space of LibCity or RecBole as text"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether it is a text whose lines have the form, most of them with a known type."""
        if not isinstance(data, str):
            return False
        lines = [line for line in data.splitlines() if _is_said(line)]
        found = [one for line in lines if (one := _LINE.fullmatch(line))]
        return bool(lines) and any(one["type"] in TYPES for one in found)

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; the bounds of `loguniform` are exponents of e. LibCity has JSON too."""
        if not isinstance(data, str):
            return RaySpace().converted(data, beside)
        parameters = Parameters()
        for line in _lines(data):
            with placed(line.place):
                parameters.add(line.name, _made(line), line.place)
        return Converted(
            study={"hyperparams": parameters.described, **ranked()},
            notes=tuple(parameters.notes),
            ranked_notes=(RANKED_NOTE,),
            arguments=parameters.options(),
            instead=config_file(parameters),
        )


def _is_said(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _lines(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines()):
        if not _is_said(line):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise SpecError(
                "a line is a name, a type and its values, as in: learning_rate loguniform -5,0",
                place=f"[{number}]",
            )
        yield _Line(number, found["name"], found["type"], found["values"].strip())


def _made(line: _Line) -> Distribution:
    if line.kind not in TYPES:
        raise SpecError(unknown("type", line.kind, TYPES))
    if line.kind == "choice":
        return of.listed(_list(line))
    numbers = _numbers(line)
    if line.kind == "uniform":
        return of.real(*numbers)
    if line.kind == "quniform":
        return of.quantized(*numbers)
    made = of.exponents(*numbers)
    low, high = made.described["min_value"], made.described["max_value"]
    return made.noting(f"the bounds are exponents of e: from {low:.3g} to {high:.3g}")


def _numbers(line: _Line) -> list[float]:
    """Return the numbers of a line; their brackets may be of any kind, or left out."""
    names = _NUMBERS[line.kind]
    bare = line.values.strip()
    if bare[:1] in {"[", "("} and bare[-1:] in {"]", ")"}:
        bare = bare[1:-1]
    numbers = [number_in(one.strip()) for one in bare.split(",")]
    if len(numbers) != len(names) or None in numbers:
        raise SpecError(
            f"{line.kind} takes {len(names)} numbers ({', '.join(names)}), got {line.values!r}"
        )
    return [one for one in numbers if one is not None]


def _list(line: _Line) -> list[Any]:
    """Return the list of a line, as Python writes one."""
    try:
        values = ast.literal_eval(line.values)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        values = None
    if not isinstance(values, list | tuple):
        raise SpecError(f"choice takes a list such as [0.1, 'adam'], got {line.values!r}")
    return [list(one) if isinstance(one, tuple) else one for one in values]
