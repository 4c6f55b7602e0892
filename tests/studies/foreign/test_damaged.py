"""A file that is cut, or has something odd in any place, is refused in words or read."""

import copy
import itertools
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from foreign_samples import SAMPLES

from automl.errors import SpecError
from automl.studies.foreign.reading import read_space
from automl.studies.foreign.registry import SPACES
from automl.studies.foreign.source import read_source
from automl.studies.foreign.space import Beside

pytestmark = pytest.mark.integration

ODD: list[Any] = [None, "", "x", -1, 0.5, 10**400, True, [], [None], {}, {"a": []}, [[1, "b"]]]
CUTS = 30


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("kind", "name", "text"), SAMPLES, ids=lambda one: str(one)[:20])
def test_a_file_that_is_cut_is_read_or_refused(
    place: Path, kind: str, name: str, text: str
) -> None:
    for number in range(CUTS):
        (place / name).write_text(text[: len(text) * number // CUTS])
        with suppress(SpecError):
            read_space(name)
        with suppress(SpecError):
            read_space(name, kind)


def damaged(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value."""
    if path:
        yield path
    steps = (
        list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    )
    for step in steps:
        yield from damaged(data[step], (*path, step))


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    whole = copy.deepcopy(data)
    where = whole
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = value
    return whole


@pytest.mark.parametrize(("kind", "name", "text"), SAMPLES, ids=lambda one: str(one)[:20])
def test_an_odd_value_in_any_place_is_read_or_refused(
    place: Path, kind: str, name: str, text: str
) -> None:
    (place / name).write_text(text)
    data = read_source(Path(name)).data
    if isinstance(data, str):
        return
    beside: Beside[Any] = lambda _, convert: convert({})  # noqa: E731 - a file with nothing
    spaces = [SPACES.create(name, {}) for name in SPACES.names()]
    for path, odd in itertools.product(damaged(data), ODD):
        other = changed(data, path, odd)
        for space in spaces:
            space.recognises(other)
        with suppress(SpecError):
            SPACES.create(kind, {}).converted(other, beside)
