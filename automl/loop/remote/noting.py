"""An executor whose launches begin once it is known what is at the places of their metrics."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from automl.errors import LaunchError
from automl.executors.executor import Executor, Found, Wanted
from automl.readers.remote.fetching import FETCHING, Call
from automl.readers.remote.notes import write_note
from automl.readers.remote.object_fetch import Submits
from automl.study.launch import Ended, EndKind, Handle, Launch, News
from automl.study.tasks.remote import credentials_of, scheme_of

logger = logging.getLogger(__name__)

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


@dataclass(slots=True)
class _Held:
    """A launch that waits for what is known of its objects.

    Attributes:
        launch: the launch.
        calls: the calls under way, by URL.
        found: what is known, by URL.
        next_s: the monotonic second of the next try.
        wait_s: how long was waited for it.
    """

    launch: Launch
    calls: dict[str, Call] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)
    next_s: float = 0.0
    wait_s: float = 0.0


class NotingExecutor:
    """Notes what was there before each launch, so that an old object is never taken for its own.

    The stores are asked aside. A launch whose store gives no answer waits, as one in a queue does,
    and all others go on; one whose store refuses to tell is refused.

    Args:
        executor: runs the launches.
        name: that of the executor, in the handles of launches that wait.
        wake: wakes whoever waits for `executor`.
        fetching: asks the stores.
        now: the monotonic seconds.
    """

    def __init__(
        self,
        executor: Executor,
        name: str,
        wake: Callable[[], None],
        *,
        fetching: Submits = FETCHING,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._executor = executor
        self._name = name
        self._wake = wake
        self._fetching = fetching
        self._now = now
        self._held: dict[int, _Held] = {}
        self._news: list[News] = []
        self._told = False
        self._closed = False
        fetching.enter()

    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        """Take launches; those without objects elsewhere begin at once."""
        if self._closed and any(one.objects for one in launches):
            raise LaunchError("nothing is started any more, as the study ends")
        return [self._taken(one) for one in launches]

    def wait(self, timeout_s: float | None) -> Sequence[News]:
        """Return what became of launches, and let those begin of which enough is known."""
        self._look()
        news, self._news = self._news, []
        return [*news, *self._executor.wait(0.0 if news else self._until(timeout_s))]

    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        """Begin to stop launches; those that wait never begin."""
        others = []
        for handle in handles:
            held = self._held.get(int(handle["trial"]))
            if held and held.launch.is_of(handle):
                self._drop(held.launch.trial_id)
                ended = Ended(trial_id=held.launch.trial_id, kind=EndKind.CANCELLED)
                self._news.append(ended)
                self._wake()
            else:
                others.append(handle)
        if others:
            self._executor.cancel(others, grace_s)

    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        """Look for launches of an earlier controller; what waited then is not found."""
        return self._executor.find(wanted)

    def close(self) -> None:
        """Start nothing more."""
        if self._closed:
            return
        self._closed = True
        for trial_id in list(self._held):
            self._drop(trial_id)
        self._fetching.leave()
        self._executor.close()

    def _taken(self, launch: Launch) -> Handle:
        if not launch.objects:
            return self._executor.submit([launch])[0]
        self._held[launch.trial_id] = _Held(launch)
        self._look()
        return launch.handle(self._name)

    def _until(self, timeout_s: float | None) -> float | None:
        """Return how long to wait, not beyond the next try."""
        now_s = self._now()
        tries = [max(0.0, one.next_s - now_s) for one in self._held.values() if not one.calls]
        return min([*tries, *([] if timeout_s is None else [timeout_s])], default=None)

    def _look(self) -> None:
        for held in list(self._held.values()):
            for url, call in list(held.calls.items()):
                if call.done.is_set() and held.launch.trial_id in self._held:
                    del held.calls[url]
                    self._take(held, url, call.answer)
            if held.launch.trial_id in self._held:
                self._go_on(held)

    def _take(self, held: _Held, url: str, answer: tuple[Any, ...]) -> None:
        """Take in what a store has told."""
        if answer[0] == "noted":
            held.found[url] = answer[1]
            return
        _, reason, lasts, _ = answer
        if lasts:
            self._refuse(held.launch, f"{url} cannot be read: {reason}; {_cure(url)}")
            return
        if not self._told:
            self._told = True
            logger.warning(
                "trial %d waits, as what is at %s before it begins cannot be told: %s. It is "
                "tried again",
                held.launch.trial_id,
                url,
                reason,
            )
        held.wait_s = min(max(_FIRST_WAIT_S, 2 * held.wait_s), _LONGEST_WAIT_S)
        held.next_s = self._now() + held.wait_s

    def _go_on(self, held: _Held) -> None:
        """Ask for what is not known yet, or let the launch begin."""
        launch = held.launch
        missing = [one for one in launch.objects if one not in held.found]
        if missing:
            for url in missing if self._now() >= held.next_s else ():
                if url not in held.calls:
                    held.calls[url] = self._fetching.submit(url, {"kind": "note"}, self._wake)
            return
        del self._held[launch.trial_id]
        try:
            write_note(str(Path(launch.script).parent), launch.attempt, held.found)
            self._executor.submit([launch])
        except OSError as error:
            self._refuse(
                launch, f"{error.filename or launch.script}: {error.strerror}", error.errno
            )
        except LaunchError as error:
            self._refuse(launch, str(error), error.errno)

    def _refuse(self, launch: Launch, problem: str, number: int | None = None) -> None:
        if launch.trial_id in self._held:
            self._drop(launch.trial_id)
        told = f"trial {launch.trial_id}: {problem}"
        ended = Ended(trial_id=launch.trial_id, kind=EndKind.REFUSED, problem=told, errno=number)
        self._news.append(ended)

    def _drop(self, trial_id: int) -> None:
        for call in self._held.pop(trial_id).calls.values():
            call.drop()


def _cure(url: str) -> str:
    return f"credentials come from the environment: {credentials_of(scheme_of(url))}"
