"""Cleanups on a played machine."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import PATTERN, Died, fails, prints

from automl.errors import StorageError
from automl.executors.executor import Found, Wanted
from automl.journal.requests import StopTrial
from automl.loop.trials.cleanups import LIMIT_S
from automl.study.launch import Launch
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]

READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
TASK = BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=READER, cleanup="true")


@pytest.mark.parametrize("lasts_s", [5.0, None])
def test_the_slot_is_taken_until_the_cleanup_ended(bench: MakeBench, lasts_s: float | None) -> None:
    one = bench(max_trials=2, max_parallel=1, tasks=(TASK,))

    def program(launch: Launch) -> FakeRun:
        return prints(launch) if launch.trial_id >= 0 else FakeRun(after_s=lasts_s)

    one.program = program
    view = one.run()
    stage = one.last_stage
    assert stage.starts == [0, -1, 1, -2]
    first, second = stage.starts_at[0], stage.starts_at[2]
    assert second - first >= 1.0 + (LIMIT_S if lasts_s is None else lasts_s)
    assert [trial.duration_s for trial in view.trials.values()] == [1.0, 1.0]
    assert [trial.state for trial in view.trials.values()] == ["completed", "completed"]


def test_what_a_trial_printed_is_read_before_its_cleanup(bench: MakeBench) -> None:
    one = bench(max_trials=1, tasks=(TASK,))

    def program(launch: Launch) -> FakeRun:
        if launch.trial_id >= 0:
            return fails(launch, "boom")
        Path(one.folder.trial(0).stderr).unlink()
        return FakeRun(after_s=5.0)

    one.program = program
    assert one.run().trials[0].reason == "exit code 1: boom"


def test_what_was_read_is_in_the_journal_before_a_cleanup_may_remove_it(bench: MakeBench) -> None:
    one = bench(max_trials=1, tasks=(TASK,))

    def program(launch: Launch) -> FakeRun:
        if launch.trial_id >= 0:
            return prints(launch, "value=0.5")
        Path(one.folder.trial(0).stdout).unlink()
        return FakeRun(after_s=1.0)

    one.program = program
    one.stage.after(0.5, lambda: setattr(one.disk, "full", True))
    one.interrupt_after(10)
    one.run()
    assert one.last_stage.starts == [0]
    assert one.last_stage.waits < 100
    one.disk.full = False
    assert one.run().trials[0].value == 0.5
    assert one.last_stage.starts == [-1]


def test_one_that_goes_on_after_a_full_disk_is_begun_then(bench: MakeBench) -> None:
    one = bench(max_trials=1, tasks=(TASK,))
    one.stage.after(0.5, lambda: setattr(one.disk, "full", True))
    one.stage.after(10, lambda: setattr(one.disk, "full", False))
    assert one.run().trials[0].state is TrialState.COMPLETED
    assert one.last_stage.starts == [0, -1]
    assert 10 <= one.last_stage.starts_at[1] - one.last_stage.starts_at[0] < 15


def test_one_that_cannot_be_looked_for_now_is_looked_for_again(bench: MakeBench) -> None:
    one = bench(max_trials=1, tasks=(TASK,))
    one.program = lambda launch: prints(launch) if launch.trial_id >= 0 else FakeRun(after_s=20.0)
    killed_while(one, after_s=5)
    assert one.last_stage.starts == [0, -1]
    find, refusals = one.stage.find, ["too many open files"] * 2

    def crowded(wanted: Sequence[Wanted]) -> Sequence[Found]:
        if wanted and wanted[0].handle["trial"] == -1 and refusals:
            raise StorageError(refusals.pop())
        return find(wanted)

    one.stage.find = crowded  # type: ignore[method-assign]
    assert one.run().trials[0].state is TrialState.COMPLETED
    assert refusals == []
    assert one.last_stage.starts == []


@pytest.mark.parametrize("stopped", [False, True])
def test_nothing_is_read_or_cleaned_in_a_folder_of_another_launch(
    bench: MakeBench,
    stopped: bool,  # noqa: FBT001 - by pytest
) -> None:
    one = bench(max_trials=1, grace_s=10, tasks=(TASK,))
    one.program = lambda launch: prints(launch, "value=5", after_s=7, stop_s=4)
    if stopped:
        one.ask_after(3, StopTrial(trial=0))
    killed_while(one, after_s=5)
    one.away(60)
    note = Path(one.folder.trial(0).path, "launch.json")
    note.write_text(note.read_text().replace('"attempt": 1', '"attempt": 7'))
    one.program = lambda launch: prints(launch, "value=1")
    trial = one.run().trials[0]
    assert one.last_stage.starts == ([] if stopped else [0, -1])
    assert trial.state is (TrialState.STOPPED if stopped else TrialState.COMPLETED)
    assert trial.value != 5


def test_why_one_cannot_be_started_is_told_of_its_trial(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=1, tasks=(TASK,))

    def program(launch: Launch) -> FakeRun:
        return prints(launch) if launch.trial_id >= 0 else FakeRun(error="no sh")

    one.program = program
    one.run()
    assert "trial 0: its cleanup could not be started: " in caplog.text
    assert "trial -1" not in caplog.text


def killed_while(one: Bench, after_s: float) -> None:
    """Let the controller be killed with -9."""
    one.die_after(after_s)
    with pytest.raises(Died):
        one.run()
