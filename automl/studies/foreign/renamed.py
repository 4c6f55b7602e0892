"""Words of another tool that have another name here, or none."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from automl.studies.foreign.entry import Entry

NO_CHECKPOINTS = (
    "--algorithm pbt needs a budget and a command that continues from {{ trial.checkpoint_dir }}"
)
"""The note on a population, of which other tools do not say how its members go on."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a word becomes.

    Attributes:
        ours: our word.
        note: in what it differs; empty where it does not.
    """

    ours: str
    note: str = ""


def renamed(entry: Entry, key: str, table: Mapping[str, Renamed], notes: list[str]) -> str:
    """Return our word for the one that a key has; in what it differs is added to the notes.

    Raises:
        SpecError: it is unknown; the message lists the known ones.
    """
    word = entry.choice(key, table)
    found = table[word]
    if found.note or word.casefold() != found.ours:
        why = f": {found.note}" if found.note else ""
        notes.append(f"{word} becomes {found.ours}{why}")
    return found.ours


def ignored(entry: Entry, known: Collection[str]) -> Iterator[str]:
    """Yield a note on each key that has no counterpart."""
    for key, value in entry.data.items():
        if key not in known and value is not None:
            yield left_out(f"{entry.place}.{key}" if entry.place else str(key))


def left_out(what: str) -> str:
    """Return the note on something that has no counterpart."""
    return f"{what} has no counterpart, and is left out"
