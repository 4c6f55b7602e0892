import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from loop_bench import Bench
from loop_fakes import PATTERN, Plenty, fails, make_spec, prints

from automl.engine.actions import Moment
from automl.engine.engine import Engine
from automl.executors.machine.resources import Resources
from automl.journal.fold import StudyState
from automl.journal.folder import TrialFolder
from automl.loop.progress import ProgressMeter
from automl.loop.trials.watched import Watched
from automl.readers.local_file import LocalFollower
from automl.show.progress import Progress
from automl.study.budget import Budget
from automl.study.launch import Launch
from automl.study.noise import Noise
from automl.study.resources import ResourceSpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Purpose, Stage, Trial, TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]
READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
TRAINING = BashTask(cmd=("train", "{{ trial.budget }}"), metric_reader=READER)


def climbing(make: MakeBench, **changes: Any) -> list[Progress]:
    """What is shown of a study with rungs of 1, 3 and 9 epochs, of which trial 1 fails."""
    budget = Budget(name="epochs", min=1, max=9)
    one = make(max_trials=9, max_parallel=2, budget=budget, tasks=(TRAINING,), **changes)

    def program(launch: Launch) -> FakeRun:
        script = Path(launch.script).read_text().splitlines()
        line = next(one for one in script if one.startswith("(exec train"))
        epochs = int(shlex.split(line.rstrip(" &)"))[2])
        if launch.trial_id == 1:
            return fails(launch, after_s=epochs)
        return prints(launch, f"value={launch.trial_id + epochs / 100}", after_s=epochs)

    one.program = program
    one.observer.interval_s = 1.0
    assert one.run().complete
    return one.observer.shown


def test_the_trials_at_each_rung_are_counted(bench: MakeBench) -> None:
    shown = climbing(bench)
    for progress in shown:
        waiting = sum(progress.waiting.values())
        assert waiting + progress.completed + progress.failed == progress.done
    assert shown[-1].waiting == {1: 2, 3: 2}
    assert (shown[-1].completed, shown[-1].failed) == (4, 1)


def test_the_one_that_came_furthest_is_the_best_until_one_had_it_all(bench: MakeBench) -> None:
    shown = climbing(bench)
    seen = [(one.best.id, one.completed) for one in shown if one.best]
    assert (0, 0) in seen
    assert seen[-1] == (8, 4)
    assert shown[0].best is None


def test_a_running_trial_tells_its_launch(bench: MakeBench) -> None:
    stages = {trial.stage.budget for one in climbing(bench) for trial in one.running}
    assert stages == {1, 3, 9}


@pytest.mark.parametrize(
    ("trial", "note"),
    [
        (Trial(id=0, params={"x": 1}), ""),
        (
            Trial(id=0, params={"x": 1}, spared=True),
            "rerunning stopped trials to their end, as they may be among the best",
        ),
        (
            Trial(id=0, params={"x": 1}, spared=True, stage=Stage(purpose=Purpose.CONFIRM)),
            "confirming the best with fresh seeds",
        ),
    ],
)
def test_what_is_done_at_the_end_is_said(tmp_path: Path, trial: Trial, note: str) -> None:
    spec = make_spec(noise=Noise(confirm=1))
    state = StudyState(trials={0: trial})
    paths = TrialFolder(str(tmp_path))
    attempt = Watched(
        trial=trial,
        handle={},
        followers={"metric": LocalFollower(READER, paths.stdout)},
        objectives=spec.objectives,
        paths=paths,
        since_s=0.0,
    )
    gauge = ProgressMeter(
        spec, Engine(spec, state, 0.0), Resources(ResourceSpec(), 2, memory=Plenty()), 0.0
    )
    progress = gauge.progress([attempt], Moment(datetime(2026, 3, 1, tzinfo=UTC), 1.0))
    assert progress.note == note
    assert progress.running[0].stage == trial.stage


def meter_of(*trials: Trial, **changes: Any) -> tuple[ProgressMeter, Engine]:
    spec = make_spec(**changes)
    engine = Engine(spec, StudyState(trials={trial.id: trial for trial in trials}), 0.0)
    return ProgressMeter(spec, engine, Resources(ResourceSpec(), 2, memory=Plenty()), 0.0), engine


def done(trial_id: int, value: float, **changes: Any) -> Trial:
    facts = {"params": {"x": trial_id}, "state": TrialState.COMPLETED, "duration_s": 10.0}
    return Trial(id=trial_id, value=value, **{**facts, **changes})


NOW = Moment(datetime(2026, 3, 1, tzinfo=UTC), 1.0)


def test_the_time_left_is_known_as_soon_as_a_study_goes_on() -> None:
    before = [done(0, 0.5), done(1, 0.6), done(2, 0.7, duration_s=40.0)]
    meter, _ = meter_of(*before, max_trials=9, max_parallel=2)
    assert meter.progress([], NOW).left_s == pytest.approx(60.0)
    meter, _ = meter_of(max_trials=9)
    assert meter.progress([], NOW).left_s is None


def test_the_best_trials_are_shown_best_first() -> None:
    failed = done(3, 9.0, state=TrialState.FAILED)
    cut_short = done(4, 8.0, state=TrialState.PRUNED)
    breaks = done(5, 7.0, violation=1.0)
    many = [done(number, number / 1000) for number in range(10, 400)]
    meter, _ = meter_of(done(0, 0.5), done(1, 0.6), failed, cut_short, breaks, *many)
    shown = meter.progress([], NOW).leaders
    assert [trial.id for trial in shown] == [1, 0, *range(399, 391, -1)]


def test_trials_that_end_join_the_best_trials(bench: MakeBench) -> None:
    one = bench(max_trials=6, max_parallel=1)
    values = iter([0.3, 0.1, 0.5, 0.4, 0.2, 0.6])
    one.program = lambda launch: prints(launch, f"value={next(values)}", after_s=2)
    one.observer.interval_s = 1.0
    one.run()
    shown = [[trial.id for trial in progress.leaders] for progress in one.observer.shown]
    assert [0] in shown
    assert [0, 1] in shown
    assert shown[-1] in ([2, 3, 0, 4, 1], [5, 2, 3, 0, 4, 1])


def test_what_ctrl_c_does_is_said(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2, grace_s=7)
    one.program = lambda launch: prints(launch, "value=1", after_s=9)
    one.observer.interval_s = 1.0
    one.run()
    hints = [progress.hint for progress in one.observer.shown if progress.running]
    assert hints[0] == "Ctrl-C stops the 2 running trials (7.0 s to end); the same command goes on"
    assert not [one.hint for one in one.observer.shown if not one.running and one.hint]


def test_after_ctrl_c_the_time_until_trials_are_killed_is_said(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=2, grace_s=7)
    one.program = lambda launch: prints(launch, "value=1", after_s=900, stop_s=5.0)

    def ask() -> None:
        one.interrupts.ask()

    one.stage.after(5, ask)
    one.observer.interval_s = 1.0
    one.run()
    stopping = [one.hint for one in one.observer.shown if one.hint.startswith("killed in ")]
    assert len(stopping) >= 4
    assert stopping[0] == "killed in 7.0 s at the latest; Ctrl-C again kills at once"
    assert stopping[2] < stopping[1] < stopping[0]
