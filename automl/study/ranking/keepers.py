"""Which trials keep what they left, and which of the others need theirs no more."""

from collections.abc import Iterable, Mapping, Sequence

from automl.study.ranking.finalists import default_of
from automl.study.ranking.rank import fronts, has_value, rank
from automl.study.ranking.reached import GIVEN_UP, paused
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState


class Keepers:
    """Keeps account of the best trials, at each end of one, for `keep=`.

    A trial keeps its artifacts while it is among the best, and while it, or another one, may go on
    from them: while it waits at a rung or for its next seed, and while a population may continue
    it. Of equal trials, the one that ranks first is the better one.

    Args:
        spec: the study.
        continues: whether a launch goes on from what the one before it left.

    Attributes:
        losers: the trials that ended and keep nothing.
    """

    def __init__(self, spec: StudySpec, *, continues: bool) -> None:
        self._spec = spec
        self._continues = continues
        self._count = spec.keep.count
        self._leaders: list[int] = []
        self._open: set[int] = set()
        self.losers: set[int] = set()

    def begin(self, trials: Mapping[int, Trial]) -> None:
        """Take in the trials that ended before."""
        if self._count is not None:
            self._open.update(one.id for one in trials.values() if one.state.finished)
            self._lead(trials, trials)
            self._lose(self._open, trials)

    def ended(self, trial_id: int, trials: Mapping[int, Trial]) -> list[int]:
        """Take in the end of a trial; return which trials lose what they left by it."""
        if self._count is None:
            return []
        self._open.add(trial_id)
        before = self._leaders
        self._lead([*dict.fromkeys([*before, trial_id])], trials)
        # The end of an interval decides about those before it, whichever they are.
        population = self._spec.trains_population
        return self._lose(self._open if population else {*before, trial_id}, trials)

    def again(self, trial_id: int) -> None:
        """Take in that a trial is launched again."""
        self._open.discard(trial_id)
        self.losers.discard(trial_id)

    def complete(self, trials: Mapping[int, Trial]) -> list[int]:
        """Take in that nothing is left to do; return which trials lose what they left by it."""
        if self._count is None:
            return []
        self._lead(trials, trials, last=True)
        return self._lose(self._open, trials, last=True)

    def _lead(
        self, candidates: Iterable[int], trials: Mapping[int, Trial], *, last: bool = False
    ) -> None:
        """Find the best among some trials, all others being worse."""
        objectives = self._spec.objectives
        given = [trials[one] for one in candidates]
        with_value = [one for one in given if has_value(one) and one.state is not TrialState.FAILED]
        ranked = rank(with_value, objectives)
        numbers = fronts(ranked, objectives)
        count = self._room(last=last)
        self._leaders = [
            trial.id
            for place, (trial, number) in enumerate(zip(ranked, numbers, strict=True))
            if place < count or number == 1
        ]

    def _room(self, *, last: bool) -> int:
        # Whoever is confirmed may be the best in the end.
        confirmed = 0 if last else self._spec.noise.confirm
        return max(self._count or 0, confirmed)

    def _lose(
        self, asked: Iterable[int], trials: Mapping[int, Trial], *, last: bool = False
    ) -> list[int]:
        needed = self._needed(trials) | set(self._leaders)
        default = default_of(trials.values(), self._spec) if self._spec.noise.confirm else None
        if default is not None and not last:
            needed.add(default.id)
        lost = [
            one
            for one in sorted(asked)
            if one in self._open and one not in needed and not self._goes_on(trials[one], last=last)
        ]
        self._open.difference_update(lost)
        self.losers.update(lost)
        return lost

    def _goes_on(self, trial: Trial, *, last: bool) -> bool:
        """Tell whether a trial that ended may be launched again and go on from what it left."""
        if not trial.state.finished:
            return True
        waits = paused(trial) and not trial.reason.startswith(GIVEN_UP)
        if not self._continues:
            # Each launch starts from nothing, so at the end nobody needs what one left.
            return waits and not last
        retried = trial.state in {TrialState.FAILED, TrialState.STOPPED}
        return waits or (retried and bool(trial.stage.previous_budget))

    def _needed(self, trials: Mapping[int, Trial]) -> set[int]:
        """Return the trials of a population that others may still continue."""
        if not self._spec.trains_population:
            return set()
        most = self._spec.budget.max if self._spec.budget else None
        return {
            one for one in continued(trials, self._spec.members) if trials[one].stage.budget != most
        }


def continued(trials: Mapping[int, Trial], size: int) -> set[int]:
    """Return the trials of a population whose checkpoints a later interval may begin with.

    They are those of each generation that not as many have gone on from as there are members. A
    generation that failed as a whole is begun again from the one before.
    """
    generation: dict[int, int] = {}
    members: dict[int, list[Trial]] = {}
    for trial in trials.values():
        number = generation[trial.source] + 1 if trial.source in generation else 0
        generation[trial.id] = number
        members.setdefault(number, []).append(trial)
    done = {number for number, here in members.items() if _went_on(here, size)}
    open_ends = {one.source for one in trials.values() if one.state is not TrialState.COMPLETED}
    return {one for one, number in generation.items() if number + 1 not in done or one in open_ends}


def _went_on(members: Sequence[Trial], size: int) -> bool:
    """Tell whether a generation has all its members, so that no other one will begin it."""
    counting = list(members)
    while len(counting) >= size and all(
        one.state.finished and one.state is not TrialState.COMPLETED for one in counting[:size]
    ):
        counting = counting[size:]
    return len(counting) >= size and all(one.state.finished for one in counting)
