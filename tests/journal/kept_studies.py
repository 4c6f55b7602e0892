"""The studies whose folders are kept as an earlier release left them."""

from typing import Any

from automl.hpo import AutoTuner, budget, hyperparam, reader, task


def rich(**more: Any) -> AutoTuner:
    """Ten trials, of which each goes its own way."""
    return _study(
        "rich",
        ["sh", "./work.sh", "{{ trial.param.x }}", "{{ trial.param.rate }}"],
        range(10),
        max_parallel=3,
        max_retries=1,
        fail_fast=None,
        **more,
    )


def ladder(**more: Any) -> AutoTuner:
    """Four trials, of which the best go on to 2 and 4 epochs."""
    epochs = budget.create(name="epochs", min=1, max=4, factor=2)
    cmd = "sh ./climb.sh {{ trial.param.x }} {{ trial.budget }}"
    return _study("ladder", cmd, range(4), max_parallel=2, budget=epochs, **more)


def _study(name: str, cmd: Any, values: range, **more: Any) -> AutoTuner:
    metric = reader.create(
        type="local_reader",
        location="{{ trial.dir }}/stdout.log",
        parser_pattern=r"score=(\S+)",
    )
    return AutoTuner(
        hyperparams=[
            hyperparam.create(type="Categorical", name="x", candidates=list(values)),
            hyperparam.create(type="Categorical", name="rate", candidates=[0.5]),
        ],
        task_list=[task.create(type="BashTask", cmd=cmd, metric_reader=metric)],
        **{"max_trial_num": len(values), "name": name, "algorithm": "grid", "seed": 7, **more},
    )
