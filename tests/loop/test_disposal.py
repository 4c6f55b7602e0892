"""What trials leave is removed beside the loop, once their end is in the journal."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loop_bench import Bench
from loop_fakes import PATTERN, Died, fails, prints

from automl.journal.disk import removal
from automl.journal.requests import RetryTrial
from automl.loop.leavings import disposal as module
from automl.study.ends.keep import Keep
from automl.study.launch import Launch
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]

DEADLINE_S = 20.0
KEEP = Keep(which="best", artifacts=["{{ trial.dir }}/*"])
READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
SCRATCH = BashTask(cmd=("true", "{{ trial.scratch }}"), metric_reader=READER)
OWN = {"exit", "launch.json", "params.json", "stderr.log", "stdout.log", "trial.sh"}


def saves(launch: Launch, *, value: float | None = None) -> FakeRun:
    """A trial that saves a model, and whose value is its number if none is given."""
    number = launch.trial_id if value is None else value
    folder = Path(launch.stdout).parent
    files = {launch.stdout: f"value={number}\n", launch.stderr: "", launch.exit_path: "0\n"}
    return prints(launch, files={**files, str(folder / "model.pt"): "weights"})


def left_by(bench: Bench, trial_id: int) -> set[str]:
    return {path.name for path in Path(bench.folder.trial(trial_id).path).iterdir()}


def keeps_model(bench: Bench) -> list[int]:
    count = len(list(bench.folder.trials.iterdir()))
    return [number for number in range(count) if "model.pt" in left_by(bench, number)]


def test_only_the_best_keeps_its_model(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    one = bench(max_trials=5, keep=KEEP)
    one.program = lambda launch: saves(launch, value=[2, 1, 5, 3, 4][launch.trial_id])
    one.run()
    assert keeps_model(one) == [2]
    assert left_by(one, 0) == OWN
    told = [text for text in caplog.messages if "removed model.pt" in text]
    assert len(told) == 4
    assert told[0].startswith("trial 1: removed model.pt (")
    assert told[0].endswith("as keep='best'")


def test_nothing_is_removed_unless_it_is_asked_for(bench: MakeBench) -> None:
    one = bench(max_trials=3, keep=Keep(artifacts=["{{ trial.dir }}/*"]))
    one.program = saves
    one.run()
    assert keeps_model(one) == [0, 1, 2]
    assert not [one for one in threading.enumerate() if one.name == "automl-disposal"]


def test_a_study_that_goes_on_removes_what_it_may_remove_now(bench: MakeBench) -> None:
    one = bench(max_trials=4, keep=Keep(artifacts=["{{ trial.dir }}/model*"]))
    one.program = saves
    one.run()
    one.spec = bench(max_trials=4, keep=Keep(which=2, artifacts=["{{ trial.dir }}/model*"])).spec
    one.run()
    assert keeps_model(one) == [2, 3]


def hold(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let no removal begin before the event is set."""
    go = threading.Event()
    really = module.remove_below

    def held(*args: Any, **options: Any) -> removal.Removed:
        assert go.wait(DEADLINE_S)
        return really(*args, **options)

    monkeypatch.setattr(module, "remove_below", held)
    return go


def test_the_loop_waits_for_no_removal(bench: MakeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    go = hold(monkeypatch)
    one = bench(max_trials=6, keep=KEEP)

    def program(launch: Launch) -> FakeRun:
        if launch.trial_id == 5:
            go.set()
        return saves(launch)

    one.program = program
    one.run()
    assert keeps_model(one) == [5]


def test_the_loop_waits_for_no_call_of_the_system(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()
    really = os.unlink

    def held(*args: Any, **options: Any) -> None:
        begun.set()
        assert go.wait(DEADLINE_S)
        really(*args, **options)

    one = bench(max_trials=6, max_parallel=1, keep=KEEP)

    def program(launch: Launch) -> FakeRun:
        if launch.trial_id == 2:
            assert begun.wait(DEADLINE_S)
        if launch.trial_id == 5:
            go.set()
        return saves(launch)

    one.program = program
    with monkeypatch.context() as patched:
        patched.setattr(removal, "os", Held(held))
        one.run()
    assert keeps_model(one) == [5]


class Held:
    """The module `os` with another `unlink`."""

    def __init__(self, unlink: Callable[..., None]) -> None:
        self.unlink = unlink

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def test_killed_before_a_removal_it_is_done_at_the_next_start(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = hold(monkeypatch)
    one = bench(max_trials=4, max_parallel=1, keep=KEEP)
    one.program = saves
    one.die_after(2.5)
    with pytest.raises(Died):
        one.run()
    go.set()
    assert keeps_model(one)[:2] == [0, 1]
    one.away(1)
    one.run()
    assert keeps_model(one) == [3]


def test_ctrl_c_leaves_the_rest_to_the_next_start(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = hold(monkeypatch)
    one = bench(max_trials=4, max_parallel=1, keep=KEEP)
    one.program = saves
    one.interrupt_after(2.5)
    one.run()
    go.set()
    assert keeps_model(one)[:2] == [0, 1]
    one.run()
    assert keeps_model(one) == [3]


def test_one_that_is_launched_again_loses_nothing_any_more(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = hold(monkeypatch)
    one = bench(max_trials=3, max_parallel=1, keep=KEEP)
    launched: list[int] = []

    def program(launch: Launch) -> FakeRun:
        launched.append(launch.trial_id)
        if launched.count(0) == 2:
            go.set()
        first = launch.trial_id == 0 and launched.count(0) == 1
        run = saves(launch, value=9.0 if launch.trial_id == 0 else 1.0)
        return fails(launch, files=run.files) if first else run

    one.program = program
    one.ask_after(1.5, RetryTrial(0))
    view = one.run()
    assert view.trials[0].attempts == 2
    assert keeps_model(one) == [0]


def test_the_folder_of_another_launch_is_left_alone(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=1, keep=KEEP)

    def program(launch: Launch) -> FakeRun:
        if launch.trial_id == 1:
            note = Path(one.folder.trial(0).note)
            note.write_text(note.read_text().replace('"attempt": 1', '"attempt": 7'))
        return saves(launch)

    one.program = program
    one.run()
    assert keeps_model(one) == [0, 1]


def test_a_trials_folder_that_is_a_link_is_left_alone(
    bench: MakeBench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=2, max_parallel=1, keep=KEEP)

    def program(launch: Launch) -> FakeRun:
        if launch.trial_id == 1:
            folder = Path(one.folder.trial(0).path)
            folder.rename(tmp_path / "elsewhere")
            folder.symlink_to(tmp_path / "elsewhere")
        return saves(launch)

    one.program = program
    one.run()
    assert keeps_model(one) == [0, 1]
    assert "what trial 0 left is not removed" in caplog.text


def test_the_scratch_folder_goes_with_the_launch(bench: MakeBench) -> None:
    one = bench(max_trials=3, max_retries=1, retry_delay_s=0.0, tasks=(SCRATCH,))
    scratches: list[bool] = []

    def program(launch: Launch) -> FakeRun:
        scratch = Path(one.folder.trial(launch.trial_id).scratch)
        scratches.append(scratch.is_dir() and not list(scratch.iterdir()))
        return prints(launch, files={launch.stdout: "value=1\n", str(scratch / "cache"): "x"})

    one.program = program
    one.run()
    assert scratches == [True] * 3
    for number in range(3):
        assert not [name for name in left_by(one, number) if "scratch" in name]


def test_after_a_kill_the_scratch_folder_goes_at_the_next_start(bench: MakeBench) -> None:
    one = bench(max_trials=2, max_parallel=1, tasks=(SCRATCH,))

    def program(launch: Launch) -> FakeRun:
        cache = Path(one.folder.trial(launch.trial_id).scratch) / "cache"
        return prints(launch, files={launch.stdout: "value=1\n", str(cache): "x"})

    one.program = program
    one.die_after(0.5)
    with pytest.raises(Died):
        one.run()
    one.away(5)
    one.run()
    for number in range(2):
        assert not [name for name in left_by(one, number) if "scratch" in name]


def test_a_metric_in_the_scratch_folder_is_in_the_journal_before_it_goes(bench: MakeBench) -> None:
    location = "{{ trial.scratch }}/metric.log"
    inside = BashTask(
        cmd=("true",), metric_reader=LocalReader(location=location, parser_pattern=PATTERN)
    )
    one = bench(max_trials=1, tasks=(inside,))

    def program(launch: Launch) -> FakeRun:
        metric = Path(one.folder.trial(launch.trial_id).scratch) / "metric.log"
        return prints(launch, files={str(metric): "value=0.5\n"})

    one.program = program
    # From then on nothing is written, so the folder has to stay until it can be.
    one.stage.after(0.5, lambda: setattr(one.disk, "full", True))
    one.interrupt_after(10)
    one.run()
    assert "scratch" in left_by(one, 0)
    one.disk.full = False
    assert one.run().trials[0].value == 0.5
    assert "scratch" not in left_by(one, 0)
