"""Flags in commands: a word that is only the placeholder is their word, or is left out."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loop_fakes import PATTERN, make_spec

from automl.errors import RenderError, SpecError
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.tasks.commands import Commands
from automl.render.template import TemplateContext
from automl.space.kinds.flag import flag_words, flags_in
from automl.space.parameters import Categorical, Flag, Real
from automl.space.space import Params, SearchSpace
from automl.study.resources import Grant
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial

F, G = "{{ trial.param.f }}", "<<trial.param['odd g']>>"
SPACE = SearchSpace(
    (
        Categorical(name="opt", candidates=("sgd", "adam")),
        Flag(name="f", on="--fast", when={"opt": "sgd"}),
        Flag(name="odd g", on="it's g", off="--no-g"),
        Categorical(name="momentum", candidates=(0.9,), when={"opt": "sgd"}),
    )
)
ON = {"opt": "sgd", "f": True, "odd g": True, "momentum": 0.9}
OFF = {"opt": "sgd", "f": False, "odd g": False, "momentum": 0.9}
UNUSED = {"opt": "adam", "odd g": False}


def filled(params: Params, *words: str, line: str = "") -> tuple[str, ...] | str:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    task = BashTask(cmd=line or words, metric_reader=reader)
    context = TemplateContext(
        0, params, "/t", 1, "s", "/s", flags=flag_words(flags_in(SPACE), params)
    )
    (command,) = Commands(make_spec(space=SPACE, tasks=(task,))).filled(context).commands
    return command


@pytest.mark.parametrize(
    ("words", "on", "off", "unused"),
    [
        ([F], ["--fast"], [], []),
        ([G], ["it's g"], ["--no-g"], ["--no-g"]),
        (["--x", F, "y"], ["--x", "--fast", "y"], ["--x", "y"], ["--x", "y"]),
        (["--x", F], ["--x", "--fast"], ["--x"], ["--x"]),
        ([F, "--x", "1"], ["--fast", "--x", "1"], ["--x", "1"], ["--x", "1"]),
        ([F, F, G], ["--fast", "--fast", "it's g"], ["--no-g"], ["--no-g"]),
        (
            [F, "-m", "{{ trial.param.momentum }}"],
            ["--fast", "-m", "0.9"],
            ["-m", "0.9"],
            [],
        ),
        ([f"--f={F}"], ["--f=True"], ["--f=False"], []),
        (["--f", "{{ trial.param.f | string }}"], ["--f", "True"], ["--f", "False"], []),
        ([f" {F}"], [" True"], [" False"], []),
    ],
)
def test_a_word_that_is_only_its_placeholder(
    words: list[str], on: list[str], off: list[str], unused: list[str]
) -> None:
    assert filled(ON, "train", *words) == ("train", *on)
    assert filled(OFF, "train", *words) == ("train", *off)
    assert filled(UNUSED, "train", *words) == ("train", *unused)


@pytest.mark.parametrize("more", ["", " {{ trial.id + 1 }}", "{% if true %} 1{% endif %}"])
@pytest.mark.parametrize(
    ("line", "on", "off"),
    [
        (f"train {F} x", "train --fast x", "train x"),
        (f"train {G}", 'train "it\'s g"', "train --no-g"),
        (f"{F}", "--fast", ""),
        (f"train {F};echo {F}>log", "train --fast;echo --fast>log", "train ;echo >log"),
        (f"train --f={F}", "train --f=True", "train --f=False"),
        (f'train "a {F} b"', 'train "a True b"', 'train "a False b"'),
        (f"train ' {F} '", "train ' True '", "train ' False '"),
        (f"f={F} train", "f=True train", "f=False train"),
        ("train {% if true %}" + F + "{% endif %} x", "train --fast x", "train x"),
        ("train {{ trial.param.f | string }}", "train True", "train False"),
    ],
)
def test_in_a_shell_line_too(line: str, on: str, off: str, more: str) -> None:
    tail = [] if not more else ["1"]
    assert shlex.split(str(filled(ON, line=line + more))) == shlex.split(on) + tail
    assert shlex.split(str(filled(OFF, line=line + more))) == shlex.split(off) + tail


@pytest.mark.parametrize("more", ["", " {{ trial.id + 1 }}"])
def test_one_that_is_not_in_use_is_left_out_of_a_line(more: str) -> None:
    assert shlex.split(str(filled(UNUSED, line=f"train {F} {G}{more}")))[:2] == ["train", "--no-g"]
    with pytest.raises(RenderError):
        filled(UNUSED, line=f"train --f={F}{more}")


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
def test_its_word_is_one_word_whatever_it_is(word: str) -> None:
    try:
        flag = Flag(name="f", on=word)
    except SpecError:
        return
    context = TemplateContext(
        0, {"f": True}, "/", 1, "s", "/", flags=flag_words([flag], {"f": True})
    )
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    for cmd in (("train", F), f"train {F}", f"train {F} {{{{ 1 }}}}"):
        task = BashTask(cmd=cmd, metric_reader=reader)
        (command,) = (
            Commands(make_spec(space=SearchSpace([flag]), tasks=(task,))).filled(context).commands
        )
        words = list(command) if isinstance(command, tuple) else shlex.split(command)
        assert words[:2] == ["train", word]


def test_a_launch_writes_it_into_script_variables_and_params(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    space = SearchSpace((Flag(name="f", on="--fast"), Real(name="lr", min_value=0, max_value=1)))
    reader = LocalReader(location="{{ trial.dir }}/{{ trial.param.f }}", parser_pattern=PATTERN)
    task = BashTask(cmd=("train", F, "{{ trial.param.lr }}"), metric_reader=reader)
    spec = make_spec(tmp_path, space=space, tasks=(task,), env={"FAST": F})
    launcher = Launcher(spec, folder, 7, "c0ffee", {"PATH": "/bin"})
    for value, command in ((True, "train --fast 0.5"), (False, "train 0.5")):
        trial = Trial(id=0, params={"f": value, "lr": 0.5})
        launcher.prepare(trial, 1, Grant(env={}))
        script = Path(folder.trial(0).script).read_text()
        assert f"(exec {command})" in script
        assert f"export FAST='{value}'" in script
        assert f"&& {command})" in launcher.command_line(trial)
        assert launcher.metric_paths(trial)["metric"].endswith(f"/{value}")
        params = Path(folder.trial(0).path, "params.json").read_text()
        assert f'"f": {str(value).lower()}' in params
