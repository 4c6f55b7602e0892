from statistics import median
from typing import Any, ClassVar

import pytest
from optuna.samplers import RandomSampler
from optuna.study import Study
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from automl.errors import AutomlError, SpecError
from automl.hpo import algorithm
from automl.search.algorithms import ALGORITHMS, Problem, Search, make_proposer
from automl.search.optuna.sampler import OptunaSampler
from automl.search.sampler import Proposal, Told
from automl.space.conditions import condition_of
from automl.space.parameters import Categorical, Integer, Real
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.trial import TrialState

GRID = SearchSpace(
    (Integer(name="a", min_value=1, max_value=3), Integer(name="b", min_value=1, max_value=4))
)
RANGE = SearchSpace((Real(name="x", min_value=0, max_value=1),))


def problem_of(space: SearchSpace, max_trials: int, **more: Any) -> Problem:
    known = {"directions": (Direction.MAXIMIZE,), "seed": 1, "max_parallel": 1, **more}
    return Problem(space=space, max_trials=max_trials, **known)


def search_of(
    type_name: str, space: SearchSpace, max_trials: int, seed: int = 1, **options: Any
) -> Search:
    algorithm = Algorithm(type=type_name, options=options)
    return make_proposer(algorithm, problem_of(space, max_trials, seed=seed))


def proposals(search: Search, history: list[Told], count: int) -> list[tuple[object, ...]]:
    values: list[tuple[object, ...]] = []
    for _ in range(count):
        trial_id = len(history)
        answer = search.proposer.propose(trial_id, history)
        assert isinstance(answer, Proposal)
        values.append(tuple(answer.params.values()))
        history.append(Told(trial_id=trial_id, params=answer.params, state=TrialState.PLANNED))
    return values


IN_ORDER = [(a, b) for a in range(1, 4) for b in range(1, 5)]


@pytest.mark.parametrize("max_trials", [5, 12, 100])
def test_a_grid_goes_on_in_its_order_after_a_restart(max_trials: int) -> None:
    history: list[Told] = []
    first = proposals(search_of("grid", GRID, max_trials), history, 5)
    second = proposals(search_of("grid", GRID, max_trials), history, 7)
    assert first + second == IN_ORDER


def test_a_long_walk_finds_its_place_again_after_a_restart() -> None:
    space = SearchSpace((Integer(name="a", min_value=0, max_value=99),))
    history: list[Told] = []
    proposals(search_of("grid", space, 100), history, 60)
    assert proposals(search_of("grid", space, 100), history, 40) == [(n,) for n in range(60, 100)]
    walk = proposals(search_of("random", space, 100), history := [], 60)
    walk += proposals(search_of("random", space, 100), history, 40)
    assert walk == proposals(search_of("random", space, 100), [], 100)


@pytest.mark.parametrize("type_name", ["random", "tpe"])
def test_a_limit_that_covers_the_space_has_it_walked_in_the_same_order_by_all(
    type_name: str,
) -> None:
    history: list[Told] = []
    values = proposals(search_of(type_name, GRID, 12), history, 6)
    values += proposals(search_of(type_name, GRID, 12), history, 6)
    assert sorted(values) == IN_ORDER
    assert values != IN_ORDER
    assert values == proposals(search_of("random", GRID, 12), [], 12)


def test_another_algorithm_goes_on_with_what_is_left() -> None:
    history: list[Told] = []
    values = proposals(search_of("grid", GRID, 4), history, 4)
    values += proposals(search_of("tpe", GRID, 8, initial_trials_num=2), history, 4)
    values += proposals(search_of("random", GRID, 100), history, 2)
    values += proposals(search_of("random", GRID, 11), history, 2)
    assert sorted(values) == IN_ORDER


@pytest.mark.parametrize("type_name", ["random", "tpe"])
def test_the_seed_decides_the_proposals(type_name: str) -> None:
    runs = [proposals(search_of(type_name, RANGE, 5, seed), [], 5) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]
    assert len(set(runs[0])) == 5


def test_unknown_algorithms_and_options_are_refused() -> None:
    assert ALGORITHMS.names() == (
        ["auto", "cmaes", "evolution", "gp", "grid", "pbt", "random", "sobol", "tpe"]
    )
    with pytest.raises(SpecError, match="known types: auto, cmaes, evolution, gp, grid, pbt"):
        search_of("gird", GRID, 5)
    with pytest.raises(SpecError, match="known options: initial_trials_num, multivariate"):
        search_of("tpe", GRID, 5, n_startup_trials=5)


@pytest.mark.parametrize(
    ("type_name", "options", "why"),
    [
        ("tpe", {"initial_trials_num": 0}, "initial_trials_num must be a whole number of at least"),
        ("tpe", {"multivariate": "no"}, "multivariate must be True or False"),
        ("gp", {"initial_trials_num": 2.0}, "initial_trials_num must be a whole number"),
        ("gp", {"stop_when_exception": 1}, "stop_when_exception must be True or False"),
        ("cmaes", {"population_size": 1}, "population_size must be a whole number of at least 2"),
        ("evolution", {"population_size": True}, "population_size must be a whole number"),
        ("evolution", {"variant": 3}, "variant must be 'II' .* or 'III'"),
        ("pbt", {"population": 1}, "population must be a whole number of at least 2"),
        ("pbt", {"perturb": 5}, "perturb"),
        ("optuna.samplers:TPESampler", {"n_startup": 3}, "did you mean 'n_startup_trials'"),
    ],
)
def test_a_wrong_option_is_refused_when_the_algorithm_is_chosen(
    type_name: str, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(SpecError, match=why):
        algorithm.create(type_name, **options)


def test_the_choice_keeps_type_and_options() -> None:
    assert algorithm.create() == Algorithm(type="auto")
    options = {"n_startup_trials": 3}
    name = "optuna.samplers:TPESampler"
    assert algorithm.create(type=name, **options) == Algorithm(type=name, options=options)


def test_a_wrong_option_is_refused_even_when_the_space_is_simply_walked() -> None:
    with pytest.raises(SpecError, match="has no option"):
        search_of("random", GRID, 100, seed_=5)


def test_a_grid_of_a_range_is_refused() -> None:
    with pytest.raises(SpecError, match="'x' is a Real without step"):
        search_of("grid", RANGE, 5)


@pytest.mark.parametrize(
    ("max_trials", "max_parallel", "chosen"),
    [(12, 8, "all 12 combinations"), (8, 4, "sobol"), (9, 4, "tpe after 10 random trials")],
)
def test_auto_says_what_it_chose_and_why(max_trials: int, max_parallel: int, chosen: str) -> None:
    problem = problem_of(GRID, max_trials, max_parallel=max_parallel)
    search = make_proposer(Algorithm(type="auto"), problem)
    assert chosen in search.note
    assert "\n" not in search.note
    assert search.aside is (max_trials < 12)


def test_few_trials_at_once_are_spread_as_sobol_does_it() -> None:
    few = make_proposer(Algorithm(type="auto"), problem_of(RANGE, 8, max_parallel=4))
    assert proposals(few, [], 8) == proposals(search_of("sobol", RANGE, 8), [], 8)


def test_auto_takes_several_objectives() -> None:
    problem = problem_of(RANGE, 40, directions=(Direction.MAXIMIZE, Direction.MINIMIZE))
    search = make_proposer(Algorithm(type="auto"), problem)
    assert "2 objectives" in search.note
    history: list[Told] = []
    asked = []
    for trial_id in range(40):
        answer = search.proposer.propose(trial_id, history)
        assert isinstance(answer, Proposal)
        x: Any = answer.params["x"]
        asked.append(x)
        for state, value in ((TrialState.PLANNED, None), (TrialState.COMPLETED, 0.0)):
            # Whatever is not in the middle is dominated.
            values = (-abs(x - 0.5), abs(x - 0.5)) if value is not None else ()
            history.append(
                Told(
                    trial_id=trial_id,
                    params=answer.params,
                    state=state,
                    value=value,
                    values=values,
                )
            )
    far = [abs(x - 0.5) for x in asked]
    assert median(far[-15:]) < median(far[:10]) / 2


@pytest.mark.parametrize("type_name", ["random", "sobol", "tpe", "grid", "cmaes", "evolution"])
def test_what_to_start_with_comes_first_with_every_algorithm(type_name: str) -> None:
    first = ({"a": 3, "b": 2}, {"a": 1, "b": 4})
    problem = problem_of(GRID, 6, start_with=first)
    search = make_proposer(Algorithm(type=type_name), problem)
    values = proposals(search, [], 6)
    assert values[:2] == [(3, 2), (1, 4)]
    assert len(set(values)) == 6


def test_what_to_start_with_must_be_in_the_space() -> None:
    with pytest.raises(SpecError, match=r"start_with\[0\] = .* is not in the search space: 'b'"):
        make_proposer(Algorithm(type="auto"), problem_of(GRID, 6, start_with=({"a": 3},)))


MIXED = SearchSpace((*GRID, Categorical(name="kind", candidates=("x", "y"))))
DEPENDENT = SearchSpace(
    (
        *GRID,
        Integer(name="c", min_value=0, max_value=9, when=condition_of("c", {"a": 1})),
    )
)


@pytest.mark.parametrize(
    ("space", "why"),
    [
        (MIXED, "the values of parameter 'kind' have no order; use algorithm 'auto'"),
        (DEPENDENT, "parameter 'c' is used only when .*; use algorithm 'auto' or 'tpe'"),
        (RANGE, "two numeric parameters or more, got 1"),
    ],
)
def test_cmaes_refuses_what_it_cannot_take_and_names_others(space: SearchSpace, why: str) -> None:
    with pytest.raises(SpecError, match=why):
        search_of("cmaes", space, 5)


@pytest.mark.parametrize("type_name", ["cmaes", "pbt"])
def test_some_algorithms_take_one_objective(type_name: str) -> None:
    two = (Direction.MAXIMIZE, Direction.MINIMIZE)
    with pytest.raises(SpecError, match="takes one objective, got 2; give them weights"):
        make_proposer(Algorithm(type=type_name), problem_of(GRID, 5, directions=two))


def test_a_population_gets_its_problem() -> None:
    budget = Budget(name="epochs", min=1, max=9)
    problem = problem_of(RANGE, 50, budget=budget, start_with=({"x": 1},))
    search = make_proposer(Algorithm(type="pbt", options={"population": 3}), problem)
    answer = search.proposer.propose(0, [])
    assert isinstance(answer, Proposal)
    assert (answer.params, answer.budget, answer.source) == ({"x": 1.0}, 1, -1)


@pytest.mark.parametrize(("limit", "told"), [(26, "takes 27 trials"), (27, "")])
def test_a_population_that_cannot_train_to_its_end_says_so(limit: int, told: str) -> None:
    problem = problem_of(RANGE, limit, budget=Budget(name="epochs", min=1, max=9))
    note = make_proposer(Algorithm(type="pbt", options={"population": 3}), problem).note
    assert told in note
    assert bool(note) == bool(told)


def test_a_missing_torch_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SpecError, match=r"needs torch.*pip install 'automl-hpo\[gp\]'"):
        algorithm.create("gp")


@pytest.fixture
def torch_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: "there")


@pytest.mark.usefixtures("torch_there")
def test_a_broken_process_is_replaced_or_ends_the_study(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("no kernel")

    monkeypatch.setattr(OptunaSampler, "suggest", broken)
    assert len(proposals(search_of("gp", RANGE, 5), [], 5)) == 5
    with pytest.raises(AutomlError, match="the Gaussian process raised RuntimeError: no kernel"):
        proposals(search_of("gp", RANGE, 5, stop_when_exception=True), [], 1)


class Needy(RandomSampler):
    """Stands in for the Gaussian process: it cannot be made of, or asked about, nothing."""

    asked: ClassVar[list[int]] = []

    def __init__(self, *, seed: int, **options: object) -> None:
        super().__init__(seed=seed)
        assert options["n_startup_trials"] == 1

    def sample_relative(self, study: Study, trial: FrozenTrial, search_space: Any) -> Any:
        del trial, search_space
        values = {one.value for one in study.get_trials(states=[OptunaState.COMPLETE])}
        if len(values) < 2:
            raise ValueError("max() arg is an empty sequence")
        self.asked.append(len(values))
        return {}


def ended(trial_id: int, x: float, state: TrialState, value: float | None) -> Told:
    return Told(trial_id=trial_id, params={"x": x}, state=state, value=value)


NO_VALUE = [ended(at, at / 10, TrialState.FAILED, None) for at in range(3)]
PRUNED = [ended(at, at / 10, TrialState.PRUNED, 0.1 * at) for at in range(3)]
VALUES = [ended(at, at / 10, TrialState.COMPLETED, 0.1 * at) for at in range(4)]
OUTSIDE = [ended(at, 7.0 + at, TrialState.COMPLETED, 0.1 * at) for at in range(3)]


@pytest.mark.usefixtures("torch_there")
@pytest.mark.parametrize(
    ("history", "asked"),
    [
        ([], []),
        (NO_VALUE, []),
        (PRUNED, []),
        (OUTSIDE, []),
        (VALUES[:1], []),
        ([*NO_VALUE[1:], VALUES[0]], []),
        (VALUES[:2], [2]),
        ([*NO_VALUE[2:], *VALUES[:2]], [2]),
        ([*OUTSIDE[:1], *VALUES[1:3]], [2]),
        (VALUES, [4]),
    ],
)
def test_a_process_is_asked_once_two_values_are_known(
    history: list[Told], asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optuna.samplers.GPSampler", Needy)
    Needy.asked.clear()
    search = search_of("gp", RANGE, 9, initial_trials_num=1, stop_when_exception=True)
    [first] = proposals(search, list(history), 1)
    assert Needy.asked == asked
    again = search_of("gp", RANGE, 9, initial_trials_num=1, stop_when_exception=True)
    assert proposals(again, list(history), 1) == [first]


@pytest.mark.usefixtures("torch_there")
def test_several_objectives_begin_at_random_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optuna.samplers.GPSampler", Needy)
    two = (Direction.MAXIMIZE, Direction.MINIMIZE)
    options = {"initial_trials_num": 1, "stop_when_exception": True}
    problem = problem_of(RANGE, 9, directions=two)
    search = make_proposer(Algorithm(type="gp", options=options), problem)
    assert len(set(proposals(search, [], 3))) == 3


@pytest.mark.usefixtures("torch_there")
def test_a_long_study_is_told_that_the_process_will_end() -> None:
    assert search_of("gp", RANGE, 200).note == ""
    assert "for the first 200 trials, then tpe" in search_of("gp", RANGE, 201).note


@pytest.mark.slow
def test_a_process_finds_the_best_and_is_the_same_after_a_restart() -> None:
    pytest.importorskip("torch")
    options = {"initial_trials_num": 4, "stop_when_exception": True}
    search, history = search_of("gp", RANGE, 30, **options), list[Told]()
    for trial_id in range(9):
        answer = search.proposer.propose(trial_id, history)
        assert isinstance(answer, Proposal)
        x: Any = answer.params["x"]
        for state, value in ((TrialState.PLANNED, None), (TrialState.COMPLETED, -abs(x - 0.7))):
            history.append(Told(trial_id=trial_id, params=answer.params, state=state, value=value))
    values = [told.value for told in history if told.value is not None]
    assert max(values[4:]) > -0.05
    again = search_of("gp", RANGE, 30, **options)
    assert again.proposer.propose(8, history[:16]) == Proposal(params=history[16].params)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["grid", "random"])
@pytest.mark.parametrize("rules", [(), ("a + b > 3",)])
def test_looking_for_what_rules_allow_is_done_aside(name: str, rules: tuple[str, ...]) -> None:
    wide = [Integer(name=each, min_value=1, max_value=300) for each in "ab"]
    problem = Problem(
        space=SearchSpace(tuple(wide), rules=rules),
        directions=(Direction.MAXIMIZE,),
        seed=1,
        max_trials=5,
        max_parallel=1,
    )
    assert make_proposer(Algorithm(type=name), problem).aside is bool(rules)
