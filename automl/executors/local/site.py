"""This machine as a place where trials run."""

from collections.abc import Collection

from automl.clock import Clock
from automl.executors.executor import Executor
from automl.executors.local.earlier import EarlierLives
from automl.executors.local.executor import LocalExecutor
from automl.executors.local.prologue import PROLOGUE
from automl.executors.local.running import NAME
from automl.executors.machine.memory import SystemMemory
from automl.executors.machine.programs import check_programs
from automl.executors.machine.resources import Resources
from automl.executors.processes.proctree import ProcessTable
from automl.executors.site import Allotment, Clearing, Site
from automl.study.resources import ResourceSpec
from automl.waker import Waker


def local_site() -> Site:
    """Return this machine."""
    return Site(
        name=NAME,
        executor=_executor,
        allotment=_allotment,
        clear=_clear,
        trials_run=trials_run,
        checks=check_programs,
        prologue=PROLOGUE,
    )


def trials_run(uid: str) -> bool:
    """Tell whether a process of this machine belongs to a trial of the study with that id."""
    return any(mark.startswith(f"{uid}:") for mark in ProcessTable().marks())


def _executor(waker: Waker, clock: Clock) -> Executor:
    return LocalExecutor(waker, clock)


def _allotment(
    resources: ResourceSpec, max_parallel: int, clock: Clock, held: Collection[str]
) -> Allotment:
    return Resources(resources, max_parallel, memory=SystemMemory(clock), held=held)


def _clear(clearing: Clearing) -> None:
    lives = EarlierLives(clock=clearing.clock, grace_s=clearing.grace_s, asked=clearing.asked)
    lives.stop(clearing.kin)
