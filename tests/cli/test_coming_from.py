"""The examples for users of other tools run as they stand on their page."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "coming-from.md"
SECTION = re.compile(r"^## (?P<title>.+)\n(?P<text>(?:(?!^## ).*\n)*)", re.MULTILINE)
FILE = re.compile(r"^`(?P<name>[\w./]+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

TEXT = PAGE.read_text(encoding="utf-8")
BEFORE = TEXT[: TEXT.index("\n## ")]
SECTIONS = {found["title"]: found["text"] for found in SECTION.finditer(TEXT)}


def files(text: str) -> Iterator[tuple[str, str]]:
    return ((found["name"], found["text"]) for found in FILE.finditer(text))


def lines(text: str) -> list[str]:
    return [line for found in COMMANDS.finditer(text) for line in found["text"].splitlines()]


@pytest.mark.integration
@pytest.mark.parametrize("title", SECTIONS)
def test_the_commands_of_a_section_run_one_after_the_other(tmp_path: Path, title: str) -> None:
    for name, text in (*files(BEFORE), *files(SECTIONS[title])):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    commands = lines(SECTIONS[title])
    assert commands
    for line in commands:
        words = shlex.split(line)
        assert words[0] == "automl"
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        if words[1] == "run":
            assert "best: trial" in done.stdout
