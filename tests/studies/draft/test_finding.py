"""Options from a source, joined with what the words of the command tell."""

from pathlib import Path

from automl.discovery.option import How
from automl.studies.draft.asked_help import Place
from automl.studies.draft.finding import find_options


def nothing_said(sentence: str) -> None:
    raise AssertionError(sentence)


def test_an_option_with_one_dash_in_a_source_is_not_told_twice(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('-lr', type=float, default=0.1)\np.parse_args()\n"
    )
    words = ["python", "train.py", "-lr=0.2", "--undeclared", "3"]
    found = find_options(words, Place(str(tmp_path), {}), nothing_said)
    assert found.how is How.SOURCE
    assert [(one.names, one.given) for one in found.options] == [
        (("-lr",), ("0.2",)),
        (("--undeclared",), ("3",)),
    ]
