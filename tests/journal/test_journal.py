import errno
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from automl.errors import JournalError
from automl.journal.events import Event, StudyClosed, TrialPlanned, encode
from automl.journal.fold import fold
from automl.journal.journal import Journal, load

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def planned(trial: int) -> TrialPlanned:
    return TrialPlanned(v=1, at=NOW, trial=trial, params={"text": "x" * 50})


def closed(reason: str) -> StudyClosed:
    return StudyClosed(v=1, at=NOW, reason=reason, complete=False)


def shown(events: list[Event]) -> list[str]:
    """Return the events as texts, which are equal where a value is NaN."""
    return [repr(event) for event in events]


@contextmanager
def writing(path: Path, valid_bytes: int = 0) -> Iterator[Journal]:
    journal = Journal(path, valid_bytes)
    try:
        yield journal
    finally:
        journal.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_a_missing_journal_is_an_empty_one(path: Path) -> None:
    assert load(path) == ([], 0)


def test_what_was_appended_is_loaded_in_its_order(path: Path, small_study: list[Event]) -> None:
    with writing(path) as journal:
        journal.append(small_study[:1])
        journal.append([])
        journal.append(small_study[1:5])
    events, valid_bytes = load(path)
    with writing(path, valid_bytes) as journal:
        journal.append(small_study[5:])
    events, valid_bytes = load(path)
    assert shown(events) == shown(small_study)
    assert valid_bytes == path.stat().st_size
    assert path.read_bytes() == b"".join(encode(event) for event in small_study)


def test_lines_are_with_the_system_once_append_returns(
    path: Path, small_study: list[Event]
) -> None:
    with writing(path) as journal:
        for count, event in enumerate(small_study, 1):
            journal.append([event])
            assert len(load(path)[0]) == count


@pytest.mark.slow
@pytest.mark.usefixtures("no_disk")
def test_a_journal_cut_at_any_byte_goes_on_from_its_last_whole_line(
    tmp_path: Path, small_study: list[Event], caplog: pytest.LogCaptureFixture
) -> None:
    lines = [encode(event) for event in small_study]
    content = b"".join(lines)
    ends = [sum(map(len, lines[:count])) for count in range(len(lines) + 1)]
    states = [repr(fold(small_study[:count])) for count in range(len(lines) + 1)]
    for cut in range(len(content) + 1):
        path = tmp_path / f"{cut}.jsonl"  # cutting one file again and again is slow on some disks
        path.write_bytes(content[:cut])
        caplog.clear()
        events, valid_bytes = load(path)
        whole = max(count for count, end in enumerate(ends) if end <= cut)
        assert (len(events), valid_bytes) == (whole, ends[whole])
        assert repr(fold(events)) == states[whole]
        with writing(path, valid_bytes) as journal:
            journal.append([closed("after the crash")])
        again, size = load(path)
        assert shown(again) == shown([*small_study[:whole], closed("after the crash")])
        assert size == path.stat().st_size
        assert bool(caplog.records) == (cut != ends[whole])
        path.unlink()


def test_a_torn_line_is_kept_until_there_is_a_writer_and_its_end_is_told(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(encode(planned(0)) + b'{"event":"Tri')
    size = path.stat().st_size
    events, valid_bytes = load(path)
    assert (len(events), path.stat().st_size) == (1, size)
    with writing(path, valid_bytes):
        assert path.read_bytes() == encode(planned(0))
    assert caplog.messages == [f"{path}: cut off a torn last line of 13 bytes"]


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\x00" * 30, b'{"event":"TrialPl', b'{"event":"Odd","v":1}', b"{\xff}"],
)
def test_a_damaged_line_before_the_last_is_named_by_line_and_byte(
    path: Path, damaged: bytes
) -> None:
    before = encode(planned(0)) + encode(planned(1))
    content = before + damaged + b"\n" + encode(planned(2))
    path.write_bytes(content)
    with pytest.raises(JournalError) as caught:
        load(path)
    assert f"{path}: line 3, byte {len(before)}: " in str(caught.value)
    assert "fresh=True" in str(caught.value)
    assert path.read_bytes() == content
    # The advice holds: cut there, it goes on.
    path.write_bytes(content[: len(before)])
    assert load(path) == ([planned(0), planned(1)], len(before))


def test_a_damaged_line_that_has_its_end_is_not_taken_for_a_torn_one(path: Path) -> None:
    path.write_bytes(encode(planned(0)) + b'{"event":"Tri\n')
    with pytest.raises(JournalError, match="line 2, byte"):
        load(path)


def test_a_line_of_a_newer_release_is_named_with_both_versions(path: Path) -> None:
    newer = StudyClosed(v=2, at=NOW, reason="", complete=True)
    path.write_bytes(encode(planned(0)) + encode(newer))
    with pytest.raises(JournalError, match=r"line 2, byte \d+: it has version 2 .* up to 1;"):
        load(path)


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (tmp_path, file / "journal.jsonl"):
        with pytest.raises(JournalError, match="cannot read the journal") as caught:
            load(path)
        assert str(path) in str(caught.value)
    for path in (tmp_path, file / "journal.jsonl", tmp_path / "missing" / "journal.jsonl"):
        with pytest.raises(JournalError, match=r"cannot write the journal .* give study_dir="):
            Journal(path, 0)


def test_a_text_that_is_no_unicode_leaves_the_journal_as_it_was(path: Path) -> None:
    odd = TrialPlanned(v=1, at=NOW, trial=1, params={"path": "d\udcff"})
    with writing(path) as journal:
        journal.append([planned(0)])
        with pytest.raises(JournalError, match=r"'d\\udcff' is no valid Unicode; rename the file"):
            journal.append([planned(1), odd])
        journal.append([planned(2)])
    assert load(path)[0] == [planned(0), planned(2)]


class FullDisk:
    """Stands in for `os.write`: takes only so many bytes, in pieces, before the disk is full."""

    def __init__(self, room: int, piece: int) -> None:
        self.room = room
        self.piece = piece
        self.write = os.write

    def __call__(self, file: int, content: bytes) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = self.write(file, content[: min(self.room, self.piece)])
        self.room -= taken
        return taken


@pytest.mark.usefixtures("no_disk")
def test_events_are_added_all_or_none_when_the_disk_is_full(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = [planned(1), planned(2), planned(3)]
    size = sum(len(encode(event)) for event in batch)
    with writing(path) as journal:
        journal.append([planned(0)])
        before = path.read_bytes()
        for room in range(0, size, 7):
            with monkeypatch.context() as patch:
                patch.setattr(os, "write", FullDisk(room, piece=40))
                with pytest.raises(JournalError, match=os.strerror(errno.ENOSPC)):
                    journal.append(batch)
            assert path.read_bytes() == before
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", FullDisk(size, piece=40))
            journal.append(batch)
        journal.append([planned(4)])
    assert load(path)[0] == [planned(trial) for trial in range(5)]


FILLS_ITS_DISK = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from automl.errors import JournalError
from automl.journal.events import TrialPlanned
from automl.journal.journal import Journal

resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
journal = Journal(Path(sys.argv[1]), 0)
trial = 0
def pair():
    return [
        TrialPlanned(v=1, at=datetime.now(UTC), trial=trial + more, params={"text": "x" * 50})
        for more in (0, 1)
    ]
try:
    while True:
        journal.append(pair())
        trial += 2
except JournalError as error:
    print(trial, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.append(pair())
journal.close()
"""


def test_a_journal_survives_a_real_limit_on_its_size(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLS_ITS_DISK, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    acknowledged, _, message = done.stdout.partition(" ")
    assert int(acknowledged) > 10
    assert message.startswith(f"cannot write to the journal {path}: File too large")
    events, valid_bytes = load(path)
    trials = [event.trial for event in events if isinstance(event, TrialPlanned)]
    assert trials == list(range(int(acknowledged) + 2))
    assert valid_bytes == path.stat().st_size > 3000


def test_a_disk_that_cannot_sync_is_only_warned_of(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with writing(path) as journal:
        monkeypatch.setattr(os, "fsync", broken)
        journal.append([planned(0)])
        journal.append([planned(1)])
    assert load(path)[0] == [planned(0), planned(1)]
    warnings = {(record.levelno, record.getMessage()) for record in caplog.records}
    text = "the journal may not survive a power cut: Input/output error"
    assert warnings == {(logging.WARNING, text)}


def test_nobody_waits_for_the_disk_but_who_closes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    sizes: list[int] = []
    done = threading.Event()

    def sync(file: int) -> None:
        threads.append(threading.current_thread().name)
        sizes.append(os.fstat(file).st_size)
        done.set()

    monkeypatch.setattr(os, "fsync", sync)
    main = threading.current_thread().name
    with writing(path) as journal:
        journal.append([planned(0)])
        assert done.wait(30)
        assert set(threads) == {"automl-journal"}
        journal.append([planned(1)])
    assert threads[-1] == main
    assert sizes[-1] == path.stat().st_size
