"""The values of a config file, each with its path and its line.

JSON is read whole. Of the others, the lines that give one key one value are read, which is how
people write what they tune: lists, anchors and texts over several lines are passed over.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from automl.discovery.help_text.values import plain_of
from automl.discovery.option import Plain

JSON = (".json",)
YAML = (".yaml", ".yml")
SECTIONS = (".toml", ".ini", ".cfg", ".conf")

_MOST_LINES, _DEEPEST = 5000, 20
_KEY = r"(?P<key>[A-Za-z_][\w.\-]*|\"[^\"\n]*\"|'[^'\n]*')"
_VALUE = r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s#;'\"\[{|>&*!,][^#\n]*?)"
_YAML_LINE = re.compile(
    rf"(?P<indent> *){_KEY}\s*:(?:[ \t]+&\S+)?(?:[ \t]+{_VALUE})?[ \t]*(?:#.*)?$"
)
_WITHIN = re.compile(r" *(?:- |-$|[^#\n]*:[ \t]*[|>][-+\d]*[ \t]*(?:#.*)?$)")
"""Begins an item of a list or a text of several lines: what lies deeper is no key of its own."""
_SECTION = re.compile(r"\s*\[(?P<name>[^\[\]]+)\]\s*(?:[#;].*)?$")
_SECTION_LINE = re.compile(rf"\s*{_KEY}\s*[=:]\s*{_VALUE}\s*(?:[#;].*)?$")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a config file.

    Attributes:
        path: its keys with dots between, as `optimizer.lr`.
        value: the value.
        line: in which line it stands, from 1; 0 if that is not known.
    """

    path: str
    value: Plain
    line: int = 0


def settings_in(text: str, suffix: str) -> list[Setting]:
    r"""Return the values of a file; none where it cannot be read.

    >>> [(one.path, one.value) for one in settings_in("opt:\n  lr: 0.1  # rate\n", ".yaml")]
    [('opt.lr', 0.1)]
    """
    if suffix in JSON:
        return _of_json(text)
    if suffix in YAML:
        return list(_of_yaml(text))
    return list(_of_sections(text)) if suffix in SECTIONS else []


def _of_json(text: str) -> list[Setting]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [Setting(path, value) for path, value in _leaves(whole, "", 0)]


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, Plain]]:  # noqa: ANN401 - JSON
    if not isinstance(value, dict) or depth > _DEEPEST:
        if path and not isinstance(value, dict):
            yield path, value
        return
    for key, inner in value.items():
        if re.fullmatch(r"[A-Za-z_]\w*", key):
            yield from _leaves(inner, f"{path}.{key}" if path else key, depth + 1)


def _of_yaml(text: str) -> Iterator[Setting]:
    above: list[tuple[int, str]] = []
    inside: int | None = None
    for number, line in _lines(text):
        if not line.strip() or (inside is not None and _indent(line) > inside):
            continue
        inside = _indent(line) if _WITHIN.match(line) else None
        found = _YAML_LINE.match(line)
        if found is None or inside is not None:
            continue
        indent, key = len(found["indent"]), found["key"].strip("'\"")
        above = [one for one in above if one[0] < indent]
        path = ".".join([*(name for _, name in above), key])
        if found["value"] is None:
            above.append((indent, key))
        elif len(above) <= _DEEPEST:
            yield _setting(path, found, number)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _of_sections(text: str) -> Iterator[Setting]:
    section = ""
    for number, line in _lines(text):
        if title := _SECTION.match(line):
            section = title["name"].strip()
        elif found := _SECTION_LINE.match(line):
            key = found["key"].strip("'\"")
            yield _setting(f"{section}.{key}" if section else key, found, number)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line."""
    for number, line in enumerate(text.split("\n")[:_MOST_LINES], 1):
        yield number, line.rstrip("\r")


def _setting(path: str, found: re.Match[str], number: int) -> Setting:
    word = found["value"]
    return Setting(path, _WORDS.get(word.lower(), plain_of(word)), number)
