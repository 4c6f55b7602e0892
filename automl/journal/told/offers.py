"""What events tell of a space that is learnt while the study runs: what is proposed, and drawn.

A range is told once, with the first trial that asked for it, and again only where a name has
several: the journal of a long study would consist of nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from automl.errors import AutomlError
from automl.inside.ranges import Range, range_of
from automl.space.learnt import Offer

if TYPE_CHECKING:
    from automl.journal.events import Drawn, TrialPlanned
    from automl.study.trial import Trial

Described = dict[str, dict[str, Any]]
"""Ranges by name, as JSON."""


def told_offers(
    offers: Mapping[str, Offer], known: Mapping[str, Range]
) -> tuple[dict[str, Any], dict[str, dict[str, Any] | None]]:
    """Return what `TrialPlanned` has as `proposed` and `ranges`.

    Args:
        offers: what is proposed to the trial.
        known: the newest range of each name.
    """
    values = {name: offer.value for name, offer in offers.items()}
    ranges = {
        name: None if offer.range is None else offer.range.described()
        for name, offer in offers.items()
        if offer.range is None or offer.range != known.get(name)
    }
    return values, ranges


def offers_of(event: TrialPlanned, known: Mapping[str, Range]) -> dict[str, Offer] | None:
    """Return what was proposed to a trial by name; None where no space is learnt.

    Raises:
        AutomlError: a range is missing, or none.
    """
    if event.proposed is None:
        return None
    offers = {}
    for name, value in event.proposed.items():
        told = event.ranges.get(name, ...)
        found = known.get(name) if told is ... else told and _range(name, told)
        if told is ... and found is None:
            raise AutomlError(f"trial {event.trial}: the range of {name!r} was never told")
        offers[name] = Offer(value, found or None)
    return offers


def told_ranges(trial: Trial, asked: Mapping[str, Range]) -> Described:
    """Return what `Drawn` has as `ranges`: those that the trial's proposal does not tell."""
    offers = trial.offers or {}
    return {
        name: one.described()
        for name, one in asked.items()
        if name not in offers or offers[name].range != one
    }


def drawn_of(event: Drawn, trial: Trial) -> dict[str, Range]:
    """Return with which ranges a trial asked for the values that an event tells.

    Raises:
        AutomlError: a range is missing, or none; or the trial is of a study without such a space.
    """
    if trial.proposed is None:
        raise AutomlError(f"trial {trial.id}: the parameters of its study are not learnt")
    offers, ranges = trial.offers or {}, {}
    for name in event.values:
        offered = offers[name].range if name in offers else None
        found = _range(name, event.ranges[name]) if name in event.ranges else offered
        if found is None:
            raise AutomlError(f"trial {event.trial}: the range of {name!r} was never told")
        ranges[name] = found
    return ranges


def _range(name: str, described: Mapping[str, Any]) -> Range:
    try:
        return range_of(described)
    except (KeyError, TypeError, ValueError) as error:
        raise AutomlError(f"the range of {name!r} is none: {error}") from error
