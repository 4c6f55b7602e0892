"""A study whose start meets a full disk, or another state of the machine that may pass."""

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import FakeObserver, make_spec

from automl.errors import JournalError, LaunchError, StorageError
from automl.executors.local import site as site_module
from automl.journal.folder import StudyFolder
from automl.journal.journal import load
from automl.loop import controller as controller_module
from automl.loop import resuming as resuming_module
from automl.loop.controller import Controller
from automl.loop.opening.study import OpenStudy, open_study
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState


class Quiet(FakeObserver):
    """An observer that needs no end."""

    def close(self) -> None:
        pass


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Controller]:
    monkeypatch.setattr(controller_module, "RETRY_S", 0.01)
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=r"value=(\S+)")
    task = BashTask(cmd=("echo", "value={{ trial.param.x }}"), metric_reader=reader)
    spec = make_spec(tmp_path, tasks=(task,), max_trials=2)

    def one(*, fresh: bool = False) -> Controller:
        return Controller(spec, StudyFolder(tmp_path, "study"), Quiet(), fresh=fresh)

    return one


def broken(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("name", ["mkdir", "ftruncate", "fstat", "pread"])
@pytest.mark.parametrize("fresh", [False, True])
def test_it_waits_says_so_once_and_begins_by_itself(
    make: Callable[..., Controller],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    name: str,
    *,
    fresh: bool,
) -> None:
    tries = []

    def opened(*args: Any, **keywords: Any) -> OpenStudy:
        tries.append(1)
        if len(tries) > 5:
            return open_study(*args, **keywords)
        with monkeypatch.context() as patch:
            patch.setattr(os, name, broken(errno.ENOSPC))
            return open_study(*args, **keywords)

    monkeypatch.setattr(controller_module, "open_study", opened)
    result = make(fresh=fresh).run()
    assert [trial.state for trial in result.trials] == [TrialState.COMPLETED] * 2
    assert len(tries) == 6
    assert caplog.text.count("No space left on device") == 1
    assert "The study begins once it works again; Ctrl-C to end" in caplog.text
    assert caplog.messages[1] == "it works again: the study begins"
    assert [path.name for path in tmp_path.iterdir()] == ["study"]
    assert (
        sum(
            type(one).__name__ == "StudyOpened"
            for one in load(tmp_path / "study" / "journal.jsonl")[0]
        )
        == 1
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_wait(
    make: Callable[..., Controller],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    number: signal.Signals,
) -> None:
    tries = []

    def full(*_: object, **__: object) -> OpenStudy:
        tries.append(1)
        if len(tries) == 3:
            signal.raise_signal(number)
        raise StorageError("cannot write: No space left on device")

    before = signal.getsignal(number)
    monkeypatch.setattr(controller_module, "open_study", full)
    with pytest.raises(StorageError, match="No space left"):
        make().run()
    assert len(tries) == 3
    assert caplog.text.count("No space left on device") == 1
    assert signal.getsignal(number) == before


def test_what_does_not_pass_ends_it_at_once(
    make: Callable[..., Controller], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "mkdir", broken(errno.EACCES))
    with pytest.raises(JournalError, match=r"Permission denied; give study_dir="):
        make().run()


@pytest.mark.parametrize(
    "name",
    ["LocalExecutor", "Launcher", "take_stock", "EarlierLives", "Resources", "make_proposer"],
)
def test_each_step_before_the_loop_is_waited_for(
    make: Callable[..., Controller],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    module = site_module if hasattr(site_module, name) else resuming_module
    real = getattr(module, name)
    left = [errno.EMFILE, errno.EIO, errno.ENOMEM]

    def lacking(*args: Any, **keywords: Any) -> Any:
        if left:
            number = left.pop()
            raise OSError(number, os.strerror(number))
        return real(*args, **keywords)

    monkeypatch.setattr(module, name, lacking)
    result = make().run()
    assert [trial.state for trial in result.trials] == [TrialState.COMPLETED] * 2
    assert not left
    assert caplog.text.count("The study begins once it works again; Ctrl-C to end") == 1
    assert caplog.text.count("it works again: the study begins") == 1


def test_a_foreign_proc_is_told_at_once(
    make: Callable[..., Controller], monkeypatch: pytest.MonkeyPatch
) -> None:
    def foreign(*_: object) -> None:
        raise LaunchError("/proc is that of another pid namespace")

    monkeypatch.setattr(site_module, "LocalExecutor", foreign)
    with pytest.raises(LaunchError, match="another pid namespace"):
        make().run()
