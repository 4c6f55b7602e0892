"""A file on another machine, as the loop reads it: never waited for, and never half read."""

import hashlib
import math
from pathlib import Path
from typing import Any

import pytest
from stores import AtOnce, FakeFiles

from automl.errors import ReadError
from automl.readers.follower import Look
from automl.readers.registry import follow
from automl.readers.remote.follower import RemoteFollower
from automl.readers.remote.notes import NAME, write_note
from automl.readers.remote.object_fetch import ObjectFetch, Remote
from automl.study.tasks.reader import LocalReader

URL = "s3://bucket/7/log"
PATH = "bucket/7/log"
READER = LocalReader(location=URL, parser_pattern=r"acc: (\S+)", metric="acc")


def etag(content: bytes) -> dict[str, Any]:
    return {"ETag": hashlib.md5(content, usedforsecurity=False).hexdigest()}


class Trial:
    """A trial whose metric file is elsewhere."""

    def __init__(self, folder: Path, *, patience_s: float = 60.0, held: bool = False) -> None:
        self.now_s = 100.0
        self.files = FakeFiles(tells=etag)
        self.fetching = AtOnce(self.files, held=held)
        self.folder = folder
        self.copy = folder / "metric" / "log"
        self.patience_s = patience_s
        write_note(str(folder), 1, {URL: None})
        self.follower = self.made()

    def made(self, attempt: int = 1) -> RemoteFollower:
        remote = Remote(
            url=URL,
            copy=str(self.copy),
            folder=str(self.folder),
            attempt=attempt,
            exit_path=str(self.folder / "exit"),
            patience_s=self.patience_s,
        )
        inner = follow(READER, str(self.copy))
        self.fetch = ObjectFetch(remote, fetching=self.fetching, now=lambda: self.now_s)
        return RemoteFollower(inner, self.fetch)

    def write(self, text: str) -> None:
        self.files.objects[PATH] = text.encode()

    def end(self, code: int = 0) -> None:
        (self.folder / "exit").write_text(f"{code}\n", "ascii")

    def look(self, *, ended: bool = False) -> Look:
        return self.follower.read(ended=ended, limit_bytes=1 << 20)

    def looks(self, *, ended: bool = False, seconds: float = math.inf) -> list[float]:
        """Look once a second, and at once as long as there is more; return the numbers."""
        found: list[float] = []
        until_s = self.now_s + (seconds if ended or math.isfinite(seconds) else 0.0)
        for _ in range(1000):
            look = self.look(ended=ended)
            for points in look.measurements.values():
                found = [*([] if points.restarted else found), *points.values]
            if look.more:
                continue
            if ended and not look.pending:
                return found
            if self.now_s >= until_s:
                return found
            self.now_s += 1.0
        raise AssertionError("no end of looks")


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path)


def test_numbers_are_read_as_the_object_grows(trial: Trial) -> None:
    assert trial.looks(seconds=3) == []
    trial.write("acc: 0.5\n")
    assert trial.looks(seconds=3) == [0.5]
    trial.write("acc: 0.5\nacc: 0.75\n")
    assert trial.looks(seconds=3) == [0.75]
    trial.end()
    trial.write("acc: 0.5\nacc: 0.75\nacc: 0.8")
    assert trial.looks(ended=True) == [0.8]


def test_what_is_written_just_before_the_end_counts(trial: Trial) -> None:
    trial.write("acc: 0.5\n")
    trial.looks()
    trial.write("acc: 0.9\n")
    trial.end()
    assert trial.looks(ended=True) == [0.9]


def test_a_call_that_began_before_the_end_is_not_the_last(tmp_path: Path) -> None:
    trial = Trial(tmp_path, held=True)
    trial.write("acc: 0.5\n")
    trial.look()
    trial.end()
    assert trial.look(ended=True).pending
    trial.fetching.answer()
    trial.write("acc: 0.5\nacc: 0.75\n")
    trial.fetching.held = False
    assert trial.looks(ended=True) == [0.5, 0.75]


def test_no_look_waits_for_a_call(tmp_path: Path) -> None:
    trial = Trial(tmp_path, held=True)
    for _ in range(3):
        assert trial.look() == Look()
        trial.now_s += 60
    assert len(trial.fetching.calls) == 1


def test_an_object_is_not_asked_for_all_the_time(trial: Trial) -> None:
    trial.write("acc: 0.5\n")
    for _ in range(100):
        trial.look()
        trial.now_s += 0.1
    assert 2 <= len(trial.fetching.calls) <= 6


def test_a_server_that_fails_is_asked_with_growing_waits_and_told_of_once(trial: Trial) -> None:
    trial.files.error = ConnectionRefusedError(111, "Connection refused")
    told = set()
    for _ in range(600):
        told |= set(trial.look().warnings.values())
        trial.now_s += 1
    assert 8 <= len(trial.fetching.calls) <= 20
    assert [text for text in told if "Connection refused" in text] == list(told)
    assert len(told) == 1
    trial.files.error = None
    trial.write("acc: 0.5\n")
    assert trial.looks(seconds=61) == [0.5]


def test_the_end_asks_at_once_whatever_was_waited_for(trial: Trial) -> None:
    trial.files.error = OSError("dropped")
    trial.looks(seconds=300)
    trial.files.error = None
    trial.write("acc: 0.5\n")
    trial.end()
    before_s = trial.now_s
    assert trial.looks(ended=True) == [0.5]
    assert trial.now_s - before_s <= 2


def test_a_server_that_is_gone_at_the_end_is_waited_for(trial: Trial) -> None:
    trial.files.error = OSError("dropped")
    trial.end()
    assert trial.looks(ended=True, seconds=40) == []
    look = trial.look(ended=True)
    assert look.pending
    assert look.waits == f"{URL} cannot be fetched: dropped; it is tried for 60 s"
    trial.files.error = None
    trial.write("acc: 0.5\n")
    assert trial.looks(ended=True, seconds=20) == [0.5]


def test_a_trial_fails_once_its_patience_is_over(trial: Trial) -> None:
    trial.files.error = OSError("dropped")
    trial.end()
    before_s = trial.now_s
    assert trial.looks(ended=True, seconds=1000) == []
    assert 55 <= trial.now_s - before_s <= 75
    assert trial.follower.problem() == f"{URL} cannot be fetched: dropped"


def test_a_number_of_before_is_no_result_where_the_last_cannot_be_fetched(trial: Trial) -> None:
    trial.write("acc: 0.5\n")
    assert trial.looks(seconds=1) == [0.5]
    trial.files.error = OSError("dropped")
    trial.end()
    read = []
    for _ in range(200):
        look = trial.look(ended=True)
        read += list(look.measurements.values())
        if not (look.pending or look.more):
            break
        trial.now_s += 1
    assert [(points.values, points.restarted) for points in read] == [((), True)]
    assert not trial.copy.exists()


def test_a_stopped_trial_keeps_its_numbers_and_waits_for_nobody(trial: Trial) -> None:
    trial.write("acc: 0.5\n")
    assert trial.looks(seconds=1) == [0.5]
    trial.files.error = OSError("dropped")
    trial.end(143)
    before_s = trial.now_s
    assert trial.looks(ended=True, seconds=100) == []
    assert trial.now_s - before_s <= 2
    assert trial.copy.exists()


def test_an_object_that_comes_late_is_waited_for(trial: Trial) -> None:
    trial.end()
    assert trial.looks(ended=True, seconds=20) == []
    assert trial.look(ended=True).waits == f"{URL} was not written; it is waited for, 60 s"
    trial.write("acc: 0.5\n")
    assert trial.looks(ended=True, seconds=20) == [0.5]


def test_without_patience_one_look_decides(tmp_path: Path) -> None:
    trial = Trial(tmp_path, patience_s=0.0)
    trial.end()
    assert trial.looks(ended=True) == []
    assert trial.follower.problem() == f"no object {URL}: the command did not write it"


def test_a_call_without_an_answer_ends_with_its_time(tmp_path: Path) -> None:
    trial = Trial(tmp_path, held=True, patience_s=1.0)
    trial.end()
    before_s = trial.now_s
    assert trial.looks(ended=True, seconds=1000) == []
    assert trial.now_s - before_s <= 35
    (call,) = trial.fetching.calls
    assert not call.begin(lambda: None), "nobody wants it any more"


def test_an_object_of_an_earlier_run_is_not_taken(trial: Trial) -> None:
    trial.write("acc: 0.9\n")
    write_note(
        str(trial.folder), 1, {URL: {"marks": etag(b"acc: 0.9\n"), "size": 9, "exact": True}}
    )
    trial.end()
    assert trial.looks(ended=True, seconds=100) == []
    assert "has not been written since the trial began" in trial.follower.problem()


@pytest.mark.parametrize("note", [None, "torn", '{"attempt": 2, "objects": {}}', "[]"])
def test_without_its_note_nothing_is_taken(trial: Trial, note: str | None) -> None:
    if note is None:
        (trial.folder / NAME).unlink()
    else:
        (trial.folder / NAME).write_text(note, "ascii")
    trial.write("acc: 0.9\n")
    trial.end()
    assert trial.looks(ended=True, seconds=100) == []
    assert "is not known" in trial.follower.problem()
    assert not trial.fetching.calls


def test_the_note_of_another_attempt_is_none(trial: Trial) -> None:
    trial.write("acc: 0.9\n")
    trial.follower = trial.made(attempt=2)
    trial.end()
    assert trial.looks(ended=True, seconds=100) == []


def test_the_next_controller_reads_on(trial: Trial) -> None:
    trial.write("acc: 0.5\n")
    trial.looks(seconds=1)
    trial.follower = trial.made()
    trial.write("acc: 0.5\nacc: 0.6\n")
    trial.end()
    assert trial.looks(ended=True) == [0.5, 0.6]


def test_messages_name_the_url_and_not_the_copy(trial: Trial) -> None:
    trial.write("loss: 3\n")
    trial.end()
    trial.looks(ended=True)
    assert URL in trial.follower.problem()
    assert str(trial.copy) not in trial.follower.problem()


def test_a_full_disk_is_no_fault_of_the_server(trial: Trial) -> None:
    trial.write("acc: 0.5\n")
    trial.files.error = OSError(28, "No space left on device")
    with pytest.raises(ReadError, match="No space left") as caught:
        trial.looks(seconds=2)
    assert caught.value.errno == 28
    trial.files.error = None
    assert trial.looks(seconds=3) == [0.5]


def test_closing_leaves_the_processes_to_others(trial: Trial) -> None:
    assert trial.fetching.users == 1
    trial.follower.close()
    assert trial.fetching.users == 0


def test_what_must_be_set_right_is_told(trial: Trial) -> None:
    trial.files.error = PermissionError("Forbidden")
    trial.look()
    (told,) = trial.look().warnings.values()
    assert "credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in told


def test_the_readers_of_one_object_have_it_fetched_once(trial: Trial) -> None:
    other = LocalReader(location=URL, parser_pattern=r"loss: (\S+)", metric="loss")
    beside = RemoteFollower(follow(other, str(trial.copy)), trial.fetch)
    trial.write("acc: 0.5 loss: 2\n")
    trial.look()
    (points,) = beside.read(ended=False, limit_bytes=100).measurements.values()
    assert points.values == (2.0,)
    assert len(trial.fetching.calls) == 1
    trial.follower.close()
    assert trial.fetching.users == 1
    beside.close()
    assert trial.fetching.users == 0
