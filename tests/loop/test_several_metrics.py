"""Trials with several metrics: each is recorded, and each is a sign of life."""

from collections.abc import Callable
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import Died, prints
from msgspec import structs

from automl.journal.events import Measured
from automl.journal.fold import fold
from automl.study.launch import Launch
from automl.study.objective import Objective, Objectives
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]

NAMES = ("accuracy", "loss")
TASK = BashTask(
    cmd=("true",),
    metric_reader=tuple(
        LocalReader(
            location=f"{{{{ trial.dir }}}}/{name}.log",
            parser_pattern=rf"(?P<step>\d+) {name}=(?P<value>\S+)",
            metric=name,
        )
        for name in NAMES
    ),
)


@pytest.fixture
def two_metrics(bench: MakeBench) -> MakeBench:
    """A study whose trials are ranked by an accuracy and must keep a loss below a limit."""
    objectives = Objectives(items=(Objective(metric="accuracy"),), constraints=("loss < 10",))

    def make(**changes: object) -> Bench:
        return bench(tasks=(TASK,), objectives=objectives, max_trials=1, **changes)

    return make


def log(launch: Launch, name: str) -> str:
    return str(Path(launch.stdout).with_name(f"{name}.log"))


def append(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(text)


def writes(bench: Bench, name: str, lines: int, after_s: float) -> Callable[[Launch], FakeRun]:
    """A program that writes one metric every 4 seconds, and the other at its end."""

    def program(launch: Launch) -> FakeRun:
        (last,) = {*NAMES} - {name}
        for step in range(lines):
            text = f"{step} {name}={step / 10}\n"
            bench.stage.after(4.0 * step, lambda text=text: append(log(launch, name), text))
        end = after_s - 0.5
        bench.stage.after(end, lambda: append(log(launch, last), f"0 {last}=0.5\n"))
        return FakeRun(after_s=after_s)

    return program


@pytest.mark.parametrize("name", NAMES)
def test_any_metric_is_a_sign_of_life(two_metrics: MakeBench, name: str) -> None:
    one = two_metrics(no_progress_s=9)
    one.program = writes(one, name, 12, after_s=50)
    one.run()
    assert one.last_stage.cancelled == []
    assert one.state().trials[0].state is TrialState.COMPLETED


def test_the_curves_of_all_metrics_are_in_the_journal(two_metrics: MakeBench) -> None:
    one = two_metrics()
    one.program = writes(one, "loss", 5, after_s=30)
    one.run()
    measured = [event for event in one.events() if isinstance(event, Measured)]
    assert {event.metric for event in measured} == {*NAMES}
    state = fold(one.events(), curves=True)
    assert state.curves is not None
    assert (list(state.curves[0].steps), list(state.curves[0].values)) == ([0], [0.5])
    assert list(state.further_curves[0]) == ["loss"]
    loss = state.further_curves[0]["loss"]
    assert list(loss.steps) == [0, 1, 2, 3, 4]
    assert list(loss.values) == [0, 0.1, 0.2, 0.3, 0.4]
    trial = state.trials[0]
    assert (trial.value, trial.newest, trial.measurements) == (0.5, 0.5, 1)


def test_measurements_of_earlier_releases_are_of_the_metric_that_ranks(
    two_metrics: MakeBench,
) -> None:
    one = two_metrics()
    one.program = writes(one, "accuracy", 5, after_s=30)
    one.run()
    old = [
        structs.replace(event, metric="") if isinstance(event, Measured) else event
        for event in one.events()
        if getattr(event, "metric", "") != "loss"
    ]
    state, now = fold(old, curves=True), fold(one.events(), curves=True)
    assert repr(state.curves) == repr(now.curves)
    assert state.trials == now.trials
    assert state.further_curves == {}


def test_what_an_earlier_controller_recorded_of_any_metric_is_not_recorded_again(
    two_metrics: MakeBench,
) -> None:
    one = two_metrics()
    one.program = writes(one, "loss", 5, after_s=30)
    one.die_after(10)
    with pytest.raises(Died):
        one.run()
    one.away(3)
    one.run()
    steps = [
        step
        for event in one.events()
        if isinstance(event, Measured) and event.metric == "loss"
        for step in event.steps
    ]
    # What was to be written while nobody lived was not.
    assert steps == sorted(set(steps))
    assert len(steps) >= 3


def test_the_reason_is_of_the_metric_that_is_missing(two_metrics: MakeBench) -> None:
    one = two_metrics()

    def program(launch: Launch) -> FakeRun:
        # It can be read at first, and no more at the end.
        append(log(launch, "loss"), "0 loss=0.5\n")

        def replace() -> None:
            Path(log(launch, "loss")).unlink()
            Path(log(launch, "loss")).mkdir()

        one.stage.after(5, replace)
        return prints(launch, "nothing", after_s=10)

    one.program = program
    one.run()
    trial = one.state().trials[0]
    assert trial.state is TrialState.FAILED
    assert "'accuracy'" in trial.reason
    assert "no file" in trial.reason
    assert "directory" not in trial.reason


def test_a_file_that_could_not_be_read_at_first_is_no_reason_later(
    two_metrics: MakeBench,
) -> None:
    one = two_metrics()

    def program(launch: Launch) -> FakeRun:
        append(log(launch, "loss"), "0 loss=0.5\n")
        place = Path(log(launch, "accuracy"))
        place.mkdir()

        def replace() -> None:
            place.rmdir()
            append(str(place), "0 accuracy=nan\n")

        one.stage.after(5, replace)
        return prints(launch, "nothing", after_s=10)

    one.program = program
    one.run()
    reason = one.state().trials[0].reason
    assert "read nan" in reason
    assert "directory" not in reason
