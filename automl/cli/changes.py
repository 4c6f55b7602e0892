"""What changes of a study while it runs, told trial by trial until it ends."""

import sys
from collections.abc import Callable, Iterator

import click

from automl.cli.documents import print_line, trial_fields
from automl.clock import SystemClock
from automl.journal.snapshot import StudySnapshot
from automl.journal.tail import Tail
from automl.show.lines import one_line, ranked, short, value_text, with_params
from automl.studies.study import Study
from automl.study.objective import Objectives
from automl.study.trial import Trial

_PAUSE_S = 0.5


def looks(study: Study) -> Iterator[StudySnapshot]:
    """Return what the journal tells, time and again, until nobody runs the study."""
    tail, clock = Tail(study.folder.journal), SystemClock()
    while True:
        runs = study.state == "running"
        yield tail.look()
        if not runs:
            return
        clock.sleep(_PAUSE_S)


class Changes:
    """Finds what changed of trials from one look to the next."""

    def __init__(self) -> None:
        self._seen: dict[int, Trial] = {}

    def of(self, state: StudySnapshot) -> list[Trial]:
        """Return the trials that are not what they were at the look before, by id."""
        changed = [one for one in state.trials.values() if self._seen.get(one.id) != one]
        self._seen.update((one.id, one) for one in changed)
        return changed


def tell_events(study: Study) -> None:
    """Print a document a line for each change of a trial, and one for the end."""
    _tell(study, lambda one: print_line(event="trial", **trial_fields(one)))
    print_line(event="study", study=study.folder.path.name, state=study.state)


def tell_lines(study: Study) -> None:
    """Print a line for each change of a trial's state."""
    objectives = study.objectives
    states: dict[int, tuple[str, int]] = {}

    def tell(trial: Trial) -> None:
        now = str(trial.state), trial.attempts
        if states.get(trial.id) != now:
            states[trial.id] = now
            click.echo(_line(trial, objectives))

    _tell(study, tell)


def _tell(study: Study, tell: Callable[[Trial], None]) -> None:
    changes = Changes()
    for state in looks(study):
        for trial in changes.of(state):
            tell(trial)
        sys.stdout.flush()


def _line(trial: Trial, objectives: Objectives) -> str:
    value = ranked(trial, objectives)
    facts = [str(trial.state)]
    if value is not None:
        facts.append(f"{objectives.name} {value_text(value)}")
    if trial.reason:
        facts.append(one_line(trial.reason))
    return with_params(f"trial {trial.id} {', '.join(facts)}", ": ", short(trial.params))
