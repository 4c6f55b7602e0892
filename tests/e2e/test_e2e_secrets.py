"""What may be read by others, and what stands nowhere."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from automl.errors import SpecError
from automl.hpo import AutoTuner

Tune = Callable[..., AutoTuner]
VALUE = "s3cr3t-0123456789"
PRINTS = "import os, sys; k = os.environ['KEY']; print(len(k)); sys.exit('bad key ' + k)"


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KEY", VALUE)
    return VALUE


def others_may(path: Path) -> int:
    return path.stat().st_mode & 0o077


@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize("earlier", ["none", "readable"])
def test_with_env_only_the_owner_may_read_what_has_the_values(
    place: Path, tune: Tune, earlier: str
) -> None:
    study = place / "automl_studies" / "study"
    private = ["study.yaml", "journal.jsonl", "trials/0/trial.sh"]
    tune(["sh", "-c", "echo $A{{ trial.param.x }}"], [1], env={"A": "1"}).fit()
    if earlier == "readable":
        for name in private:
            (study / name).chmod(0o666)
        tune(["sh", "-c", "echo $A{{ trial.param.x }}"], [1, 2], env={"A": "1"}).fit()
        private.remove("trials/0/trial.sh")
        private.append("trials/1/trial.sh")
    assert [name for name in private if others_may(study / name)] == []


@pytest.mark.usefixtures("open_umask")
def test_without_env_files_may_be_read_as_before(place: Path, tune: Tune) -> None:
    tune(["echo", "{{ trial.param.x }}"], [1]).fit()
    study = place / "automl_studies" / "study"
    names = ["study.yaml", "journal.jsonl", "trials/0/trial.sh"]
    assert [name for name in names if not others_may(study / name)] == []


@pytest.mark.parametrize("location", ["{{ trial.dir }}/stdout.log", "{{ trial.dir }}/stderr.log"])
def test_a_secret_reaches_the_command_and_no_file(
    place: Path,
    tune: Tune,
    secret: str,
    location: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    cmd = [sys.executable, "-c", PRINTS + "{{ '' if trial.param.x else '#' }}"]
    tune(cmd, [1], secret_env=["KEY"], location=location).fit()
    study = place / "automl_studies" / "study"
    trial = study / "trials" / "0"
    assert secret in (trial / "stderr.log").read_text()
    assert (trial / "stdout.log").read_text() == f"{len(secret)}\n"
    ours = [path for path in place.rglob("*") if path.is_file() and path.name != "stderr.log"]
    assert [path for path in ours if secret.encode() in path.read_bytes()] == []
    assert "bad key ***" in (study / "journal.jsonl").read_text()
    shown = "".join(capfd.readouterr()) + caplog.text
    assert secret not in shown
    assert "bad key ***" in shown


def test_a_good_trial_that_misses_its_metric_shows_no_secret(
    place: Path, tune: Tune, secret: str, capfd: pytest.CaptureFixture[str]
) -> None:
    cmd = [sys.executable, "-c", "import os; print('a' * 180, os.environ['KEY'] * 2)"]
    tune(cmd, [1], secret_env=["KEY"], pattern=r"value=(\d+)").fit()
    journal = (place / "automl_studies" / "study" / "journal.jsonl").read_text()
    assert "no match" in journal
    for text in (journal, "".join(capfd.readouterr())):
        assert secret[:8] not in text


def test_a_run_by_hand_asks_for_the_variable(place: Path, tune: Tune, secret: str) -> None:
    tune(["sh", "-c", "echo $KEY | wc -c"], [1], secret_env=["KEY"]).fit()
    script = place / "automl_studies" / "study" / "trials" / "0" / "trial.sh"

    def by_hand(**env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["/bin/sh", script], env=env, capture_output=True, text=True, check=False
        )

    assert by_hand(KEY=secret).stdout.strip() == str(len(secret) + 1)
    asked = by_hand()
    assert asked.returncode
    assert "KEY" in asked.stderr
    assert "is not set" in asked.stderr


def test_a_variable_that_shapes_commands_can_be_a_secret(
    place: Path, tune: Tune, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TZ", "OMP_NUM_THREADS"):
        monkeypatch.setenv("TZ", "UTC")
        monkeypatch.setenv(name, "4711")
        tune(["sh", "-c", f"echo ${name}"], [1], secret_env=[name], name=name).fit()
        trial = place / "automl_studies" / name / "trials" / "0"
        assert (trial / "stdout.log").read_text() == "4711\n"
        assert "4711" not in (trial / "trial.sh").read_text()


def test_a_study_goes_on_with_another_value_but_not_with_other_names(
    tune: Tune, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cmd = ["sh", "-c", 'test -n "$KEY" && echo {{ trial.param.x }}']
    tune(cmd, [1], secret_env=["KEY"]).fit()
    monkeypatch.setenv("KEY", "another")
    tuner = tune(cmd, [1, 2], secret_env=["KEY", "KEY"])
    tuner.fit()
    assert tuner.best_value == 2.0
    with pytest.raises(SpecError, match="secret_env") as caught:
        tune(cmd, [1, 2, 3]).fit()
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("names", "env", "told"),
    [
        (["KEY", "MISSING"], {}, "MISSING is not set"),
        (["EMPTY"], {}, "EMPTY is not set, or empty"),
        (["KEY"], {"KEY": "1"}, "secret_env and env both have 'KEY'"),
        (["KEY=s3cr3t"], {}, "is no name of a variable"),
        (["AUTOML_GATE"], {}, "automl's own"),
        ("KEY", {}, "must be a list"),
        ([1], {}, "the name of a variable"),
    ],
)
def test_what_cannot_be_passed_on_is_refused_before_the_start(
    tune: Tune,
    secret: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    names: object,
    env: dict[str, str],
    told: str,
) -> None:
    monkeypatch.setenv("EMPTY", "")
    with pytest.raises(SpecError, match=told) as caught:
        tune(["true"], [1], secret_env=names, env=env)
    assert secret not in str(caught.value)
