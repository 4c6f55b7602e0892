"""The numbers at one path of the JSON documents of a file."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from automl.data_path.path import Step
from automl.readers.advice.likeness import nearest_first
from automl.readers.json_files.documents import Document, Documents
from automl.readers.json_files.places import Place, Positions, number_at, numbers_in, places_of
from automl.readers.records.parser import Found

POSITION = "#"
"""What a user gives for the step where it is the place of the number in its list."""

_SHOWN_PATHS, _SHOWN_CHARS = 6, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPaths:
    """What is looked for.

    Attributes:
        key: the path as the user wrote it.
        path: its steps.
        step: the path to the step, as it was written; empty for none.
        step_path: its steps; None where the step is a position, or there is none.
    """

    key: str
    path: Sequence[Step]
    step: str = ""
    step_path: Sequence[Step] | None = None


class JsonParser:
    """Takes the numbers at a path; it is a `RecordParser`.

    Args:
        paths: what is looked for.
    """

    def __init__(self, paths: JsonPaths) -> None:
        self._paths = paths
        self._documents = Documents()
        self._refused: list[Any] = []
        self._last: Any = None
        self._count = 0
        self.records = 0
        self.warnings: dict[str, str] = {}

    @property
    def left_out(self) -> str:
        """What could not be read although it is there."""
        return self._documents.left_out

    @property
    def has_steps(self) -> bool:
        """Whether a step was asked for."""
        return bool(self._paths.step)

    def feed(self, text: str, *, final: bool, more: bool) -> Sequence[Found]:
        """Return the numbers of the documents that a text completes."""
        found = [
            one
            for document in self._documents.feed(text, final=final, more=more)
            for one in self._numbers(document)
        ]
        self._count += len(found)
        self._warn(found)
        return found

    def silence(self, path: str) -> str:
        """Return why there is no number."""
        key, documents = self._paths.key, self._documents
        if not self.records:
            if documents.mistake:
                return f"{path} is no JSON ({documents.mistake}), so there is no {key!r}"
            state = "ends in the middle" if documents.unfinished else "has only blanks"
            return f"{path} {state}, so there is no {key!r}"
        if self._refused:
            shown = _shown(self._refused[0])
            return f"{key!r} is {shown} in {path}, which is no number"
        return f"no {key!r} in {path}{self._nearest(key)}"

    def _numbers(self, document: Document) -> Iterator[Found]:
        self.records += 1
        self._last = document.value
        places = places_of(document.value, self._paths.path)
        steps = self._steps_of(document) if places else {}
        for place in places:
            value = number_at(place.value)
            if value is not None:
                yield Found(value, self._step(place, steps), document.line, document.text)
            elif not self._refused:
                self._refused.append(place.value)

    def _steps_of(self, document: Document) -> dict[Positions, float]:
        if self._paths.step_path is None:
            return {}
        places = places_of(document.value, self._paths.step_path)
        numbers = ((one.positions, number_at(one.value)) for one in places)
        return {positions: number for positions, number in numbers if number is not None}

    def _step(self, place: Place, steps: Mapping[Positions, float]) -> float:
        """Return the step of a number: that of the same items of lists, or of those around it."""
        if self._paths.step == POSITION:
            return float(place.positions[-1] if place.positions else self.records - 1)
        positions = place.positions
        while positions and positions not in steps:
            positions = positions[:-1]
        return steps.get(positions, math.nan)

    def _nearest(self, asked: str) -> str:
        shown = dict(numbers_in(self._last))
        names = list(islice(nearest_first(shown, asked), _SHOWN_PATHS))
        told = ", ".join(f"{name!r} ({shown[name][:_SHOWN_CHARS]})" for name in names)
        return f"; it has {told}" if told else f"; it has {_shown(self._last)}"

    def _warn(self, found: Sequence[Found]) -> None:
        twice = self._documents.twice.intersection(map(str, self._paths.path))
        for key in twice:
            self.warnings.setdefault(
                "key twice", f"the key {key!r} stands twice in one object of JSON: the last counts"
            )
        step = self._paths.step
        if found and step and all(math.isnan(one.step) for one in found):
            self.warnings.setdefault(
                "no steps",
                f"there are numbers at {self._paths.key!r}, but no step at {step!r}"
                f"{self._nearest(step)}. Pruners leave out numbers without a step",
            )


def _shown(value: object) -> str:
    """Return what a value is, in a few words."""
    if isinstance(value, dict):
        keys = ", ".join(map(repr, islice(value, _SHOWN_PATHS)))
        return f"an object with {keys or 'nothing'}"[:_SHOWN_CHARS]
    if isinstance(value, list):
        return f"a list of {len(value)}"
    plain = {True: "true", False: "false", None: "null"}
    if isinstance(value, bool) or value is None:
        return plain[value]
    return repr(value)[:_SHOWN_CHARS]
