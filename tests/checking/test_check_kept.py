"""What is read of files that were written before, and what is proposed where nothing is found."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.cli import main as cli
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.run.metrics import Asked
from automl.errors import SpecError
from automl.hpo import objective, reader
from automl.readers.registry import follow, make_reader
from automl.render.documents.yaml_reading import yaml_value
from automl.studies.checking.judging.remedy import Remedy
from automl.studies.checking.judging.report import Report, Verdict
from automl.studies.checking.replay import check_log
from automl.studies.prepared import Prepared
from automl.study.tasks.reader import Reader

sys.path.insert(0, str(Path(__file__).parents[1] / "readers"))
from test_log_styles import FOUND, STYLES, WITHOUT_STEPS

Study = Callable[..., Prepared]


def read(study: Study, path: Path, metric: str) -> Report:
    made = study("echo {{ trial.param.x }}", {"type": "stdout_reader", "metric": metric})
    return check_log(made.spec, str(path))


@pytest.mark.parametrize("style", [*FOUND, *WITHOUT_STEPS])
def test_each_style_is_found_by_name(study: Study, style: str) -> None:
    name, values, steps = (FOUND | WITHOUT_STEPS)[style]
    report = read(study, STYLES / f"{style}.log", name)
    assert report.verdict is Verdict.NUMBERS
    (found,) = report.found
    assert found.count == len(values)
    shown = [*values[:3], *values[3:][-1:]]
    assert [one.value for one in found.shown] == pytest.approx(shown)
    if steps:
        assert [one.step for one in found.shown] == [*steps[:3], *steps[3:][-1:]]
    assert all(one.sighting for one in found.shown)
    assert report.remedies == ()


@pytest.mark.parametrize("style", [*FOUND, *WITHOUT_STEPS])
def test_where_nothing_is_found_each_proposed_reader_was_tried(study: Study, style: str) -> None:
    path = STYLES / f"{style}.log"
    report = read(study, path, "quality")
    assert report.verdict is Verdict.NONE
    assert report.lines
    assert len(report.remedies) <= 3
    for one in report.remedies:
        for written in readers_of(one):
            assert numbers(written, path)[-1] == one.value


def readers_of(remedy: Remedy) -> list[Reader]:
    """Return the reader that a remedy shows for each door, made from the very text."""
    options = yaml_value(remedy.yaml)["metric_reader"]
    words = shlex.split(remedy.options)
    named = {
        word.lstrip("-").replace("-", "_"): next_
        for word, next_ in zip(words[::2], words[1::2], strict=True)
    }
    asked = Asked(
        ranked=[(named["maximize"], "maximize")],
        patterns=[named["pattern"]] if "pattern" in named else [],
        metric_file=named.get("metric_file", ""),
    )
    first, *_ = remedy.script.splitlines()
    scope = {"reader": reader, "objective": objective}
    made = [dict(options), dict(asked.readers()[0])]
    return [*(make_reader(one.pop("type"), one) for one in made), eval(first, scope)]  # noqa: S307 - ours


def numbers(written: Reader, path: Path) -> list[float]:
    follower = follow(written, str(path))
    found: list[float] = []
    more = True
    while more:
        look = follower.read(ended=True, limit_bytes=1 << 20)
        more = look.more
        found += [value for points in look.measurements.values() for value in points.values]
    return found


@pytest.mark.parametrize(
    ("style", "asked", "reads"),
    [
        ("huggingface", "accuracy", "--maximize eval_accuracy"),
        ("xgboost", "auc", "--maximize eval-auc"),
        ("lightgbm", "acc", "--maximize auc"),
        ("tqdm", "accuracy", "--maximize val_acc"),
        ("fairseq", "accuracy", None),
        ("json_lines", "accuracy", "--maximize val_acc"),
        ("logging", "validation accuracy", "--maximize val_acc"),
        ("jax", "acc", "--maximize accuracy"),
    ],
)
def test_what_a_person_would_choose_is_proposed_first(
    study: Study, style: str, asked: str, reads: str | None
) -> None:
    report = read(study, STYLES / f"{style}.log", asked)
    assert [one.options for one in report.remedies][:1] == ([reads] if reads else [])


def test_a_file_is_called_as_it_was_typed(study: Study, place: Path) -> None:
    (place / "train.log").write_text("epoch 1 loss 0.5\n")
    report = read(study, Path("train.log"), "acc")
    assert "automl-check" not in str(report)
    assert report.lines[0].file == "train.log"
    with pytest.raises(SpecError, match=r"there is no file nix\.log to be read"):
        read(study, Path("nix.log"), "acc")


def test_a_log_stands_for_the_file_of_a_reader_too(study: Study, place: Path) -> None:
    (place / "metric.log").write_text("accuracy: 0.5\n")
    options = {
        "type": "local_reader",
        "location": "out/{{ trial.id }}/metric.log",
        "parser_pattern": r"acc=(\S+)",
    }
    report = check_log(study("echo {{ trial.param.x }}", options).spec, "metric.log")
    assert [yaml_value(one.yaml)["metric_reader"] for one in report.remedies] == [
        {"type": "file_reader", "location": options["location"], "metric": "accuracy"},
        options | {"parser_pattern": r"accuracy: (\S+)"},
    ]


@pytest.fixture
def ran(place: Path) -> Any:
    """A study on disk, elsewhere, whose trial printed a metric."""
    line = ["--minimize", "loss", "-n", "1", "--quiet", "-p", "x=1..9", "--name", "kept"]
    line += ["--study-dir", str(place.parent / "studies")]
    assert cli.main(["run", *line, "--", "echo", "loss={x} acc=0.{x}"]) == WELL
    return line


def test_what_a_trial_left_is_read_by_its_own_readers_or_by_others(
    ran: list[str], place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    kept = ["--trial", "kept", "0", "--study-dir", str(place.parent / "studies")]
    assert cli.main(["check", *kept]) == WELL
    assert "loss (minimize, last counts): 1 number" in capsys.readouterr().out
    study = place / "study.yaml"
    again = [*ran[:-4], "--dry-run", "--save", str(study), "--", "echo", "{x}"]
    assert cli.main(["run", *again]) == WELL
    study.write_text(study.read_text().replace("metric: loss", "metric: accuracy"))
    capsys.readouterr()
    assert cli.main(["check", str(study), *kept]) == WITHOUT_VALUE
    out = capsys.readouterr().out
    assert out.startswith("no: a study would get no number for accuracy\n")
    assert "--minimize acc" in out
