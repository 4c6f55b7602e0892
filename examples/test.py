"""Tune digits_model.py: 20 of its 648 combinations, 4 at a time.

Run it in this folder: python test.py
"""

from automl.hpo import *

# What to tune: the name is how the command below refers to the value.
n = hyperparam.create(type="Categorical", name="n", candidates=[10, 20, 30, 40, 50, 60, 70, 80, 90])
s = hyperparam.create(type="Categorical", name="s", candidates=[4, 3, 2])
d = hyperparam.create(type="Categorical", name="d", candidates=[2, 3, 4, 5])
lr = hyperparam.create(
    type="Categorical", name="lr", candidates=[0.01, 0.02, 0.04, 0.08, 0.16, 0.32]
)

# Where the score appears: the group in parentheses is the number, the last match counts.
local_reader = reader.create(
    type="local_reader",
    location="./sk_log/{{ trial.id }}/metric.log",
    parser_pattern="(\\d.\\d+)",
)
print(local_reader)

# What one trial runs: your program, with its options filled in for each trial. Paths that
# contain {{ trial.id }} keep trials that run at the same time out of each other's files.
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
        "--trial_id", "{{ trial.id }}",
        "--dump_file", "./sk_log/{{ trial.id }}/model.joblib",
        "--metric_file", "./sk_log/{{ trial.id }}/metric.log",
    ],
)
# fmt: on

# max_parallel: trials at the same time; max_trial_num: trials in all.
tuner = AutoTuner(
    hyperparams=[n, s, d, lr],
    task_list=[bashtask],
    max_parallel=4,
    max_trial_num=20,
    mode="local",
    user_id="your_cloud_id",
)
tuner.fit()
