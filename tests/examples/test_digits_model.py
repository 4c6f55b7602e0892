import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import joblib
import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "digits_model.py"

pytestmark = pytest.mark.slow  # each start imports scikit-learn and trains


def arguments(trial_id: str, options: dict[str, object]) -> list[str]:
    files = f"./sk_log/{trial_id}"
    given = {"dump_file": f"{files}/model.joblib", "metric_file": f"{files}/metric.log"} | options
    pairs = [(f"--{name}", str(value)) for name, value in given.items()]
    return [str(SCRIPT), "--trial_id", trial_id, *(word for pair in pairs for word in pair)]


def train(folder: Path, trial_id: str, **options: object) -> list[str]:
    ended = subprocess.run(
        [sys.executable, *arguments(trial_id, options)],
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    return (folder / "sk_log" / trial_id / "metric.log").read_text().splitlines()


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Run the script in this process, which has scikit-learn loaded, up to its refusal."""

    def run(folder: Path, trial_id: str, **options: object) -> object:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", arguments(trial_id, options))
        with pytest.raises(SystemExit) as refusal:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        return refusal.value.code

    return run


def stages_in_dump(folder: Path, trial_id: str) -> int:
    return len(joblib.load(folder / "sk_log" / trial_id / "model.joblib").estimators_)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Where trial 0 trained ten stages, and the scores it wrote."""
    folder = tmp_path_factory.mktemp("digits")
    return folder, train(folder, "0", n_estimators=10, max_depth=2, learning_rate=0.32)


def test_ten_stages_reach_the_known_score(first: tuple[Path, list[str]]) -> None:
    folder, scores = first
    assert len(scores) == 10
    assert scores[-1] == "0.8723"
    assert stages_in_dump(folder, "0") == 10


@pytest.mark.integration
@pytest.mark.parametrize(
    ("learning_rate", "n_estimators", "score"), [(0.01, 10, "0.7035"), (0.32, 50, "0.9085")]
)
def test_other_options_reach_their_known_scores(
    tmp_path: Path, learning_rate: float, n_estimators: int, score: str
) -> None:
    scores = train(
        tmp_path,
        "0",
        n_estimators=n_estimators,
        max_depth=2,
        learning_rate=learning_rate,
        min_samples_split=4,
    )
    assert len(scores) == n_estimators
    assert scores[-1] == score


@pytest.mark.integration
def test_fewer_training_rows_give_other_scores_over_a_stale_file(
    first: tuple[Path, list[str]],
) -> None:
    folder, scores = first
    options = {"n_estimators": 10, "max_depth": 2, "learning_rate": 0.32}
    stale = folder / "sk_log" / "fewer_rows" / "metric.log"
    stale.parent.mkdir(parents=True)
    stale.write_text("0.9999\n")
    fewer = train(folder, "fewer_rows", used_data_percent=0.1, **options)
    assert len(fewer) == 10
    assert fewer[-1] < scores[-1]


@pytest.mark.parametrize("value", ["0", "1.01", "nan"])
def test_a_share_outside_its_range_is_refused(
    tmp_path: Path,
    refuse: Callable[..., object],
    capsys: pytest.CaptureFixture[str],
    value: str,
) -> None:
    assert refuse(tmp_path, "0", used_data_percent=value) == 2
    message = f"--used_data_percent: must be above 0 and at most 1, got {value}\n"
    assert capsys.readouterr().err.endswith(message)
    assert not (tmp_path / "sk_log").exists()


@pytest.mark.integration
def test_continuing_a_checkpoint_equals_training_in_one_go(first: tuple[Path, list[str]]) -> None:
    folder, scores = first
    options = {"max_depth": 2, "learning_rate": 0.32}
    continued = train(folder, "continued", checkpoint_id=0, n_estimators=20, **options)
    assert continued == train(folder, "one_go", n_estimators=40, ratio=0.5, **options)
    assert continued[:10] == scores
    assert stages_in_dump(folder, "0") == 10
    assert stages_in_dump(folder, "continued") == stages_in_dump(folder, "one_go") == 20


@pytest.mark.integration
def test_another_learning_rate_leaves_the_earlier_stages_as_they_were(
    first: tuple[Path, list[str]],
) -> None:
    folder, scores = first
    options = {"n_estimators": 12, "max_depth": 2, "learning_rate": 0.02}
    continued = train(folder, "slower", checkpoint_id=0, **options)
    assert continued[:10] == scores
    assert len(continued) == 12


def test_a_checkpoint_of_the_asked_length_is_taken_over(first: tuple[Path, list[str]]) -> None:
    folder, scores = first
    options = {"n_estimators": 10, "max_depth": 2, "learning_rate": 0.32}
    assert train(folder, "same", checkpoint_id=0, **options) == scores


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"checkpoint_id": 8}, "--checkpoint_id 8: there is no sk_log/8/model.joblib"),
        (
            {"checkpoint_id": 0, "n_estimators": 9},
            "the checkpoint has 10 stages, over the 9 asked",
        ),
        (
            {"checkpoint_id": 0, "dump_file": "./elsewhere/model.joblib"},
            "--dump_file must be in a folder named refused, got elsewhere",
        ),
    ],
)
def test_an_unusable_checkpoint_is_refused(
    first: tuple[Path, list[str]],
    refuse: Callable[..., object],
    options: dict[str, object],
    message: str,
) -> None:
    folder, _ = first
    assert refuse(folder, "refused", **options) == message
    assert not (folder / "sk_log" / "refused").exists()
