"""One trial that a program asked for and has not told the end of: what its folder tells."""

from collections.abc import Iterator, Mapping

from automl.engine.actions import Moment
from automl.engine.outcome import Outcome
from automl.engine.stimuli import MetricsRead, NamesAsked, Stimulus
from automl.errors import StorageError
from automl.inside.outcome import FAILED, CallOutcome, outcome_in
from automl.journal.folder import TrialFolder
from automl.loop.trials.asked_names import AskedNames
from automl.loop.trials.watched import Watched
from automl.readers.registry import follow
from automl.study.launch import Exit
from automl.study.spec import StudySpec
from automl.study.trial import Trial

END_CODES = {FAILED: 1}
"""As what exit code an end counts that is told; any other as 0."""


class FollowedTrial:
    """Reads what a trial's program wrote into its folder, as a process of a function does.

    Args:
        trial: the trial, as the journal tells it.
        spec: the study.
        paths: the trial's folder.
        files: the file in which each of its numbers appears.
        now: this moment.
    """

    def __init__(
        self,
        trial: Trial,
        spec: StudySpec,
        paths: TrialFolder,
        files: Mapping[str, str],
        now: Moment,
    ) -> None:
        self._id = trial.id
        self._folder = paths.path
        self._names = AskedNames(paths.drawn) if trial.proposed is not None else None
        ran_s = (now.at - trial.started_at).total_seconds() if trial.started_at else 0.0
        self._watched = Watched(
            trial=trial,
            handle=trial.handle or {},
            followers={one: follow(spec.reader_of(one), path) for one, path in files.items()},
            objectives=spec.objectives,
            paths=paths,
            since_s=now.monotonic_s - max(0.0, ran_s),
            # Of what an earlier program reported, the journal has a part.
            recorded={spec.objectives.metrics[0]: trial.measurements},
            newest=trial.newest,
            tells=True,
        )

    @property
    def told(self) -> CallOutcome | None:
        """How it ended by what its program wrote; None before it did.

        Raises:
            OSError: that cannot be read.
        """
        return outcome_in(self._folder)

    def news(self, now: Moment, *, over: bool = False) -> Iterator[Stimulus]:
        """Give what the program asked for and reported since the last call.

        Raises:
            StorageError: that cannot be read now.
            OSError: likewise.
        """
        if self._names and (asked := self._names.read()):
            yield NamesAsked(trial_id=self._id, asked=asked, over=over)
        more = True
        while more:
            events, more = self._watched.read(now)
            self._check()
            yield from (MetricsRead(event=event, over=over) for event in events)

    def end(self, told: CallOutcome, now: Moment) -> None:
        """Take in that its program told how it ended; what it wrote last is news."""
        code = END_CODES.get(told.state, 0)
        self._watched.gone(Exit(code=code), self._watched.lasted_s(now))

    def outcome(self) -> Outcome:
        """Return how it ended, once that is told and everything is read.

        Raises:
            StorageError: it cannot be read now.
        """
        outcome = self._watched.outcome()
        self._check()
        assert outcome is not None  # noqa: S101 - for the type checker: nothing is blocked
        return outcome

    def close(self) -> None:
        """Read no further."""
        self._watched.close()

    def _check(self) -> None:
        if self._watched.blocked:
            raise StorageError(self._watched.blocked)
