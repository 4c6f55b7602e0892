"""Metric files from elsewhere are in the trials' folders once these have ended."""

from collections.abc import Callable
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import PATTERN

from automl.study.launch import Exit, Launch
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


def reading(location: str) -> BashTask:
    reader = LocalReader(location=location, parser_pattern=PATTERN)
    return BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader)


@pytest.fixture
def elsewhere(bench: MakeBench, tmp_path: Path) -> MakeBench:
    """A study whose trials write their metric into `out/`, and fail the first time if told so."""

    def make(*, fails: bool = False, **changes: object) -> Bench:
        one = bench(tasks=(reading("out/{{ trial.id }}.log"),), max_trials=2, **changes)

        def program(launch: Launch) -> FakeRun:
            text = f"value={launch.trial_id}.{launch.attempt}\n"
            files = {str(tmp_path / f"out/{launch.trial_id}.log"): text}
            failed = fails and launch.attempt == 1
            return FakeRun(after_s=1.0, files=files, exit=Exit(code=int(failed)))

        one.program = program
        return one

    return make


def test_each_is_kept(elsewhere: MakeBench) -> None:
    one = elsewhere()
    one.run()
    for trial in one.state().trials.values():
        kept = Path(one.folder.trial(trial.id).metric, "out", f"{trial.id}.log")
        assert kept.read_text() == f"value={trial.id}.1\n"


def test_that_of_an_earlier_attempt_goes_with_it(elsewhere: MakeBench) -> None:
    one = elsewhere(fails=True, max_retries=1)
    one.run()
    paths = one.folder.trial(0)
    assert one.state().trials[0].state is TrialState.COMPLETED
    assert Path(paths.metric, "out", "0.log").read_text() == "value=0.2\n"
    assert Path(paths.attempts, "1", "metric", "out", "0.log").read_text() == "value=0.1\n"


def test_a_folder_of_that_name_which_a_program_makes_is_left_alone(bench: MakeBench) -> None:
    one = bench(tasks=(reading("{{ trial.dir }}/metric/a.log"),), max_trials=1, max_retries=1)

    def program(launch: Launch) -> FakeRun:
        folder = Path(launch.stdout).parent / "metric"
        files = {str(folder / "a.log"): "value=1\n"}
        if launch.attempt == 1:
            files[str(folder / "state")] = "kept by the program"
        return FakeRun(after_s=1.0, files=files, exit=Exit(code=int(launch.attempt == 1)))

    one.program = program
    one.run()
    assert Path(one.folder.trial(0).path, "metric", "state").exists()
    assert one.state().trials[0].value == 1
