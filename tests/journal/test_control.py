import errno
import json
import os
import pwd
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import JournalError, SpecError, StorageError
from automl.journal import control
from automl.journal.asking.asked import Asked
from automl.journal.asking.asker import Asker, Door, this_process
from automl.journal.control import append_request, read_requests
from automl.journal.requests import (
    AddTrial,
    AddTrials,
    Drain,
    Pause,
    Request,
    Resume,
    RetryFailed,
    RetryTrial,
    SetMaxParallel,
    SetMaxTrialNum,
    StopStudy,
    StopTrial,
    request_dict,
    request_from,
)

EXAMPLES: list[Request] = [
    StopTrial(0),
    RetryTrial(7),
    RetryFailed(),
    AddTrials(1),
    AddTrial({"lr": 0.1, "layers": [1, 2.0, {"deep": None}], "on": True, "odd name": "é\n"}),
    AddTrial({"lr": 0.1}, "larger batch, as é"),
    SetMaxParallel(4),
    SetMaxTrialNum(100),
    Pause(),
    Resume(),
    Drain(),
    StopStudy(),
]

_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=5,
)
_requests = st.one_of(
    st.sampled_from(EXAMPLES),
    st.builds(StopTrial, st.integers(0, 2**63 - 1)),
    st.builds(AddTrials, st.integers(1, 2**63 - 1)),
    st.builds(AddTrial, st.dictionaries(st.text("xyz", min_size=1), _values, min_size=1)),
)
_lines = st.one_of(
    _requests.map(lambda request: json.dumps(request_dict(request)).encode()),
    st.binary(max_size=40),
    st.sampled_from([b"", b"  ", b"{}", b"[]", b'{"request":"pause","x":1}', b'{"request":']),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "control.jsonl"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("control") / "control.jsonl"


def name_of(value: object) -> str:
    return type(value).__name__


def read(path: Path, offset: int) -> list[tuple[Request | str, int]]:
    """Return what is asked, or why that cannot be told, and where each item ends."""
    return [(one.request or one.problem, end) for one, end in read_requests(path, offset)]


def items(path: Path, offset: int = 0) -> tuple[list[Request | str], int]:
    """Return all that is to be read, over as many calls as it takes, and the last offset."""
    found: list[Request | str] = []
    while batch := read(path, offset):
        found += [item for item, _ in batch]
        offset = batch[-1][1]
    return found, offset


@pytest.mark.parametrize("request_", EXAMPLES, ids=lambda request: type(request).__name__)
def test_a_request_is_read_as_it_was_written(path: Path, request_: Request) -> None:
    append_request(path, request_)
    [(found, offset)] = read(path, 0)
    assert found == request_
    assert type(found) is type(request_)
    assert offset == path.stat().st_size
    assert request_from(json.loads(json.dumps(request_dict(request_)))) == request_


def test_values_keep_their_types(path: Path) -> None:
    append_request(path, AddTrial({"a": 2.0, "b": 2, "c": True, "d": "2"}))
    [(found, _)] = read(path, 0)
    assert isinstance(found, AddTrial)
    assert [type(value) for value in found.params.values()] == [float, int, bool, str]


def test_the_form_on_disk(path: Path) -> None:
    append_request(path, StopTrial(3))
    append_request(path, Drain())
    first, second = path.read_text().splitlines()
    assert first.startswith('{"request":"stop_trial","trial":3,"id":"')
    assert second.startswith('{"request":"drain","id":"')
    assert set(json.loads(second)) == {"request", "id", "who"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[1]", "JSON object"),
        ('{"trial": 1}', "'request' is missing"),
        ('{"request": "stop_trail", "trial": 1}', "did you mean 'stop_trial'"),
        ('{"request": ["pause"]}', "known requests: "),
        ('{"request": "stop_trial", "trail": 1}', "did you mean 'trial'"),
        ('{"request": "pause", "why": 1}', "its fields: none"),
        ('{"request": "stop_trial"}', "'trial' is missing"),
        ('{"request": "stop_trial", "trial": -1}', "of 0 or more, got -1"),
        ('{"request": "stop_trial", "trial": true}', "trial"),
        ('{"request": "stop_trial", "trial": "1"}', "trial"),
        ('{"request": "add_trials", "count": 0}', "at least 1, got 0"),
        ('{"request": "set_max_parallel", "count": 1.5}', "count"),
        ('{"request": "set_max_trial_num", "count": null}', "count"),
        ('{"request": "add_trial", "params": []}', "params"),
        ('{"request": "add_trial", "params": {"x": 1}, "note": 5}', "note"),
        ('{"request": "add_trial", "params": {"x": 1}, "note": "a\\nb"}', "must be one line"),
        ('{"request": "add_trial", "params": {}}', "params"),
        ('{"request": "add_trial", "params": {"a": NaN}}', "not JSON"),
        ('{"request": "pause"', "not JSON"),
        ("[" * 5000, "nested too deeply"),
        ('{"request": "add_trial", "params": {"a": ' + "[" * 40 + "]" * 40 + "}}", "deep"),
    ],
)
def test_a_malformed_line_gives_its_reason_and_the_next_is_read(
    path: Path, line: str, told: str
) -> None:
    path.write_text(f'{line}\n{{"request":"resume"}}\n')
    found, _ = items(path)
    assert len(found) == 2
    assert isinstance(found[0], str)
    assert told in found[0]
    assert len(found[0]) < 400
    assert found[1] == Resume()


@pytest.mark.parametrize(
    "value", [0, -1, True, 1.0, "1", None, pytest.param(-(10**5000), id="huge")]
)
@pytest.mark.parametrize("kind", [AddTrials, SetMaxParallel, SetMaxTrialNum])
def test_a_count_is_checked_when_it_is_made(kind: Any, value: object) -> None:
    with pytest.raises(SpecError, match="count must be a whole number of at least 1"):
        kind(value)
    with pytest.raises(SpecError, match="count must be at most 9223372036854775807, got"):
        kind(2**63)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), (1,), object(), {1: 2}, b"x", 10**5000],
    ids=name_of,
)
def test_a_value_that_json_lacks_is_refused(path: Path, value: object) -> None:
    with pytest.raises(SpecError):
        append_request(path, AddTrial({"a": value}))
    assert not path.exists()


@pytest.mark.parametrize("text", ["\ud800", "\ud83d\ude00", "d\udcff\0\u2028", "x" * 30_000])
def test_any_text_is_read_back_as_it_was_asked(path: Path, text: str) -> None:
    append_request(path, AddTrial({"a": text, "b": [text]}))
    append_request(path, Drain())
    items = [item for item, _ in read(path, 0)]
    assert items == [AddTrial({"a": text, "b": [text]}), Drain()]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.EIO])
def test_what_may_pass_is_told_as_such(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def broken(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    path.write_text("\n")
    monkeypatch.setattr(os, "open", broken)
    with pytest.raises(StorageError, match=f"cannot write the request to .*{os.strerror(number)}"):
        append_request(path, Drain())
    with pytest.raises(StorageError, match=f"cannot read .*{os.strerror(number)}"):
        read(path, 0)


def test_a_file_without_news_is_not_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(path, 0) == []
    append_request(path, Drain())
    size = path.stat().st_size

    def opened(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(os, "open", opened)
    assert read(path, size) == []
    path.unlink()
    assert read(path, 0) == []


def test_a_pipe_in_its_place_is_refused_at_once(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(JournalError, match="no regular file; move it away"):
        append_request(path, Drain())
    with pytest.raises(JournalError, match="no regular file; move it away"):
        read(path, 0)


def test_a_request_that_is_too_long_is_refused(path: Path) -> None:
    with pytest.raises(SpecError, match="65536"):
        append_request(path, AddTrial({"a": "x" * control.MAX_LINE_BYTES}))
    assert not path.exists()


def test_an_incomplete_last_line_is_left_for_later(path: Path) -> None:
    path.write_bytes(b'{"request":"pause"}\n{"request":"re')
    [(first, offset)] = read(path, 0)
    assert (first, offset) == (Pause(), 20)
    assert read(path, offset) == []
    with path.open("ab") as file:
        file.write(b'sume"}\n')
    assert read(path, offset) == [(Resume(), path.stat().st_size)]


def test_a_writer_that_died_in_its_line_spoils_only_its_own(path: Path) -> None:
    path.write_bytes(b'{"request":"pau')
    append_request(path, Resume())
    found, _ = items(path)
    assert isinstance(found[0], str)
    assert found[1:] == [Resume()]


def test_a_missing_file_has_no_requests(path: Path) -> None:
    assert read(path, 0) == []


@pytest.mark.parametrize("content", [b"", b'{"request":"drain"}\n', None])
def test_a_file_that_shrank_is_read_anew(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    (first, offset), *rest = read(path, 1000)
    assert isinstance(first, str)
    assert "from its beginning" in first
    assert offset == 0
    assert rest == ([(Drain(), 20)] if content else [])


def test_an_offset_within_a_line_skips_what_is_left_of_it(path: Path) -> None:
    path.write_bytes(b'xx{"request":"pause"}\n{"request":"drain"}\n')
    (first, _), second = read(path, 2)
    assert isinstance(first, str)
    assert second[0] == Drain()


def test_a_line_that_is_too_long_is_skipped(path: Path) -> None:
    path.write_bytes(b"x" * control.MAX_LINE_BYTES + b'\n{"request":"drain"}\n')
    found, _ = items(path)
    assert isinstance(found[0], str)
    assert "65537 bytes" in found[0]
    assert found[1:] == [Drain()]


def test_a_line_longer_than_a_piece_is_skipped_in_pieces(path: Path) -> None:
    # The second piece begins with what would be a request if it were a line of its own.
    trap = b'{"request":"stop_study"}\n'
    path.write_bytes(b"x" * control.MAX_READ_BYTES + trap + b'{"request":"drain"}\n')
    assert len(read(path, 0)) == 1
    found, offset = items(path)
    assert [item for item in found if not isinstance(item, str)] == [Drain()]
    assert offset == path.stat().st_size


def test_blank_lines_are_passed_over_but_never_hold_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "MAX_READ_BYTES", 64)
    path.write_bytes(b"\n" * 200 + b'{"request":"drain"}\n\n \n')
    found, _ = items(path)
    assert [item for item in found if not isinstance(item, str)] == [Drain()]


def test_one_call_takes_a_bounded_number_of_lines(path: Path) -> None:
    path.write_bytes(b"x\n" * (control.MAX_READ_LINES + 5))
    assert len(read(path, 0)) == control.MAX_READ_LINES
    assert len(items(path)[0]) == control.MAX_READ_LINES + 5


def test_many_writers_at_once_lose_nothing(path: Path) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 25):
            append_request(path, StopTrial(number))

    writers = [threading.Thread(target=write, args=(first,)) for first in range(0, 200, 25)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found, _ = items(path)
    assert sorted(item.trial for item in found if isinstance(item, StopTrial)) == list(range(200))


def test_a_folder_in_place_of_the_file_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(JournalError, match=r"control\.jsonl"):
        append_request(path, Pause())
    with pytest.raises(JournalError, match=r"control\.jsonl"):
        read(path, 0)


def test_a_pipe_in_place_of_the_file_does_not_block(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(JournalError, match="no regular file"):
        read(path, 0)


def test_a_write_that_fits_only_in_part_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(control.os, "write", lambda file, data: real(file, data[:5]))
    with pytest.raises(JournalError, match=r"only 5 of \d+ bytes"):
        append_request(path, Pause())
    monkeypatch.undo()
    append_request(path, Resume())
    found, _ = items(path)
    assert isinstance(found[0], str)
    assert found[1:] == [Resume()]


@given(request=_requests)
def test_any_request_comes_back(shared: Path, request: Request) -> None:
    shared.unlink(missing_ok=True)
    append_request(shared, request)
    [(found, _)] = read(shared, 0)
    assert repr(found) == repr(request)
    assert request_from(request_dict(request)) == request


@given(content=st.binary(max_size=300), offset=st.integers(0, 400))
def test_no_bytes_raise(shared: Path, content: bytes, offset: int) -> None:
    shared.write_bytes(content)
    for item, end in read(shared, offset):
        assert 0 <= end <= len(content)
        assert isinstance(item, str) or request_from(request_dict(item)) == item


@given(lines=st.lists(_lines, max_size=8), tail=_lines, data=st.data())
def test_any_split_of_appends_reads_as_one(
    shared: Path, lines: list[bytes], tail: bytes, data: st.DataObject
) -> None:
    content = b"".join(line + b"\n" for line in lines) + tail
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=6)))
    shared.write_bytes(content)
    at_once, _ = items(shared)
    shared.write_bytes(b"")
    in_parts: list[Request | str] = []
    offset = 0
    for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        with shared.open("ab") as file:
            file.write(content[start:end])
        found, offset = items(shared, offset)
        in_parts += found
    assert in_parts == at_once


def test_a_request_says_who_asks_and_has_an_id_of_its_own(path: Path) -> None:
    who = Asker(user="anna", host="lab", pid=12, door="page")
    ids = [append_request(path, Pause(), who), append_request(path, Pause())]
    [(first, _), (second, _)] = read_requests(path, 0)
    assert [first.id, second.id] == ids
    assert ids[0] != ids[1]
    assert all(ids)
    assert first.who == who
    assert second.who == this_process(Door.SCRIPT)


def test_this_process_is_named_as_the_system_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    me = this_process(Door.CLI)
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert str(me) == f"{user} on {socket.gethostname()} (cli, process {os.getpid()})"

    def unknown(_: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert this_process(Door.CLI).user == f"user {os.geteuid()}"


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (Asker(), "somebody"),
        (Asker(user="anna"), "anna"),
        (Asker(host="lab", pid=3), "somebody on lab (process 3)"),
        (Asker(user="anna", door="page"), "anna (page)"),
    ],
)
def test_who_asks_is_told_as_far_as_it_is_known(who: Asker, text: str) -> None:
    assert str(who) == text


@pytest.mark.parametrize("request_", EXAMPLES, ids=name_of)
def test_a_line_of_an_earlier_release_has_no_id(path: Path, request_: Request) -> None:
    path.write_text(json.dumps(request_dict(request_)) + "\n")
    assert [one for one, _ in read_requests(path, 0)] == [Asked(request=request_)]


def test_who_asks_may_be_told_in_part_and_in_more_words(path: Path) -> None:
    path.write_text('{"request":"pause","id":"7","who":{"user":"anna","mood":"good"}}\n')
    [(asked, _)] = read_requests(path, 0)
    assert asked == Asked(request=Pause(), id="7", who=Asker(user="anna"))


def test_a_malformed_request_is_told_with_its_id(path: Path) -> None:
    path.write_text('{"request":"fly","id":"7","who":{"user":"anna"}}\n')
    [(asked, _)] = read_requests(path, 0)
    assert (asked.id, asked.who, asked.request) == ("7", Asker(user="anna"), None)
    assert "unknown request 'fly'" in asked.problem


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('"id":7', "'id' must be a text of 1 to 64 letters, got 7"),
        ('"id":""', "'id' must be"),
        ('"id":"a\\nb"', "'id' must be"),
        (f'"id":"{"x" * 65}"', "'id' must be"),
        ('"id":null', "'id' must be"),
        ('"who":"anna"', "'who' does not say who asks"),
        ('"who":{"pid":"x"}', "'who' does not say who asks"),
        ('"who":{"user":"a\\u001b[31m"}', "'who' has a text that is not one"),
        (f'"who":{{"host":"{"x" * 256}"}}', "'who' has a text that is not one"),
    ],
)
def test_an_id_or_asker_that_is_none_is_refused(path: Path, more: str, told: str) -> None:
    path.write_text(f'{{"request":"pause",{more}}}\n')
    [(asked, _)] = read_requests(path, 0)
    assert asked.request is None
    assert told in asked.problem
