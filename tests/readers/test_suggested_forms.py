"""Readers that are proposed for files of JSON and CSV, each tried on the file."""

from pathlib import Path

import pytest

from automl.readers.advice.forms import form_of, names_with_numbers
from automl.readers.advice.suggested import Source, suggested
from automl.study.tasks.reader import described_reader


def proposed(folder: Path, name: str, text: str, *asked: str, renamed: bool = True) -> list[object]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    source = Source(str(path), "{{ trial.dir }}/x", stream=False)
    found = suggested([source], asked, "metric", renamed=renamed)
    return [
        {key: value for key, value in described_reader(one.reader).items() if key != "location"}
        for one in found
    ]


LINES = '{"epoch": 1, "val": {"acc": 0.5}}\n{"epoch": 2, "val": {"acc": 0.75}}\n'


@pytest.mark.parametrize(
    ("name", "text", "asked", "wanted"),
    [
        ("x.json", '{"test": {"MAE@12": 3}}', "MAE@12", {"metric": "test.MAE@12"}),
        ("x.jsonl", LINES, "acc", {"metric": "val.acc", "step": "epoch"}),
        ("x.csv", "epoch,val_loss\n1,0.5\n", "loss", {"metric": "val_loss", "step": "epoch"}),
        ("x.tsv", "a b\tval/loss\n1\t0.5\n", "loss", {"metric": "val/loss"}),
    ],
)
def test_the_path_or_column_that_is_like_it_is_proposed(
    name: str, text: str, asked: str, wanted: dict[str, str], tmp_path: Path
) -> None:
    kind = form_of(name)
    assert kind
    assert proposed(tmp_path, name, text, asked)[0] == {"type": kind.type, **wanted}


def test_a_metric_that_has_a_name_keeps_it(tmp_path: Path) -> None:
    (found,) = proposed(tmp_path, "x.json", '{"test": {"acc": 3}}', "acc", renamed=False)
    assert found == {"type": "json_reader", "key": "test.acc"}
    (found,) = proposed(tmp_path, "x.csv", "test_acc\n3\n", "acc", renamed=False)
    assert found == {"type": "csv_reader", "column": "test_acc"}


def test_what_is_not_like_it_or_no_number_is_not_proposed(tmp_path: Path) -> None:
    assert proposed(tmp_path, "x.csv", "epoch,acc\n1,high\n", "acc") == []
    assert not any(
        "json" in str(one) for one in proposed(tmp_path, "x.json", '{"lr": 3}', "accuracy")
    )


def test_a_file_of_another_form_than_its_name_says_has_no_names(tmp_path: Path) -> None:
    for name in ("x.json", "x.csv", "x.txt"):
        (tmp_path / name).write_bytes(b"\xff\0[[[")
        assert list(names_with_numbers(str(tmp_path / name))) in ([], ["\ufffd\0[[["])
    assert names_with_numbers(str(tmp_path / "none.csv")) == []
