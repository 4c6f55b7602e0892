"""A proposal that was asked for ahead is asked for anew once much was told since."""

from collections.abc import Callable

import pytest
from loop_bench import Bench
from loop_fakes import prints
from test_proposals import Thinker, aside

from automl.journal.requests import SetMaxParallel
from automl.loop import proposals as module


def test_a_question_asked_ahead_does_not_grow_old(
    bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUICK_S", -1.0)
    one = bench(max_trials=5, max_parallel=4)
    mind = aside(one, Thinker(size=one.size))
    one.program = lambda launch: prints(launch, after_s=10)
    # With one slot, two ends are too much to leave out of a question; four come.
    one.ask_after(3, SetMaxParallel(1))
    one.run()
    assert mind.asked[-2:] == [(4, 4), (4, 8)]
