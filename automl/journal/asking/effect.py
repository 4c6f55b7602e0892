"""Whether the journal tells what a request brought about.

A controller writes that a request is done, and in the same breath what is done. Killed between the
two lines, it leaves a request that counts as done and is not: the next controller does it then.
"""

from collections.abc import Iterable

from automl.journal.events import (
    Event,
    RequestTaken,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStopping,
)

_EFFECTS: dict[str, type[Event] | tuple[type[Event], ...]] = {
    "stop_trial": (TrialStopping, TrialEnded),
    "retry_trial": TrialRequeued,
    "add_trial": TrialPlanned,
}
"""The events by which a request shows; all others are done by their own line, or not kept."""


def awaits_effect(taken: RequestTaken) -> bool:
    """Tell whether another event must follow for a request to be done as its line says."""
    return bool(taken.done and taken.request and taken.request.get("request") in _EFFECTS)


def without_effects(waiting: Iterable[RequestTaken], event: Event) -> list[RequestTaken]:
    """Return those requests of which `event` is not what they brought about."""
    return [taken for taken in waiting if not _brought_about(taken, event)]


def _brought_about(taken: RequestTaken, event: Event) -> bool:
    asked = taken.request or {}
    if not isinstance(event, _EFFECTS.get(asked.get("request", ""), ())):
        return False
    return isinstance(event, TrialPlanned) or getattr(event, "trial", None) == asked.get("trial")
