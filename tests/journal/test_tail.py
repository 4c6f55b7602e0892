import copy
import errno
import json
import os
import pickle
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from automl.errors import JournalError, StorageError
from automl.journal import tail as tail_module
from automl.journal.checksum import sealed
from automl.journal.events import (
    Drawn,
    Event,
    Measured,
    RequestTaken,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialStarted,
    TrialStopping,
    encode,
)
from automl.journal.fold import StudyState, fold
from automl.journal.journal import load
from automl.journal.snapshot import StudySnapshot
from automl.journal.tail import NoJournalError, Tail
from automl.study.stop_cause import StopCause
from automl.study.trial import TrialState

AT: dict[str, Any] = {"v": 1, "at": datetime(2026, 3, 1, tzinfo=UTC)}
ASSETS = Path(__file__).parent / "assets"
KEPT = [
    ASSETS / "v1.jsonl",
    ASSETS / "v1-checksums.jsonl",
    ASSETS / "0.1.0" / "rich" / "journal.jsonl",
    ASSETS / "0.1.0" / "ladder" / "journal.jsonl",
]


def opened(uid: str = "u") -> StudyOpened:
    return StudyOpened(**AT, study={"limits": {"n": 1}}, seed=1, uid=uid, host="h", pid=1)


def planned(trial: int, **params: Any) -> TrialPlanned:
    return TrialPlanned(**AT, trial=trial, params=params or {"x": trial})


def started(trial: int) -> TrialStarted:
    return TrialStarted(**AT, trial=trial, attempt=1, handle={"pid": 7})


def measured(trial: int, *values: float, first: int = 0) -> Measured:
    steps = list(range(first, first + len(values)))
    return Measured(**AT, trial=trial, steps=steps, values=list(values))


def ended(trial: int, **more: Any) -> TrialEnded:
    return TrialEnded(**AT, trial=trial, state=TrialState.COMPLETED, value=1.0, **more)


def lines_of(events: Sequence[Event], *, checksums: bool = True) -> bytes:
    """Return a whole journal, with the checksums of today's release or as an earlier one's."""
    content, checksum = b"", 0
    for event in events:
        line = encode(event)
        if checksums:
            line, checksum = sealed(line, checksum)
        content += line
    return content


def known(state: StudyState) -> StudySnapshot:
    """Return what a look shows of a study in this state."""
    return StudySnapshot.of(state)


def told(snapshot: StudySnapshot) -> str:
    """Return a snapshot as a text, which is equal where a value is NaN."""
    return repr(snapshot)


def grow(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


EVENTS: list[Event] = [
    opened(),
    planned(0),
    planned(1),
    started(0),
    measured(0, 0.5, float("nan")),
    started(1),
    TrialStopping(**AT, trial=1, cause=StopCause.REQUEST),
    ended(0, metrics={"loss": 0.5}),
    RequestTaken(**AT, offset=9, request={"request": "stop_trial", "trial": 1}, id="a", done=True),
]


def test_what_was_added_is_seen(path: Path) -> None:
    content = lines_of(EVENTS)
    lines = content.splitlines(keepends=True)
    path.write_bytes(b"")
    tail = Tail(path)
    assert tail.look().opened is None
    for count, line in enumerate(lines, 1):
        grow(path, line)
        assert told(tail.look()) == told(known(fold(EVENTS[:count])))


def test_the_same_snapshot_is_given_while_nothing_new_is_told(path: Path) -> None:
    path.write_bytes(lines_of(EVENTS))
    tail = Tail(path)
    assert tail.look() is tail.look()


def test_only_what_was_added_is_folded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(lines_of(EVENTS))
    tail = Tail(path)
    tail.look()
    folded = []
    apply = tail_module.apply_line
    monkeypatch.setattr(
        tail_module, "apply_line", lambda *given: folded.append(given[1:]) or apply(*given)
    )
    more = [planned(2), planned(3)]
    grow(path, lines_of([*EVENTS, *more])[path.stat().st_size :])
    tail.look()
    assert folded == [(more[0], len(EVENTS) + 1), (more[1], len(EVENTS) + 2)]


def test_a_snapshot_stays_what_it_was(path: Path) -> None:
    lines = lines_of(EVENTS).splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:5]))
    tail = Tail(path, curves=True)
    before = tail.look()
    text = told(before)
    grow(path, b"".join(lines[5:]))
    assert told(tail.look()) != text
    assert told(before) == text


def test_the_curve_of_an_earlier_snapshot_does_not_grow(path: Path) -> None:
    events = [planned(0), started(0), measured(0, 0.5), measured(0, 0.6, first=1)]
    lines = lines_of(events).splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]))
    tail = Tail(path, curves=True)
    curves = tail.look().curves
    grow(path, lines[3])
    after = tail.look().curves
    assert curves is not None
    assert after is not None
    assert [len(curves[0]), len(after[0])] == [1, 2]


@pytest.mark.parametrize(
    "change",
    [
        lambda look: look.trials[0].params.update(x=1),
        lambda look: look.trials[0].params["deep"].append(1),
        lambda look: look.trials[0].params["deep"][0].pop("a"),
        lambda look: look.trials[0].metrics.clear(),
        lambda look: look.trials[0].params["deep"].sort(),
        lambda look: look.trials[0].params.__setitem__("x", 1),
        lambda look: look.trials[0].params.__delitem__("x"),
        lambda look: look.trials[0].params.__ior__({"x": 1}),
        lambda look: look.trials.__setitem__(0, None),
        lambda look: look.latest.study["limits"].update(n=2),
        lambda look: look.answers.__setitem__("a", None),
        lambda look: look.answers["a"].request.update(trial=2),
    ],
)
def test_a_reader_cannot_change_what_is_told(path: Path, change: Callable[[Any], object]) -> None:
    events = [*EVENTS, planned(0, x=1, deep=[{"a": 1}, 2]), started(0), ended(0, metrics={"l": 1})]
    path.write_bytes(lines_of(events))
    tail = Tail(path)
    look = tail.look()
    text = told(look)
    with pytest.raises((TypeError, AttributeError)):
        change(look)
    assert told(tail.look()) == text


@pytest.mark.parametrize(
    "change",
    [
        lambda trial: trial.params.update(x=2),
        lambda trial: trial.ranges.clear(),
        lambda trial: trial.proposed.pop("y"),
    ],
)
def test_a_reader_cannot_change_what_a_trial_asked_for(
    path: Path, change: Callable[[Any], object]
) -> None:
    asked = {"kind": "float", "low": 0.0, "high": 1.0, "log": False, "step": None}
    proposed = {"proposed": {"y": 0.5}, "ranges": {"y": asked}}
    first = TrialPlanned(**AT, trial=0, params={}, **proposed)
    drawn = Drawn(**AT, trial=0, values={"x": 1.0}, ranges={"x": asked})
    more = Drawn(**AT, trial=0, values={"y": 0.5})
    path.write_bytes(lines_of([opened(), first, drawn, more]))
    trial = Tail(path).look().trials[0]
    assert trial.params == {"x": 1.0, "y": 0.5}
    with pytest.raises(TypeError, match="cannot be changed"):
        change(trial)


def test_what_is_told_is_like_plain_values(path: Path) -> None:
    params = {"x": 1, "deep": [{"a": 1}, [2]]}
    path.write_bytes(lines_of([planned(0, **params)]))
    told = Tail(path).look().trials[0].params
    assert told == params
    assert repr(told) == repr(params)
    assert json.dumps(told) == json.dumps(params)
    for copied in (copy.deepcopy(told), pickle.loads(pickle.dumps(told))):  # noqa: S301 - ours
        assert copied == params
        copied["deep"][0]["a"] = 3
    shallow = copy.copy(told)
    shallow["x"] = 2
    assert told == params


def test_a_torn_last_line_is_waited_for(path: Path) -> None:
    content = lines_of(EVENTS)
    path.write_bytes(content[:-5])
    tail = Tail(path)
    assert told(tail.look()) == told(known(fold(EVENTS[:-1])))
    grow(path, content[-5:])
    assert told(tail.look()) == told(known(fold(EVENTS)))


def test_a_torn_line_that_is_cut_off_is_forgotten(path: Path) -> None:
    content = lines_of(EVENTS)
    path.write_bytes(content + b'{"crc":"torn')
    tail = Tail(path)
    tail.look()
    more = lines_of([*EVENTS, planned(2)])[len(content) :]
    path.write_bytes(content + more)
    assert 2 in tail.look().trials


def test_lines_longer_than_a_piece_are_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_module, "_BLOCK_BYTES", 10)
    monkeypatch.setattr(tail_module, "_COMPARED_BYTES", 10)
    path.write_bytes(lines_of(EVENTS))
    tail = Tail(path)
    tail.look()
    grow(path, lines_of([*EVENTS, planned(2)])[path.stat().st_size :])
    assert told(tail.look()) == told(known(fold([*EVENTS, planned(2)])))


@pytest.mark.parametrize("checksums", [True, False])
@pytest.mark.parametrize("same_file", [True, False])
@pytest.mark.parametrize("events", [[opened("v")], [opened("v"), *EVENTS[1:], planned(2)], []])
def test_a_study_that_begins_anew_is_read_from_its_beginning(
    path: Path, events: list[Event], *, same_file: bool, checksums: bool
) -> None:
    path.write_bytes(lines_of(EVENTS, checksums=checksums))
    tail = Tail(path)
    tail.look()
    if not same_file:
        path.rename(path.with_name("aside"))
    path.write_bytes(lines_of(events, checksums=checksums))
    assert told(tail.look()) == told(known(fold(events)))
    grow(path, lines_of([*events, planned(7)], checksums=checksums)[path.stat().st_size :])
    assert 7 in tail.look().trials


def test_another_file_is_read_from_its_beginning_though_its_ends_are_alike(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As an editor leaves it: a journal of an earlier release has no checksums that tell.
    monkeypatch.setattr(tail_module, "_COMPARED_BYTES", 40)
    path.write_bytes(lines_of([opened(), planned(0), planned(1)], checksums=False))
    tail = Tail(path)
    tail.look()
    edited = path.with_name("edited")
    edited.write_bytes(lines_of([opened(), planned(5), planned(1)], checksums=False))
    edited.replace(path)
    assert list(tail.look().trials) == [5, 1]


@pytest.mark.parametrize("checksums", [True, False])
def test_a_journal_that_was_cut_is_read_from_its_beginning(path: Path, *, checksums: bool) -> None:
    content = lines_of(EVENTS, checksums=checksums)
    path.write_bytes(content)
    tail = Tail(path)
    tail.look()
    half = EVENTS[:3]
    path.write_bytes(lines_of(half, checksums=checksums))
    assert told(tail.look()) == told(known(fold(half)))


def test_a_line_that_was_taken_back_and_written_anew_counts_as_it_is_now(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a controller does whose disk was full in the middle of several lines.
    monkeypatch.setattr(tail_module, "_COMPARED_BYTES", 40)
    path.write_bytes(lines_of([opened(), planned(0), planned(1)]))
    tail = Tail(path)
    tail.look()
    now = [opened(), planned(0), started(0), planned(1), planned(2)]
    path.write_bytes(lines_of(now))
    assert told(tail.look()) == told(known(fold(now)))


def test_a_folder_that_is_gone_is_told_and_taken_up_again(tmp_path: Path) -> None:
    path = tmp_path / "study" / "journal.jsonl"
    path.parent.mkdir()
    path.write_bytes(lines_of(EVENTS))
    tail = Tail(path)
    before = tail.look()
    path.parent.rename(tmp_path / "aside")
    for _ in range(2):
        with pytest.raises(NoJournalError, match=r"no journal .*study/journal\.jsonl"):
            tail.look()
    (tmp_path / "aside").rename(path.parent)
    assert tail.look() is before


def test_a_missing_journal_is_told_and_read_once_it_is_there(path: Path) -> None:
    tail = Tail(path)
    with pytest.raises(NoJournalError, match="moved, renamed or deleted"):
        tail.look()
    path.write_bytes(lines_of(EVENTS))
    assert told(tail.look()) == told(known(fold(EVENTS)))


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"no event\n", "does not begin as a line of a journal"),
        (b'{"crc":"00000000","event":"StudyClosed"}\n', "its checksum is wrong"),
        (lines_of(EVENTS).splitlines(keepends=True)[-1], "the line before it once more"),
        (sealed(encode(started(9)), 0)[0], "its checksum is wrong"),
    ],
)
def test_a_damaged_line_is_told_at_each_look_until_it_is_cut_off(
    path: Path, bad: bytes, why: str
) -> None:
    content = lines_of(EVENTS)
    path.write_bytes(content)
    tail = Tail(path)
    tail.look()
    grow(path, bad)
    for _ in range(2):
        with pytest.raises(JournalError, match=f"line 10, byte {len(content)}: .*{why}"):
            tail.look()
    path.write_bytes(lines_of([*EVENTS, planned(2)]))
    assert 2 in tail.look().trials


def test_an_event_that_cannot_be_is_told_at_each_look(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(lines_of([*EVENTS, started(9), planned(2)]))
    tail = Tail(path)
    with pytest.raises(JournalError, match="line 10 is about trial 9"):
        tail.look()
    folded = []
    apply = tail_module.apply_line
    monkeypatch.setattr(
        tail_module, "apply_line", lambda *given: folded.append(given[1]) or apply(*given)
    )
    with pytest.raises(JournalError, match="line 10 is about trial 9"):
        tail.look()
    # The lines before it are not read again for that.
    assert folded == [started(9)]


def test_a_newer_release_is_told_at_each_look(path: Path) -> None:
    path.write_bytes(lines_of([opened()]).replace(b'"v":1', b'"v":9'))
    content, _ = sealed(encode(opened()).replace(b'"v":1', b'"v":9'), 0)
    path.write_bytes(content)
    tail = Tail(path)
    for _ in range(2):
        with pytest.raises(JournalError, match="line 1, byte 0: it has version 9"):
            tail.look()


@pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE, errno.ENOMEM])
def test_what_may_pass_is_told_as_such_and_passes(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path.write_bytes(lines_of(EVENTS))
    tail = Tail(path)
    tail.look()
    grow(path, lines_of([*EVENTS, planned(2)])[path.stat().st_size :])

    def broken(*_: Any) -> bytes:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", broken)
        with pytest.raises(StorageError, match="cannot read the journal"):
            tail.look()
    assert 2 in tail.look().trials


def test_a_pipe_in_its_place_is_told_at_once(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(JournalError, match="no regular file"):
        Tail(path).look()


def test_nothing_stays_open(path: Path) -> None:
    path.write_bytes(lines_of(EVENTS) + b"bad\n")
    before = len(list(Path("/dev/fd").iterdir()))
    tail = Tail(path)
    with pytest.raises(JournalError):
        tail.look()
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_many_threads_may_look_at_once(path: Path) -> None:
    path.write_bytes(b"")
    tail = Tail(path)
    done = threading.Event()
    wrong: list[BaseException] = []

    def look() -> None:
        try:
            while not done.is_set():
                tail.look()
        except BaseException as error:
            wrong.append(error)
            raise

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    events = [opened(), *[planned(trial) for trial in range(200)]]
    try:
        for line in lines_of(events).splitlines(keepends=True):
            grow(path, line)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not wrong
    assert told(tail.look()) == told(known(fold(events)))


@pytest.mark.slow
@pytest.mark.parametrize("asset", KEPT, ids=lambda path: path.parent.name + path.name)
@given(data=st.data())
def test_folding_by_any_cuts_of_bytes_is_folding_at_once(
    tmp_path_factory: pytest.TempPathFactory, asset: Path, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("tail") / "journal.jsonl"
    content = asset.read_bytes()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6)))
    path.write_bytes(b"")
    tail = Tail(path, curves=True)
    for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        grow(path, content[start:end])
        now = tail.look()
    assert told(now) == told(known(fold(load(asset)[0], curves=True)))


class TailModel(RuleBasedStateMachine):
    """A journal that is written, torn, cut, replaced and moved while two readers look at it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(self.folders.mktemp("model"))  # type: ignore[attr-defined]
        self.path = self.folder / "journal.jsonl"
        self.tails = [Tail(self.path), Tail(self.path, curves=True)]
        self.studies = 0

    @initialize()
    def begin(self) -> None:
        self.studies += 1
        self.events: list[Event] = [opened(f"uid{self.studies}")]
        self.path.write_bytes(lines_of(self.events))

    @rule(count=st.integers(1, 4))
    def append(self, count: int) -> None:
        """A controller adds lines; whatever is torn, it cuts off first."""
        for _ in range(count):
            trials = sum(isinstance(event, TrialPlanned) for event in self.events)
            self.events += [planned(trials), started(trials), measured(trials, 0.5)]
        whole = lines_of(self.events)
        with self.path.open("r+b") as file:
            last = whole.rfind(b"\n", 0, self.path.stat().st_size)
            file.truncate(last + 1)
            file.seek(last + 1)
            file.write(whole[last + 1 :])

    @rule(length=st.integers(1, 60))
    def tear(self, length: int) -> None:
        """A controller dies in the middle of a line."""
        line = lines_of([*self.events, planned(99)])[len(lines_of(self.events)) :]
        if self.path.stat().st_size == len(lines_of(self.events)):
            grow(self.path, line[: min(length, len(line) - 1)])

    @rule(left=st.integers(1, 5))
    def cut(self, left: int) -> None:
        """Somebody cuts the file at a line."""
        self.events = self.events[:left]
        self.path.write_bytes(lines_of(self.events))

    @rule(same_file=st.booleans())
    def begin_anew(self, *, same_file: bool) -> None:
        """The study begins with fresh=True; its file may have the number of the old one."""
        if not same_file:
            self.path.rename(self.folder / f"aside{self.studies}")
        self.begin()

    @rule(which=st.integers(0, 1))
    def look(self, which: int) -> None:
        tail = self.tails[which]
        assert told(tail.look()) == told(known(fold(self.events, curves=bool(which))))

    @rule()
    def look_while_it_is_away(self) -> None:
        away = self.path.with_name("away")
        self.path.rename(away)
        with pytest.raises(NoJournalError):
            self.tails[0].look()
        away.rename(self.path)

    @invariant()
    def a_new_reader_sees_it_all(self) -> None:
        if hasattr(self, "events"):
            assert told(Tail(self.path).look()) == told(known(fold(self.events)))


@pytest.mark.slow
def test_any_order_of_writes_and_looks(tmp_path_factory: pytest.TempPathFactory) -> None:
    TailModel.folders = tmp_path_factory  # type: ignore[attr-defined]
    run_state_machine_as_test(TailModel, settings=settings(max_examples=40, deadline=None))
