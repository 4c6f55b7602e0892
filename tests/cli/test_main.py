"""The command `automl`: its help loads nothing, its errors have one form, its codes tell apart."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module

import click
import pytest

from automl import __version__
from automl.cli import main as cli
from automl.cli.exits import INTERRUPTED, NO_STUDY, UNREAD, USAGE, WITHOUT_VALUE, NoStudyError
from automl.cli.group import automl
from automl.cli.verb_table import VERBS, Verb
from automl.errors import SpecError, StudyBusyError

HEAVY = ("optuna", "pandas", "jinja2", "rich", "psutil", "scipy", "numpy", "yaml", "msgspec")


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "automl", *words],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_imports_no_verb_and_nothing_heavy() -> None:
    code = (
        "import sys; from automl.cli.main import main; code = main(['--help']);"
        f"heavy = [one for one in {HEAVY} if one in sys.modules];"
        "verbs = [one for one in sys.modules if one.startswith('automl.cli.verbs')];"
        "sys.exit(f'{code} {heavy} {verbs}')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == "0 [] []\n"
    assert "doctor" in done.stdout


def test_every_verb_of_the_table_has_a_command_with_an_example() -> None:
    for name, verb in VERBS.items():
        command = import_module(verb.module).command
        assert isinstance(command, click.Command), name
        assert f"automl {name}" in (command.help or ""), name


@pytest.mark.parametrize("name", VERBS)
def test_the_help_of_a_verb_reads_well_in_80_columns(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    assert "RANGE " not in shown.replace("NAME=RANGE ", "")
    assert "\\b" not in shown
    # Each example begins a line, so that it can be taken as it stands.
    assert re.search(rf"^  (Example: |  )automl {name}", shown, re.MULTILINE)
    assert "if not given; " not in shown


def test_the_version_and_python_dash_m() -> None:
    done = run("--version")
    assert (done.stdout, done.returncode) == (f"automl {__version__}\n", 0)


def test_without_a_verb_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == USAGE
    assert "Verbs:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["docter"], "there is no verb 'docter' (did you mean 'doctor'?)"),
        (["--nonsense"], "--nonsense"),
        (["doctor", "--jsn"], "--jsn"),
        (["doctor", "too", "many"], "unexpected extra arguments"),
    ],
)
def test_a_wrong_word_is_told_in_one_form(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("automl: error: ")
    assert expected in err
    assert err.endswith(" --help\n")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SpecError("wrong"), USAGE),
        (NoStudyError("no study"), NO_STUDY),
        (StudyBusyError("busy"), WITHOUT_VALUE),
        (KeyboardInterrupt(), INTERRUPTED),
        (BrokenPipeError(), UNREAD),
    ],
)
def test_an_error_of_a_verb_becomes_a_code(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli.streams, "let_go", lambda _: None)
    monkeypatch.setattr(automl, "invoke", lambda _: fail())
    assert cli.main(["doctor"]) == code


def test_a_reader_that_ends_early_is_no_mistake() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m automl --help | true; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.strip() in {"0", str(UNREAD)}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has it")  # noqa: PTH110
def test_an_output_that_takes_nothing_is_told_without_a_traceback() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "automl", "doctor"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == WITHOUT_VALUE
    assert done.stderr == "automl: error: [Errno 28] No space left on device\n"


def test_completion_of_verbs_imports_none_of_them() -> None:
    code = (
        "import sys; from automl.cli.main import main; code = main([]);"
        "sys.exit(str([one for one in sys.modules if one.startswith('automl.cli.verbs')]))"
    )
    variables = {"_AUTOML_COMPLETE": "zsh_complete", "COMP_LINE": "automl doc"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "[]\n"
    assert done.stdout == "doctor\tShow what this machine offers to trials.\n"


def test_the_doctor_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert cli.main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["what"] for one in found][:3] == ["automl", "CPUs", "memory"]
    assert all(one["what"] in shown for one in found)


def test_the_table_says_what_a_verb_does_in_a_line() -> None:
    assert all(isinstance(verb, Verb) and len(verb.help) < 60 for verb in VERBS.values())
