"""Places to run launches in, one for each way to run them on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from local_place import KINDS, LocalPlace

from automl.executors.cgroups.groups import open_groups


@pytest.fixture(scope="session")
def has_groups() -> bool:
    groups = open_groups()
    if groups is None:
        return False
    groups.close()
    return True


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalPlace]:
    kind = KINDS[request.param]
    if kind.cgroups and not request.getfixturevalue("has_groups"):
        pytest.skip("no control groups of version 2 that this user can write to")
    place = LocalPlace(tmp_path, kind)
    yield place
    assert place.close() == []
