import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loop_fakes import PATTERN, make_spec

from automl.errors import RenderError
from automl.launch.tasks.commands import Commands
from automl.render.context import value_text
from automl.render.script import trial_script
from automl.render.template import TemplateContext
from automl.space.parameters import Categorical
from automl.space.space import Params, SearchSpace
from automl.study.launch import Prologue
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

SPACE = SearchSpace(
    (
        Categorical(name="opt", candidates=("sgd", "adam")),
        Categorical(name="momentum", candidates=(0.9,), when={"opt": "sgd"}),
        Categorical(name="depth", candidates=(1, 2)),
    )
)
SGD = {"opt": "sgd", "momentum": 0.9, "depth": 1}
ADAM = {"opt": "adam", "depth": 1}
MOMENTUM = "{{ trial.param.momentum }}"


def filled(params: Params, *words: str, line: str = "") -> tuple[str, ...] | str:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    task = BashTask(cmd=line or words, metric_reader=reader)
    context = TemplateContext(
        trial_id=0, params=params, trial_dir="/t", seed=1, study_name="s", study_dir="/s"
    )
    (command,) = Commands(make_spec(space=SPACE, tasks=(task,))).filled(context).commands
    return command


@pytest.mark.parametrize(
    ("words", "sgd", "adam"),
    [
        (["--momentum", MOMENTUM], ["--momentum", "0.9"], []),
        ([f"--momentum={MOMENTUM}"], ["--momentum=0.9"], []),
        (["-m", MOMENTUM, "-v"], ["-m", "0.9", "-v"], ["-v"]),
        (["-v", "--momentum", MOMENTUM], ["-v", "--momentum", "0.9"], ["-v"]),
        (["--a=1", MOMENTUM], ["--a=1", "0.9"], ["--a=1"]),
        (["plain", MOMENTUM], ["plain", "0.9"], ["plain"]),
        (["--x", "1", MOMENTUM], ["--x", "1", "0.9"], ["--x", "1"]),
        (["--last"], ["--last"], ["--last"]),
        (["--depth", "{{ trial.param.depth }}"], ["--depth", "1"], ["--depth", "1"]),
        (["--both", f"{{{{ trial.param.depth }}}}-{MOMENTUM}"], ["--both", "1-0.9"], []),
        (["{% if trial.param.opt == 'sgd' %}--nesterov{% endif %}"], ["--nesterov"], []),
        (["--v", "{% if trial.param.opt == 'sgd' %}-n{% endif %}"], ["--v", "-n"], ["--v"]),
        (["--empty", ""], ["--empty", ""], ["--empty", ""]),
        (["--a", MOMENTUM, "--b", MOMENTUM], ["--a", "0.9", "--b", "0.9"], []),
    ],
)
def test_words_that_need_a_parameter_that_is_off_are_left_out(
    words: list[str], sgd: list[str], adam: list[str]
) -> None:
    assert filled(SGD, "train", *words) == ("train", *sgd)
    assert filled(ADAM, "train", *words) == ("train", *adam)


def test_a_word_that_asks_first_is_kept() -> None:
    word = "{{ trial.param.momentum if trial.param.opt == 'sgd' else 'none' }}"
    assert filled(SGD, "train", "-m", word) == ("train", "-m", "0.9")
    assert filled(ADAM, "train", "-m", word) == ("train", "-m", "none")


def test_a_shell_line_asks_by_itself() -> None:
    asks = f"train {{% if trial.param.opt == 'sgd' %}}-m {MOMENTUM}{{% endif %}}"
    assert filled(SGD, line=asks) == "train -m 0.9"
    assert filled(ADAM, line=asks).strip() == "train"  # type: ignore[union-attr]
    with pytest.raises(RenderError, match="momentum"):
        filled(ADAM, line=f"train -m {MOMENTUM}")


def test_what_is_wrong_for_another_reason_is_an_error() -> None:
    with pytest.raises(RenderError):
        filled(SGD, "train", "{{ trial.param.depth / 0 }}")
    with pytest.raises(RenderError):
        filled(ADAM, "train", "{{ trial.param.depth / 0 }}")


OFF = st.sampled_from([MOMENTUM, f"--m={MOMENTUM}"])
ON = st.sampled_from(["a", "-b", "--c", "--d=1", "{{ trial.param.depth }}", "", "-"])


@given(st.lists(st.one_of(OFF, ON), max_size=8))
def test_nothing_is_left_out_of_a_trial_that_has_all_and_little_of_another(
    words: list[str],
) -> None:
    every = filled(SGD, "train", *words)
    assert len(every) == len(words) + 1
    some = filled(ADAM, "train", *words)
    off = sum("momentum" in word for word in words)
    assert len(every) - 2 * off <= len(some) <= len(every) - off
    assert not any("0.9" in word for word in some)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text("ab'\" é", max_size=3), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
VALUE = "{{ trial.param.value }}"
NASTY: list[Any] = [
    *("", " ", "a b", "it's", '"', "$HOME", "`id`", "\\", "\n", "~", "*", "-x", "--", "a\tb", "é"),
    *(
        "{}",
        "{{ x }}",
        "<<x>>",
        "#",
        "!",
        "=",
        ";",
        "&&",
        "|",
        ">x",
        "\x1b[31m",
        True,
        None,
        10**30,
    ),
    *(1e-5, -1e-25, [1e-5, "a b"], {"a b": [None, "'"]}),
]


@given(JSON_VALUES)
def test_any_value_that_a_parameter_can_hold_is_one_word(value: Any) -> None:
    space = SearchSpace((Categorical(name="value", candidates=(value,)),))
    context = TemplateContext(0, {"value": value}, "/t", 1, "s", "/s")
    reader = LocalReader(location="{{ trial.dir }}/log", parser_pattern=PATTERN)
    for cmd in (("train", VALUE, "end"), f"train {VALUE} end", f"train {VALUE} end{{{{ '' }}}}"):
        task = BashTask(cmd=cmd, metric_reader=reader)
        (found,) = Commands(make_spec(space=space, tasks=(task,))).filled(context).commands
        words = list(found) if isinstance(found, tuple) else shlex.split(found)
        assert words == ["train", value_text(value), "end"]


def test_it_reaches_the_program_as_it_is(tmp_path: Path) -> None:
    show = "import json, sys; print(json.dumps(sys.argv[1:]))"
    context = TemplateContext(0, {str(at): one for at, one in enumerate(NASTY)}, "/t", 1, "s", "/s")
    places = [f"{{{{ trial.param['{at}'] }}}}" for at in range(len(NASTY))]
    space = SearchSpace(
        [Categorical(name=str(at), candidates=(one,)) for at, one in enumerate(NASTY)]
    )
    reader = LocalReader(location="{{ trial.dir }}/log", parser_pattern=PATTERN)
    tasks = (
        BashTask(cmd=(sys.executable, "-c", show, *places), metric_reader=reader),
        BashTask(cmd=f"{sys.executable} -c '{show}' {' '.join(places)}"),
    )
    commands = Commands(make_spec(space=space, tasks=tasks)).filled(context).commands
    text = trial_script(
        title="t", cwd=str(tmp_path), exports="", commands=commands, prologue=Prologue()
    )
    done = subprocess.run(["sh"], input=text, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        assert json.loads(line) == list(map(value_text, NASTY))
