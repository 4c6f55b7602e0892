"""Who keeps what it left, and who needs it no more."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import make_spec

from automl.study.budget import Budget
from automl.study.ends.keep import Keep
from automl.study.noise import Noise
from automl.study.objective import Objective, Objectives
from automl.study.ranking.keepers import Keepers, continued
from automl.study.spec import Algorithm, StudySpec
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

PATTERN = "{{ trial.dir }}/model*"


def spec(keep: str | int = "best", **changes: Any) -> StudySpec:
    return make_spec(Path("/"), keep=Keep(which=keep, artifacts=[PATTERN]), **changes)


def trial(number: int, value: float | None, state: str = "completed", **changes: Any) -> Trial:
    return Trial(
        id=number, params={"x": number}, value=value, state=TrialState(state), attempts=1, **changes
    )


def played(study: StudySpec, *trials: Trial, continues: bool = False) -> list[list[int]]:
    """Return who loses what at the end of each trial."""
    keepers = Keepers(study, continues=continues)
    known: dict[int, Trial] = {}
    lost = []
    for one in trials:
        known[one.id] = one
        lost.append(keepers.ended(one.id, known))
    return lost


def test_only_the_best_so_far_keeps_its_own() -> None:
    lost = played(spec(), trial(0, 1.0), trial(1, 3.0), trial(2, 2.0), trial(3, 4.0))
    assert lost == [[], [0], [2], [1]]


def test_so_many_of_the_best_keep_theirs() -> None:
    values = [1.0, 3.0, 2.0, 4.0, 0.5]
    lost = played(spec(2), *[trial(number, value) for number, value in enumerate(values)])
    assert lost == [[], [], [0], [2], [4]]


def test_nothing_is_lost_where_all_is_kept() -> None:
    study = make_spec(Path("/"), keep=Keep(artifacts=[PATTERN]))
    assert played(study, trial(0, 1.0), trial(1, 3.0), trial(2, None, "failed")) == [[], [], []]


def test_of_equal_trials_the_first_one_keeps_its_own() -> None:
    assert played(spec(), trial(1, 1.0), trial(0, 1.0), trial(2, 1.0)) == [[], [1], [2]]


@pytest.mark.parametrize("state", ["failed", "stopped", "pruned"])
def test_one_without_a_whole_value_loses_its_own(state: str) -> None:
    ended = trial(1, None if state == "failed" else 9.0, state, stopped_step=3)
    assert played(spec(), trial(0, 1.0), ended) == [[], [1]]


def test_a_failed_one_loses_its_own_even_if_it_is_alone() -> None:
    assert played(spec(), trial(0, None, "failed"), trial(1, 1.0)) == [[0], []]


def test_one_that_breaks_a_constraint_is_not_the_best() -> None:
    study = spec(objectives=Objectives(constraints=("metric <= 2",)))
    broken = trial(1, 9.0, violation=7.0)
    assert played(study, broken, trial(0, 1.0), trial(2, 8.0, violation=6.0)) == [[], [1], [2]]


def test_with_several_objectives_all_that_none_dominates_keep_theirs() -> None:
    objectives = Objectives((Objective(metric="a"), Objective(metric="b")))
    keepers = Keepers(Described(objectives), continues=False)  # type: ignore[arg-type]
    values = [(1.0, 5.0), (5.0, 1.0), (0.5, 0.5), (6.0, 6.0)]
    known: dict[int, Trial] = {}
    lost = []
    for number, (a, b) in enumerate(values):
        known[number] = trial(number, a, metrics={"a": a, "b": b})
        lost.append(keepers.ended(number, known))
    assert lost == [[], [], [2], [0, 1]]


class Described:
    """As much of a study of two metrics as is looked at."""

    keep = Keep(which="best", artifacts=[PATTERN])
    noise = Noise()
    trains_population = False
    start_with = ()

    def __init__(self, objectives: Objectives) -> None:
        self.objectives = objectives


LADDER = Budget(name="epochs", min=1, max=9)


def at_rung(number: int, value: float, budget: int) -> Trial:
    stage = Stage(budget=budget, previous_budget=budget // 3)
    results = (Result(stage=stage, value=value),)
    return trial(number, value, "pruned", stage=stage, results=results)


def test_one_that_waits_at_a_rung_keeps_its_checkpoint() -> None:
    whole = trial(2, 5.0, stage=Stage(budget=9, previous_budget=3))
    study = spec(budget=LADDER)
    given = [at_rung(0, 1.0, 1), at_rung(1, 2.0, 3), whole]
    assert played(study, *given, continues=True) == [[], [], []]
    keepers = Keepers(study, continues=True)
    keepers.begin({one.id: one for one in given})
    assert keepers.complete({one.id: one for one in given}) == []


def test_one_that_would_start_over_anyway_loses_its_own_at_the_end() -> None:
    whole = trial(2, 5.0, stage=Stage(budget=9, previous_budget=3))
    given = {one.id: one for one in (at_rung(0, 1.0, 1), at_rung(1, 2.0, 3), whole)}
    keepers = Keepers(spec(budget=LADDER), continues=False)
    keepers.begin(given)
    assert keepers.losers == set()
    assert keepers.complete(given) == [0, 1]
    assert keepers.losers == {0, 1}


@pytest.mark.parametrize("state", ["failed", "stopped"])
def test_one_that_failed_on_its_way_keeps_what_a_retry_begins_with(state: str) -> None:
    ended = trial(1, None, state, stage=Stage(budget=9, previous_budget=3))
    assert played(spec(budget=LADDER), trial(0, 1.0), ended, continues=True) == [[], []]


def test_one_that_waits_for_its_next_seed_keeps_its_own_and_one_given_up_does_not() -> None:
    study = spec(noise=Noise(repeats=3))
    waits = trial(1, 0.5, "pruned", reason="after seed 1 of 3")
    given_up = trial(2, 0.1, "pruned", reason="given up: after seed 1 of 3, too bad")
    assert played(study, trial(0, 1.0), waits, given_up) == [[], [], [2]]


def test_whoever_may_be_confirmed_keeps_its_own_until_the_end() -> None:
    study = spec(noise=Noise(confirm=2), start_with=({"x": 3},))
    given = [trial(0, 1.0), trial(1, 3.0), trial(2, 2.0), trial(3, 0.0)]
    keepers = Keepers(study, continues=False)
    known: dict[int, Trial] = {}
    for one in given:
        known[one.id] = one
        keepers.ended(one.id, known)
    assert keepers.losers == {0}
    confirmed = Stage(seed_number=1, purpose=Purpose.CONFIRM)
    for number, value in ((1, 1.0), (2, 9.0)):
        found = Result(stage=Stage(), value=given[number].value or 0)
        again = Result(stage=confirmed, value=value)
        known[number] = trial(number, found.value, stage=confirmed, results=(found, again))
    assert keepers.complete(known) == [1, 3]


def test_one_that_is_launched_again_loses_nothing_meanwhile() -> None:
    keepers = Keepers(spec(), continues=False)
    known = {0: trial(0, 1.0), 1: trial(1, None, "failed")}
    keepers.begin(known)
    assert keepers.losers == {1}
    keepers.again(1)
    known[1] = trial(1, None, "running")
    assert keepers.losers == set()
    known[2] = trial(2, 2.0)
    assert keepers.ended(2, known) == [0]
    known[1] = trial(1, 3.0)
    assert keepers.ended(1, known) == [2]


def test_the_next_controller_finds_the_same() -> None:
    study = spec(2)
    known = {number: trial(number, float(number % 5)) for number in range(20)}
    keepers = Keepers(study, continues=False)
    seen: dict[int, Trial] = {}
    for number, one in known.items():
        seen[number] = one
        keepers.ended(number, seen)
    later = Keepers(study, continues=False)
    later.begin(known)
    assert later.losers == keepers.losers == set(known) - {4, 9}


def interval(number: int, source: int, state: str = "completed", budget: int = 1) -> Trial:
    value = float(number) if state == "completed" else None
    return trial(number, value, state, source=source, stage=Stage(budget=budget))


def test_a_population_keeps_what_may_still_be_continued() -> None:
    first = [interval(0, -1), interval(1, -1)]
    assert continued(known(first), 2) == {0, 1}
    half = [*first, interval(2, 1)]
    assert continued(known(half), 2) == {0, 1, 2}
    running = [*half, interval(3, 1, "running")]
    assert continued(known(running), 2) == {0, 1, 2, 3}
    done = [*half, interval(3, 1)]
    assert continued(known(done), 2) == {2, 3}
    failed = [*half, interval(3, 1, "failed")]
    assert continued(known(failed), 2) == {1, 2, 3}
    again = [*first, interval(2, 1, "failed"), interval(3, 1, "failed"), interval(4, 1)]
    assert continued(known(again), 2) >= {0, 1, 4}


def test_in_a_population_the_whole_budget_is_continued_by_none() -> None:
    study = spec(
        algorithm=Algorithm(type="pbt", options={"population": 2}),
        budget=Budget(name="epochs", min=1, max=2),
    )
    given = [interval(0, -1), interval(1, -1), interval(2, 1, budget=2), interval(3, 1, budget=2)]
    assert played(study, *given, continues=True) == [[], [], [], [0, 1, 2]]


def known(trials: list[Trial]) -> Mapping[int, Trial]:
    return {one.id: one for one in trials}
