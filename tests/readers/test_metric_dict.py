"""`metric_dict`: one description makes a reader for each metric, of any kind."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from event_writer import event_file

from automl.errors import SpecError
from automl.hpo import reader
from automl.inside.reports import Report, write_report
from automl.readers.kinds import READERS
from automl.readers.registry import follow
from automl.study.objective import Direction, Final
from automl.study.tasks.weighted import WeightedReaders

WEIGHTS = {"auc": 0.25, "recall": -0.5}
FOUND = {"auc": [0.5, 0.75], "recall": [0.2, 0.1]}
LINES = "epoch 1 auc: 0.5 recall: 0.2\nepoch 2 auc: 0.75 recall: 0.1\n"


def as_text(path: Path) -> None:
    path.write_text(LINES)


def as_json(path: Path) -> None:
    rows = ({name: FOUND[name][step] for name in FOUND} for step in range(2))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def as_deeper_json(path: Path) -> None:
    path.write_text(json.dumps({"test": FOUND}))


def as_csv(path: Path) -> None:
    path.write_text("epoch,auc,recall\n1,0.5,0.2\n2,0.75,0.1\n")


def as_events(path: Path) -> None:
    points = {name: list(enumerate(values)) for name, values in FOUND.items()}
    content = b"".join(event_file(name, values) for name, values in points.items())
    path.write_bytes(content)


def as_arrays(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, **{name: np.array(values) for name, values in FOUND.items()})


def as_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE log (auc REAL, recall REAL)")
        made.executemany("INSERT INTO log VALUES (?, ?)", zip(*FOUND.values(), strict=True))
        made.commit()


def as_reports(path: Path) -> None:
    for name, values in FOUND.items():
        for value in values:
            write_report(str(path.parent), Report(name, value))


KINDS: dict[str, tuple[dict[str, Any], str, Callable[[Path], None]]] = {
    "json": ({"type": "json_reader"}, "m.json", as_json),
    "json, further down": (
        {"type": "json_reader", "key": {"auc": "test.auc", "recall": "test.recall"}},
        "m.json",
        as_deeper_json,
    ),
    "csv": ({"type": "csv_reader", "step": "epoch"}, "m.csv", as_csv),
    "csv, by place": ({"type": "csv_reader", "column": {"recall": -1}}, "m.csv", as_csv),
    "file": ({"type": "file_reader"}, "m.log", as_text),
    "stdout": ({"type": "stdout_reader"}, "stdout.log", as_text),
    "text, by patterns": (
        {
            "type": "local_reader",
            "parser_pattern": {name: rf"{name}: (\S+)" for name in WEIGHTS},
        },
        "m.log",
        as_text,
    ),
    "tensorboard": ({"type": "tensorboard_reader"}, "events.out.tfevents.1", as_events),
    "arrays": ({"type": "npz_reader"}, "m.npz", as_arrays),
    "database": (
        {
            "type": "sqlite_reader",
            "query": {
                "auc": "SELECT auc FROM log ORDER BY rowid",
                "recall": "SELECT recall FROM log ORDER BY rowid",
            },
        },
        "m.db",
        as_database,
    ),
    "reports": ({"type": "report_reader"}, "reports.jsonl", as_reports),
}


@pytest.mark.parametrize(("options", "name", "write"), KINDS.values(), ids=KINDS)
def test_each_metric_is_read_by_its_name(
    options: dict[str, Any], name: str, write: Callable[[Path], None], tmp_path: Path
) -> None:
    file = tmp_path / name
    write(file)
    fixed = options["type"] in {"stdout_reader", "report_reader"}
    where = {} if fixed else {"location": str(file)}
    made = reader.create(**options, **where, metric_dict=WEIGHTS)
    assert isinstance(made, WeightedReaders)
    assert [one.metric for one in made.readers] == [*WEIGHTS]
    for one in made.readers:
        follower = follow(one, str(file))
        look = follower.read(ended=True, limit_bytes=1 << 20)
        assert list(look.measurements[one.metric].values) == pytest.approx(FOUND[one.metric])


def test_the_seconds_and_the_memory_of_a_run_may_be_weighed() -> None:
    weights = {"wall_seconds": -1, "peak_memory_mb": -0.01}
    made = reader.create(type="run_reader", metric_dict=weights)
    assert [one.measure for one in made.readers] == [*weights]  # type: ignore[attr-defined]
    named = reader.create(
        type="run_reader",
        metric_dict={"s": -1.0, "mb": -1.0},
        measure={"s": "wall_seconds"} | {"mb": "peak_memory_mb"},
    )
    assert [one.metric for one in named.readers] == ["s", "mb"]


def test_a_pattern_may_be_the_name() -> None:
    pattern = r"validation: accuracy=([0-9\.]+)"
    made = reader.create(type="local_reader", location="{{ trial.id }}", metric_dict={pattern: 1})
    (one,) = made.readers
    assert (one.metric, one.parser_pattern) == (pattern, pattern)  # type: ignore[attr-defined]


def objectives(**options: Any) -> list[tuple[str, str, str, float | None]]:
    made = reader.create(type="stdout_reader", metric_dict={"auc": 0.25, "loss": -2}, **options)
    found = made.objectives(Direction.MAXIMIZE, Final.MAX)
    return [(one.metric, str(one.direction), str(one.final), one.weight) for one in found]


def test_a_negative_weight_is_of_what_should_be_small() -> None:
    assert objectives() == [("auc", "maximize", "max", 0.25), ("loss", "minimize", "max", 2)]


@pytest.mark.parametrize(
    ("options", "finals"),
    [
        ({"final": "best"}, ["best", "best"]),
        ({"final_mode": "best"}, ["best", "best"]),
        ({"final_mode": "final"}, ["last", "last"]),
        ({"final_mode": "avg"}, ["mean", "mean"]),
        ({"final": {"auc": "best", "loss": "last"}}, ["best", "last"]),
        ({"final_mode": {"loss": "min"}}, ["max", "min"]),
        ({"final": {}}, ["max", "max"]),
    ],
)
def test_which_number_counts_is_told_for_all_or_each(
    options: dict[str, Any], finals: list[str]
) -> None:
    assert [final for _, _, final, _ in objectives(**options)] == finals


def test_an_option_may_differ_by_metric() -> None:
    made = reader.create(
        type="json_reader",
        location={"auc": "a.json", "loss": "l.json"},
        metric_dict={"auc": 1, "loss": -1},
        step={"auc": "epoch"},
        versions="all",
    )
    assert [(one.location, one.step, one.versions) for one in made.readers] == [  # type: ignore[attr-defined]
        ("a.json", "epoch", "all"),
        ("l.json", "", "all"),
    ]


STDOUT = {"type": "stdout_reader", "metric_dict": {"auc": 0.25, "loss": -2}}
FILE = {"type": "local_reader", "location": "m", "metric_dict": {"auc": 1, "loss": -1}}

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no dictionary": ({"metric_dict": ["auc"]}, "must be a dictionary of metrics and their weig"),
    "nothing": ({"metric_dict": {}}, "must be a dictionary"),
    "a name that is none": ({"metric_dict": {3: 1}}, "must be a dictionary"),
    "a text": ({"metric_dict": {"auc": "0.5"}}, "weight of 'auc' must be a finite number, got '0."),
    "true": ({"metric_dict": {"auc": True}}, "weight of 'auc' must be a finite number"),
    "nan": ({"metric_dict": {"auc": float("nan")}}, "weight of 'auc' must be a finite number"),
    "zero": ({"metric_dict": {"auc": 0}}, "the weight of 'auc' is 0; leave it out, or give it a r"),
    "a name besides": ({"metric": "auc"}, "metric and metric_dict are both given"),
    "both finals": ({"final": "last", "final_mode": "last"}, "are the same; give one of them"),
    "an unknown final": ({"final": "first"}, "reader: final='first' is unknown"),
    "a final of another": ({"final": {"acu": "best"}}, "final has 'acu', which is not in metric_d"),
    "half of them": ({"stream": {"auc": "stdout", "los": "stderr"}}, "stream has 'los'"),
    "an unknown option": ({"colour": "red"}, "has no option 'colour'"),
    "an unknown type": ({"type": "jason_reader"}, "reader type 'jason_reader' is unknown"),
    "one pattern for all": (
        {**FILE, "parser_pattern": r"(\d+)"},
        "would be that of all of 'auc', 'loss'; give each its own, as in parser_pattern={'auc':",
    ),
    "names without a pattern": (FILE, "parser_pattern 'auc' has no group"),
}


@pytest.mark.parametrize(("changes", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(changes: dict[str, Any], message: str) -> None:
    base = {} if "type" in changes and changes["type"] == "local_reader" else STDOUT
    with pytest.raises(SpecError) as caught:
        reader.create(**{**base, **changes})
    assert message in str(caught.value)


def test_every_kind_says_which_of_its_options_names_the_number() -> None:
    """With a new kind: `sought` names the option that stands for the metric; else its name does."""
    by_name = {"stdout_reader", "file_reader", "report_reader", "function_reader"}
    without = {name for name in READERS.names() if not getattr(READERS.factory(name), "sought", "")}
    assert without == by_name
