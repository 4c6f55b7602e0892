import functools
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.search.population.proposer import Population, PopulationOptions
from automl.search.sampler import Nothing, Proposal, Told
from automl.space.parameters import Categorical, Real
from automl.space.space import Params, SearchSpace
from automl.study.budget import Budget
from automl.study.objective import Direction
from automl.study.trial import TrialState

SPACE = SearchSpace((Real(name="rate", min_value=0.001, max_value=1.0, log=True),))
EPOCHS = Budget(name="epochs", min=5, max=20)
BADLY = (TrialState.FAILED, TrialState.STOPPED, TrialState.PRUNED)


def population(
    space: SearchSpace = SPACE,
    budget: Budget | None = EPOCHS,
    start_with: tuple[Params, ...] = (),
    seed: int = 1,
    **options: object,
) -> Population:
    return Population(
        space=space,
        direction=Direction.MAXIMIZE,
        budget=budget,
        seed=seed,
        start_with=start_with,
        options=PopulationOptions(**options),  # type: ignore[arg-type]
    )


@dataclass
class Study:
    """Plays a study in some slots; trials end in the order that `ends_first` says."""

    make: Callable[[], Population] = population
    slots: int = 3
    value: Callable[[int, Proposal], float] = lambda trial_id, _: trial_id * 7 % 10
    badly: Mapping[int, TrialState] = field(default_factory=dict)
    ends_first: Callable[[int], int] = lambda running: 0 * running
    rebuilds: bool = False
    limit: int = 300
    history: list[Told] = field(default_factory=list)
    plans: dict[int, Proposal] = field(default_factory=dict)
    values: dict[int, float] = field(default_factory=dict)
    most_waiting: int = 0

    def __post_init__(self) -> None:
        self.asked = self.make()
        self.running: list[int] = []

    def play(self) -> "Study":
        while (answer := self._fill()) is not Nothing.USED_UP or self.running:
            assert self.running, f"nothing runs and the answer is {answer}"
            self.end(self.running.pop(self.ends_first(len(self.running)) % len(self.running)))
        return self

    def _fill(self) -> Nothing | None:
        while len(self.running) < self.slots and len(self.plans) < self.limit:
            answer = self.ask()
            if not isinstance(answer, Proposal):
                self.most_waiting = max(self.most_waiting, self.waiting())
                return answer
            self.plan(answer)
        return Nothing.USED_UP if len(self.plans) == self.limit else None

    def ask(self) -> Proposal | Nothing:
        answer = self.asked.propose(len(self.plans), self.history)
        assert self.asked.propose(len(self.plans), self.history) == answer
        if self.rebuilds:
            # What is read again from the disk is told trial by trial.
            by_trial = sorted(self.history, key=lambda told: told.trial_id)
            for history in (self.history, by_trial):
                assert self.make().propose(len(self.plans), history) == answer
        return answer

    def plan(self, answer: Proposal) -> int:
        trial_id = len(self.plans)
        self.plans[trial_id] = answer
        self.running.append(trial_id)
        self.tell(trial_id, TrialState.PLANNED)
        return trial_id

    def end(self, trial_id: int) -> None:
        if trial_id in self.badly:
            self.tell(trial_id, self.badly[trial_id])
            return
        self.values[trial_id] = self.value(trial_id, self.plans[trial_id])
        self.tell(trial_id, TrialState.COMPLETED, self.values[trial_id])

    def tell(self, trial_id: int, state: TrialState, value: float | None = None) -> None:
        plan = self.plans[trial_id]
        self.history.append(
            Told(
                trial_id=trial_id,
                params=plan.params,
                state=state,
                value=value,
                source=plan.source,
            )
        )

    def generation(self, trial_id: int) -> int:
        source = self.plans[trial_id].source
        return 0 if source == -1 else self.generation(source) + 1

    def waiting(self) -> int:
        """Return how many have ended one generation, the fullest, and are not continued yet."""
        ended = Counter(map(self.generation, self.values))
        begun = Counter(map(self.generation, self.plans))
        return max(ended[number] - begun[number + 1] for number in range(3))

    def of_generation(self, number: int) -> list[int]:
        return [one for one in self.plans if self.generation(one) == number]


plays = st.builds(
    Study,
    make=st.sampled_from(
        [
            population,
            lambda: population(population=2),
            lambda: population(population=5, quantile=0.4),
            lambda: population(population=6, quantile=0.5, interval=7),
        ]
    ),
    slots=st.integers(1, 9),
    value=st.randoms(use_true_random=False).map(lambda rng: lambda *_: float(rng.randrange(20))),
    ends_first=st.randoms(use_true_random=False).map(lambda rng: rng.randrange),
    rebuilds=st.just(value=True),
)


@settings(max_examples=40, deadline=None)
@given(plays)
def test_all_but_the_worst_of_each_generation_go_on_however_they_train(study: Study) -> None:
    study.play()
    size = study.asked._options.population
    replaced = max(1, int(size * study.asked._options.quantile))
    last = study.asked.trials // size - 1
    assert len(study.plans) == study.asked.trials
    for number in range(last):
        before = sorted(study.of_generation(number), key=lambda one: (-study.values[one], one))
        after = [study.plans[one] for one in study.of_generation(number + 1)]
        assert len(after) == size
        copied = Counter(plan.source for plan in after)
        assert set(copied) == set(before[: size - replaced])
        for source in copied:
            kept = [one for one in after if one.params == study.plans[source].params]
            assert kept, "a survivor changed its values"
    # Of a generation, never more wait for a comparison than are to be replaced.
    assert study.most_waiting <= replaced


@settings(max_examples=60, deadline=None)
@given(plays, st.dictionaries(st.integers(0, 60), st.sampled_from(BADLY)))
def test_a_population_goes_on_whatever_fails(study: Study, badly: dict[int, TrialState]) -> None:
    study.badly = badly
    study.play()
    assert len(study.plans) < study.limit
    assert any(plan.budget == 20 for plan in study.plans.values())
    for plan in study.plans.values():
        if plan.source >= 0:
            assert plan.source in study.values
            assert plan.previous_budget == study.plans[plan.source].budget
        else:
            assert (plan.budget, plan.previous_budget) == (5, 0)


def test_budgets_rise_by_the_interval_and_stay_whole() -> None:
    study = Study(make=lambda: population(interval=6.0)).play()
    budgets = {plan.budget for plan in study.plans.values()}
    assert sorted(map(repr, budgets)) == sorted(["5", "11", "17", "20"])


def test_budgets_that_are_no_whole_numbers_are_those_that_a_user_would_write() -> None:
    rows = Budget(name="rows", min=0.1, max=1.0)
    study = Study(make=lambda: population(budget=rows, interval=0.3)).play()
    assert {plan.budget for plan in study.plans.values()} == {0.1, 0.4, 0.7, 1.0}


def test_a_loser_takes_over_a_winner_and_changes_its_values() -> None:
    study = Study(value=lambda _, plan: -abs(float(str(plan.params["rate"])) - 0.1)).play()
    first = sorted(study.of_generation(0), key=lambda one: -study.values[one])
    copies = [
        plan
        for plan in map(study.plans.__getitem__, study.of_generation(1))
        if plan.params != study.plans[plan.source].params
    ]
    assert len(copies) == 2
    assert {plan.source for plan in copies} <= set(first[:2])


@pytest.mark.parametrize("seed", range(20))
def test_no_two_members_train_on_from_one_checkpoint_with_the_same_values(seed: int) -> None:
    lists = SearchSpace(
        (
            Categorical(name="kind", candidates=("a", "b", "c")),
            Categorical(name="size", candidates=(1, 2, 3, 4)),
        )
    )
    study = Study(make=lambda: population(lists, quantile=0.5, seed=seed), rebuilds=True).play()
    trained = Counter(
        (plan.source, plan.params["kind"], plan.params["size"])
        for plan in study.plans.values()
        if plan.source >= 0
    )
    assert set(trained.values()) == {1}


def test_where_no_other_values_are_left_a_member_trains_with_the_same() -> None:
    one = SearchSpace((Categorical(name="kind", candidates=("a",)),))
    assert len(Study(make=lambda: population(one)).play().plans) == 8 * 4


def test_a_failed_member_is_refilled_and_the_worst_is_spared_for_it() -> None:
    study = Study(badly={0: TrialState.FAILED, 1: TrialState.STOPPED}).play()
    copied = Counter(study.plans[one].source for one in study.of_generation(1))
    assert set(copied) == {2, 3, 4, 5, 6, 7}


def test_a_generation_that_failed_as_a_whole_is_begun_again() -> None:
    study = Study(badly=dict.fromkeys(range(8, 16), TrialState.FAILED)).play()
    assert {study.generation(one) for one in range(16, 24)} == {1}
    assert len(study.plans) == 8 * 5
    fresh = Study(badly=dict.fromkeys(range(8), TrialState.FAILED)).play()
    assert {fresh.plans[one].source for one in range(8, 16)} == {-1}
    assert fresh.plans[8].params != fresh.plans[0].params
    assert len(fresh.plans) == 8 * 5


def test_a_last_generation_that_failed_as_a_whole_is_begun_again() -> None:
    study = Study(badly=dict.fromkeys(range(24, 32), TrialState.FAILED)).play()
    assert {study.plans[one].budget for one in range(24, 40)} == {20}
    assert len(study.plans) == 8 * 5


def test_a_member_that_fails_in_the_last_generation_is_left_as_it_is() -> None:
    study = Study(badly={30: TrialState.FAILED}).play()
    assert len(study.plans) == 8 * 4


def test_a_member_waits_until_it_knows_whether_it_is_one_of_the_worst() -> None:
    study = Study(make=lambda: population(population=4), slots=4)
    study._fill()
    study.value = lambda trial_id, _: float(trial_id)
    for ended in (2, 1):
        study.end(ended)
    answer = study.ask()
    assert isinstance(answer, Proposal)
    assert answer.source == 2  # trial 1 is worse
    study.plan(answer)
    assert study.ask() is Nothing.NOT_YET
    study.end(0)
    answer = study.ask()
    assert isinstance(answer, Proposal)
    assert answer.source == 1  # trial 0 is worse still
    study.plan(answer)
    assert study.ask() is Nothing.NOT_YET  # trial 3 may be even worse
    study.end(3)
    winner = study.ask()
    assert isinstance(winner, Proposal)
    assert winner.source == 3


def test_the_first_generation_begins_with_what_the_user_gave() -> None:
    given_first: tuple[Params, ...] = ({"rate": 0.5}, {"rate": 0.25})
    study = Study(make=lambda: population(start_with=given_first)).play()
    assert [study.plans[one].params for one in range(2)] == list(given_first)
    assert len({study.plans[one].params["rate"] for one in range(8)}) == 8


def test_what_an_earlier_study_found_is_no_member() -> None:
    study = Study()
    for trial_id in (-1, -2):
        study.plans[trial_id] = Proposal(params={"rate": 0.5})
        study.tell(trial_id, TrialState.PLANNED)
        study.tell(trial_id, TrialState.COMPLETED, 99.0)
    study.plans.clear()
    study.play()
    assert len(study.plans) == 8 * 4
    assert all(plan.source != -2 for plan in study.plans.values())


def test_a_failed_interval_that_is_tried_again_goes_on_itself() -> None:
    study = Study(make=lambda: population(population=2), slots=2)
    study._fill()
    study.badly = {0: TrialState.FAILED}
    study.end(0)
    study.tell(0, TrialState.PLANNED)
    study.badly = {}
    study.value = lambda trial_id, _: -float(trial_id)
    study.end(1)
    assert study.ask() is Nothing.NOT_YET
    study.end(0)
    answer = study.ask()
    assert isinstance(answer, Proposal)
    assert answer.source == 0


def test_a_failed_interval_that_is_tried_again_too_late_has_no_member_any_more() -> None:
    study = Study(badly={0: TrialState.FAILED}).play()
    before = study.ask()
    study.tell(0, TrialState.PLANNED)
    study.tell(0, TrialState.COMPLETED, 99.0)
    assert study.ask() == before == Nothing.USED_UP


def test_a_value_that_is_judged_anew_counts_from_then_on() -> None:
    study = Study(make=lambda: population(population=4), slots=4)
    study._fill()
    study.value = lambda trial_id, _: float(trial_id)
    study.end(2)
    study.tell(2, TrialState.COMPLETED, -9.0)
    study.end(1)
    answer = study.ask()
    assert isinstance(answer, Proposal)
    assert answer.source == 1


def test_a_population_that_was_made_smaller_or_larger_goes_on() -> None:
    for size in (2, 11):
        study = Study(limit=19)
        study.play()
        study.limit = 300
        study.make = functools.partial(population, population=size)
        study.__post_init__()
        for trial_id in study.plans.keys() - study.values.keys():
            study.end(trial_id)
        study.play()
        assert len(study.of_generation(3)) == size


def test_a_trial_that_continues_one_outside_the_space_is_left_out() -> None:
    study = Study()
    study.plans[0] = Proposal(params={"rate": 0.5}, source=17)
    study.tell(0, TrialState.PLANNED)
    study.tell(0, TrialState.COMPLETED, 1.0)
    answer = study.ask()
    assert isinstance(answer, Proposal)
    assert answer.source == -1


def test_members_that_break_the_constraints_rank_below() -> None:
    study = Study(make=lambda: population(population=2), slots=2)
    study._fill()
    for trial_id, violation in ((0, 0.5), (1, 0.0)):
        study.history.append(
            Told(
                trial_id=trial_id,
                params=study.plans[trial_id].params,
                state=TrialState.COMPLETED,
                value=1.0 - trial_id,
                violation=violation,
            )
        )
    answer = study.ask()
    assert isinstance(answer, Proposal)
    assert answer.source == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"population": 1}, "population must be a whole number of at least 2, got 1"),
        ({"population": 8.0}, "population must be a whole number of at least 2, got 8.0"),
        ({"interval": 0}, "interval must be a number above 0, got 0"),
        ({"interval": "5"}, "interval must be a number above 0, got '5'"),
        ({"interval": 16}, "interval 16 is longer than what there is to train after the first"),
        ({"quantile": 0}, "quantile must be a number above 0 and at most 0.5, got 0"),
        ({"quantile": 0.6}, "quantile must be a number above 0 and at most 0.5, got 0.6"),
        ({"resample": 1.5}, "resample must be a number from 0 to 1, got 1.5"),
        ({"resample": True}, "resample must be a number from 0 to 1, got True"),
        ({"perturb": 2}, "perturb must be a list of numbers above 0, such as [0.8, 1.25], got 2"),
        ({"perturb": []}, "perturb must be a list of numbers above 0"),
        ({"perturb": [0.5, 0]}, "perturb must be a list of numbers above 0"),
        ({"perturb": [float("nan")]}, "perturb must be a list of numbers above 0"),
        ({"budget": None}, "algorithm 'pbt' needs a budget"),
        (
            {"budget": Budget(name="epochs", min=1, max=9, brackets=2)},
            "algorithm 'pbt' has no brackets, but the budget has 2; drop them",
        ),
        (
            {
                "space": SearchSpace(
                    (
                        Categorical(name="opt", candidates=("sgd", "adam")),
                        Real(name="momentum", min_value=0, max_value=1, when={"opt": "sgd"}),
                    )
                )
            },
            "this space has conditions (when, or Choice); drop them or use another algorithm",
        ),
    ],
)
def test_what_a_population_cannot_do_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError) as refused:
        population(**options)  # type: ignore[arg-type]
    assert message in str(refused.value)


class Descent:
    """Noisy descent on a long valley: a high rate gets near, only a low one comes to rest."""

    STEEPNESS = tuple(0.01 * 10 ** (place / 3) for place in range(7))

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._ended: dict[int, list[float]] = {-1: [10.0] * 7}

    def train(self, trial_id: int, plan: Proposal) -> float:
        rng = random.Random(f"{self._seed}/{trial_id}")  # noqa: S311 - the noise of training
        at, rate = list(self._ended[plan.source]), float(str(plan.params["rate"]))
        for _ in range(20 * int((plan.budget or 0) - plan.previous_budget)):
            at = [
                x - rate * (steep * x + rng.gauss(0, 0.3))
                for x, steep in zip(at, self.STEEPNESS, strict=True)
            ]
        self._ended[trial_id] = at
        return -sum(steep * x * x for x, steep in zip(at, self.STEEPNESS, strict=True)) / 2


@pytest.mark.slow
def test_a_population_ends_better_than_the_best_fixed_value() -> None:
    epochs = Budget(name="epochs", min=5, max=60)
    better = 0
    for seed in range(3):
        rates = [10 ** (-3 + 3 * place / 19) for place in range(20)]
        fixed = max(
            Descent(seed).train(-2, Proposal(params={"rate": rate}, budget=60)) for rate in rates
        )
        trained = Descent(seed)
        study = Study(make=lambda: population(budget=epochs), slots=4, value=trained.train).play()
        better += max(study.values[one] for one in study.of_generation(11)) > fixed
    assert better == 3
