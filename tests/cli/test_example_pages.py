"""The whole examples of some pages run as they stand there, section by section."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGES = ("coming-from.md", "config-files.md")
DOCS = Path(__file__).parents[2] / "docs"
SECTION = re.compile(r"^## (?P<title>.+)\n(?P<text>(?:(?!^## ).*\n)*)", re.MULTILINE)
FILE = re.compile(r"^`(?P<name>[\w./]+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

TEXTS = {name: (DOCS / name).read_text(encoding="utf-8") for name in PAGES}
SECTIONS = [
    pytest.param(name, found["title"], found["text"], id=found["title"])
    for name, text in TEXTS.items()
    for found in SECTION.finditer(text)
]


def files(text: str) -> Iterator[tuple[str, str]]:
    return ((found["name"], found["text"]) for found in FILE.finditer(text))


def lines(text: str) -> list[str]:
    return [line for found in COMMANDS.finditer(text) for line in found["text"].splitlines()]


@pytest.mark.integration
@pytest.mark.parametrize(("page", "title", "text"), SECTIONS)
def test_the_commands_of_a_section_run_one_after_the_other(
    tmp_path: Path, page: str, title: str, text: str
) -> None:
    before = TEXTS[page].partition("\n## ")[0] + "\n"
    for name, content in (*files(before), *files(text)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    commands = lines(text)
    assert commands, title
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
