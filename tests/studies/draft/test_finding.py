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


ASKS = "import automl\np = automl.params(lr=0.1, batch_size=32)\nautoml.report(p['lr'], step=1)\n"


def test_what_a_program_asks_for_are_its_options(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(ASKS)
    found = find_options(["python", "train.py"], Place(str(tmp_path), {}), nothing_said)
    assert [(one.names, one.default, one.asked) for one in found.options] == [
        (("lr",), 0.1, True),
        (("batch_size",), 32, True),
    ]
    assert (found.doubts, found.reports) == ((), True)


def test_an_option_of_the_same_name_is_the_same_parameter(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--batch-size', type=int, default=32)\n"
        "p.add_argument('--wd', type=float, default=0.1)\np.parse_args()\n" + ASKS
    )
    found = find_options(["python", "train.py"], Place(str(tmp_path), {}), nothing_said)
    assert [(one.names[0], one.asked) for one in found.options] == [
        ("lr", True),
        ("batch_size", True),
        ("--wd", False),
    ]
