import contextlib
import errno
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from automl.errors import JournalError, StorageError
from automl.journal.checksum import sealed
from automl.journal.disk import syncer
from automl.journal.events import Event, StudyClosed, TrialPlanned, encode
from automl.journal.fold import fold
from automl.journal.folder import StudyFolder
from automl.journal.holder import find_holder
from automl.journal.journal import Journal, load, parse
from automl.journal.lines import End
from automl.journal.lock import StudyLock

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def planned(trial: int) -> TrialPlanned:
    return TrialPlanned(v=1, at=NOW, trial=trial, params={"text": "x" * 50})


def closed(reason: str) -> StudyClosed:
    return StudyClosed(v=1, at=NOW, reason=reason, complete=False)


def shown(events: list[Event]) -> list[str]:
    """Return the events as texts, which are equal where a value is NaN."""
    return [repr(event) for event in events]


@contextmanager
def writing(path: Path) -> Iterator[Journal]:
    """Take up the journal at `path` as a controller does."""
    lock = StudyLock(StudyFolder(path.parent.parent, path.parent.name))
    try:
        journal = Journal(lock, parse(lock.content(), path)[1])
        try:
            yield journal
        finally:
            journal.close()
    finally:
        lock.release()


def lines_of(events: Sequence[Event]) -> list[bytes]:
    """Return the lines that the events become in a new journal."""
    lines, checksum = [], 0
    for event in events:
        line, checksum = sealed(encode(event), checksum)
        lines.append(line)
    return lines


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "trials").mkdir()
    return tmp_path / "journal.jsonl"


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_a_missing_journal_is_an_empty_one(path: Path) -> None:
    assert load(path) == ([], End())


def test_what_was_appended_is_loaded_in_its_order(path: Path, small_study: list[Event]) -> None:
    with writing(path) as journal:
        journal.append(small_study[:1])
        journal.append([])
        journal.append(small_study[1:5])
    with writing(path) as journal:
        journal.append(small_study[5:])
    events, end = load(path)
    assert shown(events) == shown(small_study)
    assert end.size_bytes == path.stat().st_size
    assert path.read_bytes() == b"".join(lines_of(small_study))


def test_an_old_journal_without_checksums_goes_on(path: Path, small_study: list[Event]) -> None:
    path.write_bytes(b"".join(encode(event) for event in small_study[:5]))
    for event in small_study[5:]:
        with writing(path) as journal:
            journal.append([event])
    assert shown(load(path)[0]) == shown(small_study)
    # What the earlier release wrote is covered from the first line with a checksum on.
    changed = path.read_bytes().replace(b'"trial":1', b'"trial":0', 1)
    path.write_bytes(changed)
    with pytest.raises(JournalError, match=r"line 6, byte .* it, or a line above it, was changed"):
        load(path)


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
    lines = lines_of(small_study)
    content = b"".join(lines)
    ends = [sum(map(len, lines[:count])) for count in range(len(lines) + 1)]
    states = [repr(fold(small_study[:count])) for count in range(len(lines) + 1)]
    for cut in range(len(content) + 1):
        folder = StudyFolder(tmp_path, f"{cut}")  # cutting one file often is slow on some disks
        folder.create()
        path = folder.journal
        path.write_bytes(content[:cut])
        caplog.clear()
        events, end = load(path)
        whole = max(count for count, size in enumerate(ends) if size <= cut)
        assert (len(events), end.size_bytes) == (whole, ends[whole])
        assert repr(fold(events)) == states[whole]
        with writing(path) as journal:
            journal.append([closed("after the crash")])
        again, end = load(path)
        assert shown(again) == shown([*small_study[:whole], closed("after the crash")])
        assert end.size_bytes == path.stat().st_size
        assert bool(caplog.records) == (cut != ends[whole])
        path.unlink()


def test_a_torn_line_is_kept_until_there_is_a_writer_and_its_end_is_told(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(encode(planned(0)) + b'{"event":"Tri')
    size = path.stat().st_size
    assert (len(load(path)[0]), path.stat().st_size) == (1, size)
    with writing(path):
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
    events, end = load(path)
    assert (events, end.size_bytes) == ([planned(0), planned(1)], len(before))


def test_a_changed_byte_is_found_wherever_it_is(path: Path, small_study: list[Event]) -> None:
    lines = lines_of(small_study)
    content = b"".join(lines)
    place = 0
    for number, line in enumerate(lines, 1):
        for at in range(place, place + len(line)):
            for bit in range(8):
                changed = bytearray(content)
                changed[at] ^= 1 << bit
                if at == len(content) - 1:
                    assert len(parse(bytes(changed), path)[0]) == number - 1  # as if torn
                    continue
                with pytest.raises(JournalError) as caught:
                    parse(bytes(changed), path)
                assert f"{path}: line {number}, byte {place}: " in str(caught.value)
        place += len(line)


@pytest.mark.parametrize("damage", ["doubled", "removed", "swapped", "repeated at the end"])
def test_lines_that_are_not_where_they_were_written_are_refused(
    path: Path, small_study: list[Event], damage: str
) -> None:
    lines = lines_of(small_study)
    for number in range(len(lines) - 1):
        changed, bad = list(lines), number
        if damage == "doubled":
            changed.insert(number, lines[number])
            bad += 1
        elif damage == "removed":
            del changed[number]
        elif damage == "swapped":
            changed[number : number + 2] = reversed(lines[number : number + 2])
        else:
            changed.append(lines[number])
            bad = len(lines)
        content = b"".join(changed)
        byte = len(b"".join(changed[:bad]))
        with pytest.raises(JournalError) as caught:
            parse(content, path)
        assert f"{path}: line {bad + 1}, byte {byte}: " in str(caught.value)
        assert ("the line before it once more" in str(caught.value)) is (damage == "doubled")
        # The advice holds: cut there, it goes on.
        assert len(parse(content[:byte], path)[0]) == bad


def test_the_last_line_twice_is_refused(path: Path, small_study: list[Event]) -> None:
    lines = lines_of(small_study)
    with pytest.raises(JournalError, match=f"line {len(lines) + 1}, .* the line before it once"):
        parse(b"".join([*lines, lines[-1]]), path)


def test_a_line_without_a_checksum_behind_one_with_it_is_refused(path: Path) -> None:
    content = b"".join(lines_of([planned(0)]))
    with pytest.raises(JournalError, match=f"line 2, byte {len(content)}: it has no checksum, but"):
        parse(content + encode(planned(1)), path)


def test_lines_of_another_journal_do_not_fit(path: Path, small_study: list[Event]) -> None:
    other = lines_of([closed("another"), *small_study[1:]])
    with pytest.raises(JournalError, match=r"line 2, .* its checksum is wrong"):
        parse(b"".join([lines_of(small_study)[0], *other[1:]]), path)


def test_a_damaged_line_that_has_its_end_is_not_taken_for_a_torn_one(path: Path) -> None:
    path.write_bytes(encode(planned(0)) + b'{"event":"Tri\n')
    with pytest.raises(JournalError, match="line 2, byte"):
        load(path)


def test_a_line_of_a_newer_release_is_named_with_both_versions(path: Path) -> None:
    newer = StudyClosed(v=4, at=NOW, reason="", complete=True)
    path.write_bytes(encode(planned(0)) + encode(newer))
    with pytest.raises(JournalError, match=r"line 2, byte \d+: it has version 4 .* up to 3;"):
        load(path)


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (tmp_path, file / "journal.jsonl"):
        with pytest.raises(JournalError, match="cannot read the journal") as caught:
            load(path)
        assert str(path) in str(caught.value)


IN_THE_WAY = ["pipe", "socket", "folder", "device", "link to a pipe"]


def put(path: Path, kind: str) -> None:
    """Put something at `path` that is no file."""
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as server, contextlib.chdir(path.parent):
                server.bind(path.name)
        case "folder":
            path.mkdir()
        case "device":
            path.symlink_to("/dev/zero")
        case _:
            os.mkfifo(path.with_name("pipe"))
            path.symlink_to("pipe")


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_what_is_no_file_is_refused_at_once(path: Path, kind: str) -> None:
    put(path, kind)
    before = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(JournalError, match="it is no regular file; move it away") as caught:
        load(path)
    assert str(path) in str(caught.value)
    with pytest.raises(JournalError, match=r"no regular file; move it away"), writing(path):
        pass
    assert len(list(Path("/dev/fd").iterdir())) == before


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_what_is_no_lock_file_is_refused_at_once(path: Path, kind: str) -> None:
    put(path.with_name("lock"), kind)
    with pytest.raises(JournalError, match=r"lock: it is no regular file"), writing(path):
        pass
    assert find_holder(StudyFolder(path.parent.parent, path.parent.name)) is None


@pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE, errno.ESTALE, errno.ENOMEM])
def test_a_journal_that_cannot_be_read_now_is_told_as_such(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path.touch()

    def broken(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    for name in ("open", "pread"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, broken)
            with pytest.raises(StorageError, match=os.strerror(number)):
                load(path)


def test_any_text_is_read_back_as_it_was_written(path: Path) -> None:
    texts = ["d\udcff", "\ud83d\ude00", "\0\u2028\x85\r", "😀", "x" * 70_000, "\n", "\ud800" * 5000]
    events = [
        TrialPlanned(v=1, at=NOW, trial=number, params={"path": text, text: 10**40})
        for number, text in enumerate(texts)
    ]
    with writing(path) as journal:
        journal.append(events)
    assert load(path)[0] == events


def test_a_value_that_json_lacks_leaves_the_journal_as_it_was(path: Path) -> None:
    odd = TrialPlanned(v=1, at=NOW, trial=1, params={"n": 10**5000})
    with writing(path) as journal:
        journal.append([planned(0)])
        with pytest.raises(JournalError, match=r"JSON has no such value: .*give the study plain"):
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
    size = sum(map(len, lines_of(batch)))
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
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal
from automl.journal.lines import End
from automl.journal.lock import StudyLock

resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
place = Path(sys.argv[1]).parent
journal = Journal(StudyLock(StudyFolder(place.parent, place.name)), End())
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
    events, end = load(path)
    trials = [event.trial for event in events if isinstance(event, TrialPlanned)]
    assert trials == list(range(int(acknowledged) + 2))
    assert end.size_bytes == path.stat().st_size > 3000


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
    warnings = [(record.levelno, record.getMessage()) for record in caplog.records]
    text = "the journal may not survive a power cut: Input/output error"
    assert warnings == [(logging.WARNING, text)]


def test_a_disk_that_cannot_sync_is_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(syncer, "RETRY_S", 0.001)
    tries: list[int] = []
    again = threading.Event()

    def broken_at_first(_: int) -> None:
        tries.append(1)
        if len(tries) < 4:
            raise OSError(errno.EIO, "Input/output error")
        again.set()

    monkeypatch.setattr(os, "fsync", broken_at_first)
    with writing(path) as journal:
        journal.append([planned(0)])
        assert again.wait(30)
    assert caplog.messages == [
        "the journal may not survive a power cut: Input/output error",
        "the journal is on the disk again",
    ]


@pytest.mark.usefixtures("no_disk")
def test_what_could_not_be_cut_after_a_failed_write_is_cut_before_the_next(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with writing(path) as journal:
        journal.append([planned(0)])
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", FullDisk(130, piece=40))
            patch.setattr(os, "ftruncate", broken)
            for _ in range(2):  # the second time, not even the cut before it can be done
                with pytest.raises(StorageError):
                    journal.append([planned(1), planned(2)])
            assert path.stat().st_size > len(lines_of([planned(0)])[0])
            assert not journal.lost()
        journal.append([planned(3)])
        assert load(path)[0] == [planned(0), planned(3)]


def test_what_another_hand_added_is_cut_off(path: Path) -> None:
    with writing(path) as journal:
        journal.append([planned(0)])
        with path.open("ab") as file:
            file.write(b"by another hand\n")
        assert not journal.lost()
        journal.append([planned(1)])
    assert load(path)[0] == [planned(0), planned(1)]


def test_a_journal_that_another_hand_cut_is_told(path: Path) -> None:
    with writing(path) as journal:
        journal.append([planned(0)])
        os.truncate(path, 10)
        assert f"somebody else has cut {path} while the study ran" in journal.lost()


def test_what_is_written_goes_with_a_folder_that_is_moved(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    moved = StudyFolder(tmp_path, "moved")
    with writing(folder.journal) as journal:
        journal.append([planned(0)])
        folder.path.rename(moved.path)
        assert "was moved away" in journal.lost()
        journal.append([planned(1)])
    assert load(moved.journal)[0] == [planned(0), planned(1)]
    assert not folder.path.exists()


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
