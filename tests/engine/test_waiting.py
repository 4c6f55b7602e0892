import math

from hypothesis import given
from hypothesis import strategies as st

from automl.engine.waiting import WaitingTrials


def test_first_come_first_served() -> None:
    waiting = WaitingTrials([3, 1])
    waiting.add(2)
    assert [waiting.take(0.0) for _ in range(4)] == [3, 1, 2, None]


def test_what_could_not_start_is_next() -> None:
    waiting = WaitingTrials([1, 2])
    first = waiting.take(0.0)
    assert first == 1
    waiting.put_back(first)
    assert waiting.take(0.0) == 1


def test_a_back_off_is_passed_over_until_it_ends() -> None:
    waiting = WaitingTrials([1])
    waiting.requeue(5, due_s=10.0)
    assert waiting.next_due_s == 10.0
    assert waiting.take(9.9) == 1
    assert waiting.take(9.9) is None
    assert len(waiting) == 1
    assert waiting.take(10.0) == 5
    assert waiting.next_due_s == math.inf


def test_the_next_back_off_is_the_shortest() -> None:
    waiting = WaitingTrials()
    waiting.requeue(1, due_s=20.0)
    waiting.requeue(2, due_s=10.0)
    assert waiting.next_due_s == 10.0


def test_those_that_run_alone_are_taken_only_by_name() -> None:
    waiting = WaitingTrials([1], alone=[2])
    waiting.requeue(3, alone=True)
    assert [waiting.take(0.0), waiting.take(0.0)] == [1, None]
    assert [waiting.take_alone() for _ in range(3)] == [2, 3, None]


def test_a_trial_is_forgotten_wherever_it_waits() -> None:
    waiting = WaitingTrials([1, 2], alone=[3])
    waiting.requeue(4, due_s=0.0)
    for trial in (1, 3, 4, 99):
        waiting.remove(trial)
    assert len(waiting) == 1
    assert waiting.take(1.0) == 2
    assert waiting.take_alone() is None


@given(st.lists(st.tuples(st.sampled_from(["add", "back", "alone", "later"]), st.floats(0, 50))))
def test_each_trial_comes_out_once(ways: list[tuple[str, float]]) -> None:
    waiting = WaitingTrials()
    for trial, (way, due_s) in enumerate(ways):
        {
            "add": waiting.add,
            "back": waiting.put_back,
            "alone": lambda trial: waiting.requeue(trial, alone=True),
            "later": lambda trial, due_s=due_s: waiting.requeue(trial, due_s),
        }[way](trial)
    assert len(waiting) == len(ways)
    out: list[int] = []
    for take in (lambda: waiting.take(50.0), waiting.take_alone):
        while (trial_id := take()) is not None:
            out.append(trial_id)
    assert sorted(out) == list(range(len(ways)))
    assert not waiting
