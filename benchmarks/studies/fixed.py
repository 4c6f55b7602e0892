"""A study of the example's program with fixed option lists.

Usage: fixed.py OPTIONS_FILE MODEL_SCRIPT; each line of the file is one trial's options.
"""

import sys
from pathlib import Path

from automl.hpo import AutoTuner, hyperparam, reader, task

LINE = 'exec "$1" "$2" $3'


def main() -> None:
    """Run it."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    score = reader.create(
        type="local_reader",
        location="./sk_log/{{ trial.id }}/metric.log",
        parser_pattern=r"(\d\.\d+)",
    )
    command = ["sh", "-c", LINE, "sh", sys.executable, sys.argv[2], "{{ trial.param.config }}"]
    tuner = AutoTuner(
        hyperparams=[hyperparam.create(type="Categorical", name="config", candidates=lines)],
        task_list=[task.create(type="BashTask", cmd=command, metric_reader=score)],
        max_parallel=2,
        max_trial_num=len(lines),
        algorithm="grid",
        name="study",
    )
    tuner.fit()
    if len(tuner.trials) != len(lines) or any(one.value is None for one in tuner.trials):
        sys.exit("not every trial has a value")


if __name__ == "__main__":
    main()
