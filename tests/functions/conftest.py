"""A door of its own for each test, in an empty folder."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from automl.functions import create


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current directory; no process of its studies outlives a test that failed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(create, "_CREATED", create._Created())
    yield tmp_path
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            folder = process.environ().get("AUTOML_STUDY_FOLDER", "")
            if folder.startswith(str(tmp_path)):
                process.kill()
