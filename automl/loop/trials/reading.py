"""What reads each metric of an attempt."""

from automl.loop.remote.fetches import fetches_of
from automl.loop.rooms import Rooms
from automl.readers.aside.beside import follow_beside
from automl.readers.follower import Follower
from automl.readers.kept import kept_place
from automl.readers.patterns.launched import Launched
from automl.readers.reading_threads import ReadingThreads
from automl.study.spec import StudySpec
from automl.study.tasks.location import is_pattern, is_standing
from automl.study.trial import Trial


class Reading:
    """Makes what reads the metric files of attempts.

    Args:
        spec: the study.
        rooms: what the loop works with.
        threads: read what may be slow.
    """

    def __init__(self, spec: StudySpec, rooms: Rooms, threads: ReadingThreads) -> None:
        self._spec = spec
        self._rooms = rooms
        self._threads = threads

    def followers(self, trial: Trial, attempt: int) -> dict[str, Follower]:
        """Return what reads each metric of an attempt, by its number."""
        study, paths = str(self._rooms.folder.path), self._rooms.folder.trial(trial.id)
        launcher = self._rooms.launcher
        fetches = fetches_of(trial, attempt, self._spec, launcher, paths)
        return {
            name: follow_beside(
                self._threads,
                self._spec.reader_of(name),
                path,
                study,
                kept=self._kept(trial, name, path),
                outputs=(paths.stdout, paths.stderr),
                objectives=self._spec.objectives,
                launched=Launched(
                    note=paths.note,
                    shared=self._is_shared(name),
                    study_folder=study,
                    folder=paths.path,
                    cwd=self._spec.cwd,
                ),
                fetch=fetches.get(name),
            )
            for name, path in launcher.metric_paths(trial).items()
        }

    def _is_shared(self, metric: str) -> bool:
        launcher = self._rooms.launcher
        at_once = metric in launcher.shared and self._spec.limits.max_parallel > 1
        return at_once or metric in launcher.open

    def _kept(self, trial: Trial, metric: str, path: str) -> str:
        """Return where a metric file is kept, empty for one that stays in its trial's folder.

        Which files of a pattern were its own is known now, and not later.
        """
        folder = self._rooms.folder.trial(trial.id)
        reader = self._spec.reader_of(metric)
        stays = folder.holds(path) and not is_pattern(reader.location)
        return (
            ""
            if stays or is_standing(reader)
            else f"{folder.metric}/{kept_place(path, self._spec.cwd)}"
        )
