"""What of a launch is fetched from other machines."""

from automl.journal.folder import TrialFolder
from automl.launch.launcher import Launcher
from automl.readers.remote.object_fetch import ObjectFetch, Remote
from automl.study.spec import StudySpec
from automl.study.tasks.reader import patience_of
from automl.study.trial import Trial


def fetches_of(
    trial: Trial, attempt: int, spec: StudySpec, launcher: Launcher, paths: TrialFolder
) -> dict[str, ObjectFetch]:
    """Return by metric what fetches the file of it; the metrics of one file have one.

    Args:
        trial: whose launch it is.
        attempt: the number of the launch.
        spec: its study.
        launcher: tells where it writes.
        paths: its folder.
    """
    objects = launcher.objects(trial)
    if not objects:
        return {}
    copies = launcher.metric_paths(trial)
    patience: dict[str, float] = {}
    for name, url in objects.items():
        patience[url] = max(patience_of(spec.reader_of(name)), patience.get(url, 0.0))
    fetches = {
        url: ObjectFetch(
            Remote(
                url=url,
                copy=copies[name],
                folder=paths.path,
                attempt=attempt,
                # A function may tell its end elsewhere.
                exit_path="" if spec.of_functions else paths.exit,
                patience_s=patience[url],
            )
        )
        for name, url in objects.items()
    }
    return {name: fetches[url] for name, url in objects.items()}
