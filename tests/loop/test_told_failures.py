"""A value with which every trial fails is told once while a study runs."""

import logging
from collections.abc import Callable

import pytest
from loop_bench import Bench
from loop_fakes import fails, prints

from automl.search.algorithms import make_proposer
from automl.search.problem import problem_of
from automl.space.parameters import Flag, Integer
from automl.space.space import SearchSpace
from automl.study.spec import Algorithm
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

SPACE = SearchSpace((Integer(name="x", min_value=1, max_value=10), Flag(name="f", on="--f")))


def test_it_is_told_once_as_a_warning(
    bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture
) -> None:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=r"value=(\S+)")
    words = ("true", "{{ trial.param.x }}", "{{ trial.param.f }}")
    task = BashTask(cmd=words, metric_reader=reader)
    one = bench(max_trials=20, space=SPACE, tasks=(task,), algorithm=Algorithm(type="grid"))
    one.search = lambda seed: make_proposer(
        one.spec.algorithm, problem_of(one.spec, seed, one.spec.limits.max_trials)
    )
    one.program = lambda launch: fails(launch) if launch.trial_id % 2 else prints(launch)
    with caplog.at_level(logging.INFO):
        one.run()
    told = [each for each in caplog.records if "f=True" in each.message and "all " in each.message]
    assert [each.levelname for each in told] == ["WARNING"]
    assert "trials with f=True failed, and none of the" in told[0].message
