"""The attempts of trials: launched, adopted, measured, ended."""

from automl.engine.actions import STOPPING, Action, Moment, Note, Report
from automl.engine.handlers.asked_names import AskedNames, told_unasked
from automl.engine.handlers.parts import Parts
from automl.engine.handlers.relaunching import Relaunching
from automl.engine.handlers.study_end import StudyEnd
from automl.engine.outcome import Outcome
from automl.engine.relaunches import BY_THE_USER
from automl.engine.stimuli import (
    Adopted,
    AttemptEnded,
    AttemptExcused,
    AttemptNews,
    EndedWell,
    HeldBack,
    LaunchFailed,
    MetricsRead,
    NamesAsked,
    Started,
    TrialStopAsked,
)
from automl.engine.verdicts import Over, without_process
from automl.journal.events import VERSION, TrialStarted
from automl.study.trial import TrialState


class Attempts:
    """Takes in how attempts go, and ends their trials or has them launched again."""

    def __init__(self, parts: Parts, relaunching: Relaunching, study_end: StudyEnd) -> None:
        self._parts = parts
        self._relaunching = relaunching
        self._study_end = study_end
        self._names = AskedNames()

    def handle(self, news: AttemptNews, now: Moment) -> list[Action]:  # noqa: PLR0911 - one a kind
        """Take in what happened to an attempt, or is to happen to it."""
        match news:
            case MetricsRead() | NamesAsked():
                return self._told(news, now)
            case Started():
                return self._start(news, now)
            case AttemptEnded():
                return self._end_attempt(news, now)
            case LaunchFailed():
                failed = AttemptEnded(news.trial_id, Outcome(problem=news.problem))
                return self._end_attempt(failed, now)
            case AttemptExcused():
                return self._excuse(news, now)
            case Adopted():
                return self._adopt(news, now)
            case HeldBack():
                return self._hold_back(news.trial_id, now)
            case TrialStopAsked():
                return self._dismiss(news.trial_id, now)
            case EndedWell():
                self._parts.stops.ended_well(news.trial_id)
                return []

    def _start(self, news: Started, now: Moment) -> list[Action]:
        """Take in that an attempt has begun; it is stopped if that was asked before it did."""
        parts, trial_id = self._parts, news.trial_id
        trial = parts.state.trials[trial_id]
        attempt, handle = trial.attempts + 1, dict(news.handle)
        actions = parts.record(
            TrialStarted(v=VERSION, at=now.at, trial=trial_id, attempt=attempt, handle=handle)
        )
        if trial.asked:
            # It takes no slot, and nobody but its caller ends it.
            return actions
        parts.slots.take(trial_id, now.monotonic_s)
        if parts.verdicts.dismissed(trial_id):
            return actions + parts.stops.dismiss(trial_id, now)
        if parts.course.phase in STOPPING:
            return actions + self._study_end.stop_trials([trial_id], now)
        return actions

    def _hold_back(self, trial_id: int, now: Moment) -> list[Action]:
        """Let a trial wait that was not launched, unless the user wants it to end."""
        parts = self._parts
        if parts.verdicts.dismissed(trial_id):
            return self._end_attempt(AttemptEnded(trial_id, Outcome()), now)
        alone = parts.slots.alone == trial_id
        self._free_slot(trial_id)
        parts.waiting.put_back(trial_id, alone=alone)
        return []

    def _adopt(self, news: Adopted, now: Moment) -> list[Action]:
        """Take in that an attempt runs that an earlier controller launched, or is over by now."""
        parts, trial_id = self._parts, news.trial_id
        parts.waiting.remove(trial_id)
        parts.slots.take(trial_id, news.since_s)
        if not news.over:
            parts.stops.adopted(trial_id, now)
        if parts.course.phase in STOPPING and trial_id not in parts.state.stops:
            return self._study_end.stop_trials([trial_id], now)
        return self._study_end.stop_early(trial_id, now.at, over=news.over)

    def _told(self, news: MetricsRead | NamesAsked, now: Moment) -> list[Action]:
        """Take in new measurements of an attempt, or what it asked for."""
        if isinstance(news, NamesAsked):
            return self._learn(news, now)
        event = news.event
        actions = self._parts.record(event)
        return actions + self._study_end.stop_early(event.trial, event.at, over=news.over)

    def _learn(self, news: NamesAsked, now: Moment) -> list[Action]:
        """Take in what an attempt asked for; what is new of it is recorded, and told the search."""
        parts, trial = self._parts, self._parts.state.trials[news.trial_id]
        new = self._names.new(trial, news.asked)
        if not new:
            return []
        notes = self._names.notes(trial.id, new, parts.state.ranges)
        actions = parts.record(self._names.event(trial, new, now.at))
        # The end, which comes next, tells it too.
        if not news.over:
            parts.tally.planned(parts.state.trials[trial.id])
        return [*notes, *actions]

    def _end_attempt(self, news: AttemptEnded, now: Moment) -> list[Action]:
        """Take in the end of an attempt, nothing of which is left running."""
        parts, outcome = self._parts, news.outcome
        self._free_slot(news.trial_id)
        trial = parts.state.trials[news.trial_id]
        late = not parts.course.reached and not parts.time.deadline.all_for(
            outcome.duration_s or 0.0
        )
        again, why = parts.stops.reason(trial.id)
        again = again or (late and trial.goes_on)
        beside = parts.max_parallel > 1
        end = parts.verdicts.verdicts(trial, outcome, why, again=again, beside=beside)
        note: list[Action] = [Note(end.note)] if end.note else []
        if isinstance(end, Over):
            return note + self._end(trial.id, end, now)
        return note + self._relaunching.requeue(
            trial.id, end.reason, now, failure=end.failure, delay_s=end.delay_s
        )

    def _excuse(self, news: AttemptExcused, now: Moment) -> list[Action]:
        """Try a trial again whose attempt failed for a reason that is not its own.

        One that was being stopped for good ends as it would have otherwise, but for one that took
        too long: it is excused once, as the disk may have held it up.
        """
        trial_id = news.trial_id
        stopping = self._parts.state.trials[trial_id].state is TrialState.STOPPING
        if stopping and not self._parts.verdicts.pardon(trial_id):
            return self._end_attempt(AttemptEnded(trial_id, news.outcome), now)
        self._free_slot(trial_id)
        return self._relaunching.requeue(trial_id, news.reason, now)

    def _dismiss(self, trial_id: int, now: Moment) -> list[Action]:
        """Stop one trial at the user's wish, running or planned."""
        parts = self._parts
        if trial_id in parts.slots.running:
            return parts.stops.dismiss(trial_id, now)
        parts.waiting.remove(trial_id)
        over = parts.verdicts.stopped(parts.state.trials[trial_id], Outcome(), BY_THE_USER)
        return self._end(trial_id, over, now)

    def _free_slot(self, trial_id: int) -> None:
        self._parts.slots.free(trial_id)
        self._parts.stops.ended(trial_id)

    def _end(self, trial_id: int, over: Over, now: Moment) -> list[Action]:
        parts = self._parts
        over = without_process(parts.state.trials[trial_id], over)
        over = told_unasked(parts.state.trials[trial_id], over)
        actions = parts.record(over.event(trial_id, now.at))
        trial = parts.state.trials[trial_id]
        parts.changed(trial)
        parts.tally.ended(trial)
        parts.planning.trial_ended()
        found = [parts.tally.shared_failure(), parts.tally.no_effect()]
        told: list[Action] = [Note(text, warns=True) for text in found if text]
        again = self._relaunching.ended(trial_id, now)
        after = again or self._study_end.after(trial, now)
        return [*actions, Report(trial), *told, *after]
