"""The study under faults: six trials of real processes, two at a time.

usage: study.py RUN_FOLDER MARK FRESH

RUN_FOLDER/disk holds the study and the metric files, RUN_FOLDER/book what the trials note. One
trial writes no metric, one crashes at first, one is stopped by the pruner and does not listen. Once
the study is complete, its table is written to RUN_FOLDER/table.json. The exit code is 0 then, 3 if
automl refused or gave up with an error of its own, and that of a signal after an interrupt.
"""

import contextlib
import json
import os
import sys
from pathlib import Path

from automl.errors import AutomlError
from automl.hpo import AutoTuner, hyperparam, pruner, reader, task
from tests.chaos.injection.starters import use_starters_if_asked

REFUSED = 3
TRIALS = 6


def described(folder: Path, mark: str, *, fresh: bool) -> AutoTuner:
    """Return the tuner."""
    work = Path(__file__).with_name("work.sh")
    words = ["sh", str(work), mark, str(folder / "book")]
    value = reader.create(
        type="local_reader",
        location="{{ trial.dir }}/stdout.log",
        parser_pattern=r"value=(\d+)",
    )
    size = reader.create(
        type="local_reader",
        location="metrics/{{ trial.id }}.log",
        parser_pattern=r"size=(\d+)",
        metric="size",
    )
    cmd = [*words, "{{ trial.id }}", "{{ trial.param.x }}"]
    return AutoTuner(
        hyperparams=[
            hyperparam.create(type="Categorical", name="x", candidates=list(range(TRIALS)))
        ],
        task_list=[task.create(type="BashTask", cmd=cmd, metric_reader=[value, size])],
        max_parallel=2,
        max_trial_num=TRIALS,
        name="faults",
        study_dir=folder / "disk" / "studies",
        cwd=folder / "disk",
        algorithm="grid",
        pruner=pruner.create(type="threshold", lower=10),
        constraints=["size <= 1000"],
        max_retries=1,
        grace=0.3,
        fresh=fresh,
    )


def sign(name: str) -> None:
    """Tell the library that counting begins or ends: it sees the name, no file is there."""
    with contextlib.suppress(OSError):
        os.close(os.open(f"/nowhere/fault-{name}", os.O_RDONLY))


def main() -> int:
    """Run the study."""
    folder, mark, fresh = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "fresh"
    (folder / "book" / "controller").write_text(str(os.getpid()))
    use_starters_if_asked()
    tuner = described(folder, mark, fresh=fresh)
    sign("begin")
    try:
        tuner.fit()
    except AutomlError as error:
        sys.stderr.write(f"refused: {type(error).__name__}: {error}\n")
        return REFUSED
    finally:
        sign("end")
    rows = [
        {"id": one.id, "x": one.params["x"], "state": str(one.state), "value": one.value}
        for one in sorted(tuner.trials, key=lambda one: one.id)
    ]
    (folder / "table.json").write_text(json.dumps(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
