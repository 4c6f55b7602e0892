"""One launch of a trial, from what the machine gives it to its executor."""

import logging
from dataclasses import replace

from automl.errors import LaunchError, RenderError, StorageError, may_pass
from automl.executors.executor import Executor
from automl.executors.site import Allotment
from automl.launch.launcher import Launcher
from automl.study.launch import Handle
from automl.study.trial import Trial

logger = logging.getLogger(__name__)


class Starter:
    """Starts trials; of a launch that fails, nothing is left.

    Args:
        launcher: prepares the folder.
        executor: starts the processes.
        resources: what of the machine a trial gets.
    """

    def __init__(self, launcher: Launcher, executor: Executor, resources: Allotment) -> None:
        self._launcher = launcher
        self._executor = executor
        self._resources = resources

    def start(self, trial: Trial, attempt: int, beside: int, *, more: bool = False) -> Handle:
        """Hand an attempt to the executor; return its handle, with what it was given.

        The executor tells when it has begun, or why it could not.

        Args:
            trial: what to run.
            attempt: its number, from 1.
            beside: how many trials may run at once now, this one included.
            more: whether further launches are expected.

        Raises:
            StorageError: the machine cannot do it now, by no trial; it can be tried again.
            RenderError: a template could not be filled in.
            LaunchError: it cannot be started, for a reason of this trial's.
        """
        try:
            return self._launch(trial, attempt, beside, more=more)
        except (LaunchError, RenderError, StorageError, OSError) as error:
            self._resources.release(trial.id, None)
            if isinstance(error, RenderError | StorageError):
                raise
            if may_pass(error.errno):
                raise StorageError(_told(trial.id, error)) from error
            if isinstance(error, LaunchError):
                raise
            raise LaunchError(_told(trial.id, error)) from error

    def _launch(self, trial: Trial, attempt: int, beside: int, *, more: bool) -> Handle:
        grant = self._resources.acquire(trial.id, beside)
        launch = self._launcher.prepare(trial, attempt, grant)
        launch = replace(launch, more=True) if more else launch
        handle = dict(self._executor.submit([launch])[0])
        if grant.gpus:
            handle["gpus"] = ",".join(grant.gpus)
        if grant.cpus:
            handle["cpus"] = ",".join(map(str, grant.cpus))
        logger.debug("trial %d submitted: sh %s", trial.id, launch.script)
        return handle


def _told(trial_id: int, error: LaunchError | OSError) -> str:
    if isinstance(error, LaunchError):
        return str(error)
    where = f" {error.filename}:" if error.filename else ""
    return f"trial {trial_id}: cannot be started:{where} {error.strerror}"


def granted(handle: Handle) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the GPUs and CPUs that a handle's launch was given."""
    gpus = str(handle.get("gpus", ""))
    cpus = str(handle.get("cpus", ""))
    return tuple(gpus.split(",")) if gpus else (), tuple(map(int, cpus.split(","))) if cpus else ()
