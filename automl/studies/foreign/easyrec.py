"""The lists of EasyRec and PAI: a dictionary for each parameter, with type, name and values."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.space.kinds.registry import PARAMETERS
from automl.studies.foreign.entry import Entry, entry_of
from automl.studies.foreign.parameters import Parameters, expression, placed
from automl.studies.foreign.space import Argument, Beside, Converted
from automl.studies.given.place import inside

_LISTS = ("hyperparams", "hyperparameters", "space")
_ALIKE = {"float": "Real", "double": "Real", "int": "Integer"}
_BOUNDS = {
    "min": "min_value",
    "max": "max_value",
    "minValue": "min_value",
    "maxValue": "max_value",
}
_OPTION = re.compile(r"[A-Za-z_][\w\-]*")


class EasyRecSpace:
    """`[{"type": "Categorical", "name": "data_config.batch_size", "candidates": [256, 512]}]`."""

    title = "a list of parameters of EasyRec or PAI"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether it is a list of dictionaries with type and name."""
        items = _list_in(data)
        return isinstance(items, list) and any(
            isinstance(one, dict) and {"type", "name"} <= one.keys() for one in items
        )

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; names that are paths in a config are told as EasyRec's edits of it."""
        del beside
        parameters = Parameters()
        for entry in _entries(data):
            parameters.insert(_described(entry), entry.place)
        notes = []
        arguments = parameters.options()
        if not all(_OPTION.fullmatch(name) for name in parameters.names):
            arguments = (_edits(parameters),)
            notes.append("the values change pipeline.config by --edit_config_json of the command")
        study = {"hyperparams": parameters.described}
        return Converted(study=study, notes=tuple(notes), arguments=arguments)


def _list_in(data: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    if not isinstance(data, Mapping):
        return data
    return next((data[key] for key in _LISTS if isinstance(data.get(key), list)), None)


def _entries(data: Any) -> Iterator[Entry]:  # noqa: ANN401 - whatever a file holds
    items = _list_in(data)
    if not isinstance(items, list):
        raise SpecError("it must hold a list of dictionaries with type and name")
    key = next((key for key in _LISTS if isinstance(data, Mapping) and data.get(key) is items), "")
    place = inside("", key) if key else ""
    for number, one in enumerate(items):
        yield entry_of(one, f"{place}[{number}]")


def _described(entry: Entry) -> dict[str, Any]:
    """Return a parameter in the words of our own door."""
    kind = entry.text("type")
    known = {name.casefold(): name for name in PARAMETERS.names()} | _ALIKE
    if kind.casefold() not in known:
        near = did_you_mean(kind, PARAMETERS.names())
        listed = ", ".join(PARAMETERS.names())
        entry.fail(f"type {kind!r} is unknown{near}; known: {listed}", "type")
    described: dict[str, Any] = {"type": known[kind.casefold()]}
    for option, value in entry.data.items():
        if option == "type":
            continue
        described[_BOUNDS.get(option, option)] = value
    with placed(entry.place):
        return _with_numbers(described)


def _with_numbers(described: dict[str, Any]) -> dict[str, Any]:
    """Return bounds of whole numbers as such, where they are written as 3.0."""
    if described["type"] != "Integer":
        return described
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in described.items()
    }


def _edits(parameters: Parameters) -> Argument:
    names = tuple(parameters.names)
    pairs = ", ".join(f"{name!r}: {expression(name)}" for name in names)
    return Argument(names, ("--edit_config_json", f"{{{{ {{{pairs}}} }}}}"))
