"""A place where trials run: its executor, and all else that depends on the place."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from automl.clock import Clock
from automl.executors.executor import Executor
from automl.study.launch import LEAVES_EXIT, Prologue
from automl.study.resources import Grant, ResourceSpec
from automl.study.spec import StudySpec
from automl.waker import Waker


class Allotment(Protocol):
    """What of the place a trial gets, and who has it."""

    @property
    def capacity(self) -> int | None:
        """How many trials it allows at once, None for no limit."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What is told once, when the study begins."""
        ...

    def room(self) -> str:
        """Return an empty text if one more trial may start now, else why not, in a few words."""
        ...

    def acquire(self, trial_id: int, beside: int) -> Grant:
        """Return what a trial gets, its own until `release`; ask `room` first.

        Args:
            trial_id: the trial.
            beside: how many trials may run at once now, this one included.
        """
        ...

    def restore(self, trial_id: int, gpus: tuple[str, ...], cpus: tuple[int, ...]) -> None:
        """Count a trial of an earlier controller that still runs, with what it was given then."""
        ...

    def release(self, trial_id: int, peak_memory_bytes: int | None) -> None:
        """Take back what a trial had; unknown trials are fine."""
        ...


class AlwaysRoom:
    """The allotment of a place that shares itself out, such as a cluster."""

    capacity: int | None = None
    notes: Sequence[str] = ()

    def room(self) -> str:
        """Return an empty text, as there is always room in a queue."""
        return ""

    def acquire(self, trial_id: int, beside: int) -> Grant:
        """Return that a trial was given nothing."""
        del trial_id, beside
        return Grant(env={})

    def restore(self, trial_id: int, gpus: tuple[str, ...], cpus: tuple[int, ...]) -> None:
        """Count nothing."""

    def release(self, trial_id: int, peak_memory_bytes: int | None) -> None:
        """Take back nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """What tells the processes of a study from all others.

    Attributes:
        place: the real path of its folder.
        uid: its id; empty if that cannot be known any more.
        trials: the numbers of its trials, as far as they are known.
        adopted: the marks of the trials that go on under this controller.
        is_study: tells whether there is a study in a folder.
    """

    place: str
    uid: str = ""
    trials: Iterable[int] = ()
    adopted: Collection[str] = ()
    is_study: Callable[[str], bool] = field(default=os.path.isdir)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """What an earlier life of a study left is to be ended, before anything is started.

    Attributes:
        kin: what is ended.
        clock: the time.
        grace_s: seconds between asking and killing.
        asked: how often the user has asked to stop: then what is left is killed at once, and asked
            twice, it is not waited for any more.
    """

    kin: Kin
    clock: Clock
    grace_s: float
    asked: Callable[[], int]


def _nothing_left(clearing: Clearing) -> None:
    """Leave what an executor finds again by name, where nothing else outlives a controller."""


def _share_out(
    resources: ResourceSpec, max_parallel: int, clock: Clock, held: Collection[str]
) -> Allotment:
    del resources, max_parallel, clock, held
    return AlwaysRoom()


def _nothing_to_check(spec: StudySpec, environ: Mapping[str, str]) -> Sequence[str]:
    """Warn of nothing, as what a study needs is not to be seen from here."""
    del spec, environ
    return ()


def _cannot_tell(uid: str) -> bool:
    """Tell that trials may run, as nobody can see from here that they do not."""
    return bool(uid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where the trials of a study run, chosen by `mode=`.

    What is left out is that of a cluster: it shares itself out, and nothing of this machine is
    checked for it.

    Args:
        name: its name, which the handles of its launches have too.
        executor: makes the executor of one controller.
        allotment: makes what shares the place out, from what each trial gets, the limit of trials
            at once, the time, and the GPUs that adopted trials have.
        clear: ends what earlier lives of a study left, but for what it is told to leave.
        trials_run: tells whether trials of the study with an id run.
        checks: checks before a start what a study needs of the place, given the environment of its
            commands, as far as that can be told from here; returns what to warn of, one text a
            problem, and raises SpecError for what cannot work.
        prologue: what the place puts around the commands of the scripts that it starts.
    """

    name: str
    executor: Callable[[Waker, Clock], Executor]
    allotment: Callable[[ResourceSpec, int, Clock, Collection[str]], Allotment] = _share_out
    clear: Callable[[Clearing], None] = _nothing_left
    trials_run: Callable[[str], bool] = _cannot_tell
    checks: Callable[[StudySpec, Mapping[str, str]], Sequence[str]] = _nothing_to_check
    prologue: Prologue = LEAVES_EXIT
