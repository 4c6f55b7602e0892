"""Tune digits_model.py on a tenth of the rows first; only the best tenth goes on with them all.

Run it in this folder: python promotion.py
"""

from automl.hpo import *

n = hyperparam.create(type="Categorical", name="n", candidates=[10, 20, 30, 40, 50, 60, 70, 80, 90])
s = hyperparam.create(type="Categorical", name="s", candidates=[4, 3, 2])
d = hyperparam.create(type="Categorical", name="d", candidates=[2, 3, 4, 5])
lr = hyperparam.create(
    type="Categorical", name="lr", candidates=[0.01, 0.02, 0.04, 0.08, 0.16, 0.32]
)

local_reader = reader.create(
    type="local_reader",
    location="./promotion_log/{{ trial.id }}/metric.log",
    parser_pattern="(\\d.\\d+)",
)

# A promoted trial is launched again with the larger {{ trial.budget }}, here from the start: trees
# grown on few rows are no beginning for more rows.
# fmt: off
bashtask = task.create(
    type="BashTask",
    metric_reader=local_reader,
    cmd=[
        "python", "./digits_model.py",
        "--n_estimators", "{{ trial.param.n }}",
        "--max_depth", "{{ trial.param.d }}",
        "--min_samples_split", "{{ trial.param.s }}",
        "--learning_rate", "{{ trial.param.lr }}",
        "--used_data_percent", "{{ trial.budget }}",
        "--trial_id", "{{ trial.id }}",
        "--dump_file", "./promotion_log/{{ trial.id }}/model.joblib",
        "--metric_file", "./promotion_log/{{ trial.id }}/metric.log",
    ],
)
# fmt: on

tuner = AutoTuner(
    hyperparams=[n, s, d, lr],
    task_list=[bashtask],
    # Not factor=3, with a rung at 0.3: starting Python takes as long as training on so few rows, so
    # that a second start would cost what it saves.
    budget=budget.create(name="used_data_percent", min=0.1, max=1.0, factor=10),
    max_parallel=4,
    max_trial_num=40,
)
tuner.fit()
