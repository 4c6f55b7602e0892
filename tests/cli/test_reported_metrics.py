"""Where the terminal looks for a metric that a program is seen to report."""

from pathlib import Path
from typing import Any

import pytest

from automl.cli.run.described import Typed, description_of
from automl.cli.run.metrics import Asked

PRINTED = ("stdout_reader", "loss")
REPORTED = ("report_reader", "loss")


def readers_of(source: str, folder: Path, **asked: Any) -> list[tuple[str, str]]:
    """Return the type and metric of the readers of a command that starts a program."""
    (folder / "train.py").write_text(source)
    typed = Typed(
        words=["python", "train.py"],
        parameters=["--lr=0.1..1.0"],
        asked=Asked(**{"ranked": [("loss", "minimize")], **asked}),
    )
    given = description_of(typed)["task_list"][0]["metric_reader"]
    listed = given if isinstance(given, list) else [given]
    return [(one["type"], one["metric"]) for one in listed]


@pytest.mark.parametrize(
    ("source", "reader"),
    [
        ("import automl\nautoml.report(1)", REPORTED),
        ("import automl\nautoml.report(1, name='loss')", REPORTED),
        ("import automl\nautoml.report(1, name='other')", PRINTED),
        ("import automl\nautoml.report(1, name=key)", PRINTED),
        ("from automl.inside.keras import ReportCallback", PRINTED),
        ("print('loss: 1')", PRINTED),
    ],
)
def test_what_is_printed_meanwhile_does_not_count_where_it_is_reported(
    source: str, reader: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert readers_of(source, tmp_path) == [reader]


def test_of_several_only_those_with_a_name_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = "import automl\nautoml.report(1)\nautoml.report(1, name='acc')"
    ranked = [("loss", "minimize"), ("acc", "maximize")]
    assert readers_of(source, tmp_path, ranked=ranked) == [PRINTED, ("report_reader", "acc")]
    constrained = readers_of(source, tmp_path, constraints=["memory<=4"])
    assert constrained == [REPORTED, ("stdout_reader", "memory")]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [({"patterns": [r"loss=(\S+)"]}, "local_reader"), ({"metric_file": "m.log"}, "file_reader")],
)
def test_what_was_typed_counts(
    asked: dict[str, Any], kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = readers_of("import automl\nautoml.report(1)", tmp_path, **asked)
    assert found == [(kind, "loss")]
