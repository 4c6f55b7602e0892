"""One `optimize` of a script: run, and its end shown."""

from collections.abc import Callable
from functools import partial

from automl.functions.callbacks import run_with_callbacks
from automl.functions.calls import ending
from automl.loop.result import StudyResult
from automl.studies.prepared import Prepared
from automl.studies.running import controller_of, run_to_end
from automl.studies.telling.end import leave, show_end
from automl.studies.view import Snapshot, text_of
from automl.study.trial import Trial


def run_call(
    study: Prepared,
    begun: Callable[[Callable[[], None]], None],
    call: Callable[[Trial], None] | None,
) -> StudyResult:
    """Run a study to its end, or until it is interrupted.

    Args:
        study: the study.
        begun: is given, before it runs, what lets it start nothing more.
        call: is called for each trial that ended, before another one starts; None for nothing.

    Raises:
        BaseException: whatever `call` raises, once the study has been stopped.
    """
    if call is not None:
        return run_with_callbacks(study, lambda controller: begun(ending(controller)), call)
    controller = controller_of(study)
    begun(ending(controller))
    return run_to_end(controller)


def show_call(study: Prepared, result: StudyResult) -> None:
    """Show the table, and how the study ended; a signal ends the script after that.

    Nothing of it is read from the disk, which may be away.

    Args:
        study: the study.
        result: how it ended.
    """
    spec = study.spec
    ended = Snapshot(
        name=spec.name, space=spec.space, objectives=spec.objectives, trials=result.trials
    )
    show_end(spec, study.folder, result, partial(text_of, ended))
    if result.signal:
        leave(result.signal)
