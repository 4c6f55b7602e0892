"""Metrics on which no result depends: they are read, recorded and shown beside those that rank."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import Died, prints

from automl.journal.events import Measured, TrialStarted
from automl.journal.fold import fold
from automl.loop.trials.figures import whole_among
from automl.readers.reported.further import MOST_NAMES
from automl.study.launch import Exit, Launch
from automl.study.objective import Objective, Objectives
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]

HOME = "{{ trial.dir }}/stdout.log"
OBJECTIVES = Objectives((Objective(metric="loss", direction="minimize"),))


def task(*names: str, location: str = HOME) -> BashTask:
    readers = tuple(
        LocalReader(location=location, parser_pattern=rf"\b{name}=(\S+)", metric=name)
        for name in names
    )
    return BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=readers)


def study(bench: MakeBench, *names: str, **changes: object) -> Bench:
    return bench(**{"tasks": (task(*names),), "objectives": OBJECTIVES, "max_trials": 2} | changes)


def reports(launch: Launch, *told: tuple[str, float], text: str = "loss=3") -> FakeRun:
    lines = [{"name": name, "value": value} for name, value in told]
    file = str(Path(launch.stdout).with_name("reports.jsonl"))
    content = "".join(json.dumps(line) + "\n" for line in lines)
    return FakeRun(after_s=1.0, files={launch.stdout: f"{text}\n", file: content})


def test_a_described_metric_that_ranks_nothing_is_recorded(bench: MakeBench) -> None:
    one = study(bench, "loss", "acc")
    one.program = lambda launch: prints(launch, "loss=3 acc=1\nloss=2 acc=4")
    one.run()
    trial = one.state().trials[0]
    assert (trial.value, trial.metrics) == (2, {"loss": 2, "acc": 4})
    curves = fold(one.events(), curves=True).further_curves[0]
    assert list(curves["acc"].values) == [1, 4]


def test_what_is_reported_under_any_name_is_recorded(bench: MakeBench) -> None:
    one = study(bench, "loss")
    one.program = lambda launch: reports(launch, ("acc", 1), ("acc", 4), ("", 9), ("loss", 8))
    one.run()
    trial = one.state().trials[0]
    # The loss is read where it is described.
    assert (trial.value, trial.metrics) == (3, {"loss": 3, "acc": 4})


def test_without_further_metrics_the_journal_is_as_it_was(bench: MakeBench) -> None:
    one = study(bench, "loss")
    one.program = lambda launch: prints(launch, "loss=3")
    one.run()
    assert one.state().trials[0].metrics == {}


def test_a_trial_needs_no_further_metric(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "automl")
    one = study(bench, "loss", "acc")
    one.program = lambda launch: prints(launch, "loss=3")
    one.run()
    assert [trial.state for trial in one.state().trials.values()] == [TrialState.COMPLETED] * 2
    told = [text for text in caplog.messages if "has no number for 'acc'" in text]
    assert len(told) == 1
    assert "no match of" in told[0]


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_what_is_not_finite_is_left_out(bench: MakeBench, number: str) -> None:
    one = study(bench, "loss", "acc")
    one.program = lambda launch: prints(launch, f"loss=3 acc={number}")
    one.run()
    assert one.state().trials[0].metrics == {}
    assert one.state().trials[0].value == 3


def test_a_failed_trial_has_none(bench: MakeBench) -> None:
    one = study(bench, "loss", "acc", fail_fast=None)
    one.program = lambda launch: prints(launch, "loss=3 acc=1", exit=Exit(code=1))
    one.run()
    trial = one.state().trials[0]
    assert (trial.state, trial.metrics) == (TrialState.FAILED, {})


def test_a_metric_that_is_not_finite_is_the_reason_also_beside_others(bench: MakeBench) -> None:
    one = study(bench, "loss", "acc", fail_fast=None)
    one.program = lambda launch: prints(launch, "loss=nan acc=1")
    one.run()
    assert one.state().trials[0].reason == "the metric is nan, not a finite number"


def test_what_an_earlier_controller_recorded_is_not_recorded_again(bench: MakeBench) -> None:
    one = study(bench, "loss", max_trials=1)

    def program(launch: Launch) -> FakeRun:
        file = Path(launch.stdout).with_name("reports.jsonl")

        def report(number: int) -> None:
            with file.open("a") as opened:
                opened.write(json.dumps({"name": "acc", "value": number}) + "\n")

        for number in range(5):
            one.stage.after(4.0 * number, lambda number=number: report(number))
        return prints(launch, "loss=3", after_s=30)

    one.program = program
    one.die_after(10)
    with pytest.raises(Died):
        one.run()
    one.away(3)
    one.run()
    events = [one for one in one.events() if isinstance(one, Measured) and one.metric == "acc"]
    steps = [step for event in events for step in event.steps]
    assert steps == sorted(set(steps))
    assert len(steps) >= 3
    assert one.state().trials[0].metrics["acc"] == events[-1].values[-1]


def test_a_metric_that_is_described_later_is_read_from_kept_output(bench: MakeBench) -> None:
    one = study(bench, "loss")
    one.program = lambda launch: prints(launch, f"loss={launch.trial_id} acc=4")
    one.run()
    one.spec = replace(one.spec, tasks=(task("loss", "acc"),))
    one.run()
    trials = one.state().trials.values()
    assert [trial.metrics for trial in trials] == [{"loss": n, "acc": 4} for n in range(2)]
    assert [trial.value for trial in trials] == [0, 1]
    assert sum(isinstance(event, TrialStarted) for event in one.events()) == 2


def test_no_trial_runs_again_as_a_further_metric_was_not_kept(bench: MakeBench) -> None:
    one = study(bench, "loss")
    one.program = lambda launch: prints(launch, "loss=3")
    one.run()
    later = task("loss").readers + task("acc", location="{{ trial.id }}.log").readers
    Path(one.spec.cwd, "0.log").write_text("acc=9\n")
    one.spec = replace(one.spec, tasks=(BashTask(cmd=one.spec.tasks[0].cmd, metric_reader=later),))
    one.run()
    assert sum(isinstance(event, TrialStarted) for event in one.events()) == 2
    assert [trial.value for trial in one.state().trials.values()] == [3, 3]


def test_of_many_names_little_is_recorded_of_each(bench: MakeBench) -> None:
    one = study(bench, "loss", max_trials=1)
    told = [(f"norm{name}", float(step)) for step in range(32) for name in range(500)]
    one.program = lambda launch: reports(launch, *told)
    one.run()
    trial = one.state().trials[0]
    assert len(trial.metrics) == 501
    assert set(trial.metrics.values()) == {3.0, 31.0}
    measured = [event for event in one.events() if isinstance(event, Measured)]
    recorded = [len(event.values) for event in measured if event.metric.startswith("norm")]
    assert whole_among(500) == 8
    assert recorded == [8 + 4 + 4] * 500


def test_of_names_without_end_the_first_are_read(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "automl")
    one = study(bench, "loss", max_trials=1)
    told = [(f"norm/{step}", 1.0) for step in range(MOST_NAMES + 5)]
    one.program = lambda launch: reports(launch, *told)
    one.run()
    assert len(one.state().trials[0].metrics) == MOST_NAMES + 1
    assert any("Report steps as steps, not in names" in text for text in caplog.messages)
