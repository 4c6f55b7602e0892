"""Searching a space that is learnt from what trials ask for."""

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learnt_study import LearntStudy, Pruned

from automl.errors import SpecError
from automl.inside.ranges import categorical_range, float_range, int_range
from automl.search.algorithms import make_proposer
from automl.search.learnt.names import ONCE, RECENT, LearntNames
from automl.search.learnt.tried import Tried
from automl.search.sampler import Nothing, Told
from automl.space.learnt import Offer
from automl.space.parameters import Integer, Real
from automl.space.space import SearchSpace, combination_key
from automl.study.spec import Algorithm
from automl.study.trial import TrialState

ALGORITHMS = ["auto", "tpe", "random", "sobol", "cmaes", "evolution"]


def plain(trial: Any) -> float:
    x = trial.suggest_float("x", -5, 5)
    y = trial.suggest_float("y", 1e-3, 1, log=True)
    n = trial.suggest_int("n", 1, 9)
    return float((x - 1) ** 2 + y + abs(n - 4))


def conditional(trial: Any) -> float:
    if trial.suggest_categorical("kind", ["svm", "tree"]) == "svm":
        return abs(math.log10(trial.suggest_float("C", 1e-3, 1e3, log=True)) - 1)
    return abs(trial.suggest_int("depth", 1, 30) - 7) / 30


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("objective", [plain, conditional])
def test_each_algorithm_searches_what_is_learnt(algorithm: str, objective: Any) -> None:
    study = LearntStudy(objective, algorithm, max_trials=30)
    assert study.run(30) is None
    assert study.proposed[0] == {}
    # From the second trial on, what the first one asked for is proposed, and taken.
    names = set(study.ended[0].ranges)
    for told, offers in zip(study.ended[1:], study.proposed[1:], strict=True):
        assert offers.keys() >= names
        for name, offer in offers.items():
            if name in told.params:
                assert (told.params[name], told.ranges[name]) == (offer.value, offer.range)
                assert type(told.params[name]) is type(offer.value)
    keys = Counter(combination_key(told.params) for told in study.ended)
    assert max(keys.values()) == 1


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("objective", [plain, conditional])
def test_another_controller_goes_on_with_the_same_search(algorithm: str, objective: Any) -> None:
    study = LearntStudy(objective, algorithm, max_trials=40)
    study.run(25)
    running = study.plan()
    assert running == 25
    # As it is told after a restart: all that were planned, with what they drew, then the ends.
    ended = study.ended
    planned = [replace(told, state=TrialState.PLANNED, value=None) for told in ended]
    told = [*planned, study.told[-1], *ended]
    here = study.proposer_anew().propose(26, told)
    again = study.proposer_anew().propose(26, told)
    assert here == again
    if algorithm != "cmaes":
        # Its generations follow from the order in which trials were planned and ended.
        assert here == study.proposer.propose(26, study.told)


@pytest.mark.parametrize("algorithm", ["auto", "tpe", "random", "sobol", "evolution"])
def test_without_branches_it_proposes_what_it_would_of_a_described_space(algorithm: str) -> None:
    study = LearntStudy(plain, algorithm, max_trials=40)
    study.run(25)
    described = SearchSpace(
        (
            Real(name="x", min_value=-5, max_value=5),
            Real(name="y", min_value=1e-3, max_value=1, log=True),
            Integer(name="n", min_value=1, max_value=9),
        )
    )
    problem = replace(study.problem, space=described)
    proposer = make_proposer(Algorithm(type=algorithm), problem).proposer
    history = [replace(told, params=study.asked(told.trial_id)) for told in study.told]
    answer = proposer.propose(25, history)
    here = study.proposer.propose(25, study.told)
    assert answer.params == {name: offer.value for name, offer in here.proposed.items()}


def test_it_answers_the_same_until_something_is_told() -> None:
    study = LearntStudy(plain, "tpe", max_trials=40)
    study.run(15)
    assert study.proposer.propose(15, study.told) == study.proposer.propose(15, study.told)


def test_a_model_finds_what_random_draws_do_not() -> None:
    by_model = [run_of(plain, "auto", seed).best for seed in range(2)]
    at_random = [run_of(plain, "random", seed).best for seed in range(2)]
    assert sum(by_model) < sum(at_random)


def run_of(objective: Any, algorithm: str, seed: int) -> LearntStudy:
    study = LearntStudy(objective, algorithm, max_trials=40, seed=seed)
    study.run(40)
    return study


def test_values_keep_their_types() -> None:
    choices = [None, True, 1, 1.0, "1"]

    def objective(trial: Any) -> float:
        trial.suggest_categorical("c", choices)
        trial.suggest_int("n", 1, 3)
        return 0.0

    study = LearntStudy(objective, "tpe", max_trials=15)
    assert study.run(16) is Nothing.USED_UP
    seen = {combination_key(told.params) for told in study.ended}
    assert len(seen) == len(study.ended) == 15


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_finite_space_is_used_up_once_all_its_branches_are(algorithm: str) -> None:
    def objective(trial: Any) -> float:
        if trial.suggest_categorical("kind", ["a", "b", "c"]) == "a":
            return float(trial.suggest_int("n", 1, 4))
        if trial.suggest_categorical("flag", [False, True]):
            return 1.0
        return float(trial.suggest_int("m", 1, 2))

    study = LearntStudy(objective, algorithm)
    assert study.run(50) is Nothing.USED_UP
    assert len({combination_key(told.params) for told in study.ended}) == 4 + 2 * (1 + 2)
    assert len(study.ended) == 10


def test_while_a_trial_runs_a_space_is_not_used_up() -> None:
    study = LearntStudy(lambda trial: float(trial.suggest_int("n", 1, 2)))
    study.run(1)
    running = study.plan()
    assert not isinstance(running, Nothing)
    # It may yet ask for more.
    assert study.plan() is Nothing.NOT_YET
    study.end(running)
    assert study.plan() is Nothing.USED_UP


def test_failures_before_all_was_asked_for_use_nothing_up() -> None:
    def objective(trial: Any) -> float:
        trial.suggest_categorical("opt", ["adam", "sgd"])
        if len(study.proposed) <= 4:
            raise OSError
        return float(trial.suggest_float("lr", 0, 1))

    study = LearntStudy(objective)
    assert study.run(12) is None
    assert {told.params["opt"] for told in study.ended if "lr" in told.params} == {"adam", "sgd"}


def test_a_changed_program_is_tried_once_more() -> None:
    study = LearntStudy(lambda trial: float(trial.suggest_int("n", 1, 2)))
    assert study.run(30) is Nothing.USED_UP
    changed = replace(study.problem, changed=True)
    study.proposer = make_proposer(Algorithm(type="random"), changed).proposer
    # It asks for the same as ever.
    assert study.run(30) is Nothing.USED_UP
    assert len(study.ended) == 3
    study.proposer = make_proposer(Algorithm(type="random"), changed).proposer
    study.objective = lambda trial: trial.suggest_int("n", 1, 2) + trial.suggest_float("lr", 0, 1)
    assert study.run(20) is None
    assert {told.params["n"] for told in study.ended[3:]} == {1, 2}
    assert "lr" in study.proposed[-1]


def test_an_unchanged_program_is_not_tried_again() -> None:
    study = LearntStudy(lambda trial: float(trial.suggest_int("n", 1, 2)))
    study.run(30)
    study.proposer = study.proposer_anew()
    assert study.run(30) is Nothing.USED_UP
    assert len(study.ended) == 2


@pytest.mark.parametrize("algorithm", ["random", "tpe"])
def test_names_that_no_value_decides_about_do_not_end_a_search(algorithm: str) -> None:
    def objective(trial: Any) -> float:
        if len(study.proposed) % 2:
            return float(trial.suggest_categorical("n", [1, 2, 3]))
        return float(trial.suggest_float("x", 0, 1))

    study = LearntStudy(objective, algorithm, max_trials=30)
    assert study.run(30) is None
    drawn = [told.params["x"] for told in study.ended if "x" in told.params]
    assert len(set(drawn)) == len(drawn) == 15


def test_a_later_trial_with_more_names_opens_the_others_too() -> None:
    tried = Tried()
    opt, lr = categorical_range(["adam", "sgd"]), int_range(1, 2)
    history = [
        replace(told_of(0, opt=opt), params={"opt": "adam"}),
        replace(told_of(1, opt=opt), params={"opt": "sgd"}),
    ]
    tried.read(history)
    assert not tried.free({"opt": "sgd", "lr": 1})
    history.append(replace(told_of(2, opt=opt, lr=lr), params={"opt": "adam", "lr": 1}))
    tried.read(history)
    assert tried.free({"opt": "sgd", "lr": 1})
    assert tried.free({"opt": "adam", "lr": 2})
    # What completed whole is not tried twice.
    assert not tried.free({"opt": "adam", "lr": 1})
    assert not tried.free({"opt": "sgd"})
    # The program is again what it was.
    history.append(replace(told_of(3, opt=opt), params={"opt": "sgd"}))
    tried.read(history)
    assert not tried.free({"opt": "sgd", "lr": 2})
    assert tried.free({"opt": "adam", "lr": 2})


def test_a_branch_with_more_names_says_nothing_of_another() -> None:
    tried = Tried()
    kind, n = categorical_range(["a", "b"]), int_range(1, 2)
    tried.read(
        [
            replace(told_of(0, kind=kind), params={"kind": "a"}),
            replace(told_of(1, kind=kind, n=n), params={"kind": "b", "n": 1}),
        ]
    )
    assert not tried.free({"kind": "a", "n": 2})
    assert tried.free({"kind": "b", "n": 2})


def test_an_objective_without_parameters_runs_as_often_as_wanted() -> None:
    study = LearntStudy(lambda _: 1.0, "auto")
    assert study.run(30) is None
    assert len(study.ended) == 30


@pytest.mark.parametrize("end", [RuntimeError, Pruned])
def test_a_trial_that_ended_before_it_asked_for_all_says_nothing_of_others(
    end: type[Exception],
) -> None:
    def objective(trial: Any) -> float:
        if trial.suggest_categorical("kind", ["a", "b"]) == "a":
            raise end
        return float(trial.suggest_float("x", 0, 1))

    study = LearntStudy(objective, "random", max_trials=30)
    assert study.run(30) is None
    kinds = Counter(told.params["kind"] for told in study.ended)
    assert min(kinds["a"], kinds["b"]) > 5


def test_one_that_was_pruned_counts_with_what_was_proposed() -> None:
    def objective(trial: Any) -> float:
        trial.suggest_categorical("kind", ["a", "b"])
        if trial.suggest_int("early", 1, 3) == 1:
            raise Pruned
        return float(trial.suggest_float("x", 0, 1))

    study = LearntStudy(objective, "random", max_trials=30)
    assert study.run(30) is None


def test_few_trials_are_drawn_at_random_without_loading_a_model() -> None:
    study = LearntStudy(plain, "auto", max_trials=4, max_parallel=2)
    made = make_proposer(Algorithm(), study.problem)
    assert "drawn at random" in made.note
    assert not made.aside
    assert study.run(4) is None


def test_what_the_user_gave_comes_first_and_is_fixed() -> None:
    given = ({"x": 1, "n": 4}, {"x": 2.5})
    study = LearntStudy(plain, "tpe", start_with=given)
    study.run(1)
    assert study.proposed[0] == {"x": Offer(1, None), "n": Offer(4, None)}
    # Another controller knows that the first one was planned.
    study.proposer = study.proposer_anew()
    study.run(3)
    assert study.proposed[1]["x"] == Offer(2.5, None)
    # What is not fixed is proposed as for any other trial.
    assert study.proposed[1]["n"].range == int_range(1, 9)
    assert study.proposed[2]["x"].range == float_range(-5, 5)
    assert [type(told.params["x"]) for told in study.ended] == [float] * 4


def test_a_grid_is_given() -> None:
    study = LearntStudy(
        plain, "grid", options={"search_space": {"x": [-1.0, 0.0], "y": [0.1, 0.5], "n": [3]}}
    )
    study.run(2)
    study.proposer = study.proposer_anew()
    assert study.run(5) is Nothing.USED_UP
    assert [(told.params["x"], told.params["y"]) for told in study.ended] == [
        (-1.0, 0.1), (-1.0, 0.5), (0.0, 0.1), (0.0, 0.5)
    ]  # fmt: skip


def test_before_a_grid_comes_what_the_user_gave() -> None:
    options = {"search_space": {"x": [-1.0, 0.0]}}
    study = LearntStudy(plain, "grid", options=options, start_with=({"y": 0.5},))
    assert study.run(9) is Nothing.USED_UP
    assert [one.keys() for one in study.proposed] == [{"y"}, {"x"}, {"x"}]


@pytest.mark.parametrize(
    ("algorithm", "options", "words"),
    [
        ("grid", {}, "give it search_space="),
        ("grid", {"search_space": []}, "search_space must be a dict"),
        ("grid", {"search_space": {"x": []}}, "candidates is empty"),
        ("pbt", {}, "learnt while it runs"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_words(
    algorithm: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(SpecError, match=words):
        LearntStudy(plain, algorithm, options=options)


def test_a_name_that_no_model_can_search_is_left_to_the_trials() -> None:
    def objective(trial: Any) -> float:
        trial.suggest_int("huge", 0, 2**70)
        trial.suggest_categorical("", ["a", "b"])
        return float(trial.suggest_float("x", 0, 1))

    study = LearntStudy(objective, "tpe")
    assert study.run(12) is None
    assert study.proposed[-1].keys() == {"x"}
    assert study.ended[-1].params.keys() == {"huge", "", "x"}


def test_another_range_of_a_changed_objective_is_followed() -> None:
    study = LearntStudy(lambda trial: float(trial.suggest_float("x", 0, 1)), "tpe", max_trials=99)
    study.run(30)
    study.objective = lambda trial: float(trial.suggest_float("x", -1, 1))
    study.run(40)
    assert study.proposed[-1]["x"].range == float_range(-1, 1)
    assert study.best < -0.5


def test_a_range_that_depends_on_another_value_does_not_end_the_search() -> None:
    def objective(trial: Any) -> float:
        n = trial.suggest_int("n", 1, 4)
        return float(sum(trial.suggest_int("m", 1, n) for _ in range(1)))

    study = LearntStudy(objective, "tpe", max_trials=30)
    study.run(30)
    assert all(1 <= told.params["m"] <= told.params["n"] for told in study.ended)


def told_of(trial_id: int, *, state: TrialState = TrialState.COMPLETED, **ranges: Any) -> Told:
    params = {name: one.low if one.kind != "categorical" else 1 for name, one in ranges.items()}
    return Told(trial_id=trial_id, params=params, state=state, proposed={}, ranges=ranges)


@given(st.permutations(range(6)))
@settings(max_examples=20)
def test_the_order_in_which_trials_are_told_does_not_matter(order: list[int]) -> None:
    told = [
        told_of(0, b=float_range(0, 1)),
        told_of(1, b=float_range(0, 2), a=int_range(1, 2)),
        told_of(2, b=float_range(0, 2), c=categorical_range([1, 2])),
        told_of(3, b=float_range(0, 1)),
        told_of(4, a=int_range(1, 2)),
        told_of(5, state=TrialState.FAILED),
    ]
    names, others = LearntNames(), LearntNames()
    names.read(told)
    others.read([told[place] for place in order])
    assert list(names.ranges) == ["b", "a", "c"]
    # Two trials asked for each; the newer one counts.
    assert names.ranges["b"] == float_range(0, 1)
    assert (others.ranges, list(others.ranges)) == (names.ranges, list(names.ranges))
    assert others.space == names.space
    assert [others.always(one) for one in "abc"] == [False, False, False]


def test_the_newest_trials_tell_the_range() -> None:
    names = LearntNames()
    old = [told_of(one, x=float_range(0, 1)) for one in range(100)]
    new = [told_of(one, x=float_range(0, 2)) for one in range(100, 100 + RECENT)]
    names.read(old + new[: RECENT // 2 - 1])
    assert names.ranges["x"] == float_range(0, 1)
    names.read(old + new)
    assert names.ranges["x"] == float_range(0, 2)


def test_what_runs_may_be_what_another_one_was() -> None:
    def objective(trial: Any) -> float:
        if trial.suggest_categorical("kind", ["a", "b"]) == "a":
            return float(trial.suggest_int("n", 1, 3))
        return float(trial.suggest_int("m", 1, 3))

    for seed in range(8):
        study = LearntStudy(objective, "random", seed=seed)
        study.run(4)
        # All others at once: what they are going to ask for is not known yet.
        running = []
        while not isinstance(trial := study.plan(), Nothing):
            running.append(trial)
            assert len(running) <= 2 * 9
        for one in running:
            study.end(one)
        known = [
            one for one in study.ended if study.proposed[one.trial_id].keys() == {*"nm", "kind"}
        ]
        keys = Counter(combination_key(told.params) for told in known)
        assert max(keys.values(), default=1) == 1


def test_names_that_one_trial_alone_asked_for_are_forgotten() -> None:
    def objective(trial: Any) -> float:
        trial.suggest_float(f"x{len(study.proposed)}", 0, 1)
        return float(trial.suggest_float("y", 0, 1))

    study = LearntStudy(objective, "random", max_trials=200)
    study.run(3 * ONCE)
    assert len(study.proposed[-1]) <= ONCE + 2
    assert "y" in study.proposed[-1]


def test_what_was_tried_is_known_by_what_was_asked_for() -> None:
    tried = Tried()
    kind, c = categorical_range([1, 2]), float_range(0, 1)
    history = [
        replace(told_of(0, kind=kind, c=c), params={"kind": "svm", "c": 0.5}),
        replace(told_of(1, state=TrialState.FAILED, kind=kind), params={"kind": "tree"},
                proposed={"kind": Offer("tree", kind), "depth": Offer(3, kind)}),
    ]  # fmt: skip
    tried.read(history)
    assert not tried.free({"kind": "svm", "c": 0.5, "depth": 9})
    assert tried.free({"kind": "svm", "c": 0.6, "depth": 9})
    assert not tried.free({"kind": "tree", "depth": 3})
    assert tried.free({"kind": "tree", "c": 0.1, "depth": 3})
    assert tried.free({"kind": "tree", "depth": 4})
    # It runs again, and this time it asks for more.
    history.append(replace(told_of(1, kind=kind), params={"kind": "tree", "depth": 3}))
    tried.read(history)
    assert not tried.free({"kind": "tree", "depth": 3})
    assert tried.free({"kind": "tree", "depth": 4})
