"""`create` of every module of the door: what it gives, how that prints, what it refuses."""

import re
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import algorithm, earlystop, hyperparam, reader, task
from automl.space.parameters import Categorical, Integer, Real
from automl.study.limits import EarlyStop
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

LOCATION = "./sk_log/{{trial.id}}/metric.log"


def test_each_kind_of_parameter_is_made() -> None:
    made = [
        hyperparam.create(type="Categorical", name="c", candidates=[10, "a", None]),
        hyperparam.create(type="Integer", name="i", min_value=1, max_value=9, step=2),
        hyperparam.create(type="Real", name="r", min_value=1e-5, max_value=1.0, log=True),
    ]
    assert made == [
        Categorical(name="c", candidates=(10, "a", None)),
        Integer(name="i", min_value=1, max_value=9, step=2),
        Real(name="r", min_value=1e-5, max_value=1.0, log=True),
    ]


def test_a_task_keeps_its_command_and_reader() -> None:
    metric = reader.create(type="local_reader", location=LOCATION, parser_pattern="(.*)")
    made = task.create(type="BashTask", cmd=["sleep", 1], metric_reader=metric)
    assert made == BashTask(cmd=("sleep", "1"), metric_reader=metric)
    assert task.create(type="BashTask", cmd="make data").metric_reader is None


def test_an_algorithm_is_its_type_and_options() -> None:
    assert algorithm.create(type="grid") == Algorithm(type="grid")
    made = algorithm.create(type="tpe", initial_trials_num=3, multivariate=False)
    assert made.options == {"initial_trials_num": 3, "multivariate": False}


@pytest.mark.parametrize(
    ("kind", "direction"),
    [("large_is_better", Direction.MAXIMIZE), ("small_is_better", Direction.MINIMIZE)],
)
def test_an_early_stop_has_the_direction_of_its_type(kind: str, direction: Direction) -> None:
    made = earlystop.create(type=kind, threshold=1, max_runtime="1h30m")
    assert made == EarlyStop(direction=direction, threshold=1.0, max_runtime_s=5400.0)


@pytest.mark.parametrize(
    ("made", "printed"),
    [
        (
            hyperparam.create(type="Categorical", name="s", candidates=[4, 3, "x"]),
            "Categorical(name='s', candidates=(4, 3, 'x'))",
        ),
        (
            hyperparam.create(type="Integer", name="n", min_value=1, max_value=9),
            "Integer(name='n', min_value=1, max_value=9, log=False, step=None)",
        ),
        (
            hyperparam.create(type="Real", name="lr", min_value=0.1, max_value=1, log=True),
            "Real(name='lr', min_value=0.1, max_value=1.0, log=True, step=None)",
        ),
        (
            reader.create(type="local_reader", location=LOCATION, parser_pattern=r"(\d.\d+)"),
            rf"LocalReader(location={LOCATION!r}, parser_pattern='(\\d.\\d+)')",
        ),
        (
            task.create(type="BashTask", cmd=["python", "x.py"]),
            "BashTask(cmd=('python', 'x.py'), metric_reader=None)",
        ),
        (algorithm.create(type="random"), "Algorithm(type='random', options={})"),
        (
            earlystop.create(type="small_is_better", threshold=0.1),
            (
                "EarlyStop(direction=<Direction.MINIMIZE: 'minimize'>, threshold=0.1, "
                "max_runtime_s=None)"
            ),
        ),
    ],
    ids=lambda value: value.partition("(")[0] if isinstance(value, str) else "",
)
def test_what_was_created_prints_as_what_it_is(
    made: object, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print(made)  # noqa: T201 - as the manual's script does
    assert capsys.readouterr().out == f"{printed}\n"


X: dict[str, Any] = {"name": "x"}
READER: dict[str, Any] = {"location": LOCATION, "parser_pattern": "(.*)"}


@pytest.mark.parametrize(
    ("door", "options", "told"),
    [
        (
            hyperparam,
            {"type": "Catgorical", **X},
            (
                r"hyperparam type 'Catgorical' is unknown \(did you mean 'Categorical'\?\); "
                r"known types: Categorical, Choice, Constant, Flag, Integer, Linked, "
                r"LogNormal, Normal, Real"
            ),
        ),
        (
            hyperparam,
            {"type": "Categorical", **X, "candidate": [1]},
            r"no option 'candidate' \(did you mean 'candidates'\?\); known options: name, cand",
        ),
        (hyperparam, {"type": "Integer", **X, "min": 1}, "has no option 'min'.*min_value"),
        (hyperparam, {"type": "Real", **X, "min_value": 1}, "needs max_value=; given: name=, min_"),
        (hyperparam, {"type": None}, "type None is unknown"),
        (
            reader,
            {"type": "LocalReader", **READER},
            r"reader type 'LocalReader' is unknown \(did you mean 'local_reader'\?\)",
        ),
        (reader, {"type": "local_reader", **READER, "path": "x"}, "has no option 'path'"),
        (reader, {"type": "local_reader", "location": "x"}, "needs parser_pattern="),
        (
            task,
            {"type": "bashtask"},
            r"task type 'bashtask' is unknown \(did you mean 'BashTask'\?\)",
        ),
        (task, {"type": "BashTask", "command": ["x"]}, "no option 'command'.*cmd, metric_reader"),
        (task, {"type": "BashTask"}, "needs cmd="),
        (
            algorithm,
            {"type": "TPE"},
            (
                r"algorithm type 'TPE' is unknown \(did you mean 'tpe'\?\); "
                r"known types: auto, cmaes, evolution, gp, grid, pbt, random, sobol, tpe"
            ),
        ),
        (
            algorithm,
            {"type": "tpe", "inital_trials_num": 3},
            r"no option 'inital_trials_num' \(did you mean 'initial_trials_num'\?\)",
        ),
        (
            algorithm,
            {"type": "grid", "seed": 1},
            "has no option 'seed'; known options: search_space",
        ),
        (
            earlystop,
            {"type": "larger_is_better", "threshold": 1},
            r"earlystop type 'larger_is_better' is unknown \(did you mean 'large_is_better'\?\)",
        ),
        (
            earlystop,
            {"type": "large_is_better", "treshold": 1},
            r"no option 'treshold' \(did you mean 'threshold'\?\)",
        ),
    ],
)
def test_unknown_names_are_refused_with_the_known_ones(
    door: Any, options: dict[str, Any], told: str, nothing_starts: Path
) -> None:
    del nothing_starts
    with pytest.raises(SpecError, match=told):
        door.create(**options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"type": "Categorical", "name": "", "candidates": [1]}, "parameter name '' is empty"),
        ({"type": "Categorical", "name": "  ", "candidates": [1]}, "name '  ' is empty"),
        ({"type": "Categorical", "name": 3, "candidates": [1]}, "must be a string, got 3"),
        ({"type": "Categorical", **X, "candidates": []}, "candidates is empty; give at least one"),
        ({"type": "Categorical", **X, "candidates": "abc"}, "must be a list of values, got 'abc'"),
        ({"type": "Categorical", **X, "candidates": [1, 2, 1]}, "candidate 1 is listed twice"),
        ({"type": "Categorical", **X, "candidates": [{1}]}, r"candidate \{1\} is a set"),
        ({"type": "Integer", **X, "min_value": 5, "max_value": 2}, "min_value 5 is above max_va"),
        ({"type": "Real", **X, "min_value": 0.5, "max_value": 0.2}, "min_value 0.5 is above max"),
        (
            {"type": "Real", **X, "min_value": 0, "max_value": 1, "log": True},
            "log=True needs min_value > 0, got 0.0",
        ),
        (
            {"type": "Integer", **X, "min_value": -1, "max_value": 9, "log": True},
            "log=True needs min_value >= 1, got -1",
        ),
        (
            {"type": "Integer", **X, "min_value": 0.5, "max_value": 9},
            "min_value must be a whole number, got 0.5; use type='Real'",
        ),
        (
            {"type": "Integer", **X, "min_value": "1", "max_value": 9},
            "min_value must be a whole number, got the text '1'; write it without quotes",
        ),
        (
            {"type": "Real", **X, "min_value": "1e-5", "max_value": 9},
            "min_value must be a number, got the text '1e-5'; .*in YAML, 1e-5 is a text, 1.0e-5",
        ),
    ],
)
def test_a_wrong_parameter_is_refused(
    options: dict[str, Any], told: str, nothing_starts: Path
) -> None:
    del nothing_starts
    with pytest.raises(SpecError, match=told):
        hyperparam.create(**options)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (r"(\d+", r"'(\\d+' does not compile: "),
        (r"\d+", r"'\\d+' has no group; put parentheses around the number"),
        (r"(?:\d+)", "has no group"),
        ("", "parser_pattern must be a non-empty string, got ''"),
        (3, "parser_pattern must be a non-empty string, got 3"),
    ],
)
def test_a_pattern_that_cannot_read_a_number_is_refused(
    pattern: Any, told: str, nothing_starts: Path
) -> None:
    del nothing_starts
    with pytest.raises(SpecError, match=re.escape(told)):
        reader.create(type="local_reader", location=LOCATION, parser_pattern=pattern)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"cmd": []}, "cmd must be a list of words or one string, got []"),
        ({"cmd": " "}, "cmd is an empty string"),
        ({"cmd": ["", "x"]}, "the first word of cmd is empty"),
        ({"cmd": ["echo", None]}, "each word of cmd must be a string or a number, got None"),
        ({"cmd": ["echo", "a\0b"]}, "NUL"),
        ({"cmd": ["x"], "metric_reader": {"type": "local_reader"}}, "must come from reader.create"),
        ({"cmd": ["x"], "metric_reader": LocalReader}, "must come from reader.create"),
    ],
)
def test_a_wrong_task_is_refused(options: dict[str, Any], told: str, nothing_starts: Path) -> None:
    del nothing_starts
    with pytest.raises(SpecError, match=re.escape(told)):
        task.create(type="BashTask", **options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "give a threshold or a max_runtime, or both"),
        ({"threshold": "0.9"}, "threshold must be a number, got '0.9'"),
        ({"threshold": True}, "threshold must be a number, got True"),
        ({"threshold": float("nan")}, "threshold must be a finite number, got nan"),
        ({"max_runtime": 0}, "max_runtime must be a number of seconds above 0"),
        ({"max_runtime": "soon"}, "such as '90s', '30m', '8h' or '1h30m', got 'soon'"),
    ],
)
def test_an_early_stop_that_never_comes_is_refused(
    options: dict[str, Any], told: str, nothing_starts: Path
) -> None:
    del nothing_starts
    with pytest.raises(SpecError, match=told):
        earlystop.create(type="large_is_better", **options)


def test_an_option_of_an_algorithm_is_checked_when_it_is_made(nothing_starts: Path) -> None:
    del nothing_starts
    with pytest.raises(SpecError, match="initial_trials_num must be a whole number of at least 1"):
        algorithm.create(type="tpe", initial_trials_num=0)
