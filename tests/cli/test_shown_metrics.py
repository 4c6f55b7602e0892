"""What the verbs show of metrics that rank nothing."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from written_studies import opened, trial, write_study

from automl.cli.exits import USAGE, WELL
from automl.cli.run.metrics import constrained
from automl.errors import SpecError
from automl.journal.events import Event, TrialEnded
from automl.render.documents.yaml_reading import yaml_value
from automl.show.fitting import FURTHER_SHOWN

Run = Callable[..., tuple[int, str, str]]

COUNT = 500


def with_metrics(events: list[Event], **metrics: float) -> list[Event]:
    return [
        structs.replace(one, metrics=metrics) if isinstance(one, TrialEnded) else one
        for one in events
    ]


@pytest.fixture(autouse=True)
def study(here: Path) -> Path:
    """A study of two trials with 500 metrics beside the accuracy, and one of an earlier release."""
    events = [opened()]
    for number in range(2):
        norms = {f"norm{one}": one + number / 2 for one in range(COUNT)}
        acc = 0.75 - number / 4
        events += with_metrics(trial(number, 0.5, "adam", acc), acc=acc, **norms)
    events += trial(2, 0.25, "sgd", 0.3)
    return write_study(here, "digits", events).path


def test_results_show_few_of_many_and_count_the_others(automl: Run) -> None:
    code, out, _ = automl("results", "digits")
    assert code == WELL
    head, rows = out.splitlines()[1], out.splitlines()[2:5]
    assert {"lr", "opt", "acc"} <= set(head.split())
    assert [row.split()[0] for row in rows] == ["0", "1", "2"]
    shown = head.count("norm")
    assert f"+{COUNT - shown} columns (" in out
    assert max(map(len, out.splitlines())) <= 80
    assert out.count("\n") < 12


def test_who_asks_for_one_sees_it(automl: Run) -> None:
    _, out, _ = automl("results", "digits", "--columns", "norm499,id", "--sort", "-norm499")
    assert [line.split() for line in out.splitlines()[1:]] == [
        ["norm499", "id"],
        ["0", "499.5", "1"],
        ["1", "499.0", "0"],
        ["2", "-", "2"],
    ]


def test_machines_get_all(automl: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(automl("results", "digits", "--csv")[1])))
    assert [rows[row]["results.norm499"] for row in range(3)] == ["499.0", "499.5", ""]
    told = json.loads(automl("results", "digits", "--json")[1])
    assert len(told["trials"][0]["results"]) == COUNT + 1


def test_markdown_has_few(automl: Run) -> None:
    first = automl("results", "digits", "--markdown")[1].splitlines()[0]
    assert first.count("norm") == FURTHER_SHOWN


def test_best_and_diff_name_few_and_count_the_others(automl: Run) -> None:
    best = automl("best", "digits")[1]
    assert "metrics: norm0 0.0, norm1 1.0, " in best
    assert f"{COUNT - FURTHER_SHOWN} more (automl results --csv)" in best
    differ = automl("diff", "digits", "0", "1")[1]
    assert differ.count("norm") == FURTHER_SHOWN
    assert f"({COUNT - FURTHER_SHOWN} more metrics)" in differ


WEIGHED = ["--maximize", "auc", "--minimize", "loss", "--weight", "auc=2", "--weight", "loss=0.5"]


def test_a_weighted_sum_is_typed(automl: Run, here: Path) -> None:
    line = ["run", *WEIGHED, "-n", "1", "-p", "x=1..9", "--save", "w.yaml", "--quiet"]
    code, out, _ = automl(*line, "--", "echo", "auc: 0.75 loss: 3 {x}")
    assert code == WELL
    assert "best: trial 0, score 0.0" in out
    saved = yaml_value((here / "w.yaml").read_text())
    assert [one["weight"] for one in saved["objectives"]] == [2.0, 0.5]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["auc"], "write NAME=NUMBER, as in --weight auc=0.25"),
        (["auc=much"], "write NAME=NUMBER"),
        (["acu=1"], "--weight acu: it is not ranked by (did you mean 'auc'?)"),
        (["auc=1"], "'loss' without a weight, others with one"),
        (["auc=0", "loss=1"], "weight must be a finite number above 0, got 0.0"),
    ],
)
def test_what_is_wrong_with_a_weight_is_told(automl: Run, typed: list[str], message: str) -> None:
    line = ["run", *WEIGHED[:4], "-n", "1", "-p", "x=1..9"]
    weights = [word for one in typed for word in ("--weight", one)]
    code, _, err = automl(*line, *weights, "--", "echo", "{x}")
    assert code == USAGE
    assert message in " ".join(err.split())


def test_a_constraint_may_name_a_metric_as_programs_do(automl: Run, here: Path) -> None:
    line = ["run", "--maximize", "test-auc", "--constraint", "test-auc-std <= 0.05", "-n", "1"]
    text = "test-auc: 0.9 test-auc-std: 0.{x}"
    code, out, _ = automl(*line, "-p", "x=4..9", "--quiet", "--", "echo", text)
    assert code == WELL
    assert "breaks test-auc-std <= 0.05" in out
    assert here


@pytest.mark.parametrize(
    ("constraints", "known", "names"),
    [
        (["eval-auc >= 0.5"], [], ["eval-auc"]),
        (["eval-auc - train-auc < 0.1"], [], ["eval-auc", "train-auc"]),
        (["val/loss * 2 < 1 and top.1 < 1"], [], ["val/loss", "top"]),
        (["size/ms < 2"], ["size", "ms"], ["size", "ms"]),
        (["size/ms < 2"], ["size"], ["size/ms"]),
        (["MAE@12 + MAE@1 < 3"], [], ["MAE@12", "MAE@1"]),
        (["max(a-b, c) < 3"], [], ["a-b", "c"]),
        (["ms-2 < 3", "ms/2 < 3", "2/ms < 3"], [], ["ms"] * 3),
    ],
)
def test_names_of_typed_constraints(
    constraints: list[str], known: list[str], names: list[str]
) -> None:
    if "top" in names:
        with pytest.raises(SpecError, match="cannot be read"):
            constrained(constraints, known)
        return
    assert constrained(constraints, known) == names
