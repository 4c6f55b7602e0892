"""Uses the whole public API as a script would; it is only type-checked, never run."""

from typing import Any, assert_type

import pandas as pd

import automl
from automl.hpo import (
    AutoTuner,
    algorithm,
    budget,
    earlystop,
    hyperparam,
    objective,
    open_study,
    pruner,
    reader,
    task,
)
from automl.space.parameters import SpaceItem
from automl.studies.checking.judging.report import Report
from automl.study.budget import Budget
from automl.study.limits import EarlyStop
from automl.study.objective import Objective
from automl.study.spec import Algorithm, PrunerSpec
from automl.study.tasks.reader import Reader
from automl.study.tasks.task import BashTask
from automl.study.tasks.weighted import WeightedReaders
from automl.study.trial import Trial

n = hyperparam.create(type="Categorical", name="n", candidates=[10, "a", None, True])
layers = hyperparam.create(type="Integer", name="layers", min_value=1, max_value=9, step=2)
rate = hyperparam.create(type="Real", name="rate", min_value=1e-5, max_value=1.0, log=True)
momentum = hyperparam.create(
    type="Real", name="momentum", min_value=0.0, max_value=0.99, when={"n": ["a", 10]}
)
model = hyperparam.create(type="Choice", name="model", options={"svm": [rate], "none": []})
assert_type(n, SpaceItem)
assert_type(model, SpaceItem)

metric = reader.create(type="local_reader", location="{{ trial.id }}.log", parser_pattern=r"(\S+)")
latency = reader.create(
    type="local_reader", metric="ms", location="{{ trial.id }}.log", parser_pattern=r"ms=(\S+)"
)
assert_type(metric, Reader)
weighted = reader.create(
    type="json_reader",
    location="{{ trial.dir }}/eval.json",
    metric_dict={"auc": 0.5, "loss": -0.5},
    final={"auc": "best"},
)
assert_type(weighted, WeightedReaders)

prepare = task.create(type="BashTask", cmd="mkdir -p out")
train = task.create(type="BashTask", cmd=["train", "{{ trial.param.n }}"], metric_reader=metric)
summed = task.create(type="BashTask", cmd="train", metric_reader=weighted)
both = task.create(type="BashTask", cmd="train", metric_reader=[metric, latency])
assert_type(train, BashTask)

assert_type(algorithm.create(), Algorithm)
assert_type(algorithm.create(type="tpe", initial_trials_num=5), Algorithm)
assert_type(earlystop.create(type="large_is_better", threshold=0.9, max_runtime="8h"), EarlyStop)

assert_type(pruner.create(type="patient", wraps="both", patience=3), PrunerSpec)
assert_type(objective.create("ms", direction="minimize", final="best", weight=0.1), Objective)
assert_type(budget.create("epochs", 1, 81, factor=3, brackets=2), Budget)
assert_type(budget.create(name="share", min=0.1, max=1.0), Budget)

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
    rules=["n * layers <= 200"],
    algorithm=algorithm.create(type="random"),
    start_with=[{"n": 10, "layers": 1, "rate": 0.1}],
    warm_start=["earlier", "results.csv", pd.DataFrame(), tuner, open_study("other")],
    pruner=pruner.create(type="median", startup_trials=8),
    confirm=5,
    confirm_seeds=3,
    earlystop=earlystop.create(type="small_is_better", threshold=0.1),
    seed=1,
    cwd="/tmp",  # noqa: S108 - only type-checked
    env={"A": 1, "B": "{{ trial.id }}"},
    fresh=True,
    fail_fast=None,
    grace=2.5,
)
tuner = AutoTuner(
    hyperparams=[n, momentum, model],
    task_list=[both],
    max_parallel=4,
    max_trial_num=20,
    objectives=[objective.create(), objective.create("ms", direction="minimize")],
    constraints=["ms <= 20"],
    algorithm="evolution",
    repeats=3,
)
tuner = AutoTuner(
    [rate], [train], 4, 20, early_stopping=False, pruner=None, budget=budget.create("epochs", 1, 9)
)
tuner = AutoTuner.create_tuner({"hyperparams": [], "tasks": []}, max_parallel=1, max_trial_num=1)

assert_type(tuner.fit(), pd.DataFrame)
assert_type(automl.check(tuner, "5m"), Report)
assert_type(tuner.check(60, log="train.log"), Report)
assert_type(tuner.fit(synchronize=True), pd.DataFrame)
assert_type(tuner.fit(synchronize=False), pd.DataFrame | None)
assert_type(tuner.wait(), pd.DataFrame)
assert_type(tuner.results, pd.DataFrame)
assert_type(tuner.table(full=True), pd.DataFrame)
assert_type(tuner.trials, list[Trial])
assert_type(tuner.best_trial, Trial)
assert_type(tuner.best_value, float)
best: object = tuner.best_params["n"]
assert_type(tuner.importance(), dict[str, float])
assert_type(tuner.best_trial.metrics["ms"], float)
plain_name: str = tuner.to_optuna().study_name


def build_model(lr: float) -> object:
    return lr


grid = automl.grid({"lr": [0.1, 0.01]})
assert_type(grid, automl.Grid)
assert_type(grid[0], dict[str, Any])
assert_type(grid[:1], automl.Grid)
found = automl.tune(build_model, grid, train=([1], [1]), epochs=3, max_parallel=2, algorithm="auto")
found = automl.tune(build_model, {"lr": [0.1]}, train=lambda: iter([]), metric="auc")
found = automl.tune(build_model, [{"lr": 0.1}], train=[([1], [1])], direction="minimize")
assert_type(found, automl.Tuned)
assert_type(found.table, pd.DataFrame)
assert_type(found.best_params, dict[str, Any])
assert_type(found.best_trial, automl.FrozenTrial)
