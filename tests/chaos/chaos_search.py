"""The studies of the other chaos modes: a ladder of budgets, early stopping, a population.

usage: chaos_search.py MODE FOLDER MARK TRIALS MAX_PARALLEL

Once the study is complete, its trials are written to FOLDER/table.json.
"""

import json
import sys
from pathlib import Path
from typing import Any

from automl.hpo import AutoTuner, algorithm, budget, hyperparam, pruner, reader, task
from tests.chaos.injection.starters import use_starters_if_asked

HERE = Path(__file__).parent

STEPS = 15
MEMBERS = 4

LAUNCH = [
    "{{ trial.budget }}",
    "{{ trial.previous_budget }}",
    "{{ trial.checkpoint_id }}",
    "{{ trial.checkpoint_dir }}",
]


def keywords(mode: str, trials: int) -> dict[str, Any]:
    """Return what makes a study of this mode, beyond its command."""
    if mode == "ladder":
        epochs = budget.create(name="epochs", min=1, max=9)
        return {"budget": epochs, "algorithm": "random"}
    if mode == "stopping":
        median = pruner.create(type="median", startup_trials=3, max_step=STEPS)
        return {"pruner": median, "algorithm": "random"}
    epochs = budget.create(name="epochs", min=1, max=trials // MEMBERS)
    return {"budget": epochs, "algorithm": algorithm.create(type="pbt", population=MEMBERS)}


def main() -> None:
    use_starters_if_asked()
    mode, folder, mark, trials, max_parallel = sys.argv[1:]
    words = [mark, str(Path(folder) / "ledger"), "{{ trial.id }}", "{{ trial.param.x }}"]
    if mode == "stopping":
        cmd, pattern = ["sh", str(HERE / "steps.sh"), *words, str(STEPS)], r"step=(?P<step>\d+) "
    else:
        cmd, pattern = ["sh", str(HERE / "stage.sh"), *words, *LAUNCH], ""
    metric = reader.create(
        type="local_reader",
        location="{{ trial.dir }}/stdout.log",
        parser_pattern=rf"{pattern}value=(\d+)",
    )
    tuner = AutoTuner(
        hyperparams=[hyperparam.create(type="Integer", name="x", min_value=1, max_value=100_000)],
        task_list=[task.create(type="BashTask", cmd=cmd, metric_reader=metric)],
        max_parallel=int(max_parallel),
        max_trial_num=int(trials),
        name="chaos",
        study_dir=folder,
        cwd=folder,
        seed=1,
        grace=5.0,
        **keywords(mode, int(trials)),
    )
    tuner.fit()
    rows = [
        {
            "id": trial.id,
            "x": trial.params["x"],
            "state": str(trial.state),
            "value": trial.value,
            "budget": trial.stage.budget,
            "source": trial.source,
            "stopped_step": trial.stopped_step,
        }
        for trial in tuner.trials
    ]
    # Only a study that is complete comes here; after a stop `fit` does not return.
    (Path(folder) / "table.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
