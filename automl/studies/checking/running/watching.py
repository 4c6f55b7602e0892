"""What follows the metric files of a checked trial, and notes each number with its line."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from automl.journal.folder import TrialFolder
from automl.launch.secret_values import SecretValues
from automl.loop.trials.watched import Watched
from automl.readers.aside.beside import NO_FETCHES, Fetches, fetched
from automl.readers.follower import Follower
from automl.readers.patterns.launched import Launched
from automl.readers.reading_threads import ReadingThreads
from automl.readers.registry import follow
from automl.readers.sighting import Showing, Sighting
from automl.studies.checking.running.seen import Noting, Point, Seen
from automl.study.launch import Handle
from automl.study.spec import StudySpec
from automl.study.tasks.location import is_standing
from automl.study.trial import Trial
from automl.waker import Waker


@contextmanager
def watching(  # noqa: PLR0913 - those of `Watching`
    spec: StudySpec,
    trial: Trial,
    paths: TrialFolder,
    files: Mapping[str, str],
    secrets: SecretValues,
    tell: Callable[[str, Point], None],
    *,
    fetches: Fetches = NO_FETCHES,
) -> Iterator["Watching"]:
    """Follow one trial, with all that this takes; the arguments are those of `Watching`."""
    waker = Waker()
    threads = ReadingThreads(waker.wake)
    try:
        yield Watching(spec, trial, paths, files, secrets, threads, tell, waker, fetches)
    finally:
        threads.close()
        waker.close()


@dataclass(slots=True)
class Watching:
    """Follows one trial.

    Args:
        spec: the study.
        trial: the trial.
        paths: its folder.
        files: where each metric is looked for.
        secrets: what nothing that is told may hold.
        threads: read what may take long.
        tell: is told of each number as it is found.
        waker: woken once something was read aside.
        fetches: what of it is fetched from other machines, by metric.

    Attributes:
        seen: what was found of each metric.
        followers: what reads each metric.
        attempt: the trial as a study follows it; None before it began.
    """

    spec: StudySpec
    trial: Trial
    paths: TrialFolder
    files: Mapping[str, str]
    secrets: SecretValues
    threads: ReadingThreads
    tell: Callable[[str, Point], None]
    waker: Waker
    fetches: Fetches = field(default_factory=dict)
    seen: dict[str, Seen] = field(init=False)
    attempt: Watched | None = field(init=False, default=None)
    followers: dict[str, Follower] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = {name: Seen(name, self.tell) for name in self.files}
        self.followers = {name: self._follower(name, path) for name, path in self.files.items()}

    def watched(self, handle: Handle, since_s: float) -> Watched:
        """Return the attempt as a study follows it, from the monotonic second of its start."""
        self.attempt = Watched(
            trial=self.trial,
            handle=handle,
            followers=self.followers,
            objectives=self.spec.objectives,
            paths=self.paths,
            since_s=since_s,
            secrets=self.secrets,
        )
        return self.attempt

    @property
    def warnings(self) -> dict[str, str]:
        """What the readers tell besides, by kind."""
        return self.attempt.warnings() if self.attempt else {}

    def _masked(self, one: Sighting) -> Sighting:
        line = self.secrets.masked(one.line)
        return one if line == one.line else replace(one, line=line, span=None)

    def _follower(self, metric: str, path: str) -> Follower:
        follower = follow(
            self.spec.reader_of(metric),
            path,
            (self.paths.stdout, self.paths.stderr),
            objectives=self.spec.objectives,
            launched=self._launched(metric, path),
        )
        sightings: list[Sighting] = []
        if isinstance(follower, Showing):
            follower.watch(lambda one: sightings.append(self._masked(one)))
        if metric in self.fetches:
            follower = fetched(follower, self.fetches[metric], self.waker.wake)
        quick = getattr(follower, "quick", False) and self.paths.holds(path)
        read = follower if quick else self.threads.beside(follower)
        return Noting(read, self.seen, sightings)

    def _launched(self, metric: str, path: str) -> Launched:
        """Return the launch; of what stands for what a trial printed, nothing is known."""
        known = os.path.exists(self.paths.note)  # noqa: PTH110 - as text
        return Launched(
            note=self.paths.note if known else "",
            shared=is_standing(self.spec.reader_of(metric)) and not self.paths.holds(path),
            folder=self.paths.path,
            cwd=self.spec.cwd,
        )
