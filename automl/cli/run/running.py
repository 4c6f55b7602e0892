"""Running a study at a terminal: the live view or lines, the table, and the exit code."""

from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.studies.prepared import Prepared
from automl.studies.running import controller_of, run_to_end
from automl.studies.telling.end import leave, show_end
from automl.studies.view import Snapshot, text_of
from automl.study.ranking.rank import has_value


def ran(study: Prepared) -> int:
    """Run a study, tell how it ended, and return the exit code."""
    study.begin()
    spec, folder = study.spec, study.folder
    result = run_to_end(controller_of(study))
    now = Snapshot(
        name=spec.name, space=spec.space, objectives=spec.objectives, trials=result.trials
    )
    show_end(spec, folder, result, lambda extent, file: text_of(now, extent, file))
    if result.signal:
        leave(result.signal)
    return WELL if any(map(has_value, result.trials)) else WITHOUT_VALUE
