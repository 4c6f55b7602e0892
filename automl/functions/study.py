"""A study of a Python function: `optimize` runs it, everything else tells what it found."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Self

from automl.functions.callbacks import callbacks_of, run_with_callbacks
from automl.functions.calls import (
    Counted,
    call_limits,
    call_state,
    ending,
    ends_call,
    has_ended,
    next_call,
    whole_trials,
)
from automl.functions.outcomes import Outcomes
from automl.functions.prepared_call import prepared_call
from automl.functions.trials.queued import Queued, queued
from automl.functions.words import FunctionWords
from automl.inside.calling.stopping import stop_study
from automl.journal.folder import StudyFolder
from automl.loop.controller import Controller
from automl.loop.result import StudyResult
from automl.spelling.spelling import spelled_by
from automl.studies.prepared import Prepared
from automl.studies.running import controller_of, run_to_end
from automl.studies.telling.end import leave, show_end
from automl.study.trial import Trial

logger = logging.getLogger(__name__)


ANSWERED_IN_S = 30.0
"""A running study answers within a second or two; one that stands still may take longer."""

NONE_TYPED: Mapping[str, Any] = MappingProxyType({})


class Study(Outcomes):
    """A study; `create_study` makes it.

    Args:
        folder: where it lives.
        keywords: those of a study, without the function and the limits.
        typed: those that were typed to run the script, which replace its own.
        stored_elsewhere: whether the user asked for it to be kept elsewhere, too.
        unnamed: whether it has the name of the notebook, which others of it may have too.

    Attributes:
        folder: as above.
    """

    def __init__(
        self,
        folder: StudyFolder,
        keywords: Mapping[str, Any],
        typed: Mapping[str, Any] = NONE_TYPED,
        *,
        stored_elsewhere: bool = False,
        unnamed: bool = False,
    ) -> None:
        super().__init__(folder, keywords)
        self._unnamed = unnamed
        self._typed = dict(typed)
        self._stored_elsewhere = stored_elsewhere
        self._calls = Counted()
        self._stop: Callable[[], None] | None = None
        self._queued: list[Queued] = []

    def __getstate__(self) -> dict[str, Any]:
        # An objective that names its study takes it along to another process, to read it there.
        return {**vars(self), "_read": None, "_stop": None}

    def __repr__(self) -> str:
        return f"Study(study_name={self.study_name!r}, folder={str(self.folder.path)!r})"

    def _count_calls_on(self, other: Self | None) -> None:
        """Let the next `optimize` be the one behind all that there were.

        Args:
            other: the same study, where this process has it already, and counts its calls; those
                that an earlier run of the script had, it goes on with.
        """
        if other is None:
            self._calls.count = max((trial.call for trial in self._trials()), default=0)
        else:
            self._calls = other._calls  # noqa: SLF001 - its own kind

    def enqueue_trial(
        self,
        params: Mapping[str, Any],
        user_attrs: Mapping[str, Any] | None = None,
        skip_if_exists: bool = False,  # noqa: FBT001, FBT002 - Optuna's argument
    ) -> None:
        """Let one of the next trials have given values; the others are proposed as for any trial.

        Called while the study runs, it is a request to it, whose answer is waited for and logged.

        Args:
            params: values by name.
            user_attrs: notes of the trial, any JSON values by name.
            skip_if_exists: nothing: no combination is tried twice.

        Raises:
            TypeError: `params` is no dictionary, or JSON has no such note.
            SpecError: a value cannot be written as JSON.
        """
        del skip_if_exists
        one = queued(params, user_attrs)
        if self._stop is not None and self._on_disk is not None:
            one.note(self.folder)
            answer = self._on_disk.add_trial(one.values).wait(ANSWERED_IN_S)
            logger.info("enqueue_trial: %s", answer or "the study has not answered yet")
        else:
            self._queued.append(one)

    def optimize(  # noqa: PLR0913, PLR0917 - Optuna's arguments
        self,
        func: Callable[..., Any],
        n_trials: int | None = None,
        timeout: float | None = None,
        n_jobs: int = 1,
        catch: object = (),
        callbacks: Sequence[Callable[..., Any]] | None = None,
        gc_after_trial: bool = False,  # noqa: FBT001, FBT002 - Optuna's argument
        show_progress_bar: bool = False,  # noqa: FBT001, FBT002 - Optuna's argument
        *,
        max_parallel: int | None = None,
    ) -> None:
        """Call a function for trial after trial, each in a process of its own.

        Where an earlier run of the script had begun this call, it goes on; where it had ended it,
        nothing is run.

        Args:
            func: gets the trial, and returns a number, or as many as there are directions.
            n_trials: how many trials this call has; None for any number.
            timeout: seconds after which nothing is started, and what runs is stopped.
            n_jobs: how many trials run at once; -1: as many as there are CPUs.
            catch: nothing: whatever a function raises, its trial has failed and the study goes on.
            callbacks: functions that are called with the study and each trial that ended, before
                another one starts.
            gc_after_trial: nothing: each trial is a process of its own.
            show_progress_bar: nothing: the live view is shown where there is a terminal.
            max_parallel: the same as `n_jobs`, by its name elsewhere.

        Raises:
            SpecError: the function cannot be given to other processes, or the study's folder holds
                a study of another one.
            RuntimeError: the study runs already.
            SystemExit: the user interrupted it (code 130), after its table was shown.
        """
        del catch, gc_after_trial, show_progress_bar
        with spelled_by(FunctionWords()):
            self._optimize(
                func,
                whole_trials(n_trials),
                call_limits(timeout, n_jobs, max_parallel),
                callbacks_of(callbacks),
            )

    def _optimize(
        self,
        func: Callable[..., Any],
        n_trials: int | None,
        limits: Mapping[str, Any],
        called: Sequence[Callable[..., Any]],
    ) -> None:
        if self._stop is not None:
            raise RuntimeError("Nested invocation of `Study.optimize` method isn't allowed.")
        call = next_call(self.folder, self._calls)
        if n_trials == 0:
            return
        self._tell_storage()
        typed, n_trials = self._typed, self._typed.get("max_trial_num", n_trials)
        # Only the first call begins anew.
        self._typed = {name: one for name, one in typed.items() if name != "fresh"}
        state = call_state(() if typed.get("fresh") else self._trials(), call)
        if state.later or (state.own and has_ended(self.folder, call, n_trials)):
            logger.info(
                "optimize number %d of the study %r has ended, with %d trials: nothing is started",
                call.number,
                self.study_name,
                state.own,
            )
            return
        keywords = {**self._keywords, **limits, **typed, "max_trial_num": state.most(n_trials)}
        first = [one.values for one in self._queued]
        keywords["start_with"] = [*keywords.get("start_with", ()), *first]
        notes = "user_attrs of a queue" if any(one.attrs for one in self._queued) else ""
        study = prepared_call(func, self.folder, keywords, call, kept=notes, unnamed=self._unnamed)
        study.begin()
        result = self._run(study, called)
        done = result.complete or ends_call(result.reason, n_trials)
        self._conclude(study, replace(result, complete=done))

    def stop(self) -> None:
        """Let the running `optimize` start nothing more; what runs goes on to its end.

        It may be called by a callback, and by an objective in the process of a trial.

        Raises:
            RuntimeError: nothing runs in this process, and it is none of a trial.
        """
        if self._stop is not None:
            self._stop()
        elif not stop_study():
            raise RuntimeError(
                "`Study.stop` is supposed to be invoked inside an objective or a callback of "
                f"`optimize`: nothing runs here. From a terminal: automl drain {self.study_name}"
            )

    def _trials(self) -> Sequence[Trial]:
        found = self._on_disk
        return found.trials if found else ()

    def _tell_storage(self) -> None:
        if self._stored_elsewhere:
            self._stored_elsewhere = False
            logger.info(
                "storage= is not used: the study is kept in %s", os.path.relpath(self.folder.path)
            )

    def _run(self, study: Prepared, called: Sequence[Callable[..., Any]]) -> StudyResult:
        def begun(controller: Controller) -> None:
            for one in self._queued:
                one.note(self.folder)
            self._stop = ending(controller)

        try:
            if called:
                return run_with_callbacks(study, begun, lambda trial: self._call(called, trial))
            controller = controller_of(study)
            begun(controller)
            return run_to_end(controller)
        finally:
            self._stop = None
            self._write_notes()

    def _call(self, called: Sequence[Callable[..., Any]], trial: Trial) -> None:
        found = self._on_disk
        if found is None:
            return
        frozen = self._frozen(trial, found)
        for one in called:
            one(self, frozen)

    def _conclude(self, study: Prepared, result: StudyResult) -> None:
        """Show the table, and how the study ended."""
        found = self._on_disk
        if found is not None:
            show_end(study.spec, self.folder, result, found._table_text)  # noqa: SLF001
        if result.signal:
            leave(result.signal)
