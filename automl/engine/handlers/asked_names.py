"""What a trial asked for, in a space that is learnt while the study runs."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from automl.engine.actions import Action, Note
from automl.engine.verdicts import Over
from automl.inside.drawn import Drawn
from automl.inside.ranges import Range, range_of
from automl.journal import events
from automl.journal.told.offers import told_ranges
from automl.space.values import is_same
from automl.study.trial import Trial, TrialState


class _Asked(NamedTuple):
    value: Any
    range: Range


class AskedNames:
    """Tells what is new of what a trial asked for."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def new(self, trial: Trial, asked: Sequence[Drawn]) -> dict[str, _Asked]:
        """Return the values and ranges that are not known of a trial yet, by name.

        What a trial's process wrote may be anything: what makes no sense is left out, and so is
        everything of a trial in a study that describes its parameters.
        """
        found = {one.name: read for one in asked if (read := _read(one)) is not None}
        known = {
            name: _Asked(trial.params[name], one)
            for name, one in trial.ranges.items()
            if name in trial.params
        }
        return {
            name: one
            for name, one in found.items()
            if trial.proposed is not None
            and not (name in known and one.range == known[name].range and _alike(one, known[name]))
        }

    def event(self, trial: Trial, new: Mapping[str, _Asked], at: datetime) -> events.Drawn:
        """Return the record of what is new."""
        ranges = {name: one.range for name, one in new.items()}
        return events.Drawn(
            v=events.DRAWN_VERSION,
            at=at,
            trial=trial.id,
            values={name: one.value for name, one in new.items()},
            ranges=told_ranges(trial, ranges),
        )

    def notes(
        self, trial_id: int, new: Mapping[str, _Asked], known: Mapping[str, Range]
    ) -> list[Action]:
        """Return what to tell of names with several ranges, each once."""
        changed = [
            name
            for name, one in new.items()
            if name in known and known[name] != one.range and name not in self._told
        ]
        self._told.update(changed)
        return [
            Note(
                f"trial {trial_id} asks for {name!r} with another range than a trial before: "
                f"{_shown(new[name].range)}, not {_shown(known[name])}. Where the range is not "
                "the one that was proposed for, the value is drawn at random"
            )
            for name in changed
        ]


def told_unasked(trial: Trial, over: Over) -> Over:
    """Return the end of a trial; of one that has no values, as it failed before, with that said."""
    if trial.proposed is None or trial.params or over.state is not TrialState.FAILED:
        return over
    return replace(over, reason=f"{over.reason} (before it asked for any parameter)")


def _read(told: Drawn) -> _Asked | None:
    try:
        asked = range_of(told.range)
        if all(map(_plain, (told.value, *asked.choices))):
            return _Asked(told.value, asked)
    except (KeyError, TypeError, ValueError, OverflowError):
        pass
    return None


def _plain(value: object) -> bool:
    """Tell whether a value is one that an objective can have got; it goes into the journal."""
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, bool | int | str)


def _alike(left: _Asked, right: _Asked) -> bool:
    return is_same(left.value, right.value)


def _shown(asked: Range) -> str:
    parts = {name: one for name, one in asked.described().items() if one not in (None, False)}
    return json.dumps(parts, ensure_ascii=False)
