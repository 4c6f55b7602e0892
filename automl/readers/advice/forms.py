"""Files whose names tell their form, and what of them has numbers."""

import codecs
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from automl.readers.csv_files.cells import cells_of, delimiter_of
from automl.readers.csv_files.reader import CsvReader
from automl.readers.json_files.documents import Documents
from automl.readers.json_files.places import numbers_in
from automl.readers.json_files.reader import JsonReader

_LOOKED_AT_BYTES = 4 << 20

FORMS: Mapping[str, type[JsonReader] | type[CsvReader]] = {
    ".json": JsonReader,
    ".jsonl": JsonReader,
    ".ndjson": JsonReader,
    ".csv": CsvReader,
    ".tsv": CsvReader,
}
"""The kind of reader by the end of a file's name."""


def form_of(location: str) -> type[JsonReader] | type[CsvReader] | None:
    """Return the kind of reader for a file, by its name; None for text of any form.

    >>> form_of("{{ trial.dir }}/log.csv").type, form_of("out.log")
    ('csv_reader', None)
    """
    return next((one for end, one in FORMS.items() if location.lower().endswith(end)), None)


def names_with_numbers(path: str) -> Sequence[str]:
    """Return the paths or columns of a file of a known form that may have numbers."""
    kind = form_of(path)
    if kind is None:
        return []
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LOOKED_AT_BYTES)
    except OSError:
        return []
    text = data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    return _NAMES[kind](text)


def _paths(text: str) -> Sequence[str]:
    last = None
    for document in Documents().feed(text, final=True, more=False):
        last = document.value
    return [path for path, _ in numbers_in(last)]


def _columns(text: str) -> Sequence[str]:
    header = next((line for line in text.splitlines() if line.strip()), "").lstrip("# ")
    with suppress(ValueError):
        return [one for one in cells_of(header, delimiter_of(header, [])) if one]
    return []


_NAMES: Mapping[type, Callable[[str], Sequence[str]]] = {JsonReader: _paths, CsvReader: _columns}
