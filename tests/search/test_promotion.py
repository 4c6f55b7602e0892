import math
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.search.ladder.promotion import Promotion
from automl.study.budget import Budget
from automl.study.objective import Direction


@dataclass
class Facts:
    """What is known of the trials, and the rule by the letter, counted anew at every question."""

    budget: Budget
    direction: Direction = Direction.MAXIMIZE
    reached: dict[int, dict[float, float]] = field(default_factory=dict)
    busy: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def rung(self, start: float, rung: float) -> list[int]:
        """Return the trials of a bracket with a result at a rung, best first."""
        sign = -1 if self.direction is Direction.MAXIMIZE else 1
        those = [
            one
            for one, values in self.reached.items()
            if rung in values and self.budget.start(one) == start
        ]
        return sorted(those, key=lambda one: (sign * self.reached[one][rung], one))

    def may_go_on(self, trial_id: int, rung: float) -> bool:
        return max(self.reached[trial_id]) == rung and trial_id not in self.busy | self.gone

    def promotable(self, start: float, rung: float, round_: Callable[[float], int]) -> list[int]:
        ranked = self.rung(start, rung)
        best = ranked[: round_(len(ranked) / self.budget.factor)]
        return [one for one in best if self.may_go_on(one, rung)]

    def next(self, *, last: bool) -> int | None:
        starts = self.budget.rungs[: self.budget.brackets]
        for rung in reversed(self.budget.rungs[:-1]):
            for start in starts:
                if found := self.promotable(start, rung, math.floor):
                    return found[0]
        for start in starts if last else ():
            tops = [
                max(self.reached.get(one, {0.0: 0.0}))
                for one in self.busy
                if self.budget.start(one) == start
            ]
            for rung in self.budget.rungs[:-1]:
                final = all(top >= rung for top in tops)
                found = self.promotable(start, rung, math.ceil)
                if final and found:
                    return found[0]
            if not tops and not self.rung(start, self.budget.max):
                for rung in reversed(self.budget.rungs[:-1]):
                    left = [one for one in self.rung(start, rung) if self.may_go_on(one, rung)]
                    if left:
                        return left[0]
        return None


BUDGETS = [
    Budget(name="epochs", min=1, max=27),
    Budget(name="share", min=0.1, max=1.0, factor=2.5),
    Budget(name="epochs", min=1, max=27, brackets=3),
]


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    budget = draw(st.sampled_from(BUDGETS))
    known = Facts(budget, draw(st.sampled_from(Direction)))
    for trial_id in range(draw(st.integers(0, 14))):
        rungs = budget.rungs[budget.rungs.index(budget.start(trial_id)) :]
        reached = rungs[: draw(st.integers(0, len(rungs)))]
        stands = draw(st.sampled_from(["free", "free", "busy", "gone"])) if reached else "busy"
        if reached:
            known.reached[trial_id] = {rung: draw(st.integers(0, 5)) for rung in reached}
        if stands != "free":
            (known.busy if stands == "busy" else known.gone).add(trial_id)
    return known


def promotion(known: Facts) -> Promotion:
    asked = Promotion(known.budget, known.direction)
    for trial_id, values in known.reached.items():
        asked.busy(trial_id)
        for rung, value in values.items():
            asked.told(trial_id, rung, value)
        asked.free(trial_id)
    for trial_id in known.busy:
        asked.busy(trial_id)
    for trial_id in known.gone:
        asked.gone(trial_id)
    return asked


@settings(max_examples=400)
@given(known=facts(), last=st.booleans())
def test_the_next_promotion_is_that_of_the_rule_by_the_letter(*, known: Facts, last: bool) -> None:
    expected = known.next(last=last)
    found = promotion(known).next(last=last)
    if expected is None:
        assert found is None
    else:
        top = max(known.reached[expected])
        assert found == (expected, known.budget.next_after(top))


@given(facts(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_told_does_not_count(known: Facts, random: object) -> None:
    straight, shuffled = promotion(known), Promotion(known.budget, known.direction)
    tellings = [
        (shuffled.told, (one, rung, value))
        for one, values in known.reached.items()
        for rung, value in values.items()
    ]
    tellings += [(shuffled.busy, (one,)) for one in known.busy]
    tellings += [(shuffled.gone, (one,)) for one in known.gone]
    random.shuffle(tellings)  # type: ignore[attr-defined]
    for tell, arguments in tellings:
        tell(*arguments)  # type: ignore[operator]
    assert shuffled.next(last=True) == straight.next(last=True)


@dataclass
class Played:
    """A study: new trials as long as there are any, then only promotions."""

    budget: Budget
    trials: int
    slots: int
    values: Callable[[int, float], float | None]
    launches: list[tuple[int, float]] = field(default_factory=list)

    def play(self) -> Facts:
        asked, known = Promotion(self.budget, Direction.MAXIMIZE), Facts(self.budget)
        running: list[tuple[int, float]] = []
        planned = 0
        while True:
            while len(running) < self.slots:
                chosen = asked.next(last=planned == self.trials)
                if chosen is None and planned < self.trials:
                    chosen = (planned, self.budget.start(planned))
                    planned += 1
                if chosen is None:
                    break
                assert chosen[0] not in known.busy | known.gone
                asked.busy(chosen[0])
                known.busy.add(chosen[0])
                running.append(chosen)
                self.launches.append(chosen)
            if not running:
                return known
            trial_id, rung = running.pop(0)
            known.busy.remove(trial_id)
            value = self.values(trial_id, rung)
            if value is None:
                asked.gone(trial_id)
                known.gone.add(trial_id)
            else:
                asked.told(trial_id, rung, value)
                asked.free(trial_id)
                known.reached.setdefault(trial_id, {})[rung] = value


@given(
    st.sampled_from(BUDGETS),
    st.integers(1, 40),
    st.integers(1, 5),
    st.lists(st.integers(0, 9), min_size=40, max_size=40),
    st.sets(st.integers(0, 39)),
)
def test_a_study_brings_the_best_to_the_whole_budget_whatever_fails(
    budget: Budget, trials: int, slots: int, values: list[int], fails: set[int]
) -> None:
    study = Played(
        budget,
        trials,
        slots,
        lambda trial_id, rung: (
            None if trial_id in fails and rung > budget.rungs[1] else values[trial_id] + rung
        ),
    )
    known = study.play()
    assert len(set(study.launches)) == len(study.launches)
    at_max = [one for one, reached in known.reached.items() if budget.max in reached]
    assert at_max or set(known.reached) <= known.gone
    if not fails & set(range(trials)):
        for start in {budget.start(one) for one in range(trials)}:
            best = known.rung(start, start)[0]
            # With values that keep their order, the best of the first rung is never left behind.
            assert best in at_max


def test_few_trials_are_promoted_to_high_budgets() -> None:
    study = Played(BUDGETS[0], 27, 1, lambda trial_id, rung: -trial_id + rung / 100)
    known = study.play()
    counts = [len(known.rung(1, rung)) for rung in study.budget.rungs]
    assert counts == [27, 9, 3, 1]


def test_a_better_trial_that_comes_late_goes_on_as_well() -> None:
    asked = Promotion(BUDGETS[0], Direction.MAXIMIZE)
    for trial_id in range(3):
        asked.told(trial_id, 1, trial_id)
    assert asked.next(last=False) == (2, 3)
    asked.busy(2)
    assert asked.next(last=False) is None
    asked.told(3, 1, 9)
    assert asked.next(last=False) == (3, 3)


def test_a_value_told_again_replaces_the_first() -> None:
    asked = Promotion(BUDGETS[0], Direction.MINIMIZE)
    for trial_id in range(3):
        asked.told(trial_id, 1, trial_id)
    asked.told(0, 1, 5)
    assert asked.next(last=False) == (1, 3)


def test_trials_that_keep_the_constraints_go_first() -> None:
    asked = Promotion(BUDGETS[0], Direction.MAXIMIZE)
    for trial_id in range(3):
        asked.told(trial_id, 1, trial_id, violation=0.5 * trial_id)
    assert asked.next(last=False) == (0, 3)


@pytest.mark.parametrize("odd", [2, 0.5])
def test_a_value_at_a_budget_that_is_no_rung_does_not_count(odd: float) -> None:
    asked = Promotion(BUDGETS[0], Direction.MAXIMIZE)
    for trial_id in range(9):
        asked.told(trial_id, odd, trial_id)
    assert asked.next(last=True) is None


def test_a_value_that_is_no_number_is_the_worst() -> None:
    asked = Promotion(BUDGETS[0], Direction.MAXIMIZE)
    for trial_id, value in enumerate([math.nan, -5.0, math.nan]):
        asked.told(trial_id, 1, value)
    assert asked.next(last=False) == (1, 3)


def test_a_trial_that_is_tried_again_after_a_failure_may_go_on() -> None:
    asked = Promotion(BUDGETS[0], Direction.MAXIMIZE)
    for trial_id in range(3):
        asked.told(trial_id, 1, trial_id)
    asked.gone(2)
    assert asked.next(last=False) is None
    asked.busy(2)
    asked.free(2)
    assert asked.next(last=False) == (2, 3)


def test_at_the_end_a_rung_is_judged_once_no_trial_can_come_to_it() -> None:
    asked = Promotion(BUDGETS[0], Direction.MAXIMIZE)
    for trial_id in range(2):
        asked.told(trial_id, 1, trial_id)
    asked.busy(2)
    assert asked.next(last=True) is None  # trial 2 may be better
    asked.told(2, 1, 0.5)
    asked.busy(2)
    assert asked.next(last=False) == asked.next(last=True) == (1, 3)
    asked.told(1, 3, 1)
    assert asked.next(last=True) is None  # trial 2 runs for the same rung
    asked.told(2, 3, 0)
    assert asked.next(last=True) == (1, 9)  # though trial 2 runs on: it has come
    assert asked.next(last=False) is None


def test_at_the_end_the_next_best_goes_on_for_those_that_failed() -> None:
    asked = Promotion(BUDGETS[0], Direction.MAXIMIZE)
    for trial_id in range(3):
        asked.told(trial_id, 1, trial_id)
    asked.gone(2)
    assert asked.next(last=True) == (1, 3)
    asked.gone(1)
    assert asked.next(last=True) == (0, 3)
    asked.gone(0)
    assert asked.next(last=True) is None


def test_who_has_earned_a_budget_for_which_there_is_no_time_waits_and_others_go_on() -> None:
    asked = Promotion(BUDGETS[0], Direction.MAXIMIZE)
    for trial in range(9):
        asked.told(trial, 1, float(trial))
        asked.free(trial)
    for trial in (6, 7, 8):
        asked.told(trial, 3, float(trial))
        asked.free(trial)
    asked.told(9, 1, 5.5)
    asked.told(10, 1, 5.6)
    asked.told(11, 1, 9.0)
    for trial in (9, 10, 11):
        asked.free(trial)
    for last in (False, True):
        assert asked.next(last=last) == (8, 9)
        assert asked.next(last=last, without=(9,)) == (11, 3)
        assert asked.next(last=last, without=(3, 9)) is None
        assert asked.next(last=last) == (8, 9)
