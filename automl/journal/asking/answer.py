"""What became of a request, waited for by who asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from automl.clock import Clock, SystemClock
from automl.journal.snapshot import StudySnapshot

_PAUSE_S = 0.1
"""Seconds between two looks for an answer; a look reads only what the journal gained."""

_BEGUN_ANEW = "the study was begun anew and has left what was asked before; ask the new one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a request.

    Attributes:
        done: whether it was done; what it began, such as the end of a trial, may take longer.
        reason: why it was not done, in one line; else empty.
        request: what was asked, in a few words.
    """

    done: bool
    reason: str
    request: str

    def __str__(self) -> str:
        return f"{self.request}: done" if self.done else f"{self.request}: refused: {self.reason}"


class AskedRequest:
    """A request that was written down, and the answer that the study's journal gives.

    Args:
        id: the request's own.
        words: what was asked, in a few words.
        uid: the study's id when it was asked, empty where it had not begun.
        look: looks at the study.
        known: the answer, where it is known at once.
        clock: the time.

    Attributes:
        id: the request's own, as in `control.jsonl` and the journal; empty if it was not even
            written down.
        words: what was asked, in a few words.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - as in the file
        words: str,
        uid: str,
        look: Callable[[], StudySnapshot],
        *,
        known: Answer | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.id = id
        self.words = words
        self._uid = uid
        self._look = look
        self._known = known
        self._clock = clock or SystemClock()

    def __repr__(self) -> str:
        named = f"request {self.id}" if self.id else "request, not sent"
        return f"<{named}: {self.words}>"

    def answer(self) -> Answer | None:
        """Return what became of it, None while the study's controller has not taken it.

        Raises:
            AutomlError: the study cannot be read, or is not there any more.
        """
        if self._known is not None:
            return self._known
        now = self._look()
        taken = now.answers.get(self.id)
        if taken is not None:
            return Answer(done=bool(taken.done), reason=taken.reason, request=self.words)
        if self._uid and now.uid and now.uid != self._uid:
            return Answer(done=False, reason=_BEGUN_ANEW, request=self.words)
        return None

    def wait(self, timeout_s: float | None = None) -> Answer | None:
        """Return what became of it once that is known.

        Args:
            timeout_s: return None if nothing is known after so many seconds; None to wait for as
                long as it takes, which is until the next start where nothing runs the study.

        Raises:
            AutomlError: as `answer`.
        """
        until_s = None if timeout_s is None else self._clock.monotonic() + timeout_s
        while (answer := self.answer()) is None:
            left_s = _PAUSE_S if until_s is None else until_s - self._clock.monotonic()
            if left_s <= 0:
                return None
            self._clock.sleep(min(_PAUSE_S, left_s))
        return answer
