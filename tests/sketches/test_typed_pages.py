"""The files that the pages tell to write pass the checker of types that automl itself passes."""

import subprocess
import sys
from pathlib import Path

import pytest
from toy_package import ROOT, blocks

pytestmark = pytest.mark.integration


def test_the_pages_files_are_typed(tmp_path: Path) -> None:
    pages = ("task.md", "reader.md", "format.md", "parameter.md")
    files = [tmp_path / page.replace(".md", "_page.py") for page in pages]
    for page, file in zip(pages, files, strict=True):
        file.write_text(blocks(page, "python")[0], "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
