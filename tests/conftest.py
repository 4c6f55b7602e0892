"""Guards that hold for every test: it leaves nothing changed and nothing running behind."""

import logging
import os
import signal
import threading
from collections.abc import Iterator

import psutil
import pytest
from hypothesis import settings

# How long an example takes says nothing about the code: the machine may be busy.
settings.register_profile("brief", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=200, derandomize=True)
settings.load_profile("brief")


def pytest_configure(config: pytest.Config) -> None:
    """Load what draws Sobol points, so that no test needs a process for it, where tests run.

    Ctrl-C is heard, also where the run was started in the background of a script: a shell has it
    ignored there, and a program that is started so would ignore what tests send it. The same
    holds of what asks to quit, and of a lost terminal and nohup.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        import scipy.stats  # noqa: F401, PLC0415


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the integration tests to one process: some of them use up, or measure, the machine."""
    for item in items:
        if item.get_closest_marker("integration"):
            item.add_marker(pytest.mark.xdist_group("integration"))


_NOT_OURS = ("PYTEST_CURRENT_TEST", "KMP_")
"""How variables begin that others set: pytest around each test, scikit-learn when imported."""


class Guard:
    """What was there when a test started, to compare with what it leaves.

    Each method returns a sentence about what was left, or an empty one. The environment and the
    processes are also put right, so that one careless test does not fail those after it.
    """

    def __init__(self) -> None:
        self._environment = _environment()
        self._children = set(_children())
        self._threads = set(threading.enumerate())
        self._level = logging.getLogger("automl").level

    def environment(self) -> str:
        now, before = _environment(), self._environment
        if now == before:
            return ""
        names = sorted(name for name in now | before if now.get(name) != before.get(name))
        for name in names:
            if name in before:
                os.environ[name] = before[name]
            else:
                del os.environ[name]
        return f"changed environment variables without monkeypatch: {', '.join(names)}"

    def children(self) -> str:
        left = [child for child in _children() if child not in self._children]
        if not left:
            return ""
        told = [_told(child) for child in left]
        for child in left:
            child.kill()
        psutil.wait_procs(left, timeout=5)
        return f"left child processes: {'; '.join(told)}"

    def log_level(self) -> str:
        logger = logging.getLogger("automl")
        if logger.level == self._level:
            return ""
        found, before = map(logging.getLevelName, (logger.level, self._level))
        logger.setLevel(self._level)
        return f"left automl's logger at {found}, which was {before}"

    def threads(self) -> str:
        left = [thread.name for thread in threading.enumerate() if thread not in self._threads]
        return f"left threads: {', '.join(left)}" if left else ""


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}


def _children() -> list[psutil.Process]:
    # Listing children reads all of /proc; the kernel says at once when there are none at all.
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return []
    return psutil.Process().children()


def _told(child: psutil.Process) -> str:
    try:
        return f"{child.pid} ({child.status()}) {' '.join(child.cmdline())}".rstrip()
    except psutil.Error:
        return str(child.pid)


@pytest.fixture
def guard() -> Guard:
    """A guard of its own for a test of the guards."""
    return Guard()


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    guard = Guard()
    yield
    left = [guard.environment(), guard.children(), guard.threads(), guard.log_level()]
    if any(left):
        pytest.fail(f"the test {'; '.join(text for text in left if text)}")
