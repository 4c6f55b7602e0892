"""What a trial costs late in a study beside what it costs at its beginning."""

import json
from datetime import datetime
from pathlib import Path

WINDOW = 1_000
"""How many trials at the beginning and at the end are compared for growth."""


def end_times(journal: Path) -> list[datetime]:
    """Return when each trial ended, in the order of the journal."""
    ends = []
    with journal.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["event"] == "TrialEnded":
                ends.append(datetime.fromisoformat(event["at"]))
    return ends


def growth(ends: list[datetime], window: int = WINDOW) -> float:
    """Return the time of the last `window` trials over that of the first; 1 for too few trials."""
    if len(ends) < 2 * window:
        return 1.0
    first = ends[window - 1] - ends[0]
    last = ends[-1] - ends[-window]
    return last / first
