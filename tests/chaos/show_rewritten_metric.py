"""Shows that a metric file that a program rewrites in its own length gives its last number.

    python -m tests.chaos.show_rewritten_metric

A trial rewrites a JSON each epoch with `open("w")`: the metric, then a long rest that stays the
same. Before each but the first epoch it waits until the study's journal has the number of the one
before it, so that each was read. The exit code is 0 if the table has the last number, else 1.
"""

import sys
import tempfile
from pathlib import Path

from automl.hpo import AutoTuner, hyperparam, reader, task

PROGRAM = """
import json, sys, time
path, journal = sys.argv[1:]
rest = {"config": "x" * 2000}
deadline = time.monotonic() + 30
for number in (0.11, 0.99):
    with open(path, "w") as file:
        file.write(json.dumps({"metric": number} | rest) + "\\n")
    while number == 0.11 and time.monotonic() < deadline:
        if '"measured"' in open(journal).read().lower():
            break
        time.sleep(0.05)
"""
LAST = 0.99


def main() -> int:
    """Run the study and compare."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(PROGRAM, encoding="utf-8")
        metric = reader.create(
            type="local_reader",
            location="{{ trial.dir }}/metric.json",
            parser_pattern=r'"metric": (\d+\.\d+)',
        )
        journal = "{{ study.dir }}/journal.jsonl"
        words = [sys.executable, str(program), "{{ trial.dir }}/metric.json", journal]
        tuner = AutoTuner(
            hyperparams=[hyperparam.create(type="Categorical", name="x", candidates=[1])],
            task_list=[task.create(type="BashTask", cmd=words, metric_reader=metric)],
            max_parallel=1,
            max_trial_num=1,
            name="rewritten",
            study_dir=folder,
            cwd=folder,
        )
        tuner.fit()
        value = tuner.trials[0].value
    sys.stdout.write(f"the table has {value}, the program wrote {LAST} last\n")
    return 0 if value == LAST else 1


if __name__ == "__main__":
    sys.exit(main())
