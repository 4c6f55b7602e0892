from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from automl.journal.asking.answer import Answer, AskedRequest
from automl.journal.events import Event, RequestTaken, StudyOpened
from automl.journal.fold import fold
from automl.journal.snapshot import StudySnapshot
from automl.testing import FakeClock

AT: dict[str, Any] = {"v": 1, "at": datetime(2026, 3, 1, tzinfo=UTC)}
OPENED = StudyOpened(**AT, study={}, seed=1, uid="u", host="h", pid=1)
DONE = RequestTaken(**AT, offset=9, request={"request": "pause"}, id="7", done=True)
REFUSED = msgspec.structs.replace(DONE, done=False, reason="there is no trial 9")


class Telling:
    """A study that tells more at each look."""

    def __init__(self, *steps: list[Event]) -> None:
        self.steps = list(steps)
        self.looks = 0

    def __call__(self) -> StudySnapshot:
        self.looks += 1
        events = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        return StudySnapshot.of(fold(events))


def asked(look: Callable[[], StudySnapshot], **more: Any) -> AskedRequest:
    return AskedRequest("7", "pause", "u", look, clock=more.pop("clock", FakeClock()), **more)


@pytest.mark.parametrize(
    ("taken", "answer", "text"),
    [
        (DONE, Answer(done=True, reason="", request="pause"), "pause: done"),
        (
            REFUSED,
            Answer(done=False, reason="there is no trial 9", request="pause"),
            "pause: refused: there is no trial 9",
        ),
    ],
)
def test_the_journal_answers(taken: RequestTaken, answer: Answer, text: str) -> None:
    request = asked(Telling([OPENED, taken]))
    assert request.answer() == request.wait() == answer
    assert str(answer) == text
    assert repr(request) == "<request 7: pause>"


def test_one_that_was_not_sent_says_so() -> None:
    request = AskedRequest("", "pause", "", Telling([OPENED]))
    assert repr(request) == "<request, not sent: pause>"


def test_the_first_answer_counts() -> None:
    assert asked(Telling([OPENED, DONE, REFUSED])).answer() == Answer(
        done=True, reason="", request="pause"
    )


def test_nothing_is_known_before_it_was_taken() -> None:
    other = msgspec.structs.replace(DONE, id="8")
    assert asked(Telling([OPENED, other])).answer() is None


def test_an_answer_is_waited_for() -> None:
    look = Telling([OPENED], [OPENED], [OPENED], [OPENED, DONE])
    answer = asked(look).wait()
    assert answer is not None
    assert answer.done
    assert look.looks == 4


def test_nobody_waits_longer_than_wanted() -> None:
    clock = FakeClock()
    began_s = clock.monotonic()
    look = Telling([OPENED])
    assert asked(look, clock=clock).wait(2.05) is None
    assert clock.monotonic() - began_s == pytest.approx(2.05)
    assert look.looks > 10


@pytest.mark.parametrize("timeout_s", [0, -1.0])
def test_without_time_there_is_one_look(timeout_s: float) -> None:
    look = Telling([OPENED])
    assert asked(look).wait(timeout_s) is None
    assert look.looks == 1
    assert asked(Telling([OPENED, DONE])).wait(timeout_s) is not None


def test_a_study_that_was_begun_anew_answers_nothing_asked_before() -> None:
    other = msgspec.structs.replace(OPENED, uid="v")
    answer = asked(Telling([OPENED], [], [other])).wait()
    assert answer is not None
    assert not answer.done
    assert "begun anew" in answer.reason


def test_what_was_asked_before_the_study_began_is_answered() -> None:
    look = Telling([], [OPENED], [OPENED, DONE])
    answer = AskedRequest("7", "pause", "", look, clock=FakeClock()).wait()
    assert answer is not None
    assert answer.done


def test_what_is_known_at_once_needs_no_look() -> None:
    known = Answer(done=False, reason="nothing runs the study", request="pause")
    look = Telling([OPENED])
    request = asked(look, known=known)
    assert request.wait(5) == request.answer() == known
    assert look.looks == 0
