"""The example's trials beside the same commands under `xargs`."""

import importlib.util
import itertools
import sys
from collections.abc import Iterator, Sequence

from benchmarks.processes import (
    ROOT,
    Settings,
    environment,
    in_turn,
    study,
    timed,
)
from benchmarks.rows import Row, Unavailable, ratio_row
from benchmarks.starters import need, run_xargs

RATIO = 1.02
STAGES = (10, 20, 30, 40, 50)
DEPTHS = (2, 3)
RATES = ("0.04", "0.16")
QUICK = 4
MODEL = ROOT / "examples" / "digits_model.py"

# What automl sets for each trial on two cores, so that both sides run alike.
VARIABLES = {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def example(settings: Settings) -> Iterator[Row]:
    """Yield the wall time of 20 trainings by automl over that by `xargs -P2`."""
    need("xargs")
    for package in ("sklearn", "joblib"):
        if importlib.util.find_spec(package) is None:
            raise Unavailable(f"{package} is not installed")
    lines = option_lines()[: QUICK if settings.quick else None]
    tools = {"automl": lambda: _automl(lines, settings), "xargs": lambda: _xargs(lines, settings)}
    wall = in_turn(settings.repeats, tools)
    middle = {name: sorted(values)[len(values) // 2] for name, values in wall.items()}
    note = f"{middle['automl']:.1f} s against {middle['xargs']:.1f} s"
    what = f"the example's {len(lines)} trials, by xargs"
    yield ratio_row(what, wall["automl"], wall["xargs"], at_most=RATIO, note=note)


def option_lines() -> list[str]:
    """Return the options of 20 trainings, whose files lie in folders of their own."""
    combinations = itertools.product(STAGES, DEPTHS, RATES)
    return [
        f"--n_estimators {stages} --max_depth {depth} --learning_rate {rate} --trial_id {number} "
        f"--dump_file ./sk_log/{number}/model.joblib --metric_file ./sk_log/{number}/metric.log"
        for number, (stages, depth, rate) in enumerate(combinations)
    ]


def _automl(lines: Sequence[str], settings: Settings) -> float:
    folder = settings.fresh_folder()
    options = folder / "options.txt"
    options.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return timed(study("fixed.py", options, MODEL), folder, environment(**VARIABLES))


def _xargs(lines: Sequence[str], settings: Settings) -> float:
    command = ["sh", "-c", 'exec "$1" "$2" $3', "sh", sys.executable, str(MODEL), "{}"]
    return run_xargs(command, lines, settings.fresh_folder(), **VARIABLES)
