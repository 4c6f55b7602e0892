import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from automl.search.known import BLOCK, RECENT, SHOWN, THINNED, Known
from automl.search.own.elite import BEST
from automl.search.sampler import Told
from automl.space.parameters import Real
from automl.space.space import SearchSpace
from automl.study.objective import Direction
from automl.study.trial import TrialState

SPACE = SearchSpace((Real(name="x", min_value=0, max_value=1),))
UP = (Direction.MAXIMIZE,)


def study(trials: int, seed: int = 1) -> list[Told]:
    """Tell of trials that end in another order than they were planned in, some of them twice."""
    rng = random.Random(seed)  # noqa: S311 - plays a study
    history: list[Told] = []
    running: list[dict[str, Any]] = []
    for trial_id in range(trials):
        now: dict[str, Any] = {"trial_id": trial_id, "params": {"x": rng.random()}}
        history.append(Told(state=TrialState.PLANNED, **now))
        running.append(now)
        if len(running) > 4:
            history.append(ended(rng, running.pop(rng.randrange(4))))
    history += [ended(rng, now) for now in running]
    return history


def ended(rng: random.Random, now: dict[str, Any]) -> Told:
    if rng.random() < 0.1:
        return Told(state=TrialState.FAILED, **now)
    return Told(state=TrialState.COMPLETED, value=rng.random(), **now)


def known_of(history: Sequence[Told], directions: tuple[Direction, ...] = UP) -> Known:
    known = Known(SPACE, directions)
    known.read(history)
    return known


def test_up_to_the_limit_all_are_shown() -> None:
    history = study(SHOWN)
    assert len(known_of(history).shown()) == SHOWN


def test_beyond_it_the_best_the_newest_and_some_of_the_rest_are_shown() -> None:
    history = study(4000)
    shown = known_of(history).shown()
    order = [told.trial_id for told in history if told.state is not TrialState.PLANNED]
    old = (4000 - RECENT) // BLOCK * BLOCK
    assert [told.trial_id for told in shown[-(4000 - old) :]] == order[old:]
    values = {told.trial_id: told.value for told in history if told.value is not None}
    best = sorted((trial for trial in order[:old] if trial in values), key=values.__getitem__)
    ids = {told.trial_id for told in shown}
    assert set(best[-BEST:]) <= ids
    # Beside these, every so-manieth old one.
    rest = [place for place, trial in enumerate(order[:old]) if trial in ids - set(best[-BEST:])]
    gaps = [right - left for left, right in pairwise(rest)]
    assert old // THINNED <= max(gaps) <= 6 * (old / THINNED)


def test_the_number_shown_stays_bounded_and_the_choice_a_function_of_the_history() -> None:
    history = study(6000)
    growing = Known(SPACE, UP)
    for end in range(3000, len(history), 977):
        growing.read(history[:end])
        shown = growing.shown()
        assert len(shown) <= SHOWN
        assert shown == known_of(history[:end]).shown()


def test_the_choice_changes_once_in_a_block() -> None:
    history = study(3000)
    known = known_of(history)
    before = {told.trial_id for told in known.shown()}
    changes = 0
    for trial_id in range(10_000, 10_000 + BLOCK):
        now: dict[str, Any] = {"trial_id": trial_id, "params": {"x": 0.5}}
        history.append(Told(state=TrialState.FAILED, **now))
        known.read(history)
        after = {told.trial_id for told in known.shown()}
        changes += not before <= after
        before = after
    assert changes == 1


def test_an_old_trial_that_is_told_again_is_ranked_anew() -> None:
    history = study(3000)
    worst = min(
        (told for told in history[:2000] if told.value is not None),
        key=lambda told: told.value or 0.0,
    )
    again = Told(
        trial_id=worst.trial_id, params=worst.params, state=TrialState.COMPLETED, value=99.0
    )
    known = known_of(history)
    known.shown()
    history.append(again)
    known.read(history)
    assert again in known.shown()
    assert worst not in known.shown()
    assert known.shown() == known_of(history).shown()


def test_the_best_of_several_objectives_are_those_that_few_dominate() -> None:
    rng = random.Random(2)  # noqa: S311 - plays a study
    history = []
    for trial_id in range(3000):
        left, right = rng.random(), rng.random()
        history.append(
            Told(
                trial_id=trial_id,
                params={"x": 0.5},
                state=TrialState.COMPLETED,
                value=left,
                values=(left, right),
            )
        )
    shown = {
        told.trial_id
        for told in known_of(history, (Direction.MAXIMIZE, Direction.MINIMIZE)).shown()
    }
    front = [
        told.trial_id
        for told in history
        if not any(
            other.values[0] > told.values[0] and other.values[1] < told.values[1]
            for other in history
        )
    ]
    assert set(front) <= shown


@pytest.mark.parametrize("better", ["feasible", "completed", "further"])
def test_values_count_only_among_equals(better: str) -> None:
    history = []
    for trial_id in range(2600):
        good = trial_id < 100
        more: dict[str, Any] = {"state": TrialState.COMPLETED, "value": 0.0 if good else 1.0}
        if better == "feasible":
            more["violation"] = 0.0 if good else 1.0
        elif better == "completed" and not good:
            more.update(state=TrialState.PRUNED, reached=3.0)
        elif better == "further":
            more.update(state=TrialState.PRUNED, reached=9.0 if good else 3.0)
        history.append(Told(trial_id=trial_id, params={"x": 0.5}, **more))
    shown = {told.trial_id for told in known_of(history).shown()}
    assert set(range(100)) <= shown


def test_one_that_is_tried_again_keeps_its_result_until_it_ends() -> None:
    now: dict[str, Any] = {"trial_id": 3, "params": {"x": 0.5}}
    planned = Told(state=TrialState.PLANNED, **now)
    first = Told(state=TrialState.PRUNED, value=1.0, reached=1.0, **now)
    last = Told(state=TrialState.COMPLETED, value=2.0, **now)
    assert known_of([planned]).running == {3: planned}
    assert known_of([planned, first, planned]).running == {}
    assert known_of([planned, first, planned]).shown() == [first]
    assert known_of([planned, first, planned, last]).shown() == [last]
