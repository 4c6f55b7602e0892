"""INI files: only the text of a changed value becomes another."""

from collections.abc import Mapping
from typing import Any

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.data_kinds import Folded
from automl.render.patch.edits import Edit, edited, line_end, line_stop
from automl.render.patch.lines.ini_text import IniOption, IniText, parse_ini
from automl.render.patch.lines.text_lines import TextLine
from automl.render.patch.lines.words import word_of
from automl.render.patch.patcher import Steps

_WHAT = "INI"
_INDENT = "    "


class IniFormat:
    """Patches INI; everything but the changed values stays byte for byte."""

    suffixes: tuple[str, ...] = (".ini", ".cfg", ".conf")

    def data(self, text: str) -> dict[str, Any]:
        """Return sections with their options, all of them texts; see `Patcher`."""
        found = parse_ini(text)
        data: dict[str, Any] = Folded(
            (one.key, one.value(text)) for one in found.options if one.section is None
        )
        for name, _ in found.sections:
            if not isinstance(data.get(name), Folded):
                data[name] = Folded()
        for one in found.options:
            if one.section is not None:
                data[one.section][one.key] = one.value(text)
        return data

    def as_read(self, value: Any, before: Any) -> Any:  # noqa: ANN401 - any value
        """Return a value as INI has it; see `Patcher`."""
        if isinstance(value, dict) and (before is None or isinstance(before, dict)):
            return {key: self.as_read(one, None) for key, one in value.items()}
        return word_of(value, before=before, what=_WHAT)

    def patched(self, text: str, changes: Mapping[Steps, Any]) -> str:
        """Return the text with other values; see `Patcher`."""
        found = parse_ini(text)
        return edited(text, [_edit(text, found, *change) for change in changes.items()])

    def added(self, text: str, steps: Steps, value: Any) -> str:  # noqa: ANN401 - any value
        """Return the text with a key or a section more; see `Patcher`."""
        found = parse_ini(text)
        if isinstance(value, dict) and len(steps) == 1:
            lines = [_line(text, found, str(key), one) for key, one in value.items()]
            return edited(text, [_new_section(text, str(steps[0]), lines)])
        section, key = _section_and_key(found, steps)
        return edited(text, [_new_line(text, found, section, _line(text, found, key, value))])


def _edit(text: str, found: IniText, steps: Steps, value: object) -> Edit:
    option = _option(found, *_section_and_key(found, steps))
    word = word_of(value, before=option.value(text), what=_WHAT)
    if not option.pieces:
        return Edit(option.key_end, option.key_end, _sign(found) + _lines(text, word, _INDENT))
    (start, first_end), (_, end) = option.pieces[0], option.pieces[-1]
    gap = " " if start == first_end and option.sign[:1].isspace() else ""
    gap = "" if option.sign[-1:].isspace() else gap
    behind = " " if text[end : end + 1] in {"#", ";"} else ""
    return Edit(start, end, gap + _lines(text, word, _indent(text, option)) + behind)


def _section_and_key(found: IniText, steps: Steps) -> tuple[str | None, str]:
    names = [str(step) for step in steps]
    sections = {name for name, _ in found.sections}
    if len(names) == 1 and names[0] not in sections:
        return None, names[0]
    if len(names) == 2:  # noqa: PLR2004 - a section and its key
        return names[0], names[1]
    raise SpecError(
        f"{path_text(steps)!r}: INI has sections with keys, and a key has one text; write "
        "section.key, or ['a.b'].key for a section with a dot"
    )


def _option(found: IniText, section: str | None, key: str) -> IniOption:
    """Return the option that counts, which is the last of its name."""
    same = [
        one for one in found.options if one.section == section and one.key.lower() == key.lower()
    ]
    if len({one.key for one in same}) > 1:
        lines = " and ".join(f"{one.key} in line {one.line.number}" for one in same)
        raise SpecError(f"{lines} are one key to some programs and two to others; remove one")
    return same[-1]


def _lines(text: str, word: str, indent: str) -> str:
    """Return a value as it is written, its further lines after an indent."""
    return word.replace("\n", line_end(text) + indent)


def _indent(text: str, option: IniOption) -> str:
    """Return what the further lines of a value begin with."""
    for start, end in option.pieces[1:]:
        if start < end:
            line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
            return text[line:start]
    return _indent_of(option.line) + _INDENT


def _sign(found: IniText) -> str:
    """Return what stands between keys and values in this file."""
    return next((one.sign for one in found.options if one.sign.strip()), " = ")


def _line(text: str, found: IniText, key: str, value: object) -> str:
    return key + _sign(found) + _lines(text, word_of(value, before=None, what=_WHAT), _INDENT)


def _new_line(text: str, found: IniText, section: str | None, line: str) -> Edit:
    """Return what puts a new key at the end of its section."""
    options = [one for one in found.options if one.section == section]
    heads = [head for name, head in found.sections if name == section]
    if options and (not heads or options[-1].line.start > heads[-1].start):
        last = options[-1]
        at = line_stop(text, last.pieces[-1][1] if last.pieces else last.key_end)
        return Edit(at, at, line_end(text) + _indent_of(last.line) + line)
    if heads:
        at = line_stop(text, heads[-1].start)
        return Edit(at, at, line_end(text) + _indent_after(text, at) + line)
    if found.sections:
        first = found.sections[0][1]
        return Edit(first.start, first.start, _indent_of(first) + line + line_end(text))
    gap = line_end(text) if text and text[-1] not in "\r\n" else ""
    return Edit(len(text), len(text), gap + line + line_end(text))


def _indent_of(line: TextLine) -> str:
    return line.text[: len(line.text) - len(line.text.lstrip())]


def _indent_after(text: str, at: int) -> str:
    """Return the indent of what follows; a line with less of it would take that in as its own."""
    rest = text[at:].lstrip("\r\n")
    return rest[: len(rest) - len(rest.lstrip(" \t"))]


def _new_section(text: str, name: str, lines: list[str]) -> Edit:
    end = line_end(text)
    gap = end if text and text[-1] not in "\r\n" else ""
    blank = end if text.strip() else ""
    new = "".join(line + end for line in [f"[{name}]", *lines])
    return Edit(len(text), len(text), gap + blank + new)
