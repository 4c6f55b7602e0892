"""The line that runs a trial again: pasted into a shell it does what the trial's script did."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.render.pasted import pasted_line
from automl.render.script import export_lines, trial_script
from automl.study.launch import LEAVES_EXIT

SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh") if shutil.which(shell)]

PROBE = """#!/bin/sh
printf '[%s]' "$PWD" "$A" "$B_2" "$#" "$@"
[ "$1" != fails ]
"""

words = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=8
) | st.sampled_from(
    ["a b", "it's", "$HOME", "~", "*", "!!", "-n", "`id`", "#", "\\", "\n", "{a,b}"]
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose name needs quotes, with a program that tells how it was started."""
    folder = tmp_path_factory.mktemp("place") / "it's $HOME & more"
    folder.mkdir()
    (folder / "tell me").write_text(PROBE)
    (folder / "tell me").chmod(0o755)
    return folder


def of_script(commands: list[tuple[str, ...] | str], env: dict[str, str], cwd: Path) -> str:
    """Return what the script of a trial prints."""
    text = trial_script(
        title="", cwd=str(cwd), exports=export_lines(env), commands=commands, prologue=LEAVES_EXIT
    )
    return printed(["sh", "-c", text], Path("/"))


def printed(argv: list[str], cwd: Path) -> str:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, check=False, timeout=60)
    return f"{done.stdout.decode()} {done.returncode}"


def same(commands: list[tuple[str, ...] | str], env: dict[str, str], cwd: Path) -> None:
    expected = of_script(commands, env, cwd)
    there = pasted_line(commands, env=env)
    assert printed(["sh", "-c", there], cwd) == expected
    anywhere = pasted_line(commands, env=env, cwd=str(cwd))
    for shell in SHELLS:
        assert printed([shell, "-c", anywhere], Path("/")) == expected


@settings(max_examples=10)
@given(given_words=st.lists(words, max_size=3), value=words, line=st.sampled_from(["", "echo x"]))
def test_words_and_variables_reach_the_program_as_they_did(
    place: Path, given_words: list[str], value: str, line: str
) -> None:
    commands: list[tuple[str, ...] | str] = [("./tell me", *given_words)]
    same([*([line] if line else []), *commands], {"A": value, "B_2": "x"}, place)


@pytest.mark.parametrize(
    "commands",
    [
        ["'./tell me' a | tr a b", ("./tell me", "x")],
        ["cd / && pwd", ("./tell me",)],
        ["exit 3", ("./tell me",)],
        [("./tell me", "fails"), ("./tell me",)],
        ["'./tell me' # a comment", "(echo a; echo b)", "A=3; echo $A", 'echo "$A"'],
        ["cat <<END\nhere $A\nEND\n", ("./tell me",)],
        ["echo '!x' | cat", "true;", "echo a &\nwait", "echo a\\"],
        [("echo", "-e", "a\\tb"), ("printf", "%s", "x"), ("test", "1"), ("pwd",)],
        [("sh", "-c", 'echo "$0 $A" "$1"', "a b", "c")],
    ],
)  # fmt: skip
@pytest.mark.parametrize("env", [{}, {"A": "it's *", "B_2": ""}])
def test_tasks_run_in_their_order_until_one_fails(
    place: Path, commands: list[tuple[str, ...] | str], env: dict[str, str]
) -> None:
    same(commands, env, place)


def test_the_shell_that_it_is_pasted_into_stays_as_it_was(place: Path) -> None:
    line = pasted_line(["exit 3", "true"], env={"A": "1"}, cwd=str(place))
    assert printed(["sh", "-c", f'{line}\necho "$? [$A] $PWD"'], Path("/")) == "3 [] /\n 0"


def test_programs_are_looked_for_where_the_trial_found_them(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/train").write_text("#!/bin/sh\necho found")
    (tmp_path / "a b/train").chmod(0o755)
    for commands in ([("train",)], ["train"]):
        line = pasted_line(commands, env={}, path_first=str(tmp_path / "a b"))
        assert printed(["sh", "-c", line], tmp_path) == "found\n 0"


@pytest.mark.parametrize("name", ["API_KEY", "WANDB_API_KEY", "token", "DB_PASSWORD", "APIKEY"])
def test_a_password_is_not_shown_but_taken_from_the_shell(name: str) -> None:
    line = pasted_line([("sh", "-c", f"echo ${name}")], env={name: "s3cret", "MONKEY": "1"})
    assert "s3cret" not in line
    assert "MONKEY=1" in line
    assert printed(["sh", "-c", f"{name}=mine; {line}"], Path("/")) == "mine\n 0"
    assert printed(["sh", "-c", line], Path("/")) != "\n 0"
