"""A study on disk, and the command to ask about it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from written_studies import COMPLETE, write_study

from automl.cli import main as cli
from automl.journal.folder import StudyFolder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def digits(here: Path) -> StudyFolder:
    """A complete study of three trials, the last of which failed."""
    folder = write_study(here, "digits", COMPLETE)
    for number, text in enumerate(("acc 0.75\n", "acc 0.5\n", "")):
        path = Path(folder.trial(number).path)
        path.mkdir(parents=True)
        (path / "stdout.log").write_text(text)
        (path / "stderr.log").write_text("oops\n")
    return folder


@pytest.fixture
def automl(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command in this process; return its code, its output and its errors."""

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main(words)
        return code, *capsys.readouterr()

    return run
