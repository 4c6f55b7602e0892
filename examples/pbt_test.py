"""Train a population whose learning rate changes on the way: 8 members, 12 intervals of 5 epochs.

Run it in this folder: python pbt_test.py
"""

from automl.hpo import *

rate = hyperparam.create(
    type="Real", name="learning_rate", min_value=0.0001, max_value=0.1, log=True
)

local_reader = reader.create(
    type="local_reader",
    location="{{ trial.dir }}/stdout.log",
    parser_pattern="error ([0-9.]+)",
)

# Each trial is one interval of a member. Before it starts, the checkpoint folder of the trial that
# it continues is copied to {{ trial.checkpoint_dir }}; {{ trial.checkpoint_id }} names that trial.
# fmt: off
bashtask = task.create(
    type="BashTask",
    metric_reader=local_reader,
    cmd=[
        "python", "./pbt_schedule.py",
        "--learning_rate", "{{ trial.param.learning_rate }}",
        "--epochs_from", "{{ trial.previous_budget }}",
        "--epochs_to", "{{ trial.budget }}",
        "--seed", "{{ trial.seed }}",
        "--checkpoint_dir", "{{ trial.checkpoint_dir }}",
    ],
)
# fmt: on

tuner = AutoTuner(
    hyperparams=[rate],
    task_list=[bashtask],
    # A copied rate is halved or doubled: the range is wide, and there are only 11 occasions.
    algorithm=algorithm.create(type="pbt", population=8, interval=5, perturb=[0.5, 2]),
    budget=budget.create(name="epochs", min=5, max=60),
    max_parallel=4,
    max_trial_num=96,  # 8 members with 60 epochs in intervals of 5
    direction="minimize",
)
tuner.fit()
