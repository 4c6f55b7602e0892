"""The config of a program with Orion's marks in it: `lr: orion~loguniform(1e-5, 1.0)`."""

from collections.abc import Iterator
from typing import Any

from automl.data_path.path import path_text
from automl.studies.foreign.orion.priors_found import NAMELESS, Priors
from automl.studies.foreign.space import Converted
from automl.studies.given.place import inside

_MARK = "orion~"
Steps = tuple[str | int, ...]


def has_marks(data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
    """Tell whether some value in a file is marked."""
    return any(True for _ in _marks(data, (), ""))


def of_config(data: Any) -> Converted:  # noqa: ANN401 - whatever a file holds
    """Return the study; each trial gets the file with its values.

    Raises:
        SpecError: a mark is not as Orion has it.
    """
    priors = Priors()
    changes = {
        path_text(steps): priors.add(path_text(steps), text, place)
        for steps, text, place in _marks(data, (), "")
    }
    return Converted(
        study=priors.keywords(),
        notes=tuple(priors.notes()),
        ranked_notes=(NAMELESS,),
        changes=changes,
    )


def _marks(data: Any, steps: Steps, place: str) -> Iterator[tuple[Steps, str, str]]:  # noqa: ANN401 - whatever a file holds
    """Yield the steps to each marked value, its prior, and its place."""
    if isinstance(data, str) and data.startswith(_MARK):
        yield steps, data.removeprefix(_MARK).removeprefix("+"), place
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _marks(value, (*steps, key), inside(place, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _marks(value, (*steps, number), f"{place}[{number}]")
