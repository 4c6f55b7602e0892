"""Config files in the words of a command."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_OF_CONFIG = re.compile(r"--?\w*(?:co?n?fi?g|param|setting)", re.IGNORECASE)
_LARGEST = 1 << 18


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A config file that a command names.

    Attributes:
        word: which word of the command names it.
        lead: what stands before the name in that word, such as `--config=`.
        name: the file as the command names it, with its extension.
        text: all that is in it.
        bare: whether the command names it without its extension, as its program adds that.
    """

    word: int
    lead: str
    name: str
    text: str
    bare: bool = False


def config_files(
    words: Sequence[str], start: int, cwd: str, endings: Sequence[str]
) -> Iterator[ConfigFile]:
    """Yield the config files that the program's own words name.

    Args:
        words: the command.
        start: which word is the first of the program's own.
        cwd: where it runs.
        endings: how names of config files end, in small letters, the usual ones first.
    """
    for at in range(start, len(words)):
        lead, equals, name = words[at].rpartition("=")
        if "\0" in name or not name:
            continue
        for found in _names(name, lead or words[at - 1], cwd, endings):
            text = _text_of(Path(cwd, found))
            if text and "{{" not in text:
                yield ConfigFile(at, lead + equals, found, text, bare=found != name)
                break


def _names(name: str, before: str, cwd: str, endings: Sequence[str]) -> list[str]:
    """Return which files a word may name; that of an option may lack its extension."""
    if name.lower().endswith(tuple(endings)):
        return [name]
    if not _OF_CONFIG.match(before) or Path(cwd, name).exists():
        return []
    return [f"{name}{ending}" for ending in endings]


def _text_of(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
