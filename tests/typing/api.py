"""Uses the whole public API as a script would; it is only type-checked, never run."""

from typing import assert_type

import pandas as pd

from automl.hpo import AutoTuner, algorithm, earlystop, hyperparam, reader, task
from automl.spec.limits import EarlyStop
from automl.spec.parameters import SpaceItem
from automl.spec.study import Algorithm
from automl.spec.task import BashTask, LocalReader
from automl.spec.trial import Trial

n = hyperparam.create(type="Categorical", name="n", candidates=[10, "a", None, True])
layers = hyperparam.create(type="Integer", name="layers", min_value=1, max_value=9, step=2)
rate = hyperparam.create(type="Real", name="rate", min_value=1e-5, max_value=1.0, log=True)
assert_type(n, SpaceItem)

metric = reader.create(type="local_reader", location="{{ trial.id }}.log", parser_pattern=r"(\S+)")
assert_type(metric, LocalReader)

prepare = task.create(type="BashTask", cmd="mkdir -p out")
train = task.create(type="BashTask", cmd=["train", "{{ trial.param.n }}"], metric_reader=metric)
assert_type(train, BashTask)

assert_type(algorithm.create(type="tpe", initial_trials_num=5), Algorithm)
assert_type(earlystop.create(type="large_is_better", threshold=0.9, max_runtime="8h"), EarlyStop)

tuner = AutoTuner([n, layers, rate], [prepare, train], 4, 20, "local", "your_cloud_id")
tuner = AutoTuner(
    hyperparams=[n, layers, rate],
    task_list=[prepare, train],
    max_parallel=4,
    max_trial_num=20,
    mode="local",
    user_id=None,
    name="study",
    study_dir="studies",
    direction="minimize",
    final="best",
    algorithm=algorithm.create(type="random"),
    earlystop=earlystop.create(type="small_is_better", threshold=0.1),
    seed=1,
    cwd="/tmp",  # noqa: S108 - only type-checked
    env={"A": 1, "B": "{{ trial.id }}"},
    fresh=True,
    fail_fast=None,
    grace=2.5,
)
tuner = AutoTuner.create_tuner({"hyperparams": [], "tasks": []}, max_parallel=1, max_trial_num=1)

assert_type(tuner.fit(), pd.DataFrame)
assert_type(tuner.fit(synchronize=True), pd.DataFrame)
assert_type(tuner.fit(synchronize=False), pd.DataFrame | None)
assert_type(tuner.wait(), pd.DataFrame)
assert_type(tuner.results, pd.DataFrame)
assert_type(tuner.table(full=True), pd.DataFrame)
assert_type(tuner.trials, list[Trial])
assert_type(tuner.best_trial, Trial)
assert_type(tuner.best_value, float)
best: object = tuner.best_params["n"]
