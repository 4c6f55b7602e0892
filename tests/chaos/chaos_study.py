"""The study that the chaos driver runs: a grid over A and B of real processes.

usage: chaos_study.py FOLDER MARK A_COUNT B_COUNT MAX_PARALLEL SPAN_MS

The longest command takes SPAN_MS more than the shortest. Once the study is complete, its table is
written to FOLDER/table.json.
"""

import json
import sys
from pathlib import Path

from automl.hpo import AutoTuner, hyperparam, reader, task
from tests.chaos.injection.starters import use_starters_if_asked


def main() -> None:
    folder, mark, a_count, b_count, max_parallel, span_ms = Path(sys.argv[1]), *sys.argv[2:]
    use_starters_if_asked()
    work = Path(__file__).with_name("work.sh")
    metric = reader.create(
        type="local_reader",
        location="{{ trial.dir }}/stdout.log",
        parser_pattern=r"value=(\d+)",
    )
    words = [mark, str(folder / "ledger"), sys.executable, "{{ trial.id }}"]
    words += ["{{ trial.param.a }}", "{{ trial.param.b }}", span_ms]
    tuner = AutoTuner(
        hyperparams=[
            hyperparam.create(type="Categorical", name=name, candidates=list(range(int(count))))
            for name, count in (("a", a_count), ("b", b_count))
        ],
        task_list=[
            task.create(type="BashTask", cmd=["sh", str(work), *words], metric_reader=metric)
        ],
        max_parallel=int(max_parallel),
        max_trial_num=int(a_count) * int(b_count),
        name="chaos",
        study_dir=folder,
        cwd=folder,
        algorithm="grid",
        grace=5.0,
    )
    table = tuner.fit()
    # Only a study that is complete has a table to compare; after a stop `fit` does not return.
    states = {trial.id: str(trial.state) for trial in tuner.trials}
    rows = [
        {"id": int(trial), "a": int(a), "b": int(b), "value": value, "state": states[int(trial)]}
        for trial, a, b, value in zip(
            table["metadata", "id"],
            table["params", "a"],
            table["params", "b"],
            table["results", "metric"],
            strict=True,
        )
    ]
    (folder / "table.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
