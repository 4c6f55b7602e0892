"""Config files in the words of a command, and the options in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from automl.discovery.config.settings import JSON, SECTIONS, YAML, Setting, settings_in
from automl.discovery.option import Kind, Option, Plain
from automl.space.numbers import is_number

_LARGEST = 1 << 20
_MOST_OPTIONS = 500


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A config file that a command names.

    Attributes:
        word: which word of the command names it.
        lead: what stands before the name in that word, such as `--config=`.
        name: the file as the command names it.
        text: all that is in it.
        settings: its values.
    """

    word: int
    lead: str
    name: str
    text: str
    settings: tuple[Setting, ...]

    @property
    def is_json(self) -> bool:
        """Whether values are set by their paths; in others they are replaced in the text."""
        return Path(self.name).suffix.lower() in JSON

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
        suffix = Path(name).suffix.lower() if "\0" not in name else ""
        if suffix not in (*JSON, *YAML, *SECTIONS):
            continue
        text = _text_of(Path(cwd, name))
        settings = settings_in(text, suffix)
        if settings and "{{" not in text:
            yield ConfigFile(at, lead + equals, name, text, tuple(settings))


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
