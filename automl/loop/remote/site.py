"""The place where the trials of a study run, which knows of metric files on other machines."""

from dataclasses import replace

from automl.clock import Clock
from automl.executors.executor import Executor
from automl.executors.modes import MODES
from automl.executors.site import Site
from automl.loop.remote.noting import NotingExecutor
from automl.waker import Waker


def site_of(mode: str) -> Site:
    """Return the site of a mode, whose launches begin once it is noted what was there before.

    Raises:
        SpecError: there is no such mode.
    """
    site = MODES.create(mode, {})

    def noting(waker: Waker, clock: Clock) -> Executor:
        return NotingExecutor(site.executor(waker, clock), site.name, waker.wake)

    return replace(site, executor=noting)
