"""A short run of a command, and the metric that is seen in what it wrote."""

import os
import sys
from pathlib import Path

import pytest

from automl.executors.processes.identity import read_stat
from automl.readers.advice.suggested import Source
from automl.studies.draft.asked_help import Place
from automl.studies.draft.draft import Metric
from automl.studies.draft.trying.reported import reported_metric, reported_numbers
from automl.studies.draft.trying.seen import likely_metric, seen_metric
from automl.studies.draft.trying.trying import Tried, try_command

STDOUT = "{{ trial.dir }}/stdout.log"


def printed(folder: Path, text: str, *, stream: bool = True) -> list[Source]:
    file = folder / "stdout.log"
    file.write_text(text)
    return [Source(str(file), STDOUT, stream)]


def test_a_metric_that_was_asked_for_is_read_by_its_name(tmp_path: Path) -> None:
    asked = Metric(name="acc", direction="maximize")
    found = seen_metric(asked, printed(tmp_path, "epoch 1 loss 0.5 acc 0.7\n"))
    assert (found.name, found.direction) == ("acc", "maximize")
    assert found.reader == {"type": "stdout_reader", "metric": "acc"}
    assert found.told == ("seen: 0.7, in the line 'epoch 1 loss 0.5 acc 0.7'",)


def test_one_with_a_like_name_is_read_in_its_place_and_that_is_told(tmp_path: Path) -> None:
    asked = Metric(name="accuracy", direction="maximize")
    found = seen_metric(asked, printed(tmp_path, "epoch 1 loss 0.5 val_acc 0.7\n"))
    assert found.name == "val_acc"
    assert "accuracy itself was not seen, so val_acc is read in its place" in found.told


def test_another_number_is_not_taken_for_it(tmp_path: Path) -> None:
    asked = Metric(name="zeta", direction="maximize")
    found = seen_metric(asked, printed(tmp_path, "epoch 1 loss 0.5 val_acc 0.7\n"))
    assert (found.name, found.reader) == ("zeta", {})
    assert found.told == ("zeta was not seen; these were: epoch, loss, val_acc",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("epoch 1 train_loss 0.5 train_acc 0.6 val_loss 0.5 val_acc 0.7 lr 0.1\n", "val_acc"),
        ("epoch 1 train_loss 0.5 val_loss 0.5 lr 0.1\n", "val_loss"),
        ("loss: 0.5\nloss: 0.4\nTest accuracy: 0.8\n", "accuracy"),
        ('{"step": 3, "loss": 0.5}\n', "loss"),
        ("epoch,train_loss,val_rmse\n1,0.5,0.7\n2,0.4,0.6\n", "val_rmse"),
        ("reward=12.5 steps=100\n", "reward"),
    ],
)
def test_without_a_name_the_likeliest_is_proposed_without_a_direction(
    tmp_path: Path, text: str, name: str
) -> None:
    found = likely_metric(printed(tmp_path, text))
    assert name in found.name
    assert found.direction == ""


def test_without_any_number_that_is_told(tmp_path: Path) -> None:
    assert likely_metric(printed(tmp_path, "hello\n")) == Metric(
        told=("no number with a name was seen",)
    )


def tried(folder: Path, script: str, *names: str, limit_s: float = 60.0) -> tuple[Tried, list[str]]:
    (folder / "train.sh").write_text(script)
    said: list[str] = []
    asked = [Metric(name=one, direction="maximize") for one in names]
    place = Place(str(folder), os.environ)
    return try_command(["sh", "train.sh"], place, asked, said.append, limit_s), said


def test_the_run_ends_as_soon_as_all_metrics_were_seen(tmp_path: Path) -> None:
    script = "(trap '' TERM; exec sleep 1000) & echo pid=$! >&2; echo acc=0.5; echo ms=3; wait"
    found, said = tried(tmp_path, script, "acc", "ms", "pid", limit_s=600)
    assert [one.name for one in found.metrics] == ["acc", "ms", "pid"]
    assert found.doubts == ()
    assert said[0] == "running for 600 s at most: sh train.sh"
    pid = int("".join(filter(str.isdigit, found.metrics[2].told[0].partition(",")[0])))
    stat = read_stat(pid)
    assert stat is None or stat.dead


def test_ctrl_c_ends_it_with_all_that_it_started(tmp_path: Path) -> None:
    script = (
        "trap '' TERM INT\n(setsid sh -c \"trap '' TERM; echo \\$\\$ > pid; exec sleep 1000\") &\n"
        f"while [ ! -s pid ]; do sleep 0.05; done; kill -INT {os.getpid()}; exec sleep 1000"
    )
    with pytest.raises(KeyboardInterrupt):
        tried(tmp_path, script, "acc", limit_s=600)
    stat = read_stat(int((tmp_path / "pid").read_text()))
    assert stat is None or stat.dead


def test_it_is_ended_when_its_time_is_over(tmp_path: Path) -> None:
    found, _ = tried(tmp_path, "echo acc=0.5; exec sleep 1000", limit_s=1)
    assert found.metrics[0].name == "acc"
    assert found.doubts == ()
    found, _ = tried(tmp_path, "exec sleep 1000", "acc", limit_s=0.5)
    assert found.doubts == (
        "no metric was seen within 0.5 s; --for 2m gives the command more time",
    )


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    found, _ = tried(tmp_path, "echo 'no data' >&2; exit 3", "acc")
    assert found.doubts == ("the command failed in the short run, exit code 3: no data",)
    assert found.metrics[0].told == ("acc was not seen, and no other number with a name",)


def test_a_metric_in_a_file_is_seen(tmp_path: Path) -> None:
    found, _ = tried(tmp_path, "echo step 1; mkdir out; echo 'acc: 0.5' > out/log.txt", "acc")
    assert found.metrics[0].path == str(tmp_path / "out" / "log.txt")
    assert found.metrics[0].reader["location"] == "{{ trial.dir }}/log.txt"


@pytest.mark.parametrize(
    ("lines", "asked", "name", "told"),
    [
        (['{"value": 0.5}'], "acc", "acc", "reported: 0.5"),
        (['{"value": 0.5}', '{"name": "acc", "value": 0.7}'], "acc", "acc", "reported: 0.7"),
        (
            ['{"value": 0.5}', '{"name": "acc", "value": 0.7}'],
            "",
            "metric",
            "reported: 0.5; others",
        ),
        (['{"name": "acc", "value": 0.7}', "{torn"], "", "acc", "reported: 0.7"),
    ],
)
def test_what_is_reported_needs_no_reader(
    tmp_path: Path, lines: list[str], asked: str, name: str, told: str
) -> None:
    (tmp_path / "reports.jsonl").write_text("\n".join(lines) + "\n")
    numbers = reported_numbers(str(tmp_path / "reports.jsonl"))
    found = reported_metric(Metric(name=asked), numbers)
    assert found is not None
    assert (found.name, found.reported) == (name, True)
    assert found.told[0].startswith(told)


def test_what_is_not_reported_is_looked_for_elsewhere(tmp_path: Path) -> None:
    assert reported_metric(Metric(name="acc"), {"loss": 0.5}) is None
    assert reported_metric(Metric(), {}) is None
    assert reported_numbers(str(tmp_path / "reports.jsonl")) == {}


@pytest.mark.integration
def test_a_short_run_sees_what_a_program_reports(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "import automl\nprint('loss: 0.25')\nautoml.report(automl.params(lr=0.5)['lr'], step=1)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    words = [sys.executable, "train.py"]
    tried = try_command(words, Place(str(tmp_path), environ), [], lambda _: None)
    assert [(one.name, one.reported, one.told) for one in tried.metrics] == [
        ("metric", True, ("reported: 0.5",))
    ]
