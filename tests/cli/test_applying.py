"""`automl best --apply`: shown, asked, written."""

from pathlib import Path

import click
import pytest

from automl.cli import applying
from automl.cli.applying import apply_to
from automl.studies.applied import Applied
from automl.study.trial import Trial

BEFORE, AFTER = "a: 1\nlr: 0.1\nb: 2\nc: 3", "a: 1\nlr: 0.5\nb: 2\nc: 3"
Captured = pytest.CaptureFixture[str]


class _Study:
    folder = None


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "conf.yaml"
    path.write_text(BEFORE)

    def found(_spec: object, _params: object, _file: str) -> Applied:
        return Applied(path, path.read_text(), AFTER, ["out"], is_base=True)

    monkeypatch.setattr(applying, "spec_on_disk", lambda _folder: None)
    monkeypatch.setattr(applying, "applied", found)
    return path


def apply(*, yes: bool, shown: bool = True) -> Applied:
    return apply_to(_Study(), Trial(id=7, params={}), "conf.yaml", yes=yes, shown=shown)  # type: ignore[arg-type]


def test_the_difference_is_shown_and_written(file: Path, capsys: Captured) -> None:
    apply(yes=True)
    assert file.read_text() == AFTER
    out = capsys.readouterr().out
    assert "-lr: 0.1\n+lr: 0.5\n" in out
    assert "c: 3" not in out
    assert "left as it is, as it is no parameter's value: out" in out
    assert "no trial can be added or run again" in out
    apply(yes=False)
    assert "conf.yaml has the values of trial 7 already" in capsys.readouterr().out


def test_nobody_to_be_asked_is_told_what_would_change(file: Path, capsys: Captured) -> None:
    with pytest.raises(click.UsageError, match="--yes is needed"):
        apply(yes=False)
    assert "+lr: 0.5" in capsys.readouterr().out
    assert file.read_text() == BEFORE


@pytest.mark.parametrize("answer", ["y", "n"])
def test_who_sits_at_a_terminal_is_asked(
    file: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(applying, "is_terminal", lambda _stream: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _text: answer)
    if answer == "n":
        with pytest.raises(click.Abort):
            apply(yes=False)
    else:
        apply(yes=False)
    assert file.read_text() == (AFTER if answer == "y" else BEFORE)


@pytest.mark.usefixtures("file")
def test_json_shows_no_text(capsys: Captured) -> None:
    assert apply(yes=True, shown=False).after == AFTER
    assert capsys.readouterr().out == ""
