"""One object of one launch, fetched aside into its copy for all that read it."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from automl.errors import ReadError
from automl.readers.remote.fetching import BOUND_S, FETCHING, Call
from automl.readers.remote.notes import Before, read_note
from automl.readers.remote.transfer import State
from automl.study.tasks.remote import credentials_of, scheme_of

POLL_S = 2.0
"""Seconds between two looks at an object that grows."""

_SHARE = 20.0
"""A fetch that took so long is not repeated before this many times as long has passed."""

_FIRST_WAIT_S, _LONGEST_WAIT_S, _LONGEST_AT_END_S = 1.0, 60.0, 10.0
"""Seconds between two tries, each twice as long as the one before."""

_LAST_S = 1.5 * BOUND_S
"""Seconds for which a call goes on in any case that was made when the launch had ended."""

_OF_CREDENTIALS = ("orbidden", "ccess", "redential", "401", "403", "ermission")
"""What errors have in their text that are about them."""


class Submits(Protocol):
    """What makes calls aside."""

    def enter(self) -> None:
        """Be ready for calls."""

    def leave(self) -> None:
        """End what serves calls."""

    def submit(self, url: str, request: Mapping[str, Any], then: Callable[[], None]) -> Call:
        """Make a call aside."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """The file of one launch on another machine.

    Attributes:
        url: names it.
        copy: the path of its copy.
        folder: the trial's, with the note of what was there before.
        attempt: the number of the launch.
        exit_path: where its exit code is left; empty if that is not sure to be so.
        patience_s: for so long it is waited for once the launch has ended.
    """

    url: str
    copy: str
    folder: str
    attempt: int
    exit_path: str
    patience_s: float


class ObjectFetch:
    """Fetches one object again and again; it never waits, and every thread may ask it.

    Calls are made aside, one at a time. Once the launch has ended, the copy is that of the object
    only if it was fetched after that.

    Args:
        remote: the object.
        fetching: makes the calls.
        now: the monotonic seconds.

    Attributes:
        remote: as above.
        told: what the user should know of, empty if nothing.
        wake: called from another thread once something was fetched.
    """

    def __init__(
        self,
        remote: Remote,
        *,
        fetching: Submits = FETCHING,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.remote = remote
        self.told = ""
        self.wake: Callable[[], None] = lambda: None
        self._fetching = fetching
        self._now = now
        self._lock = threading.Lock()
        self._users = 0
        self._before: Before | None = None
        self._copied: dict[str, Any] = {"version": None, "size_bytes": 0, "proved": False}
        self._call: Call | None = None
        self._call_is_last = False
        self._next_s = self._wait_s = 0.0
        self._reason = ""
        self._state: State | None = None
        self._last = False
        self._ended_s: float | None = None

    def enter(self) -> None:
        """Take in that one more reads it; `leave` must follow."""
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._fetching.enter()

    def leave(self) -> None:
        """Take back one `enter`; with the last, nothing is fetched any more."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
            self._drop()
        self._fetching.leave()

    def look(self, *, ended: bool) -> bool:
        """Have it fetched if that is due; return whether its copy is what there is to be read.

        Args:
            ended: the launch has ended.

        Raises:
            ReadError: the copy cannot be written.
        """
        with self._lock:
            if ended and self._ended_s is None:
                self._ended_s, self._next_s, self._wait_s = self._now(), 0.0, 0.0
            self._go_on()
            return ended and (self._last or self._is_over())

    @property
    def lost(self) -> bool:
        """Whether nobody knows what the program wrote last, though it ended well."""
        return not self._last and self._ended_well()

    def take_back(self) -> None:
        """Let the copy be none, so that who reads it anew later takes no part for all."""
        with self._lock:
            self._drop()
            if Path(self.remote.copy).exists():
                os.replace(self.remote.copy, f"{self.remote.copy}.unfinished")  # noqa: PTH105

    def problem(self) -> str:
        """Return why there is no copy, or none that counts; empty if there is one."""
        url = self.remote.url
        if self._before is not None and not self._before.known:
            return (
                f"what was at {url} before the trial began is not known, as it was launched with "
                "another location, so nothing there is taken for its own"
            )
        if self._reason:
            return f"{url} cannot be fetched: {self._reason}{self._cure()}"
        if self._state is State.OLD:
            return (
                f"{url} has not been written since the trial began: it is of an earlier run. The "
                "command must write it, or name another place"
            )
        if self._state in {State.ABSENT, None} and not self._copied["version"]:
            return f"no object {url}: the command did not write it"
        return ""

    def waits(self) -> str:
        """Return for what the end of the trial waits, in words."""
        url, patience = self.remote.url, f"{self.remote.patience_s:.0f} s"
        if self._reason:
            return f"{url} cannot be fetched: {self._reason}; it is tried for {patience}"
        if self._state in {State.ABSENT, State.OLD}:
            return f"{url} was not written; it is waited for, {patience}"
        return f"{url} is still being fetched"

    def _drop(self) -> None:
        """Let no call write the copy any more."""
        if self._call:
            self._call.drop()
            self._call = None

    def _go_on(self) -> None:
        """Take in a call that was answered, and make the next one when it is due."""
        if self._call and self._call.done.is_set():
            call, self._call = self._call, None
            self._take(call)
        if self._call or self._last or self._now() < self._next_s:
            return
        remote = self.remote
        if self._before is None:
            self._before = read_note(remote.folder, remote.attempt, remote.url)
        if not self._before.known:
            return
        self._call_is_last = self._ended_s is not None
        request = {
            "kind": "fetch",
            "target": remote.copy,
            "before": self._before.version,
            "copied": self._copied,
            "last": self._call_is_last,
        }
        self._call = self._fetching.submit(remote.url, request, self.wake)

    def _take(self, call: Call) -> None:
        """Take in what became of a call."""
        now_s = self._now()
        if call.answer[0] == "failed":
            self._take_failure(call.answer, now_s)
            return
        _, state, copied = call.answer
        self._reason, self._state, self._copied = "", State(state), copied
        there = self._state in {State.NEW, State.SAME}
        gone = self._state is State.ABSENT and bool(copied["version"])
        if self._call_is_last and (there or gone):
            self._last = True
        elif there or self._ended_s is None:
            self._wait_s = 0.0
            # One that began before the end is not the last.
            due_s = now_s + max(POLL_S, _SHARE * call.took_s)
            self._next_s = due_s if self._ended_s is None else now_s
        else:
            self._try_later(now_s)

    def _take_failure(self, answer: tuple[Any, ...], now_s: float) -> None:
        _, self._reason, _, number = answer
        if number is not None:
            refused = ReadError(f"{self.remote.copy} cannot be written: {os.strerror(number)}")
            refused.errno = number
            self._next_s = now_s + _FIRST_WAIT_S
            raise refused
        self.told = self.told or (
            f"{self.remote.url} cannot be fetched now: {self._reason}{self._cure()}. It is tried "
            "again"
        )
        self._try_later(now_s)

    def _try_later(self, now_s: float) -> None:
        longest = _LONGEST_WAIT_S if self._ended_s is None else _LONGEST_AT_END_S
        begun_before = self._ended_s is not None and not self._call_is_last
        self._wait_s = min(max(_FIRST_WAIT_S, 2 * self._wait_s), longest)
        self._next_s = now_s if begun_before else now_s + self._wait_s

    def _is_over(self) -> bool:
        """Tell whether the object is not waited for any longer."""
        if self._before is not None and not self._before.known:
            return True
        if self._ended_s is None:
            return False
        # One call is made in any case, for as long as a server may take.
        patience_s = self.remote.patience_s if self._ended_well() else 0.0
        asked = self._call is None and self._call_is_last
        return self._now() - self._ended_s >= (patience_s if asked else max(patience_s, _LAST_S))

    def _ended_well(self) -> bool:
        if not self.remote.exit_path:
            return True
        try:
            return Path(self.remote.exit_path).read_text("ascii").strip() == "0"
        except (OSError, ValueError):
            return False

    def _cure(self) -> str:
        if not any(word in self._reason for word in _OF_CREDENTIALS):
            return ""
        return f" (credentials come from {credentials_of(scheme_of(self.remote.url))})"
