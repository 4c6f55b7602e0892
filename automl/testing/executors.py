"""The contract of executors, as checks that anyone can run against their own.

With pytest:

    @pytest.mark.parametrize("check", EXECUTOR_CHECKS)
    def test_my_executor(check, my_workplace):
        check(my_workplace)
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Protocol, TypeVar

from automl.errors import LaunchError
from automl.executors.executor import Executor, Gone, Runs, Wanted
from automl.study.launch import Began, Ended, EndKind, Handle, Launch, News
from automl.testing.contract import ContractError, demand

LONG_S = 600.0
"""A grace that no check waits for."""

SHORT_S = 0.1
"""A grace that checks do wait for."""

T = TypeVar("T", Began, Ended)

NAMED = ("executor", "study", "trial", "attempt")
"""What every handle has, before anything is started."""


WHOLE = (*NAMED, "pid", "start")
"""What a handle that was found again has of the one that its beginning told, where that has it."""


class Behaviour(StrEnum):
    """What the program of a launch does."""

    FAILS = "ends at once with exit code 3"
    RUNS = "runs until it is asked to end, then ends by that signal"
    STUBBORN = "runs until it is killed"
    REFUSED = "cannot be started"


class Workplace(Protocol):
    """What an executor's author gives to the checks; they leave nothing running in it."""

    def executor(self) -> Executor:
        """Return a new executor, as another controller on the same machine would make it."""
        ...

    def launch(self, trial_id: int, behaviour: Behaviour) -> Launch:
        """Return a launch that can be submitted, with a mark of its own."""
        ...

    def wait_until_at_work(self, launch: Launch) -> None:
        """Return once the program of a launch that began does what its behaviour says."""
        ...


def check_executor_names_launches_before_they_start(place: Workplace) -> None:
    """`submit` returns one handle for each launch, which its beginning has too."""
    heard = _Heard(place)
    launches = [place.launch(trial_id, Behaviour.RUNS) for trial_id in range(2)]
    handles = heard.executor.submit(launches)
    named = [(one.get("trial"), one.get("attempt")) for one in handles]
    demand(named == [(0, 1), (1, 1)], f"trials 0 and 1 were submitted, but named {named}")
    studies = [one.mark.rpartition(":")[0] for one in launches]
    told = [one.get("study") for one in handles]
    demand(told == studies, f"the studies of the handles are {told} instead of {studies}")
    for _ in launches:
        began = heard.began()
        before, after = handles[began.trial_id], began.handle
        same = all(before.get(name) == after.get(name) for name in NAMED)
        demand(same, f"a launch was named {before}, but began as {after}")
        demand(bool(before.get("executor")), f"the handle {before} names no executor")
        whole = json.loads(json.dumps(after)) == after
        demand(whole, f"the handle {after} does not stay the same in a journal")
    heard.stop(handles)


def check_executor_reports_each_end_once(place: Workplace) -> None:
    """Every beginning and every end is reported, with its exit code, and not again."""
    heard = _Heard(place)
    heard.executor.submit([place.launch(trial_id, Behaviour.FAILS) for trial_id in range(3)])
    ended = [heard.ended() for _ in range(3)]
    ids = sorted(one.trial_id for one in ended)
    demand(ids == [0, 1, 2], f"trials 0, 1 and 2 ended, but the reports were of {ids}")
    codes = [one.exit.code for one in ended]
    demand(codes == [3, 3, 3], f"all ended with code 3, but the reports say {codes}")
    for trial_id in range(3):
        told = [type(one) for one in heard.all if one.trial_id == trial_id]
        order = [kind.__name__ for kind in told if kind in {Began, Ended}]
        demand(order == ["Began", "Ended"], f"trial {trial_id} ran, but it was told: {order}")
    heard.nothing(0, "nothing was running")
    heard.executor.close()


def check_executor_waits_no_longer_than_asked(place: Workplace) -> None:
    """`wait` returns nothing after its time-out while a launch is running."""
    heard = _Heard(place)
    handle = heard.run(place.launch(0, Behaviour.RUNS))
    for timeout_s in (0.0, SHORT_S):
        heard.nothing(timeout_s, "trial 0 is running")
    heard.stop([handle])


def check_executor_tells_what_cannot_be_started(place: Workplace) -> None:
    """A launch that cannot be started ends as refused, with a reason, and never begins."""
    heard = _Heard(place)
    heard.executor.submit([place.launch(0, Behaviour.REFUSED)])
    ended = heard.end_of(0)
    demand(
        ended.kind is EndKind.REFUSED and bool(ended.problem),
        f"trial 0 could not be started, but it was reported as {ended}",
    )
    began = [one for one in heard.all if isinstance(one, Began)]
    demand(not began, f"trial 0 could not be started, but it was reported as {began}")
    heard.stop([heard.run(place.launch(0, Behaviour.RUNS))])


def check_executor_asks_first(place: Workplace) -> None:
    """A launch that ends when asked is never killed."""
    heard = _Heard(place)
    heard.executor.cancel([heard.run(place.launch(0, Behaviour.RUNS))], LONG_S)
    code = heard.end_of(0).exit.code
    demand(code in {-15, 128 + 15}, f"it was asked to end, but was reported with code {code}")
    heard.executor.close()


def check_executor_stops_several_at_once(place: Workplace) -> None:
    """One `cancel` stops all launches that it is given, and no other."""
    heard = _Heard(place)
    handles = [heard.run(place.launch(trial_id, Behaviour.RUNS)) for trial_id in range(3)]
    heard.executor.cancel(handles[:2], LONG_S)
    ids = {heard.ended().trial_id for _ in range(2)}
    demand(ids == {0, 1}, f"trials 0 and 1 were cancelled, but the ends were of {ids}")
    heard.nothing(SHORT_S, "trial 2 is running")
    heard.stop(handles[2:])


def check_executor_kills_after_the_grace(place: Workplace) -> None:
    """A launch that does not end when asked is killed once the grace is over."""
    heard = _Heard(place)
    heard.executor.cancel([heard.run(place.launch(0, Behaviour.STUBBORN))], SHORT_S)
    heard.killed()


def check_executor_kills_at_once_when_pressed(place: Workplace) -> None:
    """A second `cancel` shortens the grace of the first, and never lengthens it."""
    heard = _Heard(place)
    handle = heard.run(place.launch(0, Behaviour.STUBBORN))
    heard.executor.cancel([handle], LONG_S)
    heard.nothing(0, "its grace had just begun")
    heard.executor.cancel([handle], 0)
    heard.executor.cancel([handle], LONG_S)
    heard.killed()


def check_executor_ends_what_is_cancelled_at_once(place: Workplace) -> None:
    """A launch that is cancelled right after `submit` ends once, whether or not it began."""
    heard = _Heard(place)
    handles = heard.executor.submit([place.launch(0, Behaviour.RUNS)])
    heard.executor.cancel(handles, 0)
    kind = heard.end_of(0).kind
    began = any(isinstance(one, Began) for one in heard.all)
    expected = EndKind.EXITED if began else EndKind.CANCELLED
    demand(kind is expected, f"it {'began' if began else 'never began'}, but ended as {kind}")
    heard.nothing(SHORT_S, "trial 0 had ended")
    heard.executor.close()


def check_executor_leaves_what_is_over_alone(place: Workplace) -> None:
    """To cancel a launch that is over does nothing, also not to the next one of that trial."""
    heard = _Heard(place)
    (named,) = heard.executor.submit([place.launch(0, Behaviour.FAILS)])
    before = [named, heard.began().handle]
    heard.end_of(0)
    heard.executor.cancel(before, 0)
    heard.nothing(0, "trial 0 was over when it was cancelled")
    again = heard.run(replace(place.launch(0, Behaviour.RUNS), attempt=2))
    heard.executor.cancel(before, 0)
    heard.nothing(SHORT_S, "an earlier launch was cancelled")
    heard.stop([again])


def check_executor_runs_a_trial_once_at_a_time(place: Workplace) -> None:
    """A trial that is running is not started again."""
    heard = _Heard(place)
    launch = place.launch(0, Behaviour.RUNS)
    handle = heard.run(launch)
    _refuses(heard.executor, launch, "while that trial was running")
    heard.stop([handle])


def check_executor_starts_nothing_once_closed(place: Workplace) -> None:
    """After `close`, which may be called again, nothing starts and running launches go on."""
    heard = _Heard(place)
    launch = place.launch(0, Behaviour.RUNS)
    handle = heard.run(launch)
    heard.executor.close()
    heard.executor.close()
    _refuses(heard.executor, place.launch(1, Behaviour.RUNS), "after `close`")
    successor = _Heard(place)
    (found,) = successor.executor.find([_wanted(launch, handle)])
    runs = isinstance(found, Runs)
    demand(runs, f"a launch runs after its executor was closed, but was found as {found}")
    successor.stop([handle])


def check_executor_finds_launches_again(place: Workplace) -> None:
    """Another executor finds a launch as long as it runs, also by its name alone.

    It returns the whole handle.
    """
    for by_name in (False, True):
        heard = _Heard(place)
        launch = place.launch(0, Behaviour.RUNS)
        known = heard.run(launch)
        heard.executor.close()
        told = {name: known[name] for name in NAMED} if by_name else known
        handle = json.loads(json.dumps(told))
        successor = _Heard(place)
        never = place.launch(1, Behaviour.RUNS)
        asked = [
            _wanted(never, never.handle(str(known["executor"]))),
            _wanted(launch, {**handle, "boot": "another"}),
            _wanted(launch, handle),
        ]
        nothing, strange, found = successor.executor.find(asked)
        demand(isinstance(nothing, Gone), f"one that was never submitted was found as {nothing}")
        before = "boot" in known and isinstance(strange, Runs)
        demand(not before, f"a launch from before a restart was found as {strange}")
        whole = isinstance(found, Runs) and all(
            found.handle.get(name) == value for name, value in known.items() if name in WHOLE
        )
        demand(whole, f"a running launch, {known}, was found by {handle} as {found}")
        successor.nothing(0, "trial 0 is running")
        successor.stop([handle], close=False)
        (found,) = successor.executor.find([_wanted(launch, handle)])
        demand(not isinstance(found, Runs), f"a launch that was over was found as {found}")
        successor.executor.close()


def check_executor_finds_what_ended_meanwhile(place: Workplace) -> None:
    """A launch that ended before it was looked for is found with its exit code."""
    heard = _Heard(place)
    launch = place.launch(0, Behaviour.FAILS)
    heard.executor.submit([launch])
    handle = heard.began().handle
    heard.end_of(0)
    heard.executor.close()
    successor = place.executor()
    (found,) = successor.find([_wanted(launch, handle)])
    code = found.exit.code if isinstance(found, Ended) else None
    demand(code == 3, f"a launch that had ended with code 3 was found as {found}")  # noqa: PLR2004
    successor.close()


class _Heard:
    """A new executor with all that it has told."""

    def __init__(self, place: Workplace) -> None:
        self.executor: Executor = place.executor()
        self.all: list[News] = []
        self._place = place
        self._untaken: list[News] = []

    def began(self) -> Began:
        return self._next(Began)

    def ended(self) -> Ended:
        return self._next(Ended)

    def end_of(self, trial_id: int) -> Ended:
        ended = self.ended()
        told = f"trial {trial_id} was to end, but `wait` told the end of trial {ended.trial_id}"
        demand(ended.trial_id == trial_id, told)
        return ended

    def nothing(self, timeout_s: float, why: str) -> None:
        """Demand that no end was told before, and nothing is told now."""
        ended = [one for one in self._untaken if isinstance(one, Ended)]
        news = [*ended, *self.executor.wait(timeout_s)]
        demand(not news, f"{why}, but `wait({timeout_s})` told {news}")

    def run(self, launch: Launch) -> Handle:
        """Return the whole handle of a launch once it is at work."""
        self.executor.submit([launch])
        handle = self.began().handle
        self._place.wait_until_at_work(launch)
        return handle

    def killed(self) -> None:
        code = self.end_of(0).exit.code
        demand(code in {-9, 128 + 9}, f"it had to be killed, but was reported with code {code}")
        self.executor.close()

    def stop(self, handles: Sequence[Handle], *, close: bool = True) -> None:
        self.executor.cancel(handles, LONG_S)
        for _ in handles:
            self.ended()
        if close:
            self.executor.close()

    def _next(self, kind: type[T]) -> T:
        while True:
            for one in self._untaken:
                if isinstance(one, kind):
                    self._untaken.remove(one)
                    return one
            news = self.executor.wait(LONG_S)
            demand(news, f"{kind.__name__} was to come, but `wait` told only {self.all}")
            self.all += news
            self._untaken += news


def _wanted(launch: Launch, handle: Handle) -> Wanted:
    return Wanted(handle=handle, mark=launch.mark, exit_path=launch.exit_path, script=launch.script)


def _refuses(executor: Executor, launch: Launch, when: str) -> None:
    try:
        handles = executor.submit([launch])
    except LaunchError:
        return
    executor.cancel(handles, 0)
    raise ContractError(f"`submit` took trial {launch.trial_id} {when}")


EXECUTOR_CHECKS: tuple[Callable[[Workplace], None], ...] = (
    check_executor_names_launches_before_they_start,
    check_executor_reports_each_end_once,
    check_executor_waits_no_longer_than_asked,
    check_executor_tells_what_cannot_be_started,
    check_executor_asks_first,
    check_executor_stops_several_at_once,
    check_executor_kills_after_the_grace,
    check_executor_kills_at_once_when_pressed,
    check_executor_ends_what_is_cancelled_at_once,
    check_executor_leaves_what_is_over_alone,
    check_executor_runs_a_trial_once_at_a_time,
    check_executor_starts_nothing_once_closed,
    check_executor_finds_launches_again,
    check_executor_finds_what_ended_meanwhile,
)
"""All checks; each takes a workplace and raises ContractError."""
