"""The guards of conftest.py see what they are there for."""

import logging
import os
import subprocess
import sys
import threading
from typing import Any

import pytest


def test_nothing_is_left_by_a_test_that_does_nothing(guard: Any) -> None:
    assert (guard.environment(), guard.children()) == ("", "")
    assert (guard.threads(), guard.log_level()) == ("", "")


def test_a_changed_environment_is_named_and_restored(
    guard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOML_TEST_OLD", "old")
    careful = type(guard)()
    os.environ["AUTOML_TEST_OLD"] = "new"
    os.environ["AUTOML_TEST_NEW"] = "new"
    text = careful.environment()
    assert "AUTOML_TEST_NEW, AUTOML_TEST_OLD" in text
    assert "AUTOML_TEST_NEW" not in os.environ
    assert os.environ["AUTOML_TEST_OLD"] == "old"
    assert careful.environment() == ""


def test_a_removed_variable_is_named_and_restored(
    guard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOML_TEST_OLD", "old")
    careful = type(guard)()
    del os.environ["AUTOML_TEST_OLD"]
    assert "AUTOML_TEST_OLD" in careful.environment()
    assert os.environ["AUTOML_TEST_OLD"] == "old"


def test_a_running_child_is_named_and_killed(guard: Any) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        text = guard.children()
        assert str(child.pid) in text
        # Whoever saw it end took its exit code; what counts is that it is gone.
        child.wait()
    assert guard.children() == ""


def test_a_child_that_nobody_waited_for_is_named(guard: Any) -> None:
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {})
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert str(pid) in guard.children()
    assert guard.children() == ""


def test_a_child_of_before_is_not_counted(guard: Any) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert type(guard)().children() == ""
        child.kill()


def test_a_running_thread_is_named(guard: Any) -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="straggler")
    thread.start()
    text = guard.threads()
    end.set()
    thread.join()
    assert text == "left threads: straggler"
    assert guard.threads() == ""


def test_a_changed_log_level_is_named_and_restored(guard: Any) -> None:
    logger = logging.getLogger("automl")
    before = logger.level
    logger.setLevel(logging.ERROR)
    assert guard.log_level().startswith("left automl's logger at ERROR, which was ")
    assert logger.level == before
    assert guard.log_level() == ""
