"""Config files in the words of a command, and the options in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from automl.discovery.config.settings import JSON, SECTIONS, YAML, Setting, settings_in
from automl.discovery.option import Kind, Option, Plain
from automl.space.numbers import is_number

_ALL = (*JSON, *YAML, *SECTIONS)
_OF_CONFIG = re.compile(r"--?\w*(?:co?n?fi?g|param|setting)", re.IGNORECASE)
_LARGEST = 1 << 20
_MOST_OPTIONS = 500


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A config file that a command names.

    Attributes:
        word: which word of the command names it.
        lead: what stands before the name in that word, such as `--config=`.
        name: the file as the command names it, with its extension.
        bare: whether the command names it without, as its program adds that.
        text: all that is in it.
        settings: its values.
    """

    word: int
    lead: str
    name: str
    text: str
    settings: tuple[Setting, ...]
    bare: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        """Its values as options, named by their paths."""
        return tuple(_option(one, self.name) for one in self.settings[:_MOST_OPTIONS])


def config_files(words: Sequence[str], start: int, cwd: str) -> Iterator[ConfigFile]:
    """Yield the config files that the program's own words name, and that have values.

    Args:
        words: the command.
        start: which word is the first of the program's own.
        cwd: where it runs.
    """
    for at in range(start, len(words)):
        lead, equals, name = words[at].rpartition("=")
        if "\0" in name or not name:
            continue
        for found in _names(name, lead or words[at - 1], cwd):
            suffix = Path(found).suffix.lower()
            text = _text_of(Path(cwd, found))
            settings = settings_in(text, suffix)
            if "{{" not in text and (settings or (text and suffix not in JSON)):
                lead += equals
                yield ConfigFile(at, lead, found, text, tuple(settings), bare=found != name)
                break


def _names(name: str, before: str, cwd: str) -> list[str]:
    """Return which files a word may name; that of an option may lack its extension."""
    if Path(name).suffix.lower() in _ALL:
        return [name]
    if not _OF_CONFIG.match(before) or Path(cwd, name).exists():
        return []
    return [f"{name}{suffix}" for suffix in _ALL]


def _text_of(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _option(setting: Setting, file: str) -> Option:
    value = setting.value
    place = f"{file}:{setting.line}" if setting.line else file
    choices: tuple[Plain, ...] = (True, False) if isinstance(value, bool) else ()
    return Option((setting.path,), _kind(value), value, choices=choices, place=place)


def _kind(value: Plain) -> Kind:
    if isinstance(value, bool):
        return Kind.CHOICE
    if isinstance(value, float):
        return Kind.FLOAT
    return Kind.INTEGER if is_number(value) else Kind.TEXT
