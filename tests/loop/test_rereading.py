"""Trials whose reader was described wrongly are read anew and do not run again."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from loop_bench import Bench
from loop_fakes import Died

from automl.errors import StorageError
from automl.journal.events import Reread, TrialStarted
from automl.journal.fold import fold
from automl.journal.journal import Journal
from automl.journal.requests import StopTrial
from automl.readers.named.reader import StdoutReader
from automl.study.budget import Budget
from automl.study.failure import FailureClass
from automl.study.launch import Exit, Launch
from automl.study.noise import Noise
from automl.study.objective import Objective, Objectives
from automl.study.spec import PrunerSpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Stage, Trial, TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]

HOME = "{{ trial.dir }}/stdout.log"
ELSEWHERE = "out/{{ trial.id }}.log"
RIGHT, WRONG = r"value=(\S+)", r"score=(\S+)"
CURVE = "value=5\nloss=9\nvalue=7\nloss=1\nvalue=6\nloss=3\n"
"""What a trial prints: its last value is 6, its highest 7."""


def task(pattern: str, location: str = HOME, **more: Any) -> BashTask:
    reader = LocalReader(location=location, parser_pattern=pattern)
    return BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader, **more)


def objectives(*constraints: str, **how: Any) -> Objectives:
    return Objectives((Objective(**how),), constraints)


def written(bench: Bench, after_s: float = 0.5) -> None:
    """Give the files elsewhere the played time, so long after the beginning of their trial."""
    for trial in trials(bench):
        path = Path(bench.folder.path.parent, "out", f"{trial.id}.log")
        assert trial.started_at is not None
        when = trial.started_at.timestamp() + after_s
        os.utime(path, (when, when))


def described(bench: Bench, **changes: Any) -> Bench:
    """Describe the study of a bench in another way for its next controller."""
    bench.spec = replace(bench.spec, **changes)
    return bench


def trials(bench: Bench) -> list[Trial]:
    return list(bench.state().trials.values())


def states(bench: Bench) -> list[str]:
    return [trial.state.value for trial in trials(bench)]


def values(bench: Bench) -> list[float | None]:
    return [trial.value for trial in trials(bench)]


def launched(bench: Bench) -> int:
    return sum(isinstance(event, TrialStarted) for event in bench.events())


def reread(bench: Bench) -> list[int]:
    return [event.trial for event in bench.events() if isinstance(event, Reread)]


@pytest.fixture
def study(bench: MakeBench, tmp_path: Path) -> MakeBench:
    """A study whose trials print `CURVE`, to their output or to a file elsewhere."""

    (tmp_path / "out").mkdir()

    def make(
        pattern: str = RIGHT, location: str = HOME, text: str = CURVE, **changes: Any
    ) -> Bench:
        one = bench(tasks=(task(pattern, location),), fail_fast=None, **changes)

        def program(launch: Launch) -> FakeRun:
            home = Path(launch.stdout).parent
            files = {
                launch.stdout: text,
                str(home / "curve.log"): text,
                str(tmp_path / f"out/{launch.trial_id}.log"): text,
            }
            return FakeRun(after_s=1.0, files=files)

        one.program = program
        return one

    return make


PLACES = {"home": HOME, "a file at home": "{{ trial.dir }}/curve.log", "elsewhere": ELSEWHERE}


@pytest.mark.parametrize("location", PLACES.values(), ids=PLACES)
def test_a_corrected_pattern_makes_failed_trials_complete(study: MakeBench, location: str) -> None:
    one = study(WRONG, location)
    one.run()
    assert [trial.failure for trial in trials(one)] == [FailureClass.NO_METRIC] * 4
    described(one, tasks=(task(RIGHT, location),)).run()
    assert values(one) == [6] * 4
    assert states(one) == ["completed"] * 4
    assert {trial.reason for trial in trials(one)} == {""}
    assert launched(one) == 4


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_name_in_place_of_a_wrong_pattern_reads_both_streams_anew(
    study: MakeBench, stream: str
) -> None:
    one = study(WRONG)
    before = LocalReader(location=HOME, parser_pattern=WRONG, metric="value")
    tasks = (replace(one.spec.tasks[0], metric_reader=before),)
    described(one, tasks=tasks, objectives=objectives(metric="value"))
    one.program = lambda launch: FakeRun(after_s=1.0, files={getattr(launch, stream): CURVE})
    one.run()
    assert values(one) == [None] * 4
    described(one, tasks=(replace(one.spec.tasks[0], metric_reader=StdoutReader(metric="value")),))
    one.run()
    assert values(one) == [6] * 4
    assert launched(one) == 4


@pytest.mark.parametrize("location", PLACES.values(), ids=PLACES)
def test_a_corrected_location_makes_failed_trials_complete(study: MakeBench, location: str) -> None:
    one = study(RIGHT, "{{ trial.dir }}/none.log")
    one.run()
    assert values(one) == [None] * 4
    written(one)
    described(one, tasks=(task(RIGHT, location),)).run()
    assert values(one) == [6] * 4
    assert launched(one) == 4


def test_a_completed_trial_may_fail_by_it_and_come_back(study: MakeBench) -> None:
    one = study()
    one.run()
    described(one, tasks=(task(WRONG),)).run()
    assert states(one) == ["failed"] * 4
    assert all("no match of 'score=" in trial.reason for trial in trials(one))
    assert values(one) == [None] * 4
    described(one, tasks=(task(RIGHT),)).run()
    assert values(one) == [6] * 4
    assert launched(one) == 4


CHANGES: dict[str, tuple[Objectives, list[float | None]]] = {
    "final": (objectives(final="best"), [7] * 4),
    "mean": (objectives(final="mean"), [6] * 4),
    "lowest of all": (objectives(direction="minimize", final="best"), [5] * 4),
    "direction": (objectives(direction="minimize"), [6] * 4),
    "constraints": (objectives("metric <= 4"), [6] * 4),
}


@pytest.mark.parametrize(("now", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_is_better_may_change(
    study: MakeBench, now: Objectives, expected: list[float | None]
) -> None:
    one = study()
    one.run()
    described(one, objectives=now).run()
    assert values(one) == expected
    assert launched(one) == 4
    assert {trial.violation for trial in trials(one)} == ({2.0} if now.constraints else {0.0})


def test_another_direction_needs_no_files(study: MakeBench) -> None:
    one = study(location=ELSEWHERE)
    one.run()
    for trial in trials(one):
        Path(one.folder.trial(trial.id).metric, "out", f"{trial.id}.log").unlink()
    described(one, objectives=objectives("metric <= 4", direction="minimize")).run()
    assert [(trial.value, trial.violation) for trial in trials(one)] == [(6, 2)] * 4
    assert launched(one) == 4


def test_another_metric_of_the_same_output_ranks(study: MakeBench) -> None:
    one = study()
    one.run()
    described(
        one, tasks=(task(r"loss=(\S+)"),), objectives=objectives(direction="minimize", final="best")
    ).run()
    assert values(one) == [1] * 4


def test_the_search_sees_what_was_read_anew(study: MakeBench) -> None:
    one = study(WRONG)
    one.run()
    view = described(one, tasks=(task(RIGHT),)).run()
    assert [told.value for told in view.history if told.state is TrialState.COMPLETED] == [6] * 4
    assert view.best is not None


def test_what_failed_otherwise_stays(study: MakeBench) -> None:
    one = study(WRONG)
    one.program = lambda launch: FakeRun(
        after_s=1.0, files={launch.stdout: CURVE}, exit=Exit(code=3)
    )
    one.run()
    before = trials(one)
    described(one, tasks=(task(RIGHT),)).run()
    assert trials(one) == before
    assert reread(one) == [0, 1, 2, 3]


def test_nothing_is_read_anew_a_second_time(study: MakeBench) -> None:
    one = study(WRONG)
    one.run()
    for _ in range(3):
        described(one, tasks=(task(RIGHT),)).run()
    assert reread(one) == [0, 1, 2, 3]


def test_the_curve_is_that_of_the_new_metric(study: MakeBench) -> None:
    one = study()
    one.run()
    described(one, tasks=(task(r"loss=(\S+)"),)).run()
    curves = fold(one.events(), curves=True).curves
    assert curves is not None
    assert list(curves[0].values) == [9, 1, 3]


def test_a_trial_that_a_pruner_stopped_stays_stopped_and_says_by_what(study: MakeBench) -> None:
    class Stops:
        def should_stop(self, trial_id: int, *_: object) -> str:
            return "said so" if trial_id == 1 else ""

    pruner = PrunerSpec(type="median")
    one = study(pruner=pruner)
    one.pruner = Stops()
    texts = {1: "value=0\nloss=3\n"}
    one.program = lambda launch: FakeRun(
        after_s=5.0, files={launch.stdout: texts.get(launch.trial_id, CURVE)}
    )
    one.run()
    lowest = objectives(direction="minimize", final="best")
    described(one, tasks=(task(r"loss=(\S+)"),), objectives=lowest).run()
    trial = trials(one)[1]
    assert trial.state is TrialState.PRUNED
    assert trial.value == 3
    assert trial.reason.endswith("(judged by the metric as it was read before)")


def trains(pattern: str, location: str = HOME) -> BashTask:
    reader = LocalReader(location=location, parser_pattern=pattern)
    words = ("true", "{{ trial.budget }}", "{{ trial.checkpoint_dir }}")
    return BashTask(cmd=words, metric_reader=reader)


LADDER = Budget(name="x", min=1, max=9)


def test_each_rung_of_a_ladder_is_read_anew(study: MakeBench) -> None:
    one = study(budget=LADDER, text="value=1\nloss=2\n", max_trials=9)
    described(one, tasks=(trains(RIGHT),)).run()
    before = {trial.id: len(trial.results) for trial in trials(one)}
    assert max(before.values()) == 3
    count = launched(one)
    described(one, tasks=(trains(r"loss=(\S+)"),)).run()
    assert launched(one) == count
    for trial in trials(one):
        assert len(trial.results) == before[trial.id]
        assert {result.value for result in trial.results} == {2}


def test_each_seed_is_read_from_the_attempt_that_counted(bench: MakeBench) -> None:
    one = bench(tasks=(task(r"score=(\S+)", ELSEWHERE),), noise=Noise(repeats=3), max_trials=2)
    folder = one.folder.path.parent
    (folder / "out").mkdir()
    tries = iter(range(1, 100))

    def program(launch: Launch) -> FakeRun:
        text = f"value={next(tries)}\nscore=1\n"
        return FakeRun(after_s=1.0, files={str(folder / f"out/{launch.trial_id}.log"): text})

    one.program = program
    one.run()
    assert launched(one) == 6
    described(one, tasks=(task(RIGHT, ELSEWHERE),)).run()
    assert launched(one) == 6
    assert sorted(seed for trial in trials(one) for seed in trial.seeds) == [1, 2, 3, 4, 5, 6]


def test_a_first_seed_that_now_has_a_value_goes_on_with_the_others(study: MakeBench) -> None:
    one = study(WRONG, noise=Noise(repeats=3), max_trials=2)
    one.run()
    assert launched(one) == 2
    described(one, tasks=(task(RIGHT),)).run()
    assert launched(one) == 6
    assert values(one) == [6, 6]


def test_what_was_not_kept_runs_again(study: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    one = study(location=ELSEWHERE)
    one.run()
    Path(one.folder.trial(2).metric, "out", "2.log").unlink()
    Path(one.folder.path.parent, "out", "2.log").unlink()
    described(one, objectives=objectives(final="best")).run()
    assert values(one) == [7] * 4
    assert launched(one) == 5
    assert [trial.attempts for trial in trials(one)] == [1, 1, 2, 1]
    assert "not kept or was written since: trial 2" in caplog.text


def test_a_file_that_was_written_since_is_not_believed(study: MakeBench) -> None:
    one = study(RIGHT, "{{ trial.dir }}/none.log")
    one.run()
    written(one)
    path = Path(one.folder.path.parent, "out", "1.log")
    path.write_text("value=99\n")
    described(one, tasks=(task(RIGHT, ELSEWHERE),)).run()
    assert values(one) == [6] * 4
    assert [trial.attempts for trial in trials(one)] == [1, 2, 1, 1]


def test_a_file_that_no_launch_found_moved_away_is_not_believed(study: MakeBench) -> None:
    # It may hold what an earlier attempt wrote, too.
    one = study(WRONG, max_retries=1, max_trials=1)
    program = one.program
    one.program = lambda launch: replace(program(launch), exit=Exit(code=int(launch.attempt == 1)))
    one.run()
    described(one, tasks=(task(RIGHT, "{{ trial.dir }}/curve.log"),)).run()
    assert trials(one)[0].attempts == 3


def test_a_retried_trial_is_read_from_its_last_attempt(study: MakeBench) -> None:
    one = study(WRONG, max_retries=1, max_trials=1)
    one.program = lambda launch: FakeRun(
        after_s=1.0,
        files={launch.stdout: f"value={launch.attempt}\n"},
        exit=Exit(code=int(launch.attempt == 1)),
    )
    one.run()
    described(one, tasks=(task(RIGHT),)).run()
    assert (values(one), launched(one)) == ([2], 2)


def test_a_running_trial_is_read_from_its_beginning(study: MakeBench) -> None:
    one = study(max_trials=1)
    one.program = lambda launch: FakeRun(after_s=50.0, files={launch.stdout: CURVE})
    one.die_after(10)
    with pytest.raises(Died):
        one.run()
    assert one.state().trials[0].measurements == 3
    one.away(3)
    described(one, tasks=(task(r"loss=(\S+)"),)).run()
    assert (values(one), launched(one)) == ([3], 1)
    curves = fold(one.events(), curves=True).curves
    assert curves is not None
    assert list(curves[0].values) == [9, 1, 3]


def test_a_start_that_dies_at_any_moment_goes_on(
    study: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = study(WRONG)
    one.run()
    described(one, tasks=(task(RIGHT),))
    for writes in range(4):
        left = iter(range(writes))
        append = Journal.append

        def dies(journal: Journal, events: Any, left: Any = left, append: Any = append) -> None:
            if next(left, None) is None:
                raise Died
            append(journal, events)

        with monkeypatch.context() as patch:
            patch.setattr(Journal, "append", dies)
            with pytest.raises(Died):
                one.run()
    one.run()
    assert values(one) == [6] * 4
    assert sorted(reread(one)) == [0, 1, 2, 3]
    assert launched(one) == 4


def test_a_correction_of_a_correction_that_was_cut_short(
    study: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = study()
    one.run()
    append = Journal.append
    left = iter(range(3))

    def dies(journal: Journal, events: Any) -> None:
        if next(left, None) is None:
            raise Died
        append(journal, events)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", dies)
        with pytest.raises(Died):
            described(one, objectives=objectives(final="best")).run()
    described(one, objectives=objectives()).run()
    assert values(one) == [6] * 4
    assert launched(one) == 4


def test_a_full_disk_meanwhile_is_told_and_loses_nothing(
    study: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = study(WRONG)
    one.run()
    described(one, tasks=(task(RIGHT),))
    append = Journal.append
    full = iter((False, False, True))

    def fails(journal: Journal, events: Any) -> None:
        if next(full, False):
            raise StorageError("no room")
        append(journal, events)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", fails)
        with pytest.raises(StorageError):
            one.run()
    one.run()
    assert values(one) == [6] * 4


def test_a_confirmed_trial_is_confirmed_by_the_new_metric(study: MakeBench) -> None:
    one = study(noise=Noise(confirm=1, confirm_seeds=3))
    one.run()
    count = launched(one)
    described(one, tasks=(task(r"loss=(\S+)"),), objectives=objectives(direction="minimize")).run()
    assert launched(one) == count
    (trial,) = [trial for trial in trials(one) if trial.confirmations]
    assert set(trial.confirmations.values()) == {3}


def test_a_rung_of_which_nothing_is_left_is_trained_from_the_beginning(bench: MakeBench) -> None:
    one = bench(tasks=(trains(RIGHT, ELSEWHERE),), budget=LADDER, max_trials=9)
    folder = one.folder.path.parent
    (folder / "out").mkdir()

    def program(launch: Launch) -> FakeRun:
        home = Path(launch.stdout).parent
        return FakeRun(
            after_s=1.0,
            files={
                str(folder / f"out/{launch.trial_id}.log"): CURVE,
                str(home / "checkpoint" / "state"): f"{launch.attempt}",
            },
        )

    one.program = program
    one.run()
    best = next(trial for trial in trials(one) if len(trial.results) == 3)
    Path(one.folder.trial(best.id).metric, "out", f"{best.id}.log").unlink()
    Path(folder, "out", f"{best.id}.log").unlink()
    described(one, objectives=objectives(final="best")).run()
    trial = trials(one)[best.id]
    assert trial.results[-1].stage == Stage(budget=9, previous_budget=0)
    assert Path(one.folder.trial(best.id).attempts, "3", "checkpoint", "state").read_text() == "123"
    assert trial.value == 7


@pytest.mark.parametrize("typo", ["{{ trial.dir }}/typo.log", "typo/{{ trial.id }}.log"])
@pytest.mark.parametrize("repeats", [1, 2])
def test_a_slip_in_a_location_runs_nothing_again(study: MakeBench, typo: str, repeats: int) -> None:
    one = study(location=ELSEWHERE, noise=Noise(repeats=repeats), max_trials=2)
    one.run()
    for location, expected in ((typo, None), (ELSEWHERE, 6), (typo, None), (ELSEWHERE, 6)):
        described(one, tasks=(task(RIGHT, location),)).run()
        assert values(one) == [expected] * 2
    assert launched(one) == 2 * repeats


@pytest.mark.parametrize("location", [HOME, "{{ trial.dir }}/curve.log"])
def test_a_trial_whose_output_was_deleted_runs_again(study: MakeBench, location: str) -> None:
    one = study(location=location)
    one.run()
    Path(location.replace("{{ trial.dir }}", one.folder.trial(1).path)).unlink()
    described(one, objectives=objectives(final="best")).run()
    assert values(one) == [7] * 4
    assert [trial.attempts for trial in trials(one)] == [1, 2, 1, 1]


def test_a_trial_that_the_user_stopped_stays_stopped(study: MakeBench) -> None:
    one = study(max_trials=1)
    one.program = lambda launch: FakeRun(after_s=50.0, files={launch.stdout: CURVE})
    one.ask_after(5, StopTrial(0))
    one.run()
    assert (states(one), values(one)) == (["stopped"], [6])
    described(one, tasks=(task(r"loss=(\S+)"),)).run()
    assert (states(one), values(one)) == (["stopped"], [3])
    Path(one.folder.trial(0).stdout).unlink()
    described(one, tasks=(task(RIGHT),)).run()
    assert (states(one), values(one)) == (["stopped"], [None])
    assert launched(one) == 1
