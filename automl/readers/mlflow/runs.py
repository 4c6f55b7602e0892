"""Runs of MLflow, and which of them a launch began."""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from automl.readers.patterns.launched import Launched
from automl.readers.whole.follower import Rows

TAG = "automl.trial"
"""The tag by which a run tells which launch began it."""

_MS = 1_000_000


class Whose(Enum):
    """Who began a run."""

    OWN = auto()
    """The launch."""

    OTHER = auto()
    """Another launch, or somebody before it."""

    UNKNOWN = auto()
    """It does not tell, and others may have begun it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run.

    Attributes:
        id: MLflow's own.
        name: what it is called.
        began_ms: when it began, in milliseconds since 1970.
        nested: whether it is part of another run.
        rows: the numbers of the metric that is looked for.
        keys: the metrics that it has, where that one has no number.
    """

    id: str
    name: str
    began_ms: int
    nested: bool
    rows: Rows = ()
    keys: Sequence[str] = ()


@dataclass(slots=True)
class Runs:
    """What was found in stores.

    Attributes:
        own: the runs that the launch began.
        unknown: how many others began since, and do not tell whose they are.
    """

    own: list[Run] = field(default_factory=list)
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A launch, by which its runs are told from all others.

    Attributes:
        label: what its runs have as their tag; empty where nothing is known of it.
        since_ms: when it began.
        until_ms: when it had ended.
        alone: whether nobody else can have begun runs in its store.
    """

    label: str
    since_ms: float
    until_ms: float
    alone: bool

    def whose(self, label: str | None, began_ms: int) -> Whose:
        """Tell who began a run, by its tag and time."""
        if began_ms > self.until_ms:
            return Whose.OTHER
        if label or not self.label:
            return Whose.OWN if label == self.label or not self.label else Whose.OTHER
        if began_ms < self.since_ms:
            return Whose.OTHER
        return Whose.OWN if self.alone else Whose.UNKNOWN


ANYBODY = Owner(label="", since_ms=-math.inf, until_ms=math.inf, alone=True)
"""One of which nothing is known: all runs are its own."""


def run_label(mark: str, attempt: int) -> str:
    """Return what the runs of a launch have as their tag.

    Args:
        mark: that of its trial's processes.
        attempt: its number, from 1.
    """
    return f"{mark}:{attempt}"


def owner_of(launched: Launched) -> Owner | None:
    """Return by what the runs of a launch are known; None while its note cannot be read."""
    if not (launched.note or launched.mark):
        return ANYBODY
    label = run_label(launched.mark, launched.attempt) if launched.mark else ""
    since_ms = math.inf
    try:
        with open(launched.note, encoding="utf-8") as file:  # noqa: PTH123 - asked at each look
            note = json.load(file)
            written_ns = os.fstat(file.fileno()).st_mtime_ns
        of_note = run_label(f"{note['uid']}:{note['trial']}", note["attempt"])
    except (OSError, ValueError, TypeError, LookupError):
        if not label:
            return None
    else:
        if label in ("", of_note):
            label, since_ms = of_note, written_ns // _MS
    until_ms = math.inf if launched.until_ns is None else launched.until_ns / _MS
    return Owner(label=label, since_ms=since_ms, until_ms=until_ms, alone=not launched.shared)


def stepped(rows: Rows) -> Rows:
    """Return numbers with their steps; without, where a program gave none, and all are 0."""
    if len(rows) > 1 and not any(step for _, step in rows):
        return [(value, math.nan) for value, _ in rows]
    return rows
