"""Files of other tools, written and read."""

from pathlib import Path

import pytest
from foreign_samples import Read, Refused

from automl.errors import SpecError
from automl.studies.foreign.reading import ReadSpace, read_space


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Write a text into a file and read it as the space of a tool."""
    monkeypatch.chdir(tmp_path)

    def written(text: str, name: str = "space.json", kind: str | None = None) -> ReadSpace:
        Path(name).write_text(text, encoding="utf-8")
        return read_space(name, kind)

    return written


@pytest.fixture
def refused(read: Read) -> Refused:
    """Do the same with a text that has a mistake; return what is told of it."""

    def told(text: str, name: str = "space.json", kind: str | None = None) -> str:
        with pytest.raises(SpecError) as caught:
            read(text, name, kind)
        return str(caught.value)

    return told
