"""Whether the journal tells what a request brought about.

A controller writes that a request is done, and in the same breath what is done. Killed between the
two lines, it leaves a request that counts as done and is not: the next controller does it then.
"""

from collections.abc import Iterable, Iterator

import msgspec

from automl.journal.events import (
    Event,
    RequestTaken,
    Reread,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStopping,
)
from automl.study.trial import TrialState

_EFFECTS: dict[str, type[Event] | tuple[type[Event], ...]] = {
    "stop_trial": (TrialStopping, TrialEnded),
    "retry_trial": TrialRequeued,
    "retry_failed": (TrialRequeued, Reread, TrialEnded),
    "add_trial": TrialPlanned,
}
"""The events by which a request shows; all others are done by their own line, or not kept."""


def awaits_effect(taken: RequestTaken) -> bool:
    """Tell whether another event must follow for a request to be done as its line says."""
    return bool(taken.done and taken.request and taken.request.get("request") in _EFFECTS)


def without_effects(waiting: Iterable[RequestTaken], event: Event) -> list[RequestTaken]:
    """Return those requests of which `event` is not, or not all of, what they brought about."""
    return [left for taken in waiting for left in _left_of(taken, event)]


def _left_of(taken: RequestTaken, event: Event) -> Iterator[RequestTaken]:
    """Return what of a request is still to be told after an event, nothing if that was all."""
    if not _brought_about(taken, event):
        yield taken
    elif taken.trials:
        left = [one for one in taken.trials if one != getattr(event, "trial", None)]
        if left:
            yield msgspec.structs.replace(taken, trials=left)


def _brought_about(taken: RequestTaken, event: Event) -> bool:
    asked = taken.request or {}
    if not isinstance(event, _EFFECTS.get(asked.get("request", ""), ())):
        return False
    if isinstance(event, TrialPlanned):
        return True
    if isinstance(event, TrialEnded) and asked.get("request") == "retry_failed":
        # One of those that had ended when that was asked turned out well.
        return event.state is not TrialState.FAILED and event.trial in taken.trials
    about: list[object] = [*taken.trials] or [asked.get("trial")]
    return getattr(event, "trial", None) in about
