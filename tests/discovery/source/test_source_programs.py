"""Programs of many kinds, and what a person who reads them would find: `expected.txt` in each.

A line is: names | kind | default | choices or bounds | what else is known. A line with `$` is the
command, one with `?` a doubt.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from automl.discovery.option import MISSING, Option
from automl.discovery.source.reading import options_in_source

PROGRAMS = Path(__file__).parents[1] / "programs"


def tables() -> Iterator[tuple[str, str, str]]:
    """Yield the program, the command and the table of each."""
    for file in sorted(PROGRAMS.glob("*/expected.txt")):
        for part in file.read_text("utf-8").split("$ ")[1:]:
            command, _, table = part.partition("\n")
            yield file.parent.name, command, table.strip()


def row(option: Option) -> str:
    default = "-" if option.default is MISSING else repr(option.default)
    allowed = ", ".join(map(repr, option.choices)) or bounds(option)
    facts = {
        "positional": option.positional,
        "joined": option.joined,
        "many": option.many,
        "required": option.required,
        f"off {option.negative}": option.negative,
        f"given {' '.join(option.given or ())}".strip(): option.given is not None,
        f"excludes {' '.join(option.excludes)}": option.excludes,
        f"sub {option.subcommand}": option.subcommand,
    }
    told = ", ".join(name for name, holds in facts.items() if holds)
    return (
        f"{' '.join(option.names)} | {option.kind.value} | {default} | {allowed} | {told}".strip()
    )


def bounds(option: Option) -> str:
    if option.low is None and option.high is None:
        return ""
    low = "" if option.low is None else f"{option.low}{'<' * option.low_open}"
    high = "" if option.high is None else f"{'<' * option.high_open}{option.high}"
    return f"{low}..{high}"


@pytest.mark.parametrize(("program", "command", "table"), list(tables()))
def test_what_a_person_would_find(program: str, command: str, table: str) -> None:
    found = options_in_source(command.split(), PROGRAMS / program, {"PATH": "/usr/bin:/bin"})
    assert found is not None
    rows = [row(option) for option in found.options]
    rows += [f"? {doubt}" for doubt in found.doubts]
    assert "\n".join(rows) == tidy(table)


def tidy(table: str) -> str:
    """Return a table with single spaces around its bars."""
    lines = [
        " | ".join(part.strip() for part in line.split("|")).strip() if line[0] != "?" else line
        for line in table.splitlines()
    ]
    return "\n".join(lines)
