"""The search spaces of NNI: a name to `_type` and `_value`."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from automl.errors import SpecError, shown
from automl.studies.foreign import distributions as of
from automl.studies.foreign.distributions import Distribution
from automl.studies.foreign.entry import Entry, entry_of, number_in, unknown
from automl.studies.foreign.parameters import Parameters, placed
from automl.studies.foreign.space import Beside, Converted
from automl.studies.given.place import inside

_TYPE, _VALUE, _NAME = "_type", "_value", "_name"


class NniSpace:
    """`{"lr": {"_type": "loguniform", "_value": [0.0001, 0.1]}}`."""

    title = "a search space of NNI"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether there is something with a `_type`."""
        return isinstance(data, dict) and any(
            isinstance(one, dict) and _TYPE in one for one in data.values()
        )

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; it does not say by what trials are ranked."""
        del beside
        parameters = parameters_of(entry_of(data))
        return Converted(
            study={"hyperparams": parameters.described},
            notes=tuple(parameters.notes),
            arguments=parameters.options(),
        )


def parameters_of(whole: Entry) -> Parameters:
    """Return the parameters of a space.

    Raises:
        SpecError: something is not as NNI has it.
    """
    parameters = Parameters()
    names = _Names(whole.data)
    for name, value in whole.data.items():
        entry = entry_of(value, inside(whole.place, name))
        described, notes = _described(entry, name, names)
        parameters.insert(described, entry.place)
        parameters.notes += notes
    return parameters


class _Names:
    """How parameters below a choice are called: as in NNI, or with what is above where needed."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._counts = Counter(path[-1] for path in _paths(data, ()))
        self._below = Counter((path[0], path[-1]) for path in _paths(data, ()))

    def of(self, path: tuple[str, ...]) -> str:
        """Return the name of what is below choices; the path has these, their labels, and it."""
        if self._counts[path[-1]] == 1:
            return path[-1]
        if self._below[path[0], path[-1]] == 1:
            return f"{path[0]}.{path[-1]}"
        return ".".join(path)


def _paths(data: Mapping[str, Any], before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, value in data.items():
        if not isinstance(value, Mapping) or _TYPE not in value:
            continue
        yield (*before, name)
        for option in value[_VALUE] if _is_nested(value) else []:
            if isinstance(option, Mapping):
                yield from _paths(option, (*before, name, str(option.get(_NAME))))


def _is_nested(value: Mapping[str, Any]) -> bool:
    options = value.get(_VALUE)
    return (
        value.get(_TYPE) == "choice"
        and isinstance(options, list)
        and any(isinstance(one, dict) and _NAME in one for one in options)
    )


def _described(
    entry: Entry, name: str, names: _Names, path: tuple[str, ...] = ()
) -> tuple[dict[str, Any], list[str]]:
    """Return a parameter, or a choice with all below it, and in what they differ."""
    path = (*path, name)
    called = names.of(path)
    kind = entry.text(_TYPE)
    if kind not in TYPES:
        entry.fail(unknown(_TYPE, kind, TYPES), _TYPE)
    if _is_nested(entry.data):
        return _choice(entry, called, names, path)
    with placed(entry.place):
        made = TYPES[kind](entry)
    notes = [f"{called}: {note}" for note in made.notes]
    return {"type": made.described["type"], "name": called, **made.described}, notes


def _choice(
    entry: Entry, called: str, names: _Names, path: tuple[str, ...]
) -> tuple[dict[str, Any], list[str]]:
    options: dict[str, list[dict[str, Any]]] = {}
    notes: list[str] = []
    for option in entry.entries(_VALUE):
        label = option.text(_NAME)
        if label in options:
            option.fail(f"the {_NAME} {label!r} is there twice", _NAME)
        options[label] = []
        for name, value in option.data.items():
            if name == _NAME:
                continue
            below = entry_of(value, inside(option.place, name))
            described, more = _described(below, name, names, (*path, label))
            options[label].append(described)
            notes += more
    return {"type": "Choice", "name": called, "options": options}, notes


def _numbers(entry: Entry, *names: str) -> list[float]:
    values = entry.get(_VALUE)
    numbers = [number_in(one) for one in values] if isinstance(values, list) else []
    if len(numbers) != len(names) or None in numbers:
        message = f"{entry.data[_TYPE]} takes [{', '.join(names)}], got {shown(values)}"
        entry.fail(message, _VALUE)
    return [one for one in numbers if one is not None]


def _listed(entry: Entry) -> Distribution:
    return of.listed(entry.listed(_VALUE))


def _randint(entry: Entry) -> Distribution:
    values = entry.get(_VALUE)
    if isinstance(values, list) and len(values) == 1:
        values = [0, *values]  # the form of NNI before 0.9
    low, high = _numbers(Entry({**entry.data, _VALUE: values}, entry.place), "lower", "upper")
    if not (float(low).is_integer() and float(high).is_integer()):
        raise SpecError(f"randint takes whole numbers, got {shown(values)}")
    return of.below(int(low), int(high))


def _real(*, log: bool) -> Callable[[Entry], Distribution]:
    return lambda entry: of.real(*_numbers(entry, "low", "high"), log=log)


def _rounded(*, log: bool) -> Callable[[Entry], Distribution]:
    def make(entry: Entry) -> Distribution:
        return of.quantized(*_numbers(entry, "low", "high", "q"), log=log)

    return make


def _bell(*, log: bool) -> Callable[[Entry], Distribution]:
    return lambda entry: of.bell(*_numbers(entry, "mu", "sigma"), log=log)


def _rounded_bell(*, log: bool) -> Callable[[Entry], Distribution]:
    def make(entry: Entry) -> Distribution:
        return of.bell(*_numbers(entry, "mu", "sigma", "q"), log=log)

    return make


TYPES: dict[str, Callable[[Entry], Distribution]] = {
    "choice": _listed,
    "randint": _randint,
    "uniform": _real(log=False),
    "loguniform": _real(log=True),
    "quniform": _rounded(log=False),
    "qloguniform": _rounded(log=True),
    "normal": _bell(log=False),
    "lognormal": _bell(log=True),
    "qnormal": _rounded_bell(log=False),
    "qlognormal": _rounded_bell(log=True),
}
"""Each type with what makes a parameter of it."""
