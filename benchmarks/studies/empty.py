"""A study of `echo`: nothing but the cost of automl itself.

Usage: empty.py TRIALS USAGE_FILE; the controller's own use of the machine goes to the file.
"""

import json
import resource
import sys
import time
from pathlib import Path

BEGAN = time.perf_counter()

from automl.hpo import AutoTuner, hyperparam, reader, task  # noqa: E402 - is timed


def main() -> None:
    """Run it."""
    trials, usage_file = int(sys.argv[1]), Path(sys.argv[2])
    printed = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern="(.+)"
    )
    tuner = AutoTuner(
        hyperparams=[hyperparam.create(type="Real", name="x", min_value=0.0, max_value=1.0)],
        task_list=[
            task.create(type="BashTask", cmd=["echo", "{{ trial.param.x }}"], metric_reader=printed)
        ],
        max_parallel=2,
        max_trial_num=trials,
        algorithm="random",
        name="study",
    )
    tuner.fit()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_memory": usage.ru_maxrss,
        "wall_s": time.perf_counter() - BEGAN,
    }
    usage_file.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
