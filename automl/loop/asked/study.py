"""A study that is held open for a program that asks for trials, and tells how they ended.

The engine decides as for any other study. There is no loop: what happens, happens when the program
calls, in its own thread, and is in the journal when the call returns.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from automl.engine.actions import Action, AskToEnd, Discard, Note, Record, Report, moment_of
from automl.engine.stimuli import AttemptEnded, Started, Stimulus, TrialAsked
from automl.errors import AutomlError, JournalError
from automl.inside.calling.words import Call, call_of, words_in
from automl.inside.outcome import CallOutcome, write_outcome
from automl.inside.reports import Report as Number
from automl.inside.reports import write_report
from automl.loop.asked.closing import closing_record
from automl.loop.asked.followed import FollowedTrial
from automl.loop.asked.held import Held
from automl.loop.asked.proposing import Proposing, fixed_proposal
from automl.loop.trials.told import ask_to_end
from automl.space.space import Params
from automl.study.launch import handle_of
from automl.study.resources import Grant
from automl.study.trial import Trial, TrialState

logger = logging.getLogger(__name__)

CALLER = "caller"
"""What a handle has as its executor where a program has a trial, and no process."""


class AskedStudy:
    """Gives trials to a program, and takes what it tells of them.

    Called by one thread at a time. What raises an error of the disk leaves it as it may not stand
    in the journal: it is to be closed then, and taken up anew.

    Args:
        held: the study.
    """

    def __init__(self, held: Held) -> None:
        self._held = held
        self._proposing = Proposing(held.spec, held.study.seed)
        self._open: dict[int, FollowedTrial] = {}
        for trial in list(self.trials.values()):
            if trial.asked and trial.state is TrialState.RUNNING:
                self._take_up(trial)

    @property
    def names(self) -> Sequence[str]:
        """What the numbers are called by which trials are ranked."""
        return [one.metric for one in self._held.spec.objectives.items]

    @property
    def trials(self) -> Mapping[int, Trial]:
        """All trials by id, as they stand."""
        return self._held.engine.view.trials

    def ask(
        self,
        given: Sequence[Params],
        values: Params | None = None,
        names: Collection[str] = (),
    ) -> Call:
        """Return a new trial, in the words by which a process would be told of it.

        Args:
            given: the combinations that the user wants to see first, those that were tried too.
            values: those that it is to have, whatever was tried; None for what the search proposes.
            names: what it asks for at once.

        Raises:
            AutomlError: there is nothing to try.
            SpecError: the values are not in the space that the study describes.
            StorageError: its folder, or the journal, cannot be written now.
            LaunchError: its folder cannot be written.
        """
        self._check()
        # One that was planned when its program died is nobody's yet.
        left = (one for one in self.trials.values() if one.asked and not one.attempts)
        trial = next((one for one in left if one.state is TrialState.PLANNED), None)
        if values is not None:
            trial = self._wanted(TrialAsked(fixed_proposal(self._held.spec.space, values)))
        trial = trial or self._planned(given, names)
        launch = self._held.launcher.prepare(trial, 1, Grant(env={}))
        words = words_in(self._held.launcher.filled(trial).commands[0])
        self._do(Started(trial.id, handle_of(CALLER, launch.mark, trial.id, 1)))
        self._follow(self.trials[trial.id])
        return call_of(words or ())

    def look(self, trial_id: int) -> None:
        """Take in what the program asked of a trial and reported of it, if it has not ended.

        Raises:
            StorageError: it cannot be read or written down now.
        """
        if trial_id in self._open:
            self._news(trial_id)

    def tell(self, trial_id: int, told: CallOutcome, numbers: Mapping[str, float]) -> None:
        """Take in how a trial ended that the program has.

        Args:
            trial_id: which; it runs.
            told: how.
            numbers: what it is ranked by, if it is complete.

        Raises:
            StorageError: it cannot be read or written down now.
            OSError: its folder cannot be written to.
        """
        self._check()
        self._news(trial_id)
        folder = self._held.study.folder.trial(trial_id).path
        for name, number in numbers.items():
            write_report(folder, Number(name, number, final=True))
        write_outcome(folder, told)
        self._end(trial_id, told)

    def close(self) -> None:
        """Let another process have the study, and its trials that run be told of later."""
        with self._held.closing:
            self._held.study.journal.append([closing_record(self._held)])

    def abandon(self) -> None:
        """Let the study go as its journal stands."""
        with suppress(AutomlError, OSError):
            self._held.closing.close()

    def _planned(self, given: Sequence[Params], names: Collection[str]) -> Trial:
        proposal = self._proposing.next(self._held.engine.view, given, names)
        return self._wanted(TrialAsked(proposal))

    def _wanted(self, asked: TrialAsked) -> Trial:
        trial_id = len(self.trials)
        self._do(asked)
        return self.trials[trial_id]

    def _take_up(self, trial: Trial) -> None:
        """Go on with a trial of an earlier program, or collect it if that told how it ended."""
        one = self._follow(trial)
        self._news(trial.id)
        if told := one.told:
            self._end(trial.id, told)

    def _follow(self, trial: Trial) -> FollowedTrial:
        held, paths = self._held, self._held.study.folder.trial(trial.id)
        files = held.launcher.metric_paths(trial)
        one = FollowedTrial(trial, held.spec, paths, files, moment_of(held.clock))
        self._open[trial.id] = one
        return one

    def _news(self, trial_id: int, *, over: bool = False) -> None:
        for news in self._open[trial_id].news(moment_of(self._held.clock), over=over):
            self._do(news)

    def _end(self, trial_id: int, told: CallOutcome) -> None:
        one = self._open[trial_id]
        one.end(told, moment_of(self._held.clock))
        self._news(trial_id, over=True)
        self._do(AttemptEnded(trial_id, one.outcome()))
        del self._open[trial_id]
        one.close()

    def _check(self) -> None:
        if lost := self._held.study.journal.lost():
            raise JournalError(lost)

    def _do(self, stimulus: Stimulus) -> None:
        """Let the engine decide, write down what it records, and carry out the rest."""
        actions = self._held.engine.handle(stimulus, moment_of(self._held.clock))
        events = [one.event for one in actions if isinstance(one, Record)]
        if events:
            self._held.study.journal.append(events)
        for action in actions:
            self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        match action:
            case AskToEnd():
                ask_to_end(self._held.study.folder.trial(action.trial_id).path, action.reason)
            case Report():
                self._held.results.trial_ended()
            case Discard():
                self._held.disposal.discard(action.trial, artifacts=action.artifacts)
            case Note():
                logger.log(logging.WARNING if action.warns else logging.INFO, "%s", action.text)
