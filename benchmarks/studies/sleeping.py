"""A study whose trials sleep, all at once.

Usage: sleeping.py TRIALS SECONDS
"""

import sys

from automl.hpo import AutoTuner, hyperparam, reader, task


def main() -> None:
    """Run it."""
    trials, seconds = int(sys.argv[1]), sys.argv[2]
    printed = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern="(.+)"
    )
    tuner = AutoTuner(
        hyperparams=[hyperparam.create(type="Real", name="x", min_value=0.0, max_value=1.0)],
        task_list=[
            task.create(type="BashTask", cmd=["sleep", seconds], metric_reader=printed),
        ],
        max_parallel=trials,
        max_trial_num=trials,
        name="study",
        grace=1.0,
    )
    tuner.fit()


if __name__ == "__main__":
    main()
