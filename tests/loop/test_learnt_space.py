"""A study whose space is learnt while it runs, on played processes."""

import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from asking import asks, learnt, proposed_to
from loop_bench import Bench
from loop_fakes import PATTERN

from automl.engine.view import View
from automl.inside.ranges import float_range, int_range
from automl.journal.events import Drawn, TrialEnded, TrialPlanned
from automl.journal.requests import AddTrial
from automl.show.endings import trial_line
from automl.space.learnt import Offer
from automl.space.space import combination_key
from automl.study.budget import Budget
from automl.study.launch import Launch
from automl.study.noise import Noise
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


def conditional(trial: Any) -> float:
    if trial.suggest_categorical("kind", ["svm", "tree"]) == "svm":
        return float(trial.suggest_float("C", 0, 1))
    return float(trial.suggest_int("depth", 1, 9))


def check_told(one: Bench, view: View) -> None:
    """The journal tells what the engine knows, and of each trial what it asked for first."""
    assert one.state().trials == view.trials
    drawn: set[int] = set()
    for event in one.events():
        if isinstance(event, Drawn):
            drawn.add(event.trial)
        if isinstance(event, TrialEnded) and event.value is not None:
            assert event.trial in drawn


def test_a_trial_has_what_it_asked_for(bench: MakeBench) -> None:
    one = learnt(bench, conditional)
    view = one.run()
    check_told(one, view)
    trials = list(view.trials.values())
    assert [trial.state for trial in trials] == [TrialState.COMPLETED] * 8
    for trial in trials:
        other = {"svm": "C", "tree": "depth"}[str(trial.params["kind"])]
        assert list(trial.params) == ["kind", other]
        assert trial.ranges.keys() == trial.params.keys()
    assert [trial.proposed for trial in trials[:2]] == [{}, {}]
    assert all(trial.proposed for trial in trials[3:])


def test_a_range_stands_in_the_journal_once(bench: MakeBench) -> None:
    one = learnt(bench, lambda trial: float(trial.suggest_float("x", 0, 1)), max_parallel=1)
    one.run()
    drawn = [event for event in one.events() if isinstance(event, Drawn)]
    assert [bool(event.ranges) for event in drawn] == [True] + 7 * [False]
    planned = [event for event in one.events() if isinstance(event, TrialPlanned)]
    assert not any(event.ranges for event in planned)


@pytest.mark.parametrize("alive_s", [0.0, 0.5, 1.0, 1.5, 2.5])
@pytest.mark.parametrize("away_s", [0.1, 5.0])
def test_killed_it_goes_on_and_knows_what_was_drawn(
    alive_s: float, away_s: float, tmp_path: Path
) -> None:
    one = learnt(partial(Bench, tmp_path), conditional)
    view = one.live([(alive_s, away_s), (0.7, 0.2)])
    check_told(one, view)
    assert len(view.trials) == 8
    assert all(trial.params for trial in view.trials.values())
    # Nothing is told twice.
    told = [event.trial for event in one.events() if isinstance(event, Drawn)]
    assert len(told) == len(set(told))
    known = [trial for trial in view.trials.values() if trial.proposed]
    assert len({combination_key(trial.params) for trial in known}) == len(known)


def test_what_a_running_trial_drew_is_known_while_it_runs(bench: MakeBench) -> None:
    one = learnt(bench, conditional, max_trials=3, max_parallel=2)
    one.program = lambda launch: asks(launch, conditional, 9.0 if launch.trial_id == 0 else 2.0)
    one.run()
    events = one.events()
    drawn = next(at for at, one in enumerate(events) if isinstance(one, Drawn) and one.trial == 0)
    ended = next(at for at, one in enumerate(events) if isinstance(one, TrialEnded))
    assert drawn < ended


def test_one_that_died_before_it_asked_has_no_values_and_says_so(bench: MakeBench) -> None:
    def objective(_: Any) -> float:
        raise RuntimeError("no data")

    one = learnt(bench, objective, max_trials=2, max_parallel=1, fail_fast=None)
    view = one.run()
    for trial in view.trials.values():
        assert trial.params == {}
        assert "RuntimeError: no data" in trial.reason
        assert trial.reason.endswith("(before it asked for any parameter)")


def test_one_that_failed_after_it_asked_keeps_its_values(bench: MakeBench) -> None:
    def objective(trial: Any) -> float:
        trial.suggest_int("n", 1, 9)
        raise RuntimeError("boom")

    one = learnt(bench, objective, max_trials=1)
    trial = one.run().trials[0]
    assert trial.params.keys() == {"n"}
    assert "before" not in trial.reason


def test_each_launch_of_a_trial_gets_the_same_values(bench: MakeBench) -> None:
    given: list[dict[str, Any]] = []

    def program(launch: Launch) -> FakeRun:
        given.append(proposed_to(launch))
        return asks(launch, conditional)

    one = learnt(bench, conditional, noise=Noise(repeats=3), max_trials=1)
    one.program = program
    trial = one.run().trials[0]
    values = {name: offer["value"] for name, offer in given[1].items()}
    assert given[0] == {}
    assert values == trial.params
    assert given[1] == given[2]
    assert len(trial.results) == 3


def test_one_that_is_launched_again_leaves_nothing_of_what_it_drew(bench: MakeBench) -> None:
    def objective(trial: Any) -> float:
        trial.suggest_int("n", 1, 9)
        raise OSError("once")

    one = learnt(bench, objective, max_trials=1, max_retries=1)
    one.run()
    lines = Path(one.folder.trial(0).drawn).read_text().splitlines()
    assert len(lines) == 1


def test_a_fixed_combination_is_added_while_it_runs(bench: MakeBench) -> None:
    one = learnt(bench, conditional, max_parallel=1, max_trials=3)
    one.ask_after(1.5, AddTrial(params={"kind": "tree", "depth": 3}, note="mine"))
    view = one.run()
    (added,) = [trial for trial in view.trials.values() if trial.origin == "request"]
    assert added.proposed == {"kind": Offer("tree", None), "depth": Offer(3, None)}
    assert added.params == {"kind": "tree", "depth": 3}
    assert added.ranges["depth"] == int_range(1, 9)


def test_what_the_user_starts_with_is_fixed(bench: MakeBench) -> None:
    one = learnt(bench, conditional, start_with=({"kind": "svm", "C": 0.5},), max_trials=3)
    trial = one.run().trials[0]
    assert trial.params == {"kind": "svm", "C": 0.5}
    assert trial.origin == "start_with"
    assert trial.ranges["C"] == float_range(0, 1)


def test_another_range_is_told_once(bench: MakeBench, caplog: pytest.LogCaptureFixture) -> None:
    def objective(trial: Any) -> float:
        n = trial.suggest_int("n", 1, 5)
        return float(trial.suggest_float("x", 0, n))

    one = learnt(bench, objective)
    with caplog.at_level("INFO"):
        one.run()
    told = [record.message for record in caplog.records if "another range" in record.message]
    assert len(told) == 1
    assert "asks for 'x' with another range than a trial before" in told[0]


FLOAT = {"kind": "float", "low": 0, "high": 1, "log": False, "step": None}
ODD: list[dict[str, Any]] = [
    {"name": "x"},
    {"name": "x", "range": {"kind": "float"}, "value": 1, "from": "drawn"},
    {"name": "x", "range": {**FLOAT, "low": "a"}, "value": 1, "from": "drawn"},
    {"name": "x", "range": FLOAT, "value": math.nan, "from": "drawn"},
    {"name": "x", "range": FLOAT, "value": [1], "from": "drawn"},
    {"name": "x", "range": {"kind": "categorical", "choices": [[1]]}, "value": 1, "from": "drawn"},
]


@pytest.mark.parametrize("line", ["{", *map(json.dumps, ODD)])
def test_what_makes_no_sense_is_left_out(line: str, bench: MakeBench) -> None:
    one = learnt(bench, conditional, max_trials=1)

    def program(launch: Launch) -> FakeRun:
        run = asks(launch, conditional)
        path = one.folder.trial(0).drawn
        return FakeRun(after_s=1.0, files={**run.files, path: f"{line}\n{run.files[path]}{line}"})

    one.program = program
    trial = one.run().trials[0]
    assert trial.state is TrialState.COMPLETED
    assert "x" not in trial.params
    assert trial.params


def test_a_trial_that_is_promoted_keeps_its_values(bench: MakeBench) -> None:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    task = BashTask(cmd=("train", "{{ trial.budget }}"), metric_reader=reader)
    given: dict[int, list[dict[str, Any]]] = {}

    def program(launch: Launch) -> FakeRun:
        offers = proposed_to(launch)
        given.setdefault(launch.trial_id, []).append(
            {name: offer["value"] for name, offer in offers.items()}
        )
        return asks(launch, conditional)

    epochs = Budget(name="epochs", min=1, max=9)
    one = learnt(bench, conditional, tasks=(task,), budget=epochs, max_trials=12)
    one.program = program
    view = one.run()
    promoted = {number: values for number, values in given.items() if len(values) > 1}
    assert promoted
    for number, values in promoted.items():
        params = view.trials[number].params
        assert all({**later, **params} == later for later in values[1:])


def test_a_trial_without_values_is_told_without_them(bench: MakeBench) -> None:
    one = learnt(bench, lambda _: 1.0, max_trials=1)
    trial = one.run().trials[0]
    line = trial_line(trial, trial, one.spec)
    assert line.endswith("(best so far)")
