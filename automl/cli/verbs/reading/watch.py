"""`automl watch`: the live view of a study that runs, from any terminal."""

import sys
from collections.abc import Callable, Iterator

import click

from automl.cli.documents import json_option, print_line, trial_fields
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.study_names import chosen, study_argument
from automl.clock import SystemClock
from automl.journal.snapshot import StudySnapshot
from automl.journal.tail import Tail
from automl.show.lines import one_line, params_text, ranked, short, value_text
from automl.show.live.alternate import alternate_screen
from automl.show.live.view import LiveView
from automl.streams import is_terminal
from automl.studies.on_disk.progress import progress_of, spec_on_disk
from automl.studies.study import Study
from automl.study.objective import Objectives
from automl.study.trial import Trial

_PAUSE_S = 0.5
_HINT = "Ctrl-C ends this view; the study goes on"


@click.command()
@study_argument
@json_option
def command(*, name: str | None, study_dir: str | None, as_json: bool) -> int:
    """Watch a study until it ends; Ctrl-C ends the view, and the study goes on.

    Example: automl watch digits

    Where the output is no terminal, each change of a trial is a line; with --json, a document.
    """
    study = chosen(name, study_dir)
    if as_json:
        _tell_events(study)
    elif is_terminal(sys.stdout):
        _view(study)
        click.echo(study.summary)
    else:
        _tell_lines(study)
        click.echo(study.summary)
    return WELL if study.ok else WITHOUT_VALUE


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


def _view(study: Study) -> None:
    """Show the live view; a study that has ended is not shown."""
    if study.state != "running":
        return
    spec, clock, terminal = spec_on_disk(study.folder), SystemClock(), sys.stdout
    view = LiveView(terminal)
    with alternate_screen(terminal):
        view.start()
        try:
            for state in looks(study):
                view.show(progress_of(spec, state, clock.now(), _HINT))
        finally:
            view.stop()


def _tell_events(study: Study) -> None:
    _tell(study, lambda one: print_line(event="trial", **trial_fields(one)))
    print_line(event="study", study=study.folder.path.name, state=study.state)


def _tell_lines(study: Study) -> None:
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
    return f"trial {trial.id} {', '.join(facts)}: {params_text(short(trial.params))}"
