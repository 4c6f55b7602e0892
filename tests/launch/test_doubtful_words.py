"""Which words of commands are warned of, as programs may take them for something else."""

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.launch.tasks.commands import Commands
from automl.launch.tasks.doubtful_words import doubtful_words
from automl.space.parameters import (
    Categorical,
    Constant,
    Flag,
    Integer,
    Linked,
    Normal,
    Parameter,
    Real,
)
from automl.space.space import SearchSpace
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask, Command

X = "{{ trial.param.x }}"


def warnings(parameter: Parameter, *words: str, line: str = "", cleanup: bool = False) -> list[str]:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    command: Command = line or ("train", *words)
    given = {"cmd": "true", "cleanup": command} if cleanup else {"cmd": command}
    task = BashTask(**given, metric_reader=reader)
    spec = make_spec(space=SearchSpace((parameter,)), tasks=(task,))
    return doubtful_words(spec.space, [Commands(spec), Commands(spec, cleanup=True)])


def real(low: float, high: float, **options: float) -> Real:
    return Real(name="x", min_value=low, max_value=high, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "parameter",
    [
        real(-1, 1),
        real(-1, 0),
        real(-1e-3, -1e-7),
        real(-1e-20, 1),
        real(-1e30, -1e20),
        real(-3e-30, -3e-30),
        real(-1e-24, 0, step=1e-25),
        Normal(name="x", mean=0, std=1),
        Categorical(name="x", candidates=(0.1, -1e-25)),
        Constant(name="x", value=-1e-25),
        Linked(names=("y", "x"), candidates=([1, -1e-25], [2, 2.0])),
    ],
)
def test_a_negative_number_that_needs_an_exponent_is_told(parameter: Parameter) -> None:
    (warning,) = warnings(parameter, "--x", X)
    assert "task 1: word 3 of cmd: 'x' may be" in warning
    assert warning.endswith(f"write it as one word, --x={X}")


@pytest.mark.parametrize(
    "parameter",
    [
        real(0, 1),
        real(-1, -0.01),
        real(-1, 1, step=1e-5),
        real(1e-30, 1e30),
        Integer(name="x", min_value=-(10**30), max_value=10),
        Categorical(name="x", candidates=(1e-25, -1e-05, "-x", "-1e-25 b")),
        Linked(names=("y", "x"), candidates=([-1e-25, 1], [2, 2])),
    ],
)
def test_numbers_that_programs_understand_are_not(parameter: Parameter) -> None:
    assert warnings(parameter, "--x", X) == []


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["-x", X], f"write it as one word, -x={X}"),
        (["--x", "<<trial.param.x>>"], f"write it as one word, --x={X}"),
        ([X], f"give it by an option, as in --x={X}"),
        (["--flag=1", "plain", X], f"give it by an option, as in --x={X}"),
        ([f"--x={X}"], ""),
        (["-c", f"x = {X}"], ""),
    ],
)
def test_only_a_word_by_itself_is_told(words: list[str], advice: str) -> None:
    found = warnings(real(-1, 1), *words)
    assert len(found) == bool(advice)
    assert all(one.endswith(advice) for one in found)


@pytest.mark.parametrize(
    ("line", "count"),
    [
        (f"train --x {X}", 1),
        (f"train --x {X}; true", 1),
        (f"train {{% if true %}}--x {X}{{% endif %}} > log", 1),
        (f"train --x={X}", 0),
        (f"x={X} train", 0),
        (f"train '{X}' {X}.log a{X} {X}{X}", 0),
    ],
)
def test_of_a_shell_line_too(line: str, count: int) -> None:
    assert len(warnings(real(-1, 1), line=line)) == count
    assert len(warnings(real(-1, 1), line=line, cleanup=True)) == count


@pytest.mark.parametrize(
    ("candidates", "told"),
    [
        (("", "--x"), ["hyperparam.create(type='Flag', name='x', on='--x')"]),
        (("--yes", ""), ["on='--yes'"]),
        (("", 1), ["on='1'"]),
        (("", "--a", "--b"), [f"{{% if trial.param['x'] %}}{X}{{% endif %}}", "on='--a'"]),
    ],
)
def test_an_empty_candidate_is_told_and_names_a_flag(
    candidates: tuple[str | int, ...], told: list[str]
) -> None:
    parameter = Categorical(name="x", candidates=candidates)
    for found in (warnings(parameter, "a", X), warnings(parameter, line=f"train a {X}")):
        (warning,) = found
        assert "'x' may be '', an empty word" in warning
        assert all(part in warning for part in told)
    assert warnings(parameter, f"--x={X}") == []
    assert warnings(parameter, line=f"train x{X}") == []


def test_what_the_warning_advises_leaves_the_word_out() -> None:
    parameter = Categorical(name="x", candidates=("", "--a", "--b"))
    word = "{% if trial.param['x'] %}{{ trial.param.x }}{% endif %}"
    assert warnings(parameter, "a", word) == []


def test_several_words_in_one_candidate_are_told() -> None:
    parameter = Categorical(name="x", candidates=("--opt sgd", "--opt adam"))
    (warning,) = warnings(parameter, X)
    assert "'--opt sgd', which reaches the program as one word" in warning
    fine = Categorical(name="x", candidates=("a b", "--name=a b", "-", "- a"))
    assert warnings(fine, X) == []


@pytest.mark.parametrize("before", ["--fast", "--slow"])
def test_the_word_of_a_flag_before_it_is_refused(before: str) -> None:
    flag = Flag(name="x", on="--fast", off="--slow")
    with pytest.raises(SpecError, match=f"is the word '{before}' itself, or none; take out"):
        warnings(flag, before, X)
    with pytest.raises(SpecError, match="take out"):
        warnings(flag, line=f"train {before} {X}")
    assert warnings(flag, before, "a", X) == []
    assert warnings(Flag(name="x", on="1", off="0"), "--fast", X) == []
