"""A help text divided into its entries: a head, and all that is said of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from automl.discovery.help_text.head import Head, head_of
from automl.discovery.help_text.plain_lines import indent_of

MOST_ENTRIES, MOST_CHARS = 2000, 2000
_TITLE = re.compile(r"(?P<title>[A-Za-z][\w ,/()&-]{1,60}):?")
_POSITIONAL = re.compile(r"positional|\barguments?$|\bargs$", re.IGNORECASE)
_COMMANDS = re.compile(r"\b(?:sub-?commands?|commands?|verbs?|actions)\b", re.IGNORECASE)
_BARE = re.compile(
    r"\s{1,8}\*?\s*(?P<name><[^<>]+>|\[[A-Za-z][\w-]*\]|[A-Za-z][\w.-]*)(?:\.\.\.)?(?P<gap>\s{2,}|:\s+|$)"
)
_ONE_OF = re.compile(r"\s{1,8}\{(?P<names>[\w,.-]+)\}")
_FAR = 16
_LONGEST_TITLE = 70


@dataclass(slots=True)
class Entry:
    """An option of a help text, or a positional, with what is said of it.

    Attributes:
        head: how it is typed; a positional has a name without dashes.
        lines: its description.
        section: the title above it, in small letters.
    """

    head: Head
    lines: list[str] = field(default_factory=list)
    section: str = ""

    @property
    def text(self) -> str:
        """The description as one line."""
        return " ".join(" ".join(self.lines).split())[:MOST_CHARS]


@dataclass(slots=True)
class Entries:
    """What a help text lists.

    Attributes:
        options: entries of options.
        positionals: entries below a title such as `positional arguments`.
        commands: names of subcommands.
    """

    options: list[Entry] = field(default_factory=list)
    positionals: list[Entry] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


def entries_of(lines: Sequence[str]) -> Entries:
    """Return what the lines of a help text list."""
    found = Entries()
    reading = _Reading(found)
    for line in lines:
        reading.take(line)
        if len(found.options) + len(found.positionals) >= MOST_ENTRIES:
            break
    return found


class _Reading:
    """Line after line: the entry that goes on, and the section that it is in."""

    def __init__(self, found: Entries) -> None:
        self._found = found
        self._section = ""
        self._entry: Entry | None = None
        self._indent = 0

    def take(self, line: str) -> None:
        """Take the next line."""
        if not line:
            return
        indent = indent_of(line)
        head = head_of(line) if line.lstrip(" *").startswith("-") else None
        if head and self._may_begin(indent):
            self._begin(head, indent, self._found.options)
        elif self._goes_on(indent):
            self._add(line.strip())
        elif self._is_title(line, indent):
            self._section, self._entry = line.strip(" :").lower(), None
        else:
            self._entry = None
            self._bare(line, indent)

    def _may_begin(self, indent: int) -> bool:
        """Tell whether a line that begins with a dash is an entry, not a line of a description."""
        if self._entry is None:
            return True
        column = self._entry.head.column
        return indent < column if column else indent < max(self._indent + _FAR, 1)

    def _goes_on(self, indent: int) -> bool:
        return self._entry is not None and indent > self._indent

    def _begin(self, head: Head, indent: int, where: list[Entry]) -> None:
        self._entry, self._indent = Entry(head, section=self._section), indent
        where.append(self._entry)
        if head.rest:
            self._add(head.rest)

    def _add(self, text: str) -> None:
        if self._entry and len(self._entry.lines) < MOST_CHARS // 10:
            self._entry.lines.append(text)

    def _is_title(self, line: str, indent: int) -> bool:
        title = line.strip()
        if len(title) > _LONGEST_TITLE:
            return False
        known = _POSITIONAL.search(title.rstrip(":")) or _COMMANDS.search(title)
        whole = _TITLE.fullmatch(title)
        return bool(whole and (title.endswith(":") or (indent <= 1 and known) or title.isupper()))

    def _bare(self, line: str, indent: int) -> None:
        """Take a line that begins with a bare word: a positional, or a subcommand."""
        is_commands = bool(_COMMANDS.search(self._section))
        listed = _ONE_OF.match(line)
        if listed and (is_commands or _POSITIONAL.search(self._section)):
            self._found.commands += listed["names"].split(",")
            return
        found = _BARE.match(line)
        if found is None:
            return
        name = found["name"].strip("<>[]")
        if is_commands:
            if indent <= _FAR // 2 and name not in self._found.commands:
                self._found.commands.append(name)
        elif _POSITIONAL.search(self._section):
            head = head_of(f"{' ' * indent}--{name}{found['gap'] or '  '}{line[found.end() :]}")
            if head:
                self._begin(_positional(name, found["name"], head), indent, self._found.positionals)


def _positional(name: str, shown: str, head: Head) -> Head:
    """Return the head of a positional from that of an option of its name."""
    return replace(head, names=(name,), value=head.value or shown, count=1)
