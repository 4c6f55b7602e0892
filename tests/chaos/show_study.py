"""The study that the scripts of this folder show: a grid over x of one shell line.

usage: python -m tests.chaos.show_study FOLDER DESCRIPTION

DESCRIPTION is JSON: `cmd`, `values` of x, and if need be `fresh`, `where` its folder is, or
`die_after_launch`: the
controller kills itself once it has launched a trial, before it can write that down. The table is
written to FOLDER/table.json.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from automl.executors.local.spawn import Spawner
from automl.hpo import AutoTuner, hyperparam, reader, task


def main() -> None:
    folder, description = Path(sys.argv[1]), json.loads(sys.argv[2])
    if description.get("die_after_launch"):
        _die_after_launch()
    location = "{{ trial.dir }}/metric.txt"
    metric = reader.create(type="local_reader", location=location, parser_pattern=r"value=(\d+)")
    values = description["values"]
    tuner = AutoTuner(
        hyperparams=[hyperparam.create(type="Categorical", name="x", candidates=values)],
        task_list=[task.create(type="BashTask", cmd=description["cmd"], metric_reader=metric)],
        max_parallel=2,
        max_trial_num=len(values),
        name="study",
        study_dir=folder / description.get("where", "studies"),
        cwd=folder,
        algorithm="grid",
        grace=2.0,
        max_retries=0,
        fresh=bool(description.get("fresh")),
    )
    try:
        tuner.fit()
    finally:
        rows = [
            {
                "id": trial.id,
                "x": trial.params["x"],
                "value": trial.value,
                "state": str(trial.state),
            }
            for trial in tuner.trials
        ]
        (folder / "table.json").write_text(json.dumps(rows))


def _die_after_launch() -> None:
    start = Spawner.start

    def launch_and_die(*words: Any) -> Any:
        start(*words)
        os.kill(os.getpid(), signal.SIGKILL)

    Spawner.start = launch_and_die  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
