"""The page of programs that many people tune: each example runs as it is shown there."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from automl.hpo import open_study
from automl.study.trial import Trial, TrialState

pytestmark = [pytest.mark.integration, pytest.mark.timeout(500)]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "programs.md").read_text("utf-8")
HOW_TO = (ROOT / "docs" / "how-to.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

DEADLINE_S = 240
"""Only against a program that hangs."""


def needs(*modules: str) -> pytest.MarkDecorator:
    missing = [one for one in modules if find_spec(one) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def program(name: str) -> pytest.MarkDecorator:
    reason = f"there is no {name} here; .ci/run installs it from Debian"
    return pytest.mark.skipif(shutil.which(name) is None, reason=reason)


def section(title: str, page: str = PAGE) -> list[tuple[str, str]]:
    """Return the fenced blocks below a heading, each with its language."""
    text = page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert text, title
    return BLOCK.findall(text)


Shown = Callable[..., dict[str, Any]]


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Run all that a section shows in an empty folder; return its studies by name."""
    monkeypatch.chdir(tmp_path)
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, words in (("automl", "-m automl"), ("python", "")):
        (commands / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
        (commands / name).chmod(0o755)
    env = {
        **os.environ,
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "KERAS_BACKEND": "jax",
        "OMP_NUM_THREADS": "1",
    }

    def run(title: str, page: str = PAGE, languages: Sequence[str] = ("sh", "python")) -> Any:
        blocks = section(title, page)
        for language, code in blocks:
            if language in {"py", "spice"}:
                Path(code.split()[1]).write_text(code)
        for number, (language, code) in enumerate(blocks):
            if language not in languages:
                continue
            script = Path(f"block{number}.{language}")
            script.write_text(code)
            start = ["bash", "-euo", "pipefail"] if language == "sh" else [sys.executable]
            done = subprocess.run(
                [*start, str(script)],
                env=env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=DEADLINE_S,
                check=False,
            )
            assert done.returncode == 0, f"{title}, block {number}:\n{done.stdout}{done.stderr}"
        names = [one.name for one in Path("automl_studies").iterdir()]
        return {name: open_study(name) for name in names}

    return run


def completed(study: Any) -> list[Trial]:
    trials = [one for one in study.trials if one.state is TrialState.COMPLETED]
    assert len(trials) == len(study.trials) > 0, [one.reason for one in study.trials]
    return trials


def left(study: Any, trial: Trial, name: str) -> Path:
    return Path(study.folder.trial(trial.id).path, name)


@program("svm-train")
@needs("sklearn")
def test_svm_train(shown: Shown) -> None:
    (study,) = shown("svm-train").values()
    for trial in completed(study):
        printed = left(study, trial, "stdout.log").read_text()
        assert f"Cross Validation Accuracy = {trial.value:g}%" in printed
    assert study.best_value == max(one.value for one in study.trials)
    assert study.best_value > 90


@needs("lightgbm", "sklearn")
def test_lightgbm(shown: Shown) -> None:
    studies = shown("LightGBM")
    printed, read, summed = (studies[f"leaves_{how}"] for how in ("printed", "json", "summed"))
    for trial in completed(printed):
        lines = left(printed, trial, "stdout.log").read_text().splitlines()
        last = next(line for line in reversed(lines) if "valid's auc" in line)
        assert float(re.search(r"valid's auc: (\S+)", last)[1]) == trial.value  # type: ignore[index]
    for trial in completed(read):
        evals = json.loads(left(read, trial, "evals.json").read_text())
        assert trial.value == max(evals["valid"]["auc"])
    for trial in completed(summed):
        evals = json.loads(left(summed, trial, "evals.json").read_text())["valid"]
        auc, loss = max(evals["auc"]), min(evals["binary_logloss"])
        assert trial.value == pytest.approx(auc - 0.5 * loss)
        assert trial.metrics == {"valid.auc": auc, "valid.binary_logloss": loss}


@needs("xgboost", "sklearn")
def test_xgboost(shown: Shown) -> None:
    studies = shown("XGBoost")
    printed, table = studies["depth_printed"], studies["depth_cv"]
    for trial in completed(printed):
        last = (
            left(printed, trial, "stderr.log").read_text()
            + left(printed, trial, "stdout.log").read_text()
        )
        assert float(re.findall(r"eval-logloss:(\S+)", last)[-1]) == trial.value
    for trial in completed(table):
        header, *_, row = left(table, trial, "cv.csv").read_text().splitlines()
        cells = dict(zip(header.split(","), row.split(","), strict=True))
        assert trial.value == float(cells["test-auc-mean"])
        assert trial.metrics["test-auc-std"] == float(cells["test-auc-std"])
    assert printed.best_value == min(one.value for one in printed.trials)


@needs("keras", "jax", "sklearn", "tensorboardX")
def test_keras_with_tensorboard(shown: Shown) -> None:
    (study,) = shown("Keras with TensorBoard").values()
    for trial in completed(study):
        assert set(trial.metrics) == {"epoch_accuracy", "epoch_loss"}
        assert 0 < trial.metrics["epoch_accuracy"] <= 1
        assert trial.measurements == 3
    table = study.columns(full=False)
    assert [name for group, name in table if group == "results"] == [
        "epoch_accuracy",
        "epoch_loss",
    ]


@program("ngspice")
def test_ngspice(shown: Shown) -> None:
    (study,) = shown("ngspice").values()
    for trial in completed(study):
        circuit = left(study, trial, "files/filter.cir").read_text()
        assert f".param r={trial.params['r']} c={trial.params['c']}n\n" in circuit
        printed = left(study, trial, "stdout.log").read_text()
        found = re.search(r"^miss +=\s+(\S+)$", printed, re.MULTILINE)
        assert found is not None
        assert float(found[1]) == trial.value
    assert study.best_value == min(one.value for one in study.trials)


@program("zstd")
def test_zstd_under_a_limit_of_seconds(shown: Shown) -> None:
    (study,) = shown("zstd").values()
    for trial in completed(study):
        assert trial.value == left(study, trial, "out.zst").stat().st_size
        assert (trial.violation > 0) == (trial.metrics["seconds"] > 0.5)
    kept = [one.value for one in study.trials if not one.violation]
    if kept:  # On a machine that is too busy, none may keep the limit.
        assert study.best_value == min(kept)
        assert study.best_trial.metrics["seconds"] <= 0.5


def test_epochs_on_standard_output_and_a_result_in_a_dated_file(shown: Shown) -> None:
    studies = shown("Read files whose names the program makes", HOW_TO, ("sh",))
    by_loss, by_error = studies["typed_loss"], studies["typed_error"]
    for trial in completed(by_loss):
        printed = left(by_loss, trial, "stdout.log").read_text()
        losses = [float(one) for one in re.findall(r"val_loss: ([\d.]+)", printed)]
        assert (trial.value, trial.measurements) == (losses[-1], 5)
    for trial in completed(by_error):
        (file,) = left(by_error, trial, "metric").rglob("*_RNN_METR_LA.json")
        assert trial.value == json.loads(file.read_text())["MAE@12"]
    assert by_error.best_value == min(one.value for one in by_error.trials)


def test_what_a_compressor_took_and_left(shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("".join(f"{one},{one % 97}\n" for one in range(20000)))
    (study,) = shown("Measure the run itself", HOW_TO, ("sh",)).values()
    for trial in completed(study):
        assert trial.value == left(study, trial, "out.gz").stat().st_size
        assert trial.metrics["seconds"] > 0
    assert {one.params["level"] for one in study.trials} == {*range(1, 10)}


WAITS = """
import sys, time
rate, waits = float(sys.argv[1]), float(sys.argv[1]) > 0.5
for epoch in range(1, 9):
    loss = (rate - 0.01) ** 2 + 1 / epoch
    line = f"Epoch [{epoch}/8] train_loss: {loss:.4f}, val_loss: {loss * 1.1:.4f}, lr: {rate}"
    print(line, flush=True)
    # A bad one is stopped while it trains, however long that is looked at.
    time.sleep(120 if waits and epoch == 6 else 0)
"""


def test_a_bad_training_is_stopped_by_what_it_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "waits.py").write_text(WAITS)
    rates = [*(f"0.0{one}" for one in range(1, 10)), "0.9"]
    line = ["run", "--minimize", "val_loss", "--early-stopping", "--algorithm", "grid"]
    command = ["--", sys.executable, "waits.py", "{rate}"]
    subprocess.run(
        [
            *(sys.executable, "-m", "automl", *line, "-p", f"rate={','.join(rates)}", "-n", "10"),
            *command,
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=DEADLINE_S,
        check=True,
    )
    monkeypatch.chdir(tmp_path)
    *good, bad = open_study("waits").trials
    assert {one.state for one in good} == {TrialState.COMPLETED}
    assert (bad.state, bad.stopped_step) == (TrialState.PRUNED, 6)
