import subprocess
import sys
from pathlib import Path

import pytest
from scipy.stats.qmc import Sobol

from automl.search.own import sobol_points as module
from automl.search.own.sobol_points import sobol_points


def test_the_sequence_goes_on_where_it_was_left() -> None:
    parts = [*sobol_points(3, 7, 0, 4), *sobol_points(3, 7, 4, 12), *sobol_points(3, 7, 16, 1)]
    assert parts[:16] == Sobol(3, scramble=True, rng=7).random(16).tolist()
    assert len(parts) == 17


def test_points_that_are_drawn_aside_are_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = list(sobol_points(2, 5, 8, 8))
    (tmp_path / "array.py").write_text("raise SystemExit('not the one of Python')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "scipy.stats")

    def never(*question: int) -> None:
        raise AssertionError(question)

    monkeypatch.setattr(module, "_drawn", never)
    assert list(sobol_points(2, 5, 8, 8)) == here


@pytest.mark.parametrize("executable", ["", "/nowhere/python", "/bin/false"])
def test_where_no_process_can_draw_them_this_one_does(
    monkeypatch: pytest.MonkeyPatch, executable: str
) -> None:
    here = list(sobol_points(2, 5, 0, 8))
    monkeypatch.delitem(sys.modules, "scipy.stats")
    monkeypatch.setattr(sys, "executable", executable)
    assert list(sobol_points(2, 5, 0, 8)) == here


def test_a_design_loads_neither_numpy_nor_scipy_here() -> None:
    code = (
        "import sys\n"
        "from automl.search.own.sobol import SobolSampler\n"
        "from automl.space.parameters import Real\n"
        "from automl.space.space import SearchSpace\n"
        "space = SearchSpace((Real(name='x', min_value=0, max_value=1),))\n"
        "SobolSampler(space, 1).suggest(0, [])\n"
        "print([name for name in ('numpy', 'scipy') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
