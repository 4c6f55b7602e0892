"""What a journal tells of each `optimize` of a program."""

from datetime import UTC, datetime
from typing import Any

from automl.journal.events import Event, StudyClosed, StudyOpened, decode, encode
from automl.journal.fold import fold
from automl.journal.told.called import Called

STAMP: dict[str, Any] = {"v": 1, "at": datetime(2026, 3, 1, tzinfo=UTC)}


def opened(call: int = 0, *cells: str) -> StudyOpened:
    fields = {"study": {}, "seed": 1, "uid": "u", "host": "h", "pid": 1}
    return StudyOpened(**STAMP, **fields, call=call, cells=list(cells))


def closed(reason: str) -> StudyClosed:
    return StudyClosed(**STAMP, reason=reason, complete=True)


def calls(*events: Event) -> dict[int, Called]:
    return fold([decode(encode(one)) for one in events]).calls


def test_each_call_has_its_own_end() -> None:
    told = calls(opened(1), closed("all"), opened(2), closed("stopped"), opened(1))
    assert told == {1: Called(), 2: Called(reason="stopped")}


def test_the_terminal_goes_on_with_the_last_call() -> None:
    told = calls(opened(1), closed("all"), opened(2), closed("stopped"), opened(), closed("time"))
    assert told == {1: Called(reason="all"), 2: Called(reason="time")}


def test_a_study_that_no_program_calls_has_none() -> None:
    assert calls(opened(), closed("all")) == {}


def test_a_call_keeps_all_names_of_its_cell() -> None:
    told = calls(opened(1, "id", "text"), opened(1, "id", "edited"))
    assert told == {1: Called(cells=("id", "text", "edited"))}
