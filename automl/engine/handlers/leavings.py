"""What trials leave that nobody needs any more, by what is recorded of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from automl.engine.actions import Action, Discard, Record
from automl.journal.events import Event, StudyClosed, TrialEnded, TrialRequeued
from automl.study.ranking.keepers import Keepers
from automl.study.spec import StudySpec
from automl.study.trial import Trial


class Leavings:
    """Has removed what ended attempts and trials left, once their end is recorded.

    Args:
        spec: the study.
        trials: its trials, as they stand at every moment.
        continues: whether a launch goes on from what the one before it left.
    """

    def __init__(self, spec: StudySpec, trials: Mapping[int, Trial], *, continues: bool) -> None:
        self._trials = trials
        self._keepers = Keepers(spec, continues=continues)
        self._keepers.begin(trials)

    @property
    def losers(self) -> Collection[int]:
        """The trials that ended and keep no artifacts."""
        return self._keepers.losers

    def after(self, actions: Sequence[Action]) -> list[Action]:
        """Return what removes what nobody needs after some actions."""
        further: list[Action] = []
        for action in actions:
            if isinstance(action, Record):
                further += self._after(action.event)
        return further

    def _after(self, event: Event) -> list[Action]:
        match event:
            case TrialEnded():
                lost = self._keepers.ended(event.trial, self._trials)
                return [self._scratch(event.trial), *self._discarded(lost)]
            case TrialRequeued():
                self._keepers.again(event.trial)
                return [self._scratch(event.trial)]
            case StudyClosed(complete=True):
                return self._discarded(self._keepers.complete(self._trials))
            case _:
                return []

    def _scratch(self, trial_id: int) -> Action:
        return Discard(self._trials[trial_id], artifacts=False)

    def _discarded(self, trial_ids: Iterable[int]) -> list[Action]:
        return [Discard(self._trials[one], artifacts=True) for one in trial_ids]
