"""Every executor, and the fake one, keeps the contract of executors."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from local_place import LocalPlace

from automl.executors.executor import Executor, Found, Gone, Runs, Wanted
from automl.study.launch import Ended, EndKind, Exit, Handle, Launch
from automl.testing import (
    EXECUTOR_CHECKS,
    Behaviour,
    ContractError,
    FakeClock,
    FakeExecutor,
    FakeMachine,
    FakeRun,
    Workplace,
    check_executor_asks_first,
    check_executor_ends_what_is_cancelled_at_once,
    check_executor_finds_launches_again,
    check_executor_finds_what_ended_meanwhile,
    check_executor_kills_after_the_grace,
    check_executor_kills_at_once_when_pressed,
    check_executor_leaves_what_is_over_alone,
    check_executor_names_launches_before_they_start,
    check_executor_reports_each_end_once,
    check_executor_runs_a_trial_once_at_a_time,
    check_executor_starts_nothing_once_closed,
    check_executor_stops_several_at_once,
    check_executor_tells_what_cannot_be_started,
    check_executor_waits_no_longer_than_asked,
)

Check = Callable[[Workplace], None]

RUNS = {
    Behaviour.FAILS: FakeRun(exit=Exit(code=3)),
    Behaviour.RUNS: FakeRun(after_s=None),
    Behaviour.STUBBORN: FakeRun(after_s=None, stop_s=None),
    Behaviour.REFUSED: FakeRun(error="no such shell"),
}


class FakePlace:
    """A workplace whose launches are only said to run."""

    def __init__(self, folder: Path, kind: type[FakeExecutor] = FakeExecutor) -> None:
        self._folder = folder
        self._clock = FakeClock()
        self._machine = FakeMachine()
        self._kind = kind
        self._launched = 0

    def executor(self) -> FakeExecutor:
        def program(launch: Launch) -> FakeRun:
            return RUNS[Behaviour(launch.script)]

        return self._kind(program, self._clock, self._machine)

    def launch(self, trial_id: int, behaviour: Behaviour) -> Launch:
        self._launched += 1
        return Launch(
            trial_id=trial_id,
            script=behaviour.value,
            stdout=str(self._folder / "stdout.log"),
            stderr=str(self._folder / "stderr.log"),
            exit_path=str(self._folder / f"exit.{self._launched}"),
            mark=f"{self._launched}:{trial_id}",
        )

    def wait_until_at_work(self, launch: Launch) -> None:
        pass


@pytest.mark.parametrize("check", EXECUTOR_CHECKS, ids=lambda check: check.__name__)
def test_local_executors_keep_the_contract(check: Check, place: LocalPlace) -> None:
    check(place)


@pytest.mark.parametrize("check", EXECUTOR_CHECKS, ids=lambda check: check.__name__)
def test_the_fake_executor_keeps_the_contract(check: Check, tmp_path: Path) -> None:
    check(FakePlace(tmp_path))


class Forgetful(FakeExecutor):
    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        return [Gone(trial_id=int(one.handle["trial"])) for one in wanted]


class Believing(FakeExecutor):
    def find(self, wanted: Sequence[Wanted]) -> Sequence[Found]:
        return [Runs(trial_id=int(one.handle["trial"]), handle=one.handle) for one in wanted]


class Anonymous(FakeExecutor):
    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        return [{**one, "attempt": 0} for one in super().submit(launches)]


class Silent(FakeExecutor):
    def _begun(self) -> list:
        super()._begun()
        return []


class Selfish(FakeExecutor):
    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        super().cancel(handles[:1], grace_s)


class Vague(FakeExecutor):
    def wait(self, timeout_s: float | None) -> list:
        ended = super().wait(timeout_s)
        return [replace(one, problem="") if isinstance(one, Ended) else one for one in ended]


class Mistaken(FakeExecutor):
    def wait(self, timeout_s: float | None) -> list:
        news = super().wait(timeout_s)
        exited = {"kind": EndKind.EXITED}
        return [replace(one, **exited) if isinstance(one, Ended) else one for one in news]


class Repeating(FakeExecutor):
    def _over(self) -> list:
        ended = super()._over()
        return ended or [*getattr(self, "last", ())] if not ended else self._keep(ended)

    def _keep(self, ended: list) -> list:
        self.last = ended
        return ended


class Hasty(FakeExecutor):
    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        del grace_s
        super().cancel(handles, 0)
        for started in self._watched.values():
            started.exit = Exit(code=-9)


class Patient(FakeExecutor):
    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        super().cancel(handles, max(grace_s, 10.0))
        for started in self._watched.values():
            started.exit = Exit(code=-15)


class Confused(FakeExecutor):
    def cancel(self, handles: Sequence[Handle], grace_s: float) -> None:
        for started in self._watched.values():
            if started.launch.trial_id == handles[0]["trial"]:
                started.ends_at = self._clock.monotonic() + grace_s * 0


class Doubling(FakeExecutor):
    def submit(self, launches: Sequence[Launch]) -> Sequence[Handle]:
        for launch in launches:
            self._watched.pop(launch.trial_id, None)
        return super().submit(launches)


class Undying(FakeExecutor):
    def close(self) -> None:
        pass


class Overtired(FakeExecutor):
    def wait(self, timeout_s: float | None) -> list:
        for started in self._watched.values():
            started.ends_at = 0.0
        return super().wait(timeout_s)


@pytest.mark.parametrize(
    ("check", "broken"),
    [
        (check_executor_asks_first, Hasty),
        (check_executor_ends_what_is_cancelled_at_once, Mistaken),
        (check_executor_finds_launches_again, Forgetful),
        (check_executor_finds_launches_again, Believing),
        (check_executor_finds_what_ended_meanwhile, Forgetful),
        (check_executor_kills_after_the_grace, Patient),
        (check_executor_kills_at_once_when_pressed, Hasty),
        (check_executor_leaves_what_is_over_alone, Confused),
        (check_executor_names_launches_before_they_start, Anonymous),
        (check_executor_reports_each_end_once, Repeating),
        (check_executor_reports_each_end_once, Silent),
        (check_executor_runs_a_trial_once_at_a_time, Doubling),
        (check_executor_starts_nothing_once_closed, Undying),
        (check_executor_stops_several_at_once, Selfish),
        (check_executor_tells_what_cannot_be_started, Vague),
        (check_executor_waits_no_longer_than_asked, Overtired),
    ],
)
def test_each_check_sees_what_it_is_there_for(
    check: Check, broken: type[FakeExecutor], tmp_path: Path
) -> None:
    with pytest.raises(ContractError):
        check(FakePlace(tmp_path, broken))


def test_the_places_are_what_the_checks_ask_for(tmp_path: Path, place: LocalPlace) -> None:
    workplaces: list[Workplace] = [FakePlace(tmp_path), place]
    executors: list[Executor] = [workplace.executor() for workplace in workplaces]
    assert len(executors) == len(workplaces)
