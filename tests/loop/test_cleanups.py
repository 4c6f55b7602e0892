"""Cleanups on a played machine."""

from collections.abc import Callable

import pytest
from loop_bench import Bench
from loop_fakes import PATTERN, prints

from automl.loop.cleanups import LIMIT_S
from automl.spec.launch import Launch
from automl.spec.task import BashTask, LocalReader
from automl.testing import FakeRun

READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
TASK = BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=READER, cleanup="true")


@pytest.mark.parametrize("lasts_s", [5.0, None])
def test_the_slot_is_taken_until_the_cleanup_ended(
    bench: Callable[..., Bench], lasts_s: float | None
) -> None:
    one = bench(max_trials=2, max_parallel=1, tasks=(TASK,))

    def program(launch: Launch) -> FakeRun:
        return prints(launch) if launch.trial_id >= 0 else FakeRun(after_s=lasts_s)

    one.program = program
    engine = one.run()
    stage = one.last_stage
    assert stage.starts == [0, -1, 1, -2]
    first, second = stage.starts_at[0], stage.starts_at[2]
    assert second - first >= 1.0 + (LIMIT_S if lasts_s is None else lasts_s)
    assert [trial.duration_s for trial in engine.state.trials.values()] == [1.0, 1.0]
    assert [trial.state for trial in engine.state.trials.values()] == ["completed", "completed"]
