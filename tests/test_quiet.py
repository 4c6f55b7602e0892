"""What is muted for one thread is muted for no other, and nothing of the process is swapped."""

import ast
import logging
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import optuna
import pytest

import automl
from automl.quiet import muted, unlogged
from automl.search.known import Known
from automl.search.optuna.sampler import Manner, OptunaSampler
from automl.space.parameters import Real
from automl.space.space import SearchSpace
from automl.study.objective import Direction

PACKAGE = Path(automl.__file__).parent
DEADLINE_S = 60


def warned(call: Callable[[], object]) -> list[str]:
    """Return what is warned of while something is called."""
    with warnings.catch_warnings(record=True) as records:
        warnings.simplefilter("always")
        call()
    return [str(record.message) for record in records]


def say(category: type[Warning] = RuntimeWarning, text: str = "heard") -> None:
    warnings.warn(text, category, stacklevel=1)


def test_what_is_muted_is_not_heard_and_all_else_is() -> None:
    def call() -> None:
        with muted(RuntimeWarning):
            say(RuntimeWarning, "muted")
            say(UserWarning, "another kind")
        say(RuntimeWarning, "after")

    assert warned(call) == ["another kind", "after"]


def test_kinds_below_a_muted_one_are_muted_too_and_the_inner_adds_to_the_outer() -> None:
    def call() -> None:
        with muted(RuntimeWarning):
            with muted(Warning):
                say(UserWarning)
            with muted(DeprecationWarning):
                say(RuntimeWarning)
                say(DeprecationWarning)
            say(DeprecationWarning, "outside of the inner")

    assert warned(call) == ["outside of the inner"]


def test_an_error_within_ends_it() -> None:
    with pytest.raises(ValueError, match="x"), muted(RuntimeWarning):
        raise ValueError("x")
    assert warned(say) == ["heard"]


def test_where_warnings_are_errors_a_muted_one_is_none() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with muted(RuntimeWarning):
            say()
        with pytest.raises(RuntimeWarning), muted(UserWarning):
            say()


def test_another_thread_hears_its_own_warnings() -> None:
    with ThreadPoolExecutor(1) as other, muted(RuntimeWarning):
        assert warned(lambda: other.submit(say).result(DEADLINE_S)) == ["heard"]


def test_what_the_program_sets_meanwhile_stays() -> None:
    with warnings.catch_warnings():
        with muted(RuntimeWarning):
            warnings.filterwarnings("ignore", message="theirs")
            theirs = warnings.filters[0]
        assert theirs in warnings.filters
        with muted(RuntimeWarning):
            pass
        with muted(RuntimeWarning):
            assert warnings.filters.count(warnings.filters[0]) == 1
        assert theirs in warnings.filters


def test_only_this_thread_logs_nothing_and_warnings_are_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("automl-test-quiet")
    logger.setLevel(logging.INFO)
    with ThreadPoolExecutor(1) as other, unlogged("automl-test-quiet"):
        logger.info("mine")
        logger.warning("mine, a warning")
        other.submit(logger.info, "theirs").result(DEADLINE_S)
    logger.info("after")
    assert caplog.messages == ["mine, a warning", "theirs", "after"]


class Held:
    """Makes a sampler of Optuna once it may, and tells that it is at it."""

    def __init__(self) -> None:
        self.within = threading.Event()
        self.go_on = threading.Event()

    def make(self, seed: int, known: Known) -> optuna.samplers.BaseSampler:
        del known
        self.within.set()
        assert self.go_on.wait(DEADLINE_S)
        say(RuntimeWarning, "the sampler's own")
        return optuna.samplers.RandomSampler(seed=seed)


def test_a_search_at_work_changes_nothing_for_the_program() -> None:
    held = Held()
    space = SearchSpace((Real(name="x", min_value=0.0, max_value=1.0),))
    sampler = OptunaSampler(space, [Direction.MAXIMIZE], 0, Manner(make=held.make))
    verbosity = optuna.logging.get_verbosity()

    def meanwhile() -> None:
        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(sampler.suggest, 0, [])
            assert held.within.wait(DEADLINE_S)
            say(RuntimeWarning, "the program's")
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            warnings.filterwarnings("ignore", message="theirs")
            theirs = warnings.filters[0]
            held.go_on.set()
            assert space.contains(answer.result(DEADLINE_S))
        assert theirs in warnings.filters
        assert optuna.logging.get_verbosity() == optuna.logging.ERROR

    try:
        assert warned(meanwhile) == ["the program's"]
    finally:
        optuna.logging.set_verbosity(verbosity)


def test_nothing_swaps_the_filters_of_the_process() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"catch_warnings", "set_verbosity"}
    ]
    assert found == []
