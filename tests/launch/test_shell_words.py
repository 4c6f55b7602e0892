"""Words that only a shell understands, in lists that no shell reads."""

import pytest

from automl.launch.tasks.shell_words import shell_words
from automl.study.tasks.task import BashTask


def warned(*words: str) -> list[str]:
    return shell_words([BashTask(cmd=words)])


@pytest.mark.parametrize(
    "word",
    [
        "|", "||", "&&", "&", ";", ">", ">>", "<", "2>", "2>&1", "&>", ">&2", "1>&2", "|&", "<<<",
        ">out.log", ">>{{ trial.dir }}/log", "2>/dev/null", "2>err.log", "<data.csv", "&>log",
        "*.csv", "data/*", "data/*.csv", "fold_?.npz", "~/x/*.txt", "*",
        "$HOME", "${HOME}/data", "$HOME/data/{{ trial.id }}", "$1", "~", "~/data", "~me/data",
        "`date`", "$(date +%s)", "run-$(hostname).log", "--out=$HOME/x", "--out=~/x",
    ],
)  # fmt: skip
def test_it_is_warned_of_in_one_line_that_says_what_to_write(word: str) -> None:
    [warning] = warned("train", "a b", word, "last")
    assert f"task 1: word 3 of cmd is {word!r}, which the program gets as it is" in warning
    assert "give one string: cmd=" in warning
    assert "\n" not in warning


@pytest.mark.parametrize(
    "words",
    [
        ("train", "--lr", "{{ trial.param.lr }}", "-x", "--", "a=b", "a,b", "x.py", "/a/b", "..."),
        ("sh", "-c", "a | b > c"), ("bash", "-lc", "$HOME"), ("sh", "-c", "~"),
        ("find", ".", "-name", "*.py", "-exec", "rm", "{}", ";"), ("/usr/bin/awk", "$1 > 2"),
        ("expr", "2", "*", "3"), ("test", "a", "<", "b"),
        ("train", "--include", "*.csv"), ("train", "--glob=*.csv"), ("train", "--cond", ">5"),
        ("train", "numpy>=1.0", ">=3", "=>", "->", "a>b", "<unk>", "2*3", "2.5*3", "what?"),
        ("train", "http://x/y?z=1", "a&b", "R&D", "50%", "price: $5 or so", "#3", "a|b", "x~y"),
        ("train", "{a,b}", "[0-9]+", "^a.*b$", "(x)", "!x"),
        ("$HOME/train", "x"),
    ],
)  # fmt: skip
def test_what_a_program_may_well_mean_is_left_alone(words: tuple[str, ...]) -> None:
    assert warned(*words) == []


def test_a_command_is_warned_of_once_and_a_line_never() -> None:
    [warning] = warned("train", "|", "tee", "$HOME/a log", ">", "x")
    assert warning.endswith("""cmd="train | tee '$HOME/a log' > x\"""")
    assert shell_words([BashTask(cmd="train | tee $HOME/log")]) == []
    [cleanup] = shell_words([BashTask(cmd="a"), BashTask(cmd=["a"], cleanup=["rm", "*.log"])])
    assert cleanup.startswith("task 2: word 2 of cleanup is '*.log'")
