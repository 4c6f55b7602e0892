import errno
import threading
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loop_bench import Bench
from loop_fakes import DEADLINE_S, InOrder, prints

from automl.engine.engine import Engine
from automl.engine.view import History
from automl.journal.events import TrialEnded
from automl.journal.requests import AddTrial
from automl.loop import proposals as module
from automl.loop.proposals import Proposals
from automl.search.algorithms import Search
from automl.search.sampler import Answer, Nothing, Proposal, Told
from automl.study.trial import TrialState
from automl.testing import FakeClock

MakeBench = Callable[..., Bench]


def told(trial_id: int) -> Told:
    return Told(trial_id=trial_id, params={"x": trial_id}, state=TrialState.PLANNED)


class Thinker(InOrder):
    """Proposes in order, but for some trials only once it is let.

    Attributes:
        asked: for which trials it was asked, and how much had been told by then.
        answered: set once it has answered for a trial.
        holds: the trials for which it thinks until `let_go` is set.
    """

    def __init__(self, *holds: int, size: int = 1000) -> None:
        super().__init__(size)
        self.asked: list[tuple[int, int]] = []
        self.answered = {trial_id: threading.Event() for trial_id in range(50)}
        self.holds = holds
        self._first_held = min(holds, default=1000)
        self.let_go = threading.Event()
        self.thread = ""

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        self.asked.append((trial_id, len(history)))
        self.thread = threading.current_thread().name
        if trial_id in self.holds:
            assert self.let_go.wait(DEADLINE_S)
        answer = super().propose(trial_id, history)
        self.answered[trial_id].set()
        return answer

    def thinks(self, engine: Engine) -> bool:
        """Whether an answer is waited for that comes without anybody's help."""
        waited = engine.view.proposing
        return waited is not None and (waited < self._first_held or self.let_go.is_set())


def aside(one: Bench, thinker: Thinker) -> Thinker:
    one.search = lambda _: Search(proposer=thinker, aside=True)
    one.thinks = thinker.thinks
    return thinker


@pytest.fixture
def thinker(bench: MakeBench) -> Callable[..., tuple[Bench, Thinker]]:
    """A study with a thinker, in another thread."""

    def make(*holds: int, **changes: object) -> tuple[Bench, Thinker]:
        one = bench(**changes)
        return one, aside(one, Thinker(*holds, size=one.size))

    return make


MakeThinker = Callable[..., tuple[Bench, Thinker]]


# By itself


@given(st.integers(0, 8), st.integers(0, 4), st.slices(8))
def test_a_prefix_is_what_the_list_was(length: int, more: int, part: slice) -> None:
    history = [told(one) for one in range(length)]
    before, prefix = list(history), History(history)
    history += [told(length + one) for one in range(more)]
    assert list(prefix) == before
    assert len(prefix) == length
    assert prefix[part] == before[part]
    for place in range(-length, length):
        assert prefix[place] == before[place]
    with pytest.raises(IndexError):
        prefix[length]


def test_without_a_thread_the_answer_is_there_at_once() -> None:
    search = Search(proposer=InOrder(3), aside=False)
    asking = Proposals(search, wake=lambda: pytest.fail("nobody waits"), clock=FakeClock())
    assert asking.idle
    asking.ask(0, [])
    assert not asking.idle
    assert asking.take(0) == Proposal(params={"x": 0})
    assert asking.idle
    assert asking.take(0) is None
    asking.close()


def test_asking_twice_for_one_trial_asks_once() -> None:
    thinker = Thinker()
    asking = Proposals(Search(proposer=thinker, aside=False), wake=lambda: None, clock=FakeClock())
    asking.ask(0, [])
    asking.ask(0, [])
    assert thinker.asked == [(0, 0)]


def test_a_thread_answers_and_wakes() -> None:
    woken = threading.Event()
    thinker = Thinker()
    asking = Proposals(Search(proposer=thinker, aside=True), wake=woken.set, clock=FakeClock())
    asking.ask(0, [])
    assert woken.wait(DEADLINE_S)
    assert asking.take(0) == Proposal(params={"x": 0})
    assert thinker.thread == "automl-search"
    asking.close()


def test_a_question_that_grew_old_is_asked_anew() -> None:
    thinker = Thinker()
    asking = Proposals(Search(proposer=thinker, aside=False), wake=lambda: None, clock=FakeClock())
    asking.ask(0, [])
    asking.ask(0, [told(1), told(2)], stale=2)
    assert thinker.asked == [(0, 0)]
    asking.ask(0, [told(1), told(2), told(3)], stale=2)
    assert thinker.asked == [(0, 0), (0, 3)]
    assert asking.take(0) == Proposal(params={"x": 0})
    assert asking.take(0) is None


def test_an_answer_for_another_trial_is_dropped() -> None:
    woken = threading.Semaphore(0)
    thinker = Thinker(0)
    asking = Proposals(Search(proposer=thinker, aside=True), wake=woken.release, clock=FakeClock())
    asking.ask(0, [])
    asking.ask(1, [told(0)])
    assert asking.take(0) is None
    assert asking.take(1) is None
    thinker.let_go.set()
    assert woken.acquire(timeout=DEADLINE_S)
    assert woken.acquire(timeout=DEADLINE_S)
    assert asking.take(1) == Proposal(params={"x": 1})
    assert asking.take(0) is None
    asking.close()


def test_nobody_waits_long_for_a_proposal_that_is_not_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "JOIN_S", 0.001)
    thinker = Thinker(0)
    asking = Proposals(Search(proposer=thinker, aside=True), wake=lambda: None, clock=FakeClock())
    asking.ask(0, [])
    asking.close()
    assert not thinker.answered[0].is_set()
    thinker.let_go.set()
    for thread in threading.enumerate():
        if thread.name == "automl-search":
            thread.join(DEADLINE_S)


# In a study


def test_a_proposer_aside_gives_the_same_study(thinker: MakeThinker) -> None:
    one, _ = thinker(max_trials=6, max_parallel=2)
    view = one.run()
    assert view.complete
    assert one.last_stage.starts == [0, 1, 2, 3, 4, 5]
    assert [trial.params["x"] for trial in view.trials.values()] == [0, 1, 2, 3, 4, 5]


def test_thinking_holds_up_no_end_and_no_stop(thinker: MakeThinker) -> None:
    one, mind = thinker(2, max_trials=3, max_parallel=2, timeout_s=4)
    one.program = lambda launch: prints(launch, after_s=2.5 if launch.trial_id == 0 else 100.0)
    one.stage.after(20, mind.let_go.set)
    view = one.run()
    ends = [event for event in one.events() if isinstance(event, TrialEnded)]
    began = one.events()[0].at
    assert [(one.trial, (one.at - began).total_seconds()) for one in ends][:2] == [
        (0, 2.5),
        (1, 4.0),
    ]
    assert one.last_stage.starts_at == [0.0, 0.0, 20.0]
    assert [trial for trial, _ in mind.asked] == [0, 1, 2]
    assert view.complete


def test_the_next_proposal_of_a_slow_search_is_there_when_a_slot_gets_free(
    thinker: MakeThinker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUICK_S", -1.0)
    one, mind = thinker(max_trials=4, max_parallel=2)
    one.program = lambda launch: prints(launch, after_s=5.0 + launch.trial_id)
    one.stage.after(1, lambda: mind.answered[2].wait(DEADLINE_S))
    asked: list[int] = []
    one.stage.after(4, lambda: asked.extend(trial for trial, _ in mind.asked))
    one.run()
    assert asked == [0, 1, 2]
    assert one.last_stage.starts_at[:3] == [0.0, 0.0, 5.0]
    # It knew of the two that ran: two plans, no end.
    assert mind.asked[2] == (2, 2)


def test_a_quick_search_is_asked_once_a_slot_is_free(thinker: MakeThinker) -> None:
    one, mind = thinker(max_trials=3, max_parallel=2)
    one.program = lambda launch: prints(launch, after_s=5.0 + launch.trial_id)
    one.run()
    # Number 2 knew of two plans and an end.
    assert mind.asked == [(0, 0), (1, 1), (2, 3)]


def test_a_search_is_slow_by_its_last_answer() -> None:
    clock, woken = FakeClock(), threading.Semaphore(0)

    class Pondering:
        def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
            clock.advance(0.0 if trial_id else 1.0)
            return Proposal(params={"x": len(history)})

    asking = Proposals(Search(proposer=Pondering(), aside=True), wake=woken.release, clock=clock)
    assert not asking.slow
    for trial_id, slow in enumerate([True, False]):
        asking.ask(trial_id, [])
        assert woken.acquire(timeout=DEADLINE_S)
        assert asking.slow is slow
    asking.close()


def test_with_one_slot_each_proposal_knows_of_the_trial_before(thinker: MakeThinker) -> None:
    one, mind = thinker(max_trials=3, max_parallel=1)
    one.run()
    assert mind.asked == [(0, 0), (1, 2), (2, 4)]


def test_nothing_is_asked_beyond_the_limit(thinker: MakeThinker) -> None:
    one, mind = thinker(max_trials=3, max_parallel=3)
    one.run()
    assert [trial for trial, _ in mind.asked] == [0, 1, 2]


@pytest.mark.parametrize("held", [1, 2])
def test_a_trial_added_meanwhile_takes_the_number_and_loses_nothing(
    thinker: MakeThinker, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUICK_S", -1.0)
    # Of two slots: number 1 is waited for, number 2 is asked for ahead.
    one, mind = thinker(held, max_trials=5, max_parallel=2, size=5)
    one.program = lambda launch: prints(launch, after_s=10)
    one.ask_after(1, AddTrial(params={"x": 3}))
    one.stage.after(5, mind.let_go.set)
    view = one.run()
    assert view.complete
    assert sorted(trial.params["x"] for trial in view.trials.values()) == [0, 1, 2, 3, 4]
    assert view.trials[held].params == {"x": 3}
    assert view.trials[held].origin == "request"
    assert sorted(one.last_stage.starts) == [0, 1, 2, 3, 4]


def test_ctrl_c_waits_for_no_thought(thinker: MakeThinker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "JOIN_S", 0.001)
    one, mind = thinker(1, max_trials=3, max_parallel=2)
    one.program = lambda launch: prints(launch, after_s=None)
    one.interrupt_after(3)
    view = one.run()
    assert one.clock.monotonic() == 3.0
    assert not view.complete
    assert not mind.answered[1].is_set()
    mind.let_go.set()
    assert mind.answered[1].wait(DEADLINE_S)
    for thread in threading.enumerate():
        if thread.name == "automl-search":
            thread.join(DEADLINE_S)
    one.program = prints
    assert one.run().trials[0].attempts == 2


class Broken(Thinker):
    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        answer = super().propose(trial_id, history)
        if trial_id == 2:
            raise ZeroDivisionError("no such luck")
        return answer


@pytest.mark.parametrize("apart", [True, False])
def test_what_the_search_raises_reaches_the_caller(bench: MakeBench, apart: bool) -> None:  # noqa: FBT001
    one = bench(max_trials=4, max_parallel=2)
    broken = aside(one, Broken())
    if not apart:
        one.search = lambda _: Search(proposer=broken, aside=False)
    with pytest.raises(ZeroDivisionError, match="no such luck"):
        one.run()
    # What ran goes on, for the next controller.
    one.search, one.thinks = None, lambda _: False
    assert one.run().complete
    assert sorted(one.state().trials) == [0, 1, 2, 3]


class Waits(InOrder):
    """Proposes nothing while a trial runs, and nothing at all from the third trial on."""

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        running = sum(1 if one.state is TrialState.PLANNED else -1 for one in history)
        if running or trial_id > 2:
            return Nothing.NOT_YET
        return super().propose(trial_id, history)


def test_a_search_that_waits_is_asked_after_each_end_and_at_last_ends_the_study(
    bench: MakeBench,
) -> None:
    one = bench(max_trials=9, max_parallel=3)
    one.search = lambda _: Search(proposer=Waits(9), aside=False)
    view = one.run()
    assert one.last_stage.starts_at == [0.0, 1.0, 2.0]
    assert one.last_stage.at_once == 1
    assert view.complete
    assert view.over


def test_a_search_that_is_used_up_ahead_ends_the_study(thinker: MakeThinker) -> None:
    one, mind = thinker(max_trials=9, max_parallel=2, size=3)
    view = one.run()
    assert view.complete
    assert one.last_stage.starts == [0, 1, 2]
    assert mind.asked[-1][0] == 3


def test_a_question_that_could_not_be_asked_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asking = Proposals(Search(proposer=InOrder(9), aside=True), lambda: None, FakeClock())

    def refuse(_: threading.Thread) -> None:
        raise OSError(errno.EAGAIN, "no thread can be started")

    with monkeypatch.context() as patch:
        patch.setattr(module, "start_thread", refuse)
        with pytest.raises(OSError, match="no thread can be started"):
            asking.ask(0, [])
    assert asking.idle
    asking.ask(0, [])
    assert not asking.idle
    asking.close()
    assert isinstance(asking.take(0), Proposal)
