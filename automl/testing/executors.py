"""The contract of executors, as checks that anyone can run against their own.

With pytest:

    @pytest.mark.parametrize("check", EXECUTOR_CHECKS)
    def test_my_executor(check, my_workplace):
        check(my_workplace)
"""

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from automl.errors import LaunchError
from automl.executors.executor import Executor
from automl.study.launch import Ended, Handle, Launch
from automl.testing.contract import ContractError, demand

LONG_S = 600.0
"""A grace that no check waits for."""

SHORT_S = 0.1
"""A grace that checks do wait for."""


class Behaviour(StrEnum):
    """What the program of a launch does."""

    FAILS = "ends at once with exit code 3"
    RUNS = "runs until it is asked to end, then ends by that signal"
    STUBBORN = "runs until it is killed"


class Workplace(Protocol):
    """What an executor's author gives to the checks; they leave nothing running in it."""

    def executor(self) -> Executor:
        """Return a new executor, as another controller on the same machine would make it."""
        ...

    def launch(self, trial_id: int, behaviour: Behaviour) -> Launch:
        """Return a launch that can be submitted, with a mark of its own."""
        ...

    def wait_until_at_work(self, launch: Launch) -> None:
        """Return once the program of a submitted launch does what its behaviour says."""
        ...


def check_executor_reports_each_end_once(place: Workplace) -> None:
    """Every end is reported, with its exit code, and not again."""
    executor = place.executor()
    for trial_id in range(3):
        executor.submit(place.launch(trial_id, Behaviour.FAILS))
    ended: list[Ended] = []
    while len(ended) < 3:  # noqa: PLR2004 - as many as were started
        now_ended = executor.wait(LONG_S)
        demand(now_ended, f"3 launches were to end, but `wait` reported only {len(ended)}")
        ended += now_ended
    ids = sorted(one.trial_id for one in ended)
    demand(ids == [0, 1, 2], f"trials 0, 1 and 2 ended, but the reports were of {ids}")
    codes = [one.exit.code for one in ended]
    demand(codes == [3, 3, 3], f"all ended with code 3, but the reports say {codes}")
    again = executor.wait(0)
    demand(not again, f"nothing was running, but `wait` reported {again}")
    executor.close()


def check_executor_waits_no_longer_than_asked(place: Workplace) -> None:
    """`wait` returns nothing after its time-out while a launch is running."""
    executor = place.executor()
    handle = _submit(executor, place, place.launch(0, Behaviour.RUNS))
    for timeout_s in (0.0, SHORT_S):
        ended = executor.wait(timeout_s)
        demand(not ended, f"trial 0 is running, but `wait({timeout_s})` reported {ended}")
    _stop(executor, handle)
    executor.close()


def check_executor_asks_first(place: Workplace) -> None:
    """A launch that ends when asked is never killed."""
    executor = place.executor()
    handle = _submit(executor, place, place.launch(0, Behaviour.RUNS))
    executor.cancel([handle], LONG_S)
    ended = _next(executor)
    code = ended.exit.code
    demand(code in {-15, 128 + 15}, f"it was asked to end, but was reported with code {code}")
    executor.close()


def check_executor_kills_after_the_grace(place: Workplace) -> None:
    """A launch that does not end when asked is killed once the grace is over."""
    executor = place.executor()
    handle = _submit(executor, place, place.launch(0, Behaviour.STUBBORN))
    executor.cancel([handle], SHORT_S)
    code = _next(executor).exit.code
    demand(code in {-9, 128 + 9}, f"it had to be killed, but was reported with code {code}")
    executor.close()


def check_executor_kills_at_once_when_pressed(place: Workplace) -> None:
    """A second `cancel` shortens the grace of the first, and never lengthens it."""
    executor = place.executor()
    handle = _submit(executor, place, place.launch(0, Behaviour.STUBBORN))
    executor.cancel([handle], LONG_S)
    ended = executor.wait(0)
    demand(not ended, f"its grace had just begun, but `wait` reported {ended}")
    executor.cancel([handle], 0)
    executor.cancel([handle], LONG_S)
    code = _next(executor).exit.code
    demand(code in {-9, 128 + 9}, f"it had to be killed, but was reported with code {code}")
    executor.close()


def check_executor_leaves_what_is_over_alone(place: Workplace) -> None:
    """To cancel a launch that is over does nothing, also not to the next one of that trial."""
    executor = place.executor()
    handle = executor.submit(place.launch(0, Behaviour.FAILS))
    _next(executor)
    executor.cancel([handle], 0)
    ended = executor.wait(0)
    demand(not ended, f"trial 0 was over, but `wait` reported {ended} once it was cancelled")
    again = _submit(executor, place, place.launch(0, Behaviour.RUNS))
    executor.cancel([handle], 0)
    ended = executor.wait(SHORT_S)
    demand(not ended, f"an earlier launch was cancelled, but `wait` reported {ended}")
    _stop(executor, again)
    executor.close()


def check_executor_runs_a_trial_once_at_a_time(place: Workplace) -> None:
    """A trial that is running is not started again."""
    executor = place.executor()
    launch = place.launch(0, Behaviour.RUNS)
    handle = _submit(executor, place, launch)
    _refuses(executor, launch, "while that trial was running")
    _stop(executor, handle)
    executor.close()


def check_executor_starts_nothing_once_closed(place: Workplace) -> None:
    """After `close`, which may be called again, nothing starts and running launches go on."""
    executor = place.executor()
    handle = _submit(executor, place, place.launch(0, Behaviour.RUNS))
    executor.close()
    executor.close()
    _refuses(executor, place.launch(1, Behaviour.RUNS), "after `close`")
    successor = place.executor()
    demand(successor.attach([handle]), "a launch was not found any more once its executor closed")
    _stop(successor, handle)
    successor.close()


def check_executor_finds_launches_again(place: Workplace) -> None:
    """Another executor finds a launch by its handle, also without its pid, as long as it runs.

    It returns the whole handle, with the pid.
    """
    for without in ((), ("pid", "start")):
        executor = place.executor()
        known = _submit(executor, place, place.launch(0, Behaviour.RUNS))
        executor.close()
        text = json.dumps({key: value for key, value in known.items() if key not in without})
        handle = json.loads(text)
        strange = {**handle, "boot": "another"}
        successor = place.executor()
        found = successor.attach([strange])
        demand(not found, "a launch from before a restart was taken for alive")
        found = successor.attach([strange, handle])
        demand(list(found) == [known], f"a running launch was not found again by {text}")
        ended = successor.wait(0)
        demand(not ended, f"trial 0 is running, but after `attach`, `wait` reported {ended}")
        _stop(successor, handle)
        demand(not successor.attach([handle]), f"a launch that was over was found again by {text}")
        successor.close()


def _refuses(executor: Executor, launch: Launch, when: str) -> None:
    try:
        handle = executor.submit(launch)
    except LaunchError:
        return
    executor.cancel([handle], 0)
    raise ContractError(f"`submit` started trial {launch.trial_id} {when}")


def _submit(executor: Executor, place: Workplace, launch: Launch) -> Handle:
    handle = executor.submit(launch)
    place.wait_until_at_work(launch)
    return handle


def _next(executor: Executor) -> Ended:
    """Return the next end, which must be that of trial 0 alone."""
    ended: Sequence[Ended] = executor.wait(LONG_S)
    ids = [one.trial_id for one in ended]
    demand(ids == [0], f"trial 0 was to end, but `wait` reported {ids}")
    return ended[0]


def _stop(executor: Executor, handle: Handle) -> None:
    executor.cancel([handle], LONG_S)
    _next(executor)


EXECUTOR_CHECKS: tuple[Callable[[Workplace], None], ...] = (
    check_executor_reports_each_end_once,
    check_executor_waits_no_longer_than_asked,
    check_executor_asks_first,
    check_executor_kills_after_the_grace,
    check_executor_kills_at_once_when_pressed,
    check_executor_leaves_what_is_over_alone,
    check_executor_runs_a_trial_once_at_a_time,
    check_executor_starts_nothing_once_closed,
    check_executor_finds_launches_again,
)
"""All checks; each takes a workplace and raises ContractError."""
