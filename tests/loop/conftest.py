from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loop_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Makes studies in `tmp_path` with everything around the loop played."""
    benches: list[Bench] = []

    def make(**changes: Any) -> Bench:
        benches.append(Bench(tmp_path, **changes))
        return benches[-1]

    yield make
    for one in benches:
        one.close()
