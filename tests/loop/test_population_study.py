from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loop_bench import Bench
from loop_fakes import PATTERN, Died, fails, prints

from automl.journal.requests import AddTrial
from automl.search.algorithms import Search, make_proposer
from automl.search.problem import problem_of
from automl.show.table import results_table
from automl.space.parameters import Real
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.launch import Launch
from automl.study.spec import Algorithm
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial, TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]
MEMBERS, INTERVALS = 4, 3
TRIALS = MEMBERS * INTERVALS
TRAINING = BashTask(
    cmd=(
        "train",
        *("--rate", "{{ trial.param.rate }}"),
        *("--from", "{{ trial.previous_budget }}", "--to", "{{ trial.budget }}"),
        *("--checkpoint", "{{ trial.checkpoint_dir }}", "--id", "{{ trial.checkpoint_id }}"),
    ),
    metric_reader=LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN),
)


def population(make: Callable[..., Bench], **changes: Any) -> Bench:
    """A study of 4 members that train in 3 intervals."""
    one = make(
        **{
            "space": SearchSpace((Real(name="rate", min_value=0.001, max_value=1.0, log=True),)),
            "tasks": (TRAINING,),
            "budget": Budget(name="epochs", min=2, max=6),
            "algorithm": Algorithm(type="pbt", options={"population": MEMBERS}),
            "max_trials": 99,
            "max_parallel": 3,
            "fail_fast": None,
        }
        | changes
    )

    def search(seed: int) -> Search:
        return make_proposer(one.spec.algorithm, problem_of(one.spec, seed, 99))

    one.search = search
    return one


def lineage(trials: dict[int, Trial]) -> dict[int, int]:
    """How many intervals lie behind each trial, by its sources."""
    found: dict[int, int] = {}
    for trial in trials.values():
        found[trial.id] = 0 if trial.source == -1 else found[trial.source] + 1
    return found


def check_population(one: Bench) -> None:
    """Check that each member had each interval, and continued one that had been trained."""
    trials = one.state().trials
    generations = lineage(trials)
    assert all(
        trial.state in {TrialState.COMPLETED, TrialState.FAILED} for trial in trials.values()
    )
    begun = Counter(generations.values())
    ended = Counter(generations[one.id] for one in trials.values() if one.value is not None)
    assert sorted(ended) == list(range(INTERVALS))
    for generation in range(INTERVALS):
        # One that failed altogether is begun again from the one before.
        again = begun[generation] - MEMBERS
        assert again % MEMBERS == 0
        assert again == 0 or ended[generation] <= MEMBERS
    for trial in trials.values():
        generation = generations[trial.id]
        assert trial.stage.budget == 2 * (generation + 1)
        assert trial.stage.previous_budget == 2 * generation
        if trial.source >= 0:
            assert trial.source < trial.id
            assert trials[trial.source].state is TrialState.COMPLETED
            assert trials[trial.source].stage.budget == trial.stage.previous_budget


def values(launch: Launch) -> FakeRun:
    """The later the better, but for some."""
    return prints(launch, f"value={launch.trial_id * 7 % 11}", after_s=1 + launch.trial_id % 3)


def test_a_population_trains_to_the_end_of_its_budget(bench: MakeBench) -> None:
    one = population(bench)
    one.program = values
    view = one.run()
    assert view.complete
    assert len(view.trials) == TRIALS
    check_population(one)
    assert one.state().trials == view.trials
    assert one.last_stage.starts == list(range(TRIALS))


def test_the_commands_say_what_is_continued(bench: MakeBench) -> None:
    one = population(bench)
    one.program = values
    trials = one.run().trials
    for trial in (trials[0], trials[TRIALS - 1]):
        script = Path(one.folder.trial(trial.id).script).read_text()
        budgets = f"--from {trial.stage.previous_budget} --to {trial.stage.budget} "
        assert budgets in script
        assert f"--id {trial.source}" in script
        copied = f"cp -R '{one.folder.trial(trial.source).checkpoint}'"
        assert (copied in script) is (trial.source >= 0)


def test_the_lineage_is_in_the_table(bench: MakeBench) -> None:
    one = population(bench)
    one.program = values
    trials = one.run().trials
    table = results_table(list(trials.values()), ("rate",), objectives=one.spec.objectives)
    found = dict(zip(table["metadata", "id"], table["metadata", "checkpoint_id"], strict=True))
    assert found == {trial.id: trial.source for trial in trials.values()}


def test_a_trial_that_a_user_adds_begins_as_members_do(bench: MakeBench) -> None:
    one = population(bench)
    one.program = values
    one.ask_after(1.5, AddTrial(params={"rate": 0.5}))
    trials = one.run().trials
    (added,) = [trial for trial in trials.values() if trial.origin == "request"]
    assert (added.stage.budget, added.stage.previous_budget, added.source) == (2, 0, -1)
    assert "--to 2 " in Path(one.folder.trial(added.id).script).read_text()
    assert added.state is TrialState.COMPLETED


@pytest.mark.parametrize("died_s", [0.0, 1.5, 3.0, 4.5, 6.5])
@pytest.mark.parametrize("away_s", [0.0, 30.0])
def test_a_population_goes_on_after_a_kill(bench: MakeBench, died_s: float, away_s: float) -> None:
    one = population(bench)
    one.program = values
    one.die_after(died_s)
    with pytest.raises(Died):
        one.run()
    one.away(away_s)
    assert one.run().complete
    check_population(one)
    assert len(one.state().trials) == TRIALS


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    lives=st.lists(st.tuples(st.floats(0, 8), st.floats(0, 10)), max_size=4),
    lasts=st.lists(st.floats(0.01, 4), min_size=6, max_size=6),
    results=st.lists(st.integers(0, 9), min_size=7, max_size=7),
    broken=st.sets(st.integers(0, 14), max_size=4),
    slots=st.integers(1, 5),
)
def test_a_population_never_waits_for_good(
    tmp_path_factory: pytest.TempPathFactory,
    lives: list[tuple[float, float]],
    lasts: list[float],
    results: list[int],
    broken: set[int],
    slots: int,
) -> None:
    folder = tmp_path_factory.mktemp("study")
    one = population(lambda **changes: Bench(folder, **changes), max_parallel=slots)
    starts: list[int] = []

    def program(launch: Launch) -> FakeRun:
        trial = launch.trial_id
        starts.append(trial)
        after_s = lasts[trial % len(lasts)]
        if trial in broken:
            return fails(launch, after_s=after_s)
        return prints(launch, f"value={results[trial % len(results)]}", after_s=after_s)

    one.program = program
    assert one.live(lives).complete
    check_population(one)
    assert sorted(starts) == list(range(len(starts)))
