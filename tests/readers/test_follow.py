import errno
import math
import mmap
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from automl.errors import ReadError
from automl.readers import tail
from automl.readers.follow import Batch, MetricFollower
from automl.readers.text.controls import shown

NOTHING = Batch((), restarted=False, more=False)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "odd 'name\n" / "metric.log"


@pytest.fixture
def follower(log: Path) -> MetricFollower:
    log.parent.mkdir()
    return MetricFollower(log, r"acc: (\S+)")


def drain(follower: MetricFollower, *, ended: bool = False, limit_bytes: int = 1 << 20) -> Any:
    values: list[float] = []
    restarted = False
    while True:
        batch = follower.read(ended=ended, limit_bytes=limit_bytes)
        if batch.restarted:
            values, restarted = [], True
        values += batch.values
        if not batch.more:
            return values, restarted


def opens(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    calls: list[object] = []
    real = os.open

    def counted(path: Any, *args: Any) -> int:
        calls.append(path)
        return real(path, *args)

    monkeypatch.setattr(os, "open", counted)
    return calls


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_each_number_is_read_once(follower: MetricFollower, log: Path) -> None:
    assert follower.read(ended=False) == NOTHING
    append(log, b"start\nacc: 0.1\nacc: 0.2\nacc: 0.")
    assert follower.read(ended=False).values == (0.1, 0.2)
    assert follower.read(ended=False).values == ()
    append(log, b"3\n")
    assert follower.read(ended=False).values == (0.3,)
    append(log, b"acc: nan acc: -inf\racc: 4")
    values = follower.read(ended=False).values
    assert math.isnan(values[0])
    assert values[1:] == (-math.inf,)
    assert follower.read(ended=True) == Batch((4.0,), restarted=False, more=False)
    assert follower.read(ended=True) == NOTHING


@given(
    pieces=st.lists(
        st.sampled_from(
            [b"acc: ", b"0.5", b"12", b"\n", b"\r", b"\r\n", b"\xff", b" ", b"acc: 7\n"]
        )
        | st.binary(max_size=4),
        max_size=12,
    ),
    limits=st.lists(st.integers(1, 9), min_size=1, max_size=12),
)
def test_any_growth_and_any_limit_read_like_the_whole(
    pieces: list[bytes], limits: list[int]
) -> None:
    data = b"".join(pieces)
    assume(not data.startswith((b"\xff\xfe", b"\xfe\xff")))
    lines = re.split(r"[\r\n]", shown(data.decode(errors="replace").replace("\r", "\n")))
    expected = [float(t) for line in lines for t in re.findall(r"acc: (\d+\.?\d*)", line)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "metric.log")
        follower = MetricFollower(path, r"acc: (\d+\.?\d*)")
        values: list[float] = []
        for number, piece in enumerate(pieces):
            append(path, piece)
            batch = follower.read(ended=False, limit_bytes=limits[number % len(limits)])
            assert not batch.restarted
            values += batch.values
        values += drain(follower, ended=True, limit_bytes=limits[0])[0]
    assert values == expected


def test_a_read_stops_at_its_limit(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: 1\nacc: 2\nacc: 3")
    assert follower.read(ended=True, limit_bytes=8) == Batch((1.0,), restarted=False, more=True)
    assert follower.read(ended=True, limit_bytes=8) == Batch((2.0,), restarted=False, more=True)
    assert follower.read(ended=True, limit_bytes=8) == Batch((3.0,), restarted=False, more=False)
    with pytest.raises(ValueError, match="limit_bytes must be at least 1"):
        follower.read(ended=True, limit_bytes=0)


def test_a_truncated_file_starts_again(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: 1\nacc: 2\nacc: abc\nacc: 9")
    assert follower.read(ended=False).values == (1.0, 2.0)
    log.write_bytes(b"acc: 3\n")
    assert follower.read(ended=False) == Batch((3.0,), restarted=True, more=False)
    log.write_bytes(b"")
    # What was read counts until the new content has a number.
    assert follower.read(ended=True) == Batch((), restarted=False, more=False)
    assert "is empty" in follower.problem()


def test_a_replaced_file_starts_again(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: 1\n")
    assert follower.read(ended=False).values == (1.0,)
    new = log.with_suffix(".new")
    new.write_bytes(b"acc: 1\nacc: 2\n")
    new.replace(log)  # with all that was read before, it goes on
    assert follower.read(ended=False) == Batch((2.0,), restarted=False, more=False)
    new.write_bytes(b"acc: 3\nacc: 4\n")
    new.replace(log)
    assert follower.read(ended=False) == Batch((3.0, 4.0), restarted=True, more=False)


def test_a_file_that_vanished_and_came_back_goes_on(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: 1\nacc: 5 %\nacc: 0.9")
    assert follower.read(ended=False).values == (1.0, 5.0)
    elsewhere = log.parent.parent / "elsewhere"
    log.rename(elsewhere)
    assert follower.read(ended=False) == NOTHING
    elsewhere.rename(log)
    append(log, b"1\nacc: 2 %, acc: 0.9")
    assert follower.read(ended=False) == Batch((0.91,), restarted=False, more=False)
    log.unlink()
    # Whether it would have been 0.9 or 0.95, nobody can tell.
    assert follower.read(ended=True) == Batch((2.0,), restarted=False, more=False)


def test_numbers_of_a_file_that_was_moved_or_deleted_stay(
    follower: MetricFollower, log: Path
) -> None:
    log.write_bytes(b"acc: 1\n")
    assert follower.read(ended=False).values == (1.0,)
    append(log, b"acc: 2\nacc: 3")
    log.rename(log.with_suffix(".log.1"))
    assert follower.read(ended=False).values == (2.0,)
    append(log.with_suffix(".log.1"), b"5\n")
    log.write_bytes(b"")
    assert follower.read(ended=False).values == (35.0,)
    log.write_bytes(b"acc: 4\n")
    assert drain(follower) == ([4.0], False)
    log.unlink()
    assert follower.read(ended=False) == NOTHING
    log.write_bytes(b"acc: 6\n")
    assert follower.read(ended=True) == Batch((6.0,), restarted=False, more=False)


def test_numbers_of_a_file_that_was_read_whole_and_then_moved_stay(
    follower: MetricFollower, log: Path
) -> None:
    """As when an attempt that ended waits for the disk, and a program that it left goes on."""
    log.write_bytes(b"acc: 1\n")
    assert follower.read(ended=True).values == (1.0,)
    log.rename(log.with_suffix(".log.1"))
    assert follower.read(ended=True) == NOTHING
    append(log.with_suffix(".log.1"), b"acc: 2\n")
    log.write_bytes(b"acc: 3\n")
    assert drain(follower) == ([2.0, 3.0], False)


def test_a_number_without_newline_counts_once_another_file_stands_there(
    follower: MetricFollower, log: Path
) -> None:
    log.write_bytes(b'{"x": "acc: 1 "}')
    assert follower.read(ended=False) == NOTHING
    log.write_bytes(b"")
    assert follower.read(ended=False) == Batch((1.0,), restarted=False, more=False)
    log.write_bytes(b'{"x": "acc: 2 "}')
    assert follower.read(ended=True) == Batch((2.0,), restarted=True, more=False)


def test_a_new_file_with_the_number_of_a_deleted_one_is_not_taken_for_it(
    follower: MetricFollower, log: Path
) -> None:
    log.write_bytes(b"acc: 1\n")
    follower.read(ended=False)
    new, other = log.with_suffix(".new"), log.with_suffix(".other")
    new.write_bytes(b"acc: 2\n")
    log.rename(other)
    other.write_bytes(b"acc: 7\nacc: 8\n")  # in the same inode
    new.rename(log)
    assert follower.read(ended=False) == Batch((2.0,), restarted=True, more=False)


@pytest.mark.parametrize("size", [1000, 300_000, 1_500_000])
def test_a_change_anywhere_is_found_at_the_end(
    follower: MetricFollower, log: Path, size: int
) -> None:
    text = b"x" * size + b"\nacc: 0.11\n" + b"y" * size + b"\n"
    log.write_bytes(text)
    assert drain(follower) == ([0.11], False)
    before = log.stat()
    log.write_bytes(text.replace(b"0.11", b"0.99"))
    os.utime(log, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert drain(follower, ended=True) == ([0.99], True)


def test_the_first_line_may_change_while_the_rest_grows(
    follower: MetricFollower, log: Path
) -> None:
    log.write_bytes(b"acc: 1\n" + b"x\n" * 9999)
    assert follower.read(ended=False).values == (1.0,)
    log.write_bytes(b"acc: 2\n" + b"x\n" * 99_999)
    assert follower.read(ended=False) == Batch((2.0,), restarted=True, more=False)


def test_what_is_written_through_a_map_is_found_at_the_end(
    follower: MetricFollower, log: Path
) -> None:
    log.write_bytes(b"acc: 0.11\n" + b"x" * 8000)
    with log.open("r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
        memory[5:9] = b"0.22"
        assert follower.read(ended=False).values == (0.22,)
        memory[5:9] = b"0.33"
        assert drain(follower, ended=True) == ([0.33], True)


def test_a_symlink_may_be_switched(follower: MetricFollower, log: Path) -> None:
    first, second = log.with_suffix(".a"), log.with_suffix(".b")
    first.write_bytes(b"acc: 1\n")
    second.write_bytes(b"acc: 2\n")
    log.symlink_to(first)
    assert follower.read(ended=False).values == (1.0,)
    log.unlink()
    log.symlink_to(second)
    assert drain(follower) == ([2.0], False)


def test_a_machine_that_cannot_read_now_is_told_apart(
    follower: MetricFollower, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write_bytes(b"acc: 1\n")

    def full(*_: Any) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        with pytest.raises(ReadError, match="the machine is at fault") as error:
            follower.read(ended=True)
    assert error.value.errno == errno.EMFILE
    assert follower.read(ended=True).values == (1.0,)


@pytest.mark.parametrize("ended", [False, True])
def test_a_file_written_over_in_its_own_length_starts_again(
    follower: MetricFollower, log: Path, *, ended: bool
) -> None:
    log.write_bytes(b"acc: 0.91\n")
    assert follower.read(ended=False).values == (0.91,)
    before = log.stat()
    log.write_bytes(b"acc: 0.92\n")
    # While running the time of change must tell; after the end the content does.
    tick = 0 if ended else 10**9
    os.utime(log, ns=(before.st_atime_ns, before.st_mtime_ns + tick))
    assert follower.read(ended=ended) == Batch((0.92,), restarted=True, more=False)


def test_a_file_written_again_with_more_goes_on(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: 1\n")
    assert follower.read(ended=False).values == (1.0,)
    log.write_bytes(b"acc: 1\nacc: 2\n")
    assert follower.read(ended=False) == Batch((2.0,), restarted=False, more=False)
    log.write_bytes(b"acc: 8\nacc: 9\nacc: 10\n")
    assert follower.read(ended=False) == Batch((8.0, 9.0, 10.0), restarted=True, more=False)


def test_a_read_without_news_opens_nothing(
    follower: MetricFollower, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write_bytes(b"acc: 1\nacc: 2")
    calls = opens(monkeypatch)
    follower.read(ended=False)
    assert len(calls) == 1
    assert follower.read(ended=False) == NOTHING
    assert len(calls) == 1


def test_no_file_stays_open(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: 1\n")
    before = os.open(os.devnull, os.O_RDONLY)
    os.close(before)
    for ended in (False, True):
        follower.read(ended=ended)
    after = os.open(os.devnull, os.O_RDONLY)
    os.close(after)
    assert after == before  # the lowest free number is still free


def test_what_is_no_file_is_refused(follower: MetricFollower, log: Path) -> None:
    log.mkdir()
    with pytest.raises(ReadError, match="it is a directory; location= must") as error:
        follower.read(ended=False)
    assert repr(str(log)) in str(error.value)
    log.rmdir()
    os.mkfifo(log)
    with pytest.raises(ReadError, match="it is not a regular file"):
        follower.read(ended=False)
    log.unlink()
    log.symlink_to(log)
    with pytest.raises(ReadError, match="symbolic links"):
        follower.read(ended=True)
    log.unlink()
    log.write_bytes(b"acc: 1\n")
    assert follower.read(ended=False).values == (1.0,)


def test_a_pipe_put_there_in_the_meantime_does_not_block(
    follower: MetricFollower, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(log)
    monkeypatch.setattr(tail, "_stat", lambda path: path)
    monkeypatch.setattr(tail.FileTail, "_has_news", lambda *_: True)
    with pytest.raises(ReadError, match=r"metric\.log"):
        follower.read(ended=False)


def test_a_forbidden_file_is_refused(
    follower: MetricFollower, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write_bytes(b"acc: 1\n")

    def forbidden(*_: Any) -> int:  # a superuser may read everything
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", forbidden)
        with pytest.raises(ReadError, match=r"metric\.log.*Permission denied"):
            follower.read(ended=True)
    assert follower.read(ended=True).values == (1.0,)


def test_a_path_with_a_nul_is_refused() -> None:
    with pytest.raises(ReadError, match="null"):
        MetricFollower("a\0b", "(.)").read(ended=False)


def test_problem_tells_missing_empty_and_blank_apart(follower: MetricFollower, log: Path) -> None:
    follower.read(ended=True)
    assert follower.problem() == (
        f"no file {log} to search for 'acc: (\\\\S+)': the command did not write it"
    )
    log.write_bytes(b"")
    follower.read(ended=True)
    assert f"{log} is empty" in follower.problem()
    append(log, b"\n \r\n")
    follower.read(ended=True)
    assert f"{log} has only blank lines" in follower.problem()


def test_problem_shows_the_last_lines(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"".join(b"loss %d\n" % n for n in range(9)) + b"\n" + b"x" * 999 + b"\ndone")
    drain(follower, ended=True, limit_bytes=7)
    assert follower.problem() == (
        f"no match of 'acc: (\\\\S+)' in {log}; its last lines: "
        f"'loss 6' | 'loss 7' | 'loss 8' | '{'x' * 200}' | 'done'"
    )


def test_problem_shows_what_is_not_a_number(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: abc\nacc: 5/6\n")
    follower.read(ended=True)
    assert follower.problem() == (
        f"'acc: (\\\\S+)' matched 'abc' in {log}, which is not a number; "
        "its last lines: 'acc: abc' | 'acc: 5/6'"
    )


def test_problem_shows_a_number_that_is_not_finite(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: 1\n")
    follower.read(ended=False)
    assert "read 1 numbers" in follower.problem()
    append(log, b"acc: nan\n")
    follower.read(ended=True)
    assert f"read nan in {log}; its last lines: 'acc: 1' | 'acc: nan'" in follower.problem()


def test_large_finite_numbers_are_no_problem(follower: MetricFollower, log: Path) -> None:
    log.write_bytes(b"acc: 1e308\nacc: 1e308\n")
    follower.read(ended=True)
    assert "read 2 numbers" in follower.problem()


def test_the_first_cut_number_is_warned_of(tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    follower = MetricFollower(log, r"(\d.\d+)")
    log.write_bytes(b"0.9085\n")
    follower.read(ended=False)
    assert follower.warnings == {}
    append(log, b"loss 1.2e-05\nloss 12.5\n")
    follower.read(ended=False)
    assert "'loss 1.2e-05'" in str(follower.warnings)


def test_the_first_matching_lines_and_the_last_of_each_look_are_checked(tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    follower = MetricFollower(log, r"acc: (\d.\d+)")
    log.write_bytes(b"no match\n" * 300 + b"acc: 0.5\n" * 100)
    follower.read(ended=False)
    append(log, b"acc: 1.2e-05\nacc: 0.5\n")
    follower.read(ended=False)
    assert follower.warnings == {}
    append(log, b"acc: 0.5\nacc: 1.5e-05\n")
    follower.read(ended=False)
    assert "'acc: 1.5e-05'" in str(follower.warnings)


def test_a_number_that_grows_beyond_its_first_separator_is_told(tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    follower = MetricFollower(log, r"score=([\d.]+)")
    for score in range(990, 1110, 5):
        append(log, f"score={score:,}\n".encode() * 20)
        follower.read(ended=False)
    assert "'1,000'" in str(follower.warnings)


def test_steps_are_read_with_the_numbers_and_go_on_over_reads(tmp_path: Path) -> None:
    log = tmp_path / "metric.log"
    follower = MetricFollower(log, r"Epoch (?P<step>\d+)|acc: (?P<value>\S+)")
    assert follower.read(ended=False) == Batch((), restarted=False, more=False, steps=())
    append(log, b"Epoch 1\nacc: 0.1\nEpoch 2\n")
    assert follower.read(ended=False).steps == (1.0,)
    append(log, b"acc: 0.2\n")
    assert follower.read(ended=False) == Batch((0.2,), restarted=False, more=False, steps=(2.0,))
    assert follower.read(ended=False).steps == ()
    log.write_text("acc: 0.3\nEpoch 1\nacc: 0.4\n", "utf-8")
    batch = follower.read(ended=True)
    assert (batch.values, batch.restarted) == ((0.3, 0.4), True)
    assert batch.steps is not None
    assert math.isnan(batch.steps[0])
    assert batch.steps[1] == 1.0


@pytest.mark.parametrize(
    ("pattern", "text", "told"),
    [
        (r"(?P<step>epoch) \d+: (?P<value>\S+)", "epoch 1: 0.5\n", "matched 'epoch', which is no"),
        (r"Epoche (?P<step>\d+)|acc: (?P<value>\S+)", "Epoch 1\nacc: 0.5\n", "matched nothing"),
    ],
)
def test_numbers_without_any_step_are_warned_of_at_the_end(
    pattern: str, text: str, told: str, tmp_path: Path
) -> None:
    log = tmp_path / "m.log"
    log.write_text(text, "utf-8")
    follower = MetricFollower(log, pattern)
    follower.read(ended=False)
    assert follower.warnings == {}
    follower.read(ended=True)
    assert told in str(follower.warnings)


@pytest.mark.parametrize("text", ["acc: 0.5\nEpoch 1\n", "Epoch 1\nacc: 0.5\n", "Epoch 1\n", ""])
def test_one_step_or_no_number_is_no_reason_to_warn(text: str, tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    log.write_text(text, "utf-8")
    follower = MetricFollower(log, r"Epoch (?P<step>\d+)|acc: (?P<value>\S+)")
    follower.read(ended=True)
    assert follower.warnings == {}


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[32mscore=0.93\x1b[0m",
        "score=\x1b[1;31m0.93\x1b[m done",
        "sco\x1b[4mre=0.\x1b[24m93",
        "\x1b]8;;http://x/?score=7\x1b\\score=0.93\x1b]8;;\x1b\\",
        "\x1b]0;title score=7\x07score=0.93",
        "score=0.12\x08\x08\x08\x080.93",
        "score=0.93\x1b[K",
        "\x1b[2K\x1b[1Gscore=0.93",
        "\x1b(Bscore=0.93\x1b[38;2;1;2;3m",
        "10%|#   |\rscore=0.93\r\n",
        "\ufeffscore=0.93",
    ],
)
def test_what_a_terminal_would_not_show_hides_no_number(text: str, tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    log.write_bytes(f"{text}\n".encode())
    assert MetricFollower(log, r"^score=(\S+)").read(ended=True).values == (0.93,)


def test_a_file_of_another_encoding_is_read_as_it_grows(tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    follower = MetricFollower(log, r"^score=(\S+)")
    data = "score=0.1\nscore=0.2\n".encode("utf-16")
    values: list[float] = []
    for place in range(0, len(data), 3):
        append(log, data[place : place + 3])
        values += follower.read(ended=False).values
    append(log, "score=0.3".encode("utf-16-le"))
    assert [*values, *follower.read(ended=True).values] == [0.1, 0.2, 0.3]
    log.write_text("score=0.4\n", "utf-8")
    assert follower.read(ended=True).values == (0.4,)
