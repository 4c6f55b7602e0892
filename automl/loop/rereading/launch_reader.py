"""Reading anew what one launch left in files."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from automl.engine.actions import Moment
from automl.errors import RenderError, StorageError
from automl.journal.events import Measured
from automl.journal.folder import StudyFolder, TrialFolder
from automl.launch.launcher import Launcher
from automl.loop.rereading.left_files import Left, LeftFiles, Written
from automl.loop.rereading.left_launch import LeftLaunch
from automl.loop.rereading.read_anew import (
    NOT_KEPT,
    ReadAnew,
    further_as_before,
    known_of,
    series_of,
    with_further,
)
from automl.loop.trials.watched import Watched
from automl.readers.aside.beside import follow_beside
from automl.readers.reading_threads import ReadingThreads
from automl.study.launch import Exit
from automl.study.records.identity import place_of, readers_in
from automl.study.spec import StudySpec
from automl.study.tasks.location import is_standing

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchReader:
    """Reads what launches of a study left, as it is described now.

    Args:
        spec: the study.
        folder: where it lives.
        launcher: tells where launches wrote.
        files: finds where that is now.
        now: tells the time.
        threads: read what may take long.
        wait: waits until a thread is done or the user asks to end; it then raises.
    """

    spec: StudySpec
    folder: StudyFolder
    launcher: Launcher
    files: LeftFiles
    now: Callable[[], Moment]
    threads: ReadingThreads
    wait: Callable[[], None]
    _told: set[str] = field(default_factory=set)

    def read(self, left: LeftLaunch, before: Mapping[str, Any]) -> ReadAnew:
        """Return what a launch gave; no file is read where the journal tells all of it.

        What was not kept of a metric on which no result depends is left out.

        Args:
            left: the launch.
            before: the readings by which its trial was read last.

        Raises:
            StorageError: a file of it cannot be read now.
        """
        known = known_of(left, self.spec, before)
        settled = not left.had_value or further_as_before(self.spec, before)
        if known is not None and settled:
            return known
        folder = self.folder.trial(left.trial.id)
        try:
            paths = self.launcher.metric_paths(left.trial)
        except RenderError:
            # A location names a parameter that the trial does not have.
            return NOT_KEPT
        names = Counter(Path(path).name for path in set(paths.values()))
        given = {one.get("location") for one in readers_in(before)} if left.had_value else set()
        found = {}
        for metric, path in paths.items():
            reader = self.spec.reader_of(metric)
            at_home = is_standing(reader) and self.spec.workspace is not None
            if (at_home or getattr(reader, "of_folder", False)) and not left.last:
                # Of a trial's folder, a later launch may have written over anything.
                return NOT_KEPT
            location = place_of(reader.location, self.spec.cwd)
            wrote = Written(
                path=path,
                location=location,
                alone=names[Path(path).name] == 1,
                shared=metric in self.launcher.shared and self.spec.limits.max_parallel > 1,
                standing=is_standing(reader),
            )
            file = self.files.of(left, folder, wrote, gave=location in given)
            if file is not None:
                found[metric] = file
            elif metric in self.spec.objectives.metrics:
                return known or NOT_KEPT
        read = self._read(left, folder, found)
        return with_further(known, read) if known else read

    def _read(self, left: LeftLaunch, folder: TrialFolder, found: Mapping[str, Left]) -> ReadAnew:
        study = str(self.folder.path)
        paths = folder if left.last else TrialFolder(f"{folder.attempts}/{left.attempt}")
        watched = Watched(
            trial=left.trial,
            handle={},
            followers={
                name: follow_beside(
                    self.threads,
                    self.spec.reader_of(name),
                    file.path,
                    study,
                    kept=file.kept,
                    outputs=(paths.stdout, paths.stderr),
                    objectives=self.spec.objectives,
                    launched=replace(
                        file.launched,
                        shared=file.launched.shared or name in self.launcher.open,
                        mark=self.launcher.mark(left.trial.id),
                        attempt=left.attempt,
                        folder=paths.path,
                        cwd=self.spec.cwd,
                    ),
                )
                for name, file in found.items()
            },
            objectives=self.spec.objectives,
            paths=paths,
            since_s=0.0,
            secrets=self.launcher.secrets,
            tells=self.spec.of_functions,
        )
        watched.gone(Exit(code=0), left.duration_s or 0.0)
        try:
            series = [series_of(one) for one in self._measured(watched)]
            outcome = watched.outcome()
        finally:
            watched.close()
        if outcome is None:
            raise StorageError(watched.blocked)
        self._warn(watched.warnings())
        return ReadAnew(outcome=outcome, series=series)

    def _measured(self, watched: Watched) -> list[Measured]:
        """Read to the end."""
        found: list[Measured] = []
        more = True
        while more:
            events, more = watched.read(self.now())
            found += events
            if watched.pending:
                self.wait()
                more = True
            elif watched.blocked:
                raise StorageError(watched.blocked)
        return found

    def _warn(self, warnings: Mapping[str, str]) -> None:
        for about, warning in warnings.items():
            if about not in self._told:
                self._told.add(about)
                logger.warning("%s", warning)
