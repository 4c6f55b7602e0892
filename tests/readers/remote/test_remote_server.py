"""Objects of a store with the protocol of S3, fetched by real processes over loopback."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("moto")
pytest.importorskip("s3fs")

import psutil
from store_server import KEY, SECRET, Proxy, Server, environment, proxy_before, store_server, until

from automl.readers.follower import Look
from automl.readers.registry import follow
from automl.readers.remote import fetching as fetching_module
from automl.readers.remote.fetching import Call, Fetching
from automl.readers.remote.follower import RemoteFollower
from automl.readers.remote.notes import write_note
from automl.readers.remote.object_fetch import ObjectFetch, Remote
from automl.study.tasks.reader import LocalReader

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with store_server() as found:
        yield found


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with proxy_before(server) as found:
        yield found


@pytest.fixture
def fetching(server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetching]:
    for name, value in server.environ(proxy.port).items():
        monkeypatch.setenv(name, value)
    found = Fetching()
    found.enter()
    yield found
    found.leave()


def noted(fetching: Fetching, key: str) -> tuple:
    call = fetching.submit(f"s3://bucket/{key}", {"kind": "note"}, lambda: None)
    assert call.done.wait(120)
    return call.answer


class Reading:
    """One file that is followed."""

    def __init__(self, folder: Path, fetching: Fetching, key: str, patience_s: float = 60) -> None:
        url = f"s3://bucket/{key}"
        self.folder = folder
        copy = str(folder / "metric" / "log")
        reader = LocalReader(location=url, parser_pattern=r"acc: (\S+)", metric="acc")
        remote = Remote(
            url=url,
            copy=copy,
            folder=str(folder),
            attempt=1,
            exit_path=str(folder / "exit"),
            patience_s=patience_s,
        )
        self.follower = RemoteFollower(follow(reader, copy), ObjectFetch(remote, fetching=fetching))
        self.numbers: list[float] = []
        self.told: set[str] = set()

    def look(self, *, ended: bool = False) -> Look:
        began_s = time.monotonic()
        look = self.follower.read(ended=ended, limit_bytes=1 << 20)
        assert time.monotonic() - began_s < 5, "a look never waits for a server"
        for points in look.measurements.values():
            self.numbers = [*([] if points.restarted else self.numbers), *points.values]
        self.told |= set(look.warnings.values())
        return look

    def until(self, numbers: list[float]) -> None:
        until(lambda: self.look() and self.numbers == numbers)

    def to_end(self, code: int = 0) -> list[float]:
        (self.folder / "exit").write_text(f"{code}\n", "ascii")

        def done() -> bool:
            look = self.look(ended=True)
            return not (look.pending or look.more)

        until(done)
        self.follower.close()
        return self.numbers


def test_an_object_is_followed_to_its_end(
    server: Server, fetching: Fetching, tmp_path: Path
) -> None:
    write_note(str(tmp_path), 1, {"s3://bucket/grows": None})
    reading = Reading(tmp_path, fetching, "grows")
    server.put("grows", "acc: 0.5\n")
    reading.until([0.5])
    server.put("grows", "acc: 0.5\nacc: 0.6\n")
    reading.until([0.5, 0.6])
    server.put("grows", "acc: 0.5\nacc: 0.6\nacc: 0.7")
    assert reading.to_end() == [0.5, 0.6, 0.7]
    assert (tmp_path / "metric" / "log").read_text() == "acc: 0.5\nacc: 0.6\nacc: 0.7"


def test_a_large_object_that_grows_is_whole(
    server: Server, fetching: Fetching, tmp_path: Path
) -> None:
    write_note(str(tmp_path), 1, {"s3://bucket/large": None})
    reading = Reading(tmp_path, fetching, "large")
    text = "".join(f"acc: 0.{number:06d} {'x' * 100}\n" for number in range(4000))
    server.put("large", text)
    until(lambda: reading.look() and len(reading.numbers) == 4000)
    more = text + "acc: 0.5\n"
    server.put("large", more)
    assert reading.to_end()[-1] == 0.5
    assert len(reading.numbers) == 4001
    assert (tmp_path / "metric" / "log").read_text() == more


def test_an_object_of_an_earlier_run_is_not_taken(
    server: Server, fetching: Fetching, tmp_path: Path
) -> None:
    server.put("old", "acc: 0.9\n")
    kind, version = noted(fetching, "old")
    assert kind == "noted"
    write_note(str(tmp_path), 1, {"s3://bucket/old": json.loads(json.dumps(version))})
    reading = Reading(tmp_path, fetching, "old", patience_s=2)
    assert reading.to_end() == []
    assert "earlier run" in reading.follower.problem()


def test_the_same_content_written_anew_is_taken(
    server: Server, fetching: Fetching, tmp_path: Path
) -> None:
    server.put("same", "acc: 0.9\n")
    _, version = noted(fetching, "same")
    write_note(str(tmp_path), 1, {"s3://bucket/same": version})
    server.put("same", "acc: 0.9\n")
    assert Reading(tmp_path, fetching, "same").to_end() == [0.9]


def test_a_dropped_connection_is_made_again(
    server: Server, proxy: Proxy, fetching: Fetching, tmp_path: Path
) -> None:
    write_note(str(tmp_path), 1, {"s3://bucket/dropped": None})
    server.put("dropped", "acc: 0.5\n")
    proxy.mode = "drop"
    reading = Reading(tmp_path, fetching, "dropped")
    until(lambda: reading.look() and reading.told)
    proxy.mode = "pass"
    assert reading.to_end() == [0.5]
    (told,) = reading.told
    assert "cannot be fetched now" in told
    assert SECRET not in told
    assert KEY not in told


def test_a_truncated_answer_is_fetched_again(
    server: Server, proxy: Proxy, fetching: Fetching, tmp_path: Path
) -> None:
    write_note(str(tmp_path), 1, {"s3://bucket/cut": None})
    text = "".join(f"acc: 0.{number:06d}\n" for number in range(3000))
    server.put("cut", text)
    proxy.mode, proxy.upto = "truncate", 20_000
    reading = Reading(tmp_path, fetching, "cut")
    until(lambda: reading.look() and reading.told)
    assert reading.numbers == []
    proxy.mode = "pass"
    proxy.break_all()
    assert len(reading.to_end()) == 3000


def test_a_server_that_stalls_holds_up_no_other(
    server: Server,
    proxy: Proxy,
    fetching: Fetching,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching_module, "BOUND_S", 15.0)
    assert noted(fetching, "nothing") == ("noted", None)
    proxy.mode = "stall"
    proxy.break_all()
    write_note(str(tmp_path), 1, {"s3://bucket/stalled": None})
    server.put("stalled", "acc: 0.5\n")
    reading = Reading(tmp_path, fetching, "stalled")
    reading.look()
    # A server of another kind.
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "log").write_text("acc: 0.25\n")
    url = f"http://127.0.0.1:{server.port}/bucket/stalled"
    call = fetching.submit(url, {"kind": "note"}, lambda: None)
    assert call.done.wait(120)
    assert call.answer[0] == "noted" or "403" in call.answer[1]
    until(lambda: reading.look() and reading.told)
    assert "no answer for 15 s" in next(iter(reading.told))
    proxy.mode = "pass"
    assert reading.to_end() == [0.5]


def test_what_is_wrong_with_credentials_is_told_without_them(
    server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in server.environ(proxy.port).items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    fetching = Fetching()
    fetching.enter()
    try:
        kind, reason, lasts, _ = noted(fetching, "any")
    finally:
        fetching.leave()
    assert kind == "failed"
    assert lasts
    assert "redential" in reason


def test_leaving_ends_a_call_that_stalls(
    server: Server, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in server.environ(proxy.port).items():
        monkeypatch.setenv(name, value)
    proxy.mode = "stall"
    fetching = Fetching()
    fetching.enter()
    call: Call = fetching.submit("s3://bucket/x", {"kind": "note"}, lambda: None)
    until(lambda: proxy.connections)
    began_s = time.monotonic()
    fetching.leave()
    assert call.done.wait(15)
    assert time.monotonic() - began_s < 10


_CONTROLLER = """
import sys, time
from automl.readers.remote.fetching import FETCHING
FETCHING.enter()
FETCHING.submit("s3://bucket/x", {"kind": "note"}, lambda: None)
time.sleep(600)
"""


def test_a_process_that_waits_ends_with_its_controller(server: Server, proxy: Proxy) -> None:
    proxy.mode = "stall"
    root = str(Path(__file__).parents[3])
    environ = environment({**server.environ(proxy.port), "PYTHONPATH": root})
    controller = subprocess.Popen([sys.executable, "-c", _CONTROLLER], env=environ)
    try:
        until(lambda: proxy.connections)
        (child,) = psutil.Process(controller.pid).children()
    finally:
        os.kill(controller.pid, signal.SIGKILL)
        controller.wait()
    _, alive = psutil.wait_procs([child], timeout=30)
    assert not alive
