import logging
from pathlib import Path
from typing import Any

import pytest
from engine_player import Player, bad, killed
from hypothesis import given, settings
from hypothesis import strategies as st
from loop_fakes import make_spec

from automl.engine.actions import Phase
from automl.engine.stimuli import Adopted
from automl.journal.asking.asker import Asker, Door, this_process
from automl.journal.control import append_request
from automl.journal.events import RequestTaken
from automl.journal.folder import StudyFolder
from automl.journal.requests import (
    AddTrial,
    AddTrials,
    Drain,
    Pause,
    Request,
    Resume,
    RetryTrial,
    SetMaxParallel,
    SetMaxTrialNum,
    StopStudy,
    StopTrial,
)
from automl.loop.requests import Requests
from automl.study.trial import TrialState


class Asked:
    """A study whose control file is written by the test."""

    def __init__(self, path: Path, events: list[Any] | None = None, **changes: Any) -> None:
        self.spec = make_spec(path, **{"max_trials": 4, "max_parallel": 2, **changes})
        self.folder = StudyFolder(path, "study")
        self.folder.create()
        self.player = Player(self.spec, events)
        self.engine = self.player.engine
        self.requests = Requests(self.engine, self.folder, self.spec.space, call=self.spec.call)

    def ask(self, *asked: Request) -> list[str]:
        """Ask for something, have it taken, and return the ids."""
        ids = [append_request(self.folder.control, request) for request in asked]
        self.look()
        return ids

    def look(self) -> None:
        self.player.do(self.requests.look(self.player.now))

    @property
    def taken(self) -> list[RequestTaken]:
        return [event for event in self.player.events if isinstance(event, RequestTaken)]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """A study that has begun."""
    asked = Asked(tmp_path)
    asked.look()
    return asked


def test_without_a_file_nothing_is_asked(asked: Asked) -> None:
    assert asked.requests.look(asked.player.now) == []


def test_each_request_is_taken_once(asked: Asked) -> None:
    asked.ask(AddTrials(1))
    asked.look()
    asked.ask(AddTrials(2))
    assert asked.engine.view.max_trials == 7
    sizes = [event.offset for event in asked.taken]
    assert len(sizes) == 2
    assert sizes[-1] == asked.folder.control.stat().st_size


def test_a_new_controller_does_not_take_it_again(asked: Asked, tmp_path: Path) -> None:
    asked.ask(AddTrials(1), SetMaxParallel(3))
    again = Asked(tmp_path, asked.player.events)
    again.look()
    assert (again.engine.view.max_trials, again.engine.view.max_parallel) == (5, 3)
    assert len(again.taken) == 2


def test_limits(asked: Asked) -> None:
    asked.ask(SetMaxTrialNum(9), SetMaxParallel(5))
    assert (asked.engine.view.max_trials, asked.engine.view.max_parallel) == (9, 5)
    asked.ask(SetMaxTrialNum(1))
    asked.player.fill()
    assert list(asked.player.running) == [0]


def test_a_running_trial_is_stopped(asked: Asked) -> None:
    asked.player.fill()
    asked.ask(StopTrial(1))
    assert set(asked.player.cancelled) == {1}
    asked.player.end(1, killed())
    assert asked.player.state_of(1) is TrialState.STOPPED


def test_a_failed_or_stopped_trial_is_retried(asked: Asked) -> None:
    asked.player.fill()
    asked.ask(StopTrial(1))
    asked.player.end(1, killed())
    asked.player.end(0, bad())
    asked.ask(RetryTrial(0), RetryTrial(1))
    asked.player.fill()
    assert sorted(asked.player.starts[2:]) == [(0, 2), (1, 2)]


def test_a_given_combination_is_tried_with_its_types(asked: Asked) -> None:
    asked.ask(AddTrial({"x": 77}))
    asked.player.fill()
    assert asked.engine.view.trials[0].params == {"x": 77}
    assert asked.player.starts[0] == (0, 1)
    assert asked.engine.view.max_trials == 4


def test_a_given_combination_raises_a_limit_that_is_reached(tmp_path: Path) -> None:
    asked = Asked(tmp_path, max_trials=1)
    asked.player.fill()
    asked.ask(AddTrial({"x": 77}))
    asked.player.fill()
    assert list(asked.player.running) == [0, 1]
    assert asked.engine.view.max_trials == 2


def test_pause_resume_drain(asked: Asked) -> None:
    asked.ask(Pause())
    asked.player.fill()
    assert asked.player.starts == []
    assert asked.engine.view.phase is Phase.PAUSED
    asked.ask(Resume())
    asked.player.fill()
    assert len(asked.player.running) == 2
    asked.ask(Drain())
    asked.player.end(0)
    asked.player.fill()
    assert len(asked.player.running) == 1


def test_stopping_the_study_interrupts_it(asked: Asked) -> None:
    asked.player.fill()
    asked.ask(StopStudy())
    assert set(asked.player.cancelled) == {0, 1}
    asked.player.end(0, killed())
    assert asked.player.state_of(0) is TrialState.PLANNED


@pytest.mark.parametrize("later", [Resume(), Pause(), Drain()])
def test_after_that_nothing_brings_it_back(asked: Asked, later: Request) -> None:
    asked.player.fill()
    asked.ask(StopStudy(), later)
    assert asked.engine.view.phase is Phase.INTERRUPTED
    asked.player.end(0, killed())
    asked.player.fill()
    assert len(asked.player.starts) == 2


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (StopTrial(9), "there is no trial 9"),
        (StopTrial(0), "trial 0 is completed, not planned or running"),
        (RetryTrial(0), "trial 0 is completed, not failed or pruned or stopped"),
        (RetryTrial(1), "trial 1 is running"),
        (AddTrial({"x": 1}), "trial 1 has this combination"),
        (AddTrial({"x": 1.0}), "not a combination of the search space"),
        (AddTrial({"x": -1}), "not a combination"),
        (AddTrial({"y": 1}), "not a combination"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    asked: Asked, request_: Request, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked.player.fill()
    asked.player.end(0)
    before = dict(asked.engine.view.trials)
    asked.ask(request_)
    assert why in caplog.text
    assert asked.engine.view.trials == before
    assert asked.player.cancelled == {}
    (taken,) = asked.taken
    assert (taken.max_trials, taken.max_parallel) == (None, None)


def test_what_is_done_is_noted(asked: Asked) -> None:
    asked.ask(SetMaxParallel(3))
    me = this_process(Door.SCRIPT)
    assert asked.player.notes == [f"asked by {me}: set_max_parallel 3"]


def test_malformed_lines_are_told_and_passed_over(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    asked.folder.control.write_bytes(b'{"request":"fly"}\n\n\xff\xfe\n{"a":\n[1]\n')
    asked.ask(AddTrials(1))
    assert asked.engine.view.max_trials == 5
    assert caplog.text.count("skipped a malformed request") == 4
    assert asked.engine.view.control_offset == asked.folder.control.stat().st_size


def test_a_file_that_cannot_be_read_is_told(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    asked.folder.control.mkdir()
    asked.look()
    assert "cannot read" in caplog.text


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=12))
def test_whatever_stands_there_the_loop_goes_on(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    asked = Asked(tmp_path_factory.mktemp("asked"))
    asked.folder.control.write_bytes(b"\n".join(lines) + b"\n")
    asked.ask(AddTrials(1))
    asked.look()
    assert asked.engine.view.max_trials == 5
    offsets = [event.offset for event in asked.taken]
    assert offsets == sorted(offsets)
    assert offsets[-1] == asked.folder.control.stat().st_size


@pytest.mark.parametrize("request_", [Pause(), Resume(), Drain(), StopStudy()])
def test_what_was_meant_for_a_controller_that_is_gone_is_not_done(
    tmp_path: Path, request_: Request, caplog: pytest.LogCaptureFixture
) -> None:
    asked = Asked(tmp_path)
    asked.ask(request_, AddTrials(1))
    assert "it came before this start" in caplog.text
    assert asked.engine.view.phase is Phase.RUNNING
    assert asked.engine.view.max_trials == 5
    assert len(asked.taken) == 2
    asked.look()
    assert len(asked.taken) == 2


def test_what_became_of_each_request_is_recorded_with_who_asked(asked: Asked) -> None:
    who = Asker(user="anna", host="lab", pid=12, door="page")
    done = append_request(asked.folder.control, SetMaxParallel(3), who)
    refused = append_request(asked.folder.control, StopTrial(9), who)
    asked.look()
    answers = asked.engine.view.answers
    assert list(answers) == [done, refused]
    assert [answers[one].who for one in (done, refused)] == [who, who]
    assert (answers[done].done, answers[done].reason) == (True, "")
    assert (answers[refused].done, answers[refused].reason) == (False, "there is no trial 9")
    assert answers[refused].request == {"request": "stop_trial", "trial": 9}


def test_a_malformed_request_is_answered_too(asked: Asked) -> None:
    asked.folder.control.write_text('{"request":"fly","id":"7"}\n')
    asked.look()
    answer = asked.engine.view.answers["7"]
    assert (answer.done, answer.request) == (False, None)
    assert "unknown request 'fly'" in answer.reason


def test_a_line_without_an_id_is_done_and_recorded(asked: Asked) -> None:
    asked.folder.control.write_text('{"request":"add_trials","count":1}\n')
    asked.look()
    assert asked.engine.view.max_trials == 5
    [taken] = asked.taken
    assert (taken.id, taken.who, taken.done) == ("", None, True)


def test_a_request_that_stands_there_twice_is_done_once(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    [first] = asked.ask(AddTrials(1))
    line = asked.folder.control.read_bytes()
    asked.folder.control.write_bytes(line + line)
    asked.look()
    assert asked.engine.view.max_trials == 5
    assert "was taken before" in caplog.text
    assert [taken.id for taken in asked.taken] == [first, ""]
    assert asked.engine.view.answers[first].done


def test_a_control_file_that_is_read_anew_is_not_done_anew(asked: Asked) -> None:
    ids = asked.ask(AddTrials(1), AddTrials(2), SetMaxParallel(3))
    lines = asked.folder.control.read_bytes().splitlines(keepends=True)
    asked.folder.control.write_bytes(b"".join(lines[1:]))
    asked.look()
    asked.look()
    assert asked.engine.view.max_trials == 7
    assert sorted(taken.id for taken in asked.taken if taken.id) == sorted(ids)


EACH = [StopTrial(1), StopTrial(3), RetryTrial(2), AddTrial({"x": 77}), AddTrials(1), StopTrial(9)]


def begun(path: Path) -> Asked:
    """Return a study with a trial that completed, one that runs, one that failed, one planned."""
    asked = Asked(path, max_parallel=3, fail_fast=None)
    asked.look()
    asked.player.fill()
    asked.player.end(0)
    asked.player.end(2, bad())
    asked.ask(AddTrial({"x": 50}))
    return asked


def outcome_of(asked: Asked) -> dict[str, Any]:
    """Return what became of all that was asked, and of the study."""
    state = asked.engine.view
    return {
        "answers": {one: (taken.done, taken.reason) for one, taken in state.answers.items()},
        "states": {trial.id: trial.state for trial in state.trials.values()},
        "params": [trial.params["x"] for trial in state.trials.values()],
        "limits": (asked.engine.view.max_trials, asked.engine.view.max_parallel),
        "unfinished": state.unfinished,
    }


def test_wherever_a_controller_is_killed_each_request_is_done_and_answered_once(
    tmp_path: Path,
) -> None:
    asked = begun(tmp_path)
    before = len(asked.player.events)
    ids = asked.ask(*EACH)
    wanted = outcome_of(asked)
    assert [wanted["answers"][one][0] for one in ids] == [True] * 5 + [False]
    assert wanted["states"][1] is TrialState.STOPPING
    assert wanted["states"][3] is TrialState.STOPPED
    events = asked.player.events
    # The journal of the next one ends behind any line that the first one wrote.
    for count in range(before, len(events) + 1):
        again = Asked(tmp_path, events[:count], max_parallel=3, fail_fast=None)
        again.player.running[1] = 1
        again.player.tell(Adopted(trial_id=1, since_s=0.0, over=False))
        again.look()
        assert outcome_of(again) == wanted, count
        taken = [one.id for one in again.taken if one.id in ids]
        assert sorted(taken) == sorted(ids)
        again.look()
        assert [one.id for one in again.taken if one.id in ids] == taken
        assert 1 in again.player.cancelled or again.engine.view.stops


def test_what_can_no_longer_be_done_is_left_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked = begun(tmp_path)
    asked.ask(AddTrial({"x": 77}))
    killed_at = [isinstance(event, RequestTaken) for event in asked.player.events]
    events = asked.player.events[: len(killed_at) - killed_at[::-1].index(True)]
    again = Asked(tmp_path, events, size=60, max_parallel=3, fail_fast=None)
    again.look()
    assert "asked earlier: add_trial {'x': 77}; it is left: " in caplog.text
    assert [trial.params["x"] for trial in again.engine.view.trials.values()] == [0, 1, 2, 50]


def test_a_stop_of_a_trial_that_ended_meanwhile_is_finished(tmp_path: Path) -> None:
    asked = begun(tmp_path)
    asked.ask(StopTrial(1))
    assert asked.player.events.pop().__class__.__name__ == "TrialStopping"
    again = Asked(tmp_path, asked.player.events, max_parallel=3, fail_fast=None)
    again.player.running[1] = 1
    again.player.tell(Adopted(trial_id=1, since_s=0.0, over=True))
    again.player.end(1)
    again.look()
    assert again.engine.view.unfinished == ()
    assert again.player.state_of(1) is TrialState.COMPLETED


def test_a_function_ends_the_call_that_its_trial_is_of(tmp_path: Path) -> None:
    asked = Asked(tmp_path, call=2)
    asked.player.fill()
    asked.look()
    asked.ask(Drain(trial=0), Drain(trial=1))
    view = asked.engine.view
    assert (view.phase, view.reason) == (Phase.DRAINING, "study.stop() was called")
    assert not view.wants_start
    assert not asked.player.cancelled
    assert [one.done for one in asked.taken] == [True, True]


@pytest.mark.parametrize("call", [0, 2])
def test_a_function_ends_no_later_call(tmp_path: Path, call: int) -> None:
    begun = Asked(tmp_path, call=1)
    begun.player.fill()
    later = Asked(tmp_path, begun.player.events, call=call)
    later.ask(Drain(trial=0), Drain(trial=99))
    assert later.engine.view.phase is Phase.RUNNING
    reasons = ["trial 0 is of an earlier run", "there is no trial 99"]
    assert [one.reason for one in later.taken] == reasons


def test_a_function_ends_its_call_that_goes_on_after_a_kill(tmp_path: Path) -> None:
    begun = Asked(tmp_path, call=1)
    begun.player.fill()
    again = Asked(tmp_path, begun.player.events, call=1)
    again.ask(Drain(trial=0))
    assert again.engine.view.phase is Phase.DRAINING
