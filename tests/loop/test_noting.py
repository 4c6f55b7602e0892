"""Launches whose metrics are elsewhere begin once it is known what was there before."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from automl.errors import LaunchError
from automl.loop.remote.noting import NotingExecutor
from automl.readers.remote.fetching import Call
from automl.readers.remote.notes import NAME
from automl.study.launch import Began, Ended, EndKind, Handle, Launch, News

URL = "s3://bucket/0/m.json"
DROPPED = ("failed", "dropped", False, None)
FORBIDDEN = ("failed", "Forbidden", True, None)


class Inner:
    """Runs nothing, and tells of each launch that it began."""

    def __init__(self) -> None:
        self.submitted: list[int] = []
        self.cancelled: list[int] = []
        self.waited: list[float | None] = []
        self.closed = False
        self.error: Exception | None = None

    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        if self.error:
            raise self.error
        self.submitted += [one.trial_id for one in launches]
        return [one.handle("local") for one in launches]

    def wait(self, timeout_s: float | None) -> Sequence[News]:
        self.waited.append(timeout_s)
        return [Began(trial_id=one, handle={}) for one in self.submitted]

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        del grace_s
        self.cancelled += [int(one["trial"]) for one in handles]

    def find(self, wanted: Sequence[Any]) -> Sequence[Any]:
        return list(wanted)

    def close(self) -> None:
        self.closed = True


class Asked:
    """Takes calls, which a test answers."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.users = 0

    def enter(self) -> None:
        self.users += 1

    def leave(self) -> None:
        self.users -= 1

    def submit(self, url: str, request: Mapping[str, Any], then: Callable[[], None]) -> Call:
        self.calls.append(Call({"url": url, **request}, then))
        return self.calls[-1]

    def answer(self, answer: tuple[Any, ...]) -> None:
        for call in self.calls:
            if not call.done.is_set():
                call.end(answer)


class Stage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inner = Inner()
        self.asked = Asked()
        self.woken = 0
        self.now_s = 0.0
        self.executor = NotingExecutor(
            self.inner, "local", self.wake, fetching=self.asked, now=lambda: self.now_s
        )

    def wake(self) -> None:
        self.woken += 1

    def launch(self, trial: int = 0, objects: tuple[str, ...] = (URL,)) -> Launch:
        folder = self.folder / str(trial)
        folder.mkdir(exist_ok=True)
        script, out = str(folder / "trial.sh"), str(folder / "stdout.log")
        mark = f"uid:{trial}"
        return Launch(
            trial_id=trial,
            script=script,
            stdout=out,
            stderr=out,
            exit_path=str(folder / "exit"),
            mark=mark,
            objects=objects,
        )

    def note(self, trial: int = 0) -> Any:
        path = self.folder / str(trial) / NAME
        return json.loads(path.read_text("utf-8")) if path.exists() else None


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_a_launch_begins_once_it_is_noted_what_was_there(stage: Stage) -> None:
    (handle,) = stage.executor.submit([stage.launch()])
    assert handle == {"executor": "local", "study": "uid", "trial": 0, "attempt": 1}
    assert stage.executor.wait(0) == []
    assert stage.inner.submitted == []
    version = {"marks": {"ETag": "1"}, "size": 3, "exact": True}
    stage.asked.answer(("noted", version))
    assert stage.woken == 1
    stage.executor.wait(0)
    assert stage.inner.submitted == [0]
    assert stage.note() == {"attempt": 1, "objects": {URL: version}}


def test_the_note_is_there_before_the_launch_begins(stage: Stage) -> None:
    stage.executor.submit([stage.launch()])
    stage.asked.answer(("noted", None))
    stage.inner.error = LaunchError("no shell")
    (ended,) = [one for one in stage.executor.wait(0) if isinstance(one, Ended)]
    assert stage.note() == {"attempt": 1, "objects": {URL: None}}
    assert ended.kind is EndKind.REFUSED
    assert ended.problem == "trial 0: no shell"


def test_others_begin_meanwhile(stage: Stage) -> None:
    stage.executor.submit([stage.launch(0), stage.launch(1, objects=())])
    assert stage.inner.submitted == [1]
    assert stage.note(1) is None


def test_a_store_that_gives_no_answer_is_asked_again_later(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.executor.submit([stage.launch()])
    for expected in (1.0, 2.0, 4.0):
        stage.asked.answer(DROPPED)
        stage.executor.wait(100.0)
        assert stage.inner.waited[-1] == expected
        stage.now_s += expected
        count = len(stage.asked.calls)
        stage.executor.wait(0)
        assert len(stage.asked.calls) == count + 1
    (told,) = [one.message for one in caplog.records]
    assert told.startswith(f"trial 0 waits, as what is at {URL} before it begins cannot be told")
    assert "dropped. It is tried again" in told
    stage.asked.answer(("noted", None))
    stage.executor.wait(0)
    assert stage.inner.submitted == [0]


def test_a_store_that_refuses_refuses_the_launch(stage: Stage) -> None:
    stage.executor.submit([stage.launch()])
    stage.asked.answer(FORBIDDEN)
    (ended,) = stage.executor.wait(100.0)
    assert isinstance(ended, Ended)
    assert ended.kind is EndKind.REFUSED
    assert ended.problem.startswith(f"trial 0: {URL} cannot be read: Forbidden; credentials come")
    assert stage.inner.submitted == []


def test_a_launch_that_waits_can_be_cancelled(stage: Stage) -> None:
    (waits,) = stage.executor.submit([stage.launch(0)])
    (runs,) = stage.executor.submit([stage.launch(1, objects=())])
    stage.executor.cancel([waits, runs], 1.0)
    assert stage.inner.cancelled == [1]
    stage.asked.answer(("noted", None))
    ended = [one for one in stage.executor.wait(0) if isinstance(one, Ended)]
    assert [(one.trial_id, one.kind) for one in ended] == [(0, EndKind.CANCELLED)]
    assert stage.inner.submitted == [1]
    assert stage.note(0) is None


def test_a_cancelled_call_is_dropped(stage: Stage) -> None:
    (handle,) = stage.executor.submit([stage.launch(0)])
    stage.executor.cancel([handle], 0.0)
    (call,) = stage.asked.calls
    assert not call.begin(lambda: None)


def test_a_launch_of_several_objects_waits_for_all(stage: Stage) -> None:
    other = "s3://bucket/0/other"
    stage.executor.submit([stage.launch(objects=(URL, other))])
    first, second = stage.asked.calls
    first.end(("noted", None))
    stage.executor.wait(0)
    assert stage.inner.submitted == []
    second.end(("noted", None))
    stage.executor.wait(0)
    assert stage.inner.submitted == [0]
    assert set(stage.note()["objects"]) == {URL, other}


def test_closing_starts_nothing_more(stage: Stage) -> None:
    stage.executor.submit([stage.launch()])
    stage.executor.close()
    stage.executor.close()
    assert stage.inner.closed
    assert stage.asked.users == 0
    stage.asked.answer(("noted", None))
    assert stage.inner.submitted == []
    with pytest.raises(LaunchError, match="study ends"):
        stage.executor.submit([stage.launch()])


def test_a_note_that_cannot_be_written_is_the_machine_s_fault(stage: Stage) -> None:
    launch = stage.launch()
    stage.executor.submit([launch])
    Path(launch.script).parent.rmdir()
    stage.asked.answer(("noted", None))
    (ended,) = stage.executor.wait(0)
    assert isinstance(ended, Ended)
    assert ended.kind is EndKind.REFUSED
    assert ended.errno == 2
