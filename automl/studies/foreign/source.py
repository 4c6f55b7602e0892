"""A file with the space of another tool: its data, and mistakes in it with line and column."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from automl.errors import SpecError
from automl.studies.study_file.formats import FORMATS, YAML, Format
from automl.studies.study_file.reading import text_of

T = TypeVar("T")

_AT = re.compile(r"line (?P<line>\d+), column (?P<column>\d+): ")
_LINE = re.compile(r"\[(\d+)\]")
_WIDEST = 100
"""Of a longer line, so many characters around the place are shown."""


class _ToldError(SpecError):
    """One that names its file."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file.

    Attributes:
        path: as it was named, or beside which file it was found.
        text: all that it holds.
        data: the same as plain data; the text itself where that has no form.
        format: its form; None for plain text.
    """

    path: Path
    text: str
    data: Any
    format: Format | None

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Let each error within name the file, with line and column where it has a place."""
        try:
            yield
        except _ToldError:
            raise
        except SpecError as error:
            raise self.mistake(str(error), self._mark(error.place)) from error

    def mistake(self, told: str, mark: tuple[int, int] | None) -> SpecError:
        """Return an error that names the file, and shows the line and the place in it."""
        if mark is None:
            return _ToldError(f"{self.path}: {told}")
        head = f"{self.path}, line {mark[0]}, column {mark[1]}: {told}"
        return _ToldError("\n".join([head, *_shown(self.text, mark)]))

    def beside(self, name: str, convert: Callable[[Any], T]) -> T:
        """Return what is made of the data of a file that this one names.

        Raises:
            SpecError: it cannot be read, or as `convert` raises it, with its line.
        """
        other = read_source(self.path.parent / Path(name).expanduser())
        with other.telling():
            return convert(other.data)

    def _mark(self, place: str) -> tuple[int, int] | None:
        if self.format is None:
            found = _LINE.fullmatch(place)
            return (int(found[1]) + 1, 1) if found else None
        marks = self.format.marks(self.text)
        while place:
            if place in marks:
                return marks[place]
            place = place[: max(place.rfind("."), place.rfind("["), 0)]
        return None


def read_source(path: Path) -> Source:
    """Return a file: JSON, TOML or YAML by its name, else by what it holds.

    The name may lack its end `.json`, as LibCity wants it.

    Raises:
        SpecError: it cannot be read, or is not of the format that its name says; the message has
            line and column, and the line itself.
    """
    if not path.exists() and path.with_name(f"{path.name}.json").exists():
        path = path.with_name(f"{path.name}.json")
    try:
        text = text_of(path.read_bytes())
    except OSError as error:
        raise _ToldError(f"{path} cannot be read: {error.strerror}") from error
    except SpecError as error:
        raise _ToldError(f"{path}: {error}") from error
    return _source(path, text)


def _source(path: Path, text: str) -> Source:
    named = FORMATS.get(path.suffix.lower())
    if named is None and path.suffix.lower() in {".yaml", ".yml"}:
        named = YAML
    form = named or (FORMATS[".json"] if text.lstrip()[:1] in {"{", "["} else YAML)
    try:
        data = form.value(text)
    except SpecError as error:
        if named is None and form is YAML:
            return Source(path, text, text, None)
        raise _unread(path, text, str(error)) from error
    if isinstance(data, str) and named is None:
        return Source(path, text, text, None)
    return Source(path, text, data, form)


def _unread(path: Path, text: str, told: str) -> SpecError:
    source = Source(path, text, None, None)
    found = _AT.match(told)
    if found is None:
        return source.mistake(told, None)
    told = told.replace(
        "but found another document", "here begins another document; keep the one that counts"
    )
    return source.mistake(told[found.end() :], (int(found["line"]), int(found["column"])))


def _shown(text: str, mark: tuple[int, int]) -> list[str]:
    """Return the line of a place, and a mark below the place."""
    lines = text.splitlines()
    line, column = mark
    if line > len(lines):
        return []
    shown = lines[line - 1].expandtabs(1).rstrip()
    at = min(column - 1, len(shown))
    if len(shown) > _WIDEST:
        first = max(0, at - _WIDEST // 2)
        shown, at = shown[first : first + _WIDEST], at - first
    return [f"    {shown}", f"    {' ' * at}^"] if shown.isprintable() else []
