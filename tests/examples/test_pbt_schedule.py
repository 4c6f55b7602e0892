import runpy
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "pbt_schedule.py"

pytestmark = pytest.mark.slow  # imports scikit-learn


@pytest.fixture(autouse=True)
def few_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def train(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    *epochs: int,
    rate: float = 0.01,
) -> list[str]:
    words = ["--epochs_from", str(epochs[0]), "--epochs_to", str(epochs[1])]
    words += ["--learning_rate", str(rate), "--checkpoint_dir", str(folder)]
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *words])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    return capsys.readouterr().out.splitlines()


def test_intervals_over_a_checkpoint_equal_training_in_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = train(monkeypatch, capsys, tmp_path / "whole", 0, 6)
    first = train(monkeypatch, capsys, tmp_path / "parts", 0, 3)
    second = train(monkeypatch, capsys, tmp_path / "parts", 3, 6)
    assert first + second == whole
    assert whole[-1].startswith("epoch 6: error ")


def test_a_high_rate_is_best_at_first_and_a_low_one_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def errors(name: str, rate: float) -> list[float]:
        lines = train(monkeypatch, capsys, tmp_path / name, 0, 30, rate=rate)
        return [float(line.split()[-1]) for line in lines]

    high, low = errors("high", 0.03), errors("low", 0.003)
    assert high[2] < low[2]
    assert low[-1] < high[-1]
