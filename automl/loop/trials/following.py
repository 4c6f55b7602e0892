"""Beginning to read the metric files of an attempt."""

import logging
from collections.abc import Mapping

from automl.errors import may_pass
from automl.inside.drawn import Drawn
from automl.loop.rooms import Rooms
from automl.loop.trials.asked_names import AskedNames
from automl.loop.trials.figures import ALL_RECORDED
from automl.loop.trials.reading import Reading
from automl.loop.trials.watched import Watched
from automl.readers.follower import NO_MATCH_YET
from automl.readers.reading_threads import ReadingThreads
from automl.study.launch import Handle
from automl.study.spec import StudySpec
from automl.study.trial import Trial

logger = logging.getLogger(__name__)


class Following:
    """Makes what follows an attempt; what may be slow is read by threads that all share.

    Args:
        spec: the study.
        rooms: what the loop works with.
    """

    def __init__(self, spec: StudySpec, rooms: Rooms) -> None:
        self._spec = spec
        self._rooms = rooms
        self._threads = ReadingThreads(rooms.waker.wake)
        self._reading = Reading(spec, rooms, self._threads)
        self._told: set[str] = set()
        self._names: dict[int, AskedNames] = {}
        self._tells = spec.of_functions

    def watched(
        self,
        trial: Trial,
        handle: Handle,
        *,
        since_s: float,
        seen_s: float,
        further: Mapping[str, int] | None = None,
    ) -> Watched:
        """Return an attempt as the loop follows it.

        Args:
            trial: whose it is; of one that was adopted, as the journal tells it.
            handle: finds its processes.
            since_s: the monotonic second at which it began.
            seen_s: this monotonic second.
            further: how many measurements the journal has of each metric but the first, for one
                that was adopted; None for a new one.
        """
        paths = self._rooms.folder.trial(trial.id)
        if trial.proposed is not None:
            self._names[trial.id] = AskedNames(paths.drawn)
        adopted = further is not None
        few = adopted and trial.measurements <= ALL_RECORDED
        first = self._spec.objectives.metrics[0]
        attempt = int(handle.get("attempt", trial.attempts))
        return Watched(
            trial=trial,
            handle=handle,
            followers=self._reading.followers(trial, attempt),
            objectives=self._spec.objectives,
            paths=paths,
            since_s=since_s,
            seen_s=seen_s,
            recorded={first: trial.measurements, **(further or {})} if adopted else {},
            newest=trial.newest if few else None,
            secrets=self._rooms.launcher.secrets,
            tells=self._tells,
        )

    def tell(self, watched: Watched, trials: Mapping[int, Trial]) -> None:
        """Log what the user should know of an attempt's readers, of each kind once in a study.

        Args:
            watched: the attempt.
            trials: those of the study; once one has a value, its pattern is known to match.
        """
        for about, warning in watched.warnings().items():
            if about in self._told:
                continue
            self._told.add(about)
            matched = any(one.value is not None for one in trials.values())
            if about.startswith(NO_MATCH_YET) and matched:
                continue
            logger.warning("%s", warning)

    def asked(self, watched: Watched) -> list[Drawn]:
        """Return for what an attempt asked since the last call, where the space is learnt.

        Where the machine cannot read that now, the attempt is `blocked`.
        """
        names = self._names.get(watched.trial.id)
        try:
            return names.read() if names else []
        except OSError as error:
            if may_pass(error.errno):
                watched.blocked = f"what it asked for cannot be read: {error.strerror}"
            return []

    def forget(self, trial_id: int) -> None:
        """Free what is kept of an attempt that has ended."""
        self._names.pop(trial_id, None)

    def close(self) -> None:
        """Read no further."""
        self._threads.close()
