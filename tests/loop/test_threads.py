"""The threads of a trial are its part of the CPUs at the moment in which it starts."""

import re
from collections.abc import Callable
from pathlib import Path

from loop_bench import Bench
from loop_fakes import prints

from automl.journal.requests import SetMaxParallel

MakeBench = Callable[..., Bench]


def threads(one: Bench, trial_id: int) -> int:
    script = Path(one.folder.trial(trial_id).script).read_text()
    return int(re.findall(r"^export OMP_NUM_THREADS='(\d+)'$", script, re.MULTILINE)[-1])


def test_threads_follow_the_number_of_trials_at_once(bench: MakeBench) -> None:
    one = bench(max_trials=8, max_parallel=1)
    one.program = lambda launch: prints(launch, after_s=10)
    one.ask_after(15, SetMaxParallel(4))
    one.ask_after(25, SetMaxParallel(2))
    one.run()
    assert [threads(one, trial_id) for trial_id in range(8)] == [8, 8, 2, 2, 2, 2, 4, 4]
