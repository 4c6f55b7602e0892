"""A study of short commands that write down when they began and ended.

Usage: short.py TRIALS ALGORITHM STAMPS_FILE BASE_MS
"""

import sys
from pathlib import Path

from automl.hpo import AutoTuner, hyperparam, reader, task

SCRIPT = Path(__file__).with_name("stamped.sh")


def main() -> None:
    """Run it."""
    trials, algorithm, stamps, base_ms = int(sys.argv[1]), *sys.argv[2:5]
    printed = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern="(.+)"
    )
    command = ["bash", str(SCRIPT), stamps, base_ms, "{{ trial.id }}", "{{ trial.param.a }}"]
    tuner = AutoTuner(
        hyperparams=[
            hyperparam.create(type="Real", name="a", min_value=0.0, max_value=1.0),
            hyperparam.create(type="Real", name="b", min_value=1e-5, max_value=1.0, log=True),
            hyperparam.create(type="Integer", name="c", min_value=1, max_value=100),
            hyperparam.create(type="Categorical", name="d", candidates=["p", "q", "r"]),
        ],
        task_list=[task.create(type="BashTask", cmd=command, metric_reader=printed)],
        max_parallel=2,
        max_trial_num=trials,
        algorithm=algorithm,
        name="study",
        seed=1,
    )
    tuner.fit()


if __name__ == "__main__":
    main()
