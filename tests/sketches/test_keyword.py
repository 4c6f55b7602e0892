"""A keyword is one row: what docs/contributing/keyword.md shows is so, and its script runs."""

import os
from pathlib import Path

import pytest
from toy_package import ROOT, blocks, run

from automl.hpo import AutoTuner
from automl.journal.fold import fold
from automl.journal.journal import load
from automl.studies.keywords import BY_NAME

PIECES, (SCRIPT,) = blocks("keyword.md", "text"), blocks("keyword.md", "python")


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.splitlines()[0][2:])
def test_each_piece_is_in_the_file_that_it_names(piece: str) -> None:
    named, *shown = lines(piece)
    found = lines((ROOT / named.removeprefix("# ")).read_text("utf-8"))
    places = [found[start : start + len(shown)] for start in range(len(found))]
    assert shown in places


def test_the_script_does_what_its_keyword_says(tmp_path: Path) -> None:
    done = run(SCRIPT, tmp_path, tmp_path)
    assert done.returncode == 0, done.stderr
    study = tmp_path / "automl_studies/gentle"
    trials = fold(load(study / "journal.jsonl")[0]).trials.values()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert {one.value for one in trials} == {min(19, own + 5) + x for x in (1, 2)}
    assert "nice: 5\n" in (study / "study.yaml").read_text("utf-8")


def test_what_follows_from_the_row_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = BY_NAME["nice"]
    assert f"nice: {row.help}" in (AutoTuner.__doc__ or "")
    names: dict[str, object] = {}
    for given, told in {
        "nice=20": "nice must be a whole number from 0 to 19, got 20",
        "nise=5": r"has no option 'nise' \(did you mean 'nice'\?\)",
    }.items():
        with pytest.raises(ValueError, match=told):
            exec(SCRIPT.replace("nice=5", given), names)  # noqa: S102 - ours
    assert list(tmp_path.iterdir()) == []
