"""What the journal tells of a study once a program has asked it for trials."""

from automl.journal.events import VERSION, StudyClosed
from automl.loop.asked.held import Held
from automl.study.ranking.totals import totals_of

ASKED_FOR = "a program asks for its trials, and tells how they ended"
"""Why a study is closed whose trials nothing else began."""


def closing_record(held: Held) -> StudyClosed:
    """Return that a study is let go; what the last `optimize` said of its end is still so."""
    before, trials = held.study.closed, held.engine.view.trials.values()
    said = before if before is not None and before.reason != ASKED_FOR else None
    done = not held.study.died and all(one.state.finished for one in trials)
    return StudyClosed(
        v=VERSION,
        at=held.clock.now(),
        reason=said.reason if said else ASKED_FOR,
        complete=said.complete if said else done,
        failed_alike=list(held.study.state.failed_alike),
        totals=totals_of(trials, held.spec.objectives, held.spec.space),
    )
