"""Whether importing a script seeds random numbers, by what it left."""

import random
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from automl.executors.local.starters.seeding import SeedWatch


@pytest.fixture(autouse=True)
def _neither_numpy_nor_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("numpy.random", "torch"):
        monkeypatch.setitem(sys.modules, name, SimpleNamespace())


def prepared(*given: Any, **named: Any) -> None:
    """Seed within a function, whatever that is called."""
    random.seed(*given, **named)


@pytest.mark.parametrize(
    ("given", "named", "found"),
    [
        ((1,), {}, True),
        (("text",), {}, True),
        ((), {"a": 3}, True),
        ((), {}, False),
        ((None,), {}, False),
    ],
)
def test_a_seed_of_python_is_noted_wherever_it_is_given(
    given: tuple[Any, ...], named: dict[str, Any], *, found: bool
) -> None:
    state, before = random.getstate(), random.seed
    with SeedWatch() as watch:
        prepared(*given, **named)
        if found:
            drawn = random.getrandbits(32)
            prepared(*given, **named)
            assert random.getrandbits(32) == drawn
    assert watch.found is found
    assert random.seed == before
    random.setstate(state)


def test_what_the_script_put_in_its_place_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "seed", random.seed)

    def own() -> None:
        """Be the script's."""

    with SeedWatch() as watch:
        random.seed = own  # type: ignore[assignment]
    assert random.seed is own  # type: ignore[comparison-overlap]
    assert not watch.found


@pytest.mark.parametrize(("seed", "found"), [(0, True), (42, True), (2**53 - 1, False)])
def test_a_seed_of_torch_is_known_by_its_size(
    monkeypatch: pytest.MonkeyPatch, seed: int, *, found: bool
) -> None:
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(initial_seed=lambda: seed))
    assert SeedWatch().found is found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("numpy.random.rand(3)", "False"),
        ("numpy.random.seed(3); numpy.random.rand(3)", "True"),
        ("numpy.random.default_rng(3)", "False"),
    ],
)
def test_a_seed_of_numpy_is_known_by_its_generator(code: str, found: str) -> None:
    program = f"""
import numpy
from automl.executors.local.starters.seeding import SeedWatch
with SeedWatch() as watch:
    {code}
print(watch.found)
"""
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == found
