"""What TAB offers, as each shell asks for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from written_studies import COMPLETE, STUDY, event, opened, running, write_study

from automl.cli.completion.shells import complete
from automl.cli.completion.typed_line import TypedLine
from automl.cli.group import automl
from automl.journal.events import Drawn, StudyOpened, TrialPlanned

BREAKS = " \t\n\"'><=;|&(:"

Offer = Callable[..., list[str]]


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Offer:
    """Return what a shell is offered for a line up to the cursor."""

    def offered(line: str, shell: str = "zsh", behind: str = "") -> list[str]:
        monkeypatch.setenv("COMP_LINE", line + behind)
        monkeypatch.setenv("COMP_POINT", str(len(line.encode())))
        monkeypatch.setenv("COMP_WORDBREAKS", BREAKS)
        assert complete(automl, "automl", "_AUTOML_COMPLETE", f"{shell}_complete") == 0
        return capsys.readouterr().out.splitlines()

    return offered


def values(lines: list[str]) -> list[str]:
    return [line.partition("\t")[0] for line in lines]


@pytest.mark.usefixtures("digits")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_verbs_studies_and_options_are_offered(offer: Offer, shell: str) -> None:
    assert values(offer("automl doc", shell)) == ["doctor"]
    assert values(offer("automl show ", shell)) == ["digits"]
    assert values(offer("automl show di", shell)) == ["digits"]
    assert values(offer("automl show x", shell)) == []
    assert "--stderr" in values(offer("automl logs digits --", shell))


@pytest.mark.usefixtures("digits")
def test_ids_of_trials_are_offered_with_what_became_of_them(offer: Offer) -> None:
    assert offer("automl logs digits ") == [
        "0\tcompleted, acc 0.75: lr=0.5 opt=adam",
        "1\tcompleted, acc 0.5: lr=0.25 opt=sgd",
        "2\tfailed: lr=0.125 opt=sgd",
    ]
    # Of the only study, ids may come first.
    assert values(offer("automl diff ")) == ["digits", "0", "1", "2"]
    assert values(offer("automl diff digits 1 ")) == ["0", "2"]
    assert values(offer("automl diff 1 2")) == ["2"]
    # Only those of which it can be asked.
    assert values(offer("automl retry digits ")) == ["2"]
    assert values(offer("automl stop digits ")) == []


def test_what_runs_or_is_planned_can_be_stopped(offer: Offer, here: Path) -> None:
    planned = event(TrialPlanned, trial=1, params={"lr": 0.5, "opt": "sgd"})
    write_study(here, "live", [opened(), *running(0, 0.5, "adam"), planned])
    assert values(offer("automl stop live ")) == ["0", "1"]


@pytest.mark.usefixtures("digits")
def test_of_several_studies_names_come_first(offer: Offer, here: Path) -> None:
    write_study(here, "dice", COMPLETE)
    assert sorted(values(offer("automl logs "))) == ["dice", "digits"]
    assert values(offer("automl logs dice ")) == ["0", "1", "2"]
    assert values(offer("automl logs 1 ")) == []
    assert values(offer("automl logs none ")) == []
    assert values(offer("automl results --sort ")) == []
    assert values(offer("automl results dice --top 3 --sort op")) == ["opt"]


@pytest.mark.usefixtures("digits")
def test_parameters_and_their_values_are_offered(offer: Offer) -> None:
    assert values(offer("automl add ")) == ["digits", "lr=", "opt="]
    assert values(offer("automl add digits l")) == ["lr="]
    assert values(offer("automl add digits lr=0.5 ")) == ["opt="]
    assert values(offer("automl add digits opt=")) == ["opt=adam", "opt=sgd"]
    assert values(offer("automl add lr=0.5 opt=s")) == ["opt=sgd"]
    # Nobody lists the numbers of a range.
    assert values(offer("automl add digits lr=")) == []
    assert values(offer("automl set digits max_p")) == ["max_parallel="]
    assert values(offer("automl set digits max_parallel=2 ")) == ["max_trial_num="]


def test_parameters_that_trials_asked_for_are_offered(offer: Offer, here: Path) -> None:
    first = opened()
    assert isinstance(first, StudyOpened)
    first = structs.replace(first, study={**STUDY, "hyperparams": [], "learnt": True})
    asked = event(
        Drawn,
        trial=0,
        values={"k": "a"},
        ranges={"k": {"kind": "categorical", "choices": ["a", "b"]}},
    )
    write_study(here, "tune", [first, event(TrialPlanned, trial=0, params={}, proposed={}), asked])
    assert values(offer("automl add tune ")) == ["k="]
    assert values(offer("automl add tune k=")) == ["k=a", "k=b"]


@pytest.mark.usefixtures("digits")
def test_columns_are_offered_also_behind_a_comma(offer: Offer) -> None:
    assert values(offer("automl results digits --sort l")) == ["lr", "launches"]
    assert values(offer("automl results digits --columns lr,sta")) == ["lr,state", "lr,start"]
    assert "lr,lr" not in values(offer("automl results digits --columns lr,"))
    assert values(offer("automl results digits --where=op")) == ["--where=opt"]


@pytest.mark.usefixtures("digits")
def test_bash_gets_what_it_puts_behind_an_equals_sign(offer: Offer) -> None:
    assert offer("automl add digits op", "bash") == ["opt="]
    assert offer("automl add digits opt=a", "bash") == ["adam"]
    assert offer("automl results digits --sort=op", "bash") == ["opt"]
    # Its point counts bytes; what stands behind the cursor does not matter.
    assert offer("automl add digits lr=0.5 --note größer op", "bash", " and more") == ["opt="]


def test_names_with_spaces_are_quoted_for_bash_alone(offer: Offer, here: Path) -> None:
    write_study(here, "my study", COMPLETE)
    assert offer("automl show m", "bash") == [r"my\ study"]
    assert offer(r"automl show my\ s", "bash") == [r"my\ study"]
    assert offer("automl show 'my s", "bash") == ["my study"]
    assert offer('automl show "m', "fish") == ["my study"]
    assert values(offer("automl logs 'my study' 1", "zsh")) == ["1"]


@pytest.mark.usefixtures("digits")
def test_files_and_folders_are_offered(
    offer: Offer, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "study.yaml").touch()
    (here / ".hidden").touch()
    assert offer("automl run st") == ["study.yaml"]
    assert offer("automl run ") == ["automl_studies/", "study.yaml"]
    assert offer("automl run .h") == [".hidden"]
    assert offer("automl run -n 3 -- python st") == ["study.yaml"]
    assert offer("automl ls ") == ["automl_studies/"]
    assert offer("automl show automl_studies/d") == ["automl_studies/digits/"]
    assert offer("automl results --study-dir=au") == ["--study-dir=automl_studies/"]
    assert offer("automl show none/at/all") == []
    monkeypatch.setenv("HOME", str(here))
    assert offer("automl run --save ~/st") == ["~/study.yaml"]


def test_what_cannot_be_shown_in_a_line_is_left_out(offer: Offer, here: Path) -> None:
    write_study(here, "a\nb", COMPLETE)
    (here / "c\td").touch()
    assert offer("automl show a") == []
    assert offer("automl run c") == []


@pytest.mark.parametrize("asked", ["bash", "csh_complete", "bash_nonsense"])
def test_another_question_is_answered_with_a_code(asked: str) -> None:
    assert complete(automl, "automl", "_AUTOML_COMPLETE", asked) == 1


def test_a_line_is_taken_apart_as_shells_do() -> None:
    def typed(line: str) -> tuple[list[str], str]:
        found = TypedLine.of(line)
        return found.words, found.begun

    assert typed("automl") == ([], "automl")
    assert typed("automl  show ") == (["show"], "")
    assert typed(r"automl 'a b'c\ d e") == (["a bc d"], "e")
    assert typed("automl \"a 'b") == ([], "a 'b")
    assert typed("") == ([], "")


@given(st.text(max_size=30))
def test_no_line_is_too_odd(line: str) -> None:
    found = TypedLine.of(line)
    assert isinstance(found.begun, str)
    rest = found.rest_for_bash(found.begun, BREAKS)
    assert isinstance(rest, str)


def test_damaged_studies_offer_nothing(offer: Offer, here: Path) -> None:
    folder = here / "automl_studies" / "bad"
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_text("no journal\n")
    empty: list[Any] = []
    assert values(offer("automl logs ")) == ["bad"]
    assert offer("automl add bad ") == empty
    assert offer("automl results bad --sort ") == empty
