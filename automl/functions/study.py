"""A study of a Python function: `optimize` runs it, everything else tells what it found."""

import logging
import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Self

from automl.functions.asking.caller import Caller, Script
from automl.functions.callbacks import callbacks_of
from automl.functions.calls import (
    Counted,
    call_limits,
    call_state,
    ends_call,
    has_ended,
    next_call,
    whole_trials,
)
from automl.functions.names.enums import TrialState
from automl.functions.outcomes import Outcomes
from automl.functions.prepared_call import prepared_call
from automl.functions.running import run_call, show_call
from automl.functions.trials.frozen_trial import FrozenTrial
from automl.functions.trials.queued import Queued, queued
from automl.functions.words import FunctionWords
from automl.inside.calling.stopping import stop_study
from automl.journal.folder import StudyFolder
from automl.spelling.spelling import spelled_by
from automl.studies.prepared import Prepared
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
        self._asking: object = None

    def __getstate__(self) -> dict[str, Any]:
        # An objective that names its study takes it along to another process, to read it there.
        return {**vars(self), "_read": None, "_stop": None, "_asking": None}

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

    def ask(self, fixed_distributions: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Return a new trial, without a process: it runs until `tell` says how it ended.

        From here on this process holds the study; `optimize`, or its end, lets it go.

        Args:
            fixed_distributions: names that the trial is to have at once, with their ranges.

        Raises:
            AutomlError: there is nothing left to try, or another process has the study.
            RuntimeError: the study runs; ask before or after that.
        """
        with spelled_by(FunctionWords()):
            return self._calling("ask").asks().ask(fixed_distributions)

    def tell(
        self,
        trial: Any,  # noqa: ANN401 - whatever a user gives
        values: Any = None,  # noqa: ANN401 - the same
        state: Any = None,  # noqa: ANN401 - Optuna's own too
        skip_if_finished: bool = False,  # noqa: FBT001, FBT002 - Optuna's argument
    ) -> FrozenTrial:
        """Say how a trial ended that `ask` gave, in this process or in an earlier one.

        Args:
            trial: the trial, or its number.
            values: a number, or as many as there are directions. None with another state.
            state: `TrialState.COMPLETE`, `PRUNED` or `FAIL`; None for a complete one whose values
                make sense, and else one that failed.
            skip_if_finished: leave one alone that has ended.

        Returns:
            the trial as it stands now.

        Raises:
            ValueError: there is no such trial, it has ended or `optimize` runs it, or state and
                values contradict each other.
            TypeError: there is neither a trial nor a number.
            AutomlError: another process has the study.
            RuntimeError: the study runs.
        """
        with spelled_by(FunctionWords()):
            return self._calling("tell").asks().tell(trial, values, state, skip_if_finished)

    def add_trial(self, trial: Any) -> None:  # noqa: ANN401 - Optuna's own, or ours
        """Add a trial as it ended elsewhere; one that is there already is not added again.

        Args:
            trial: what `create_trial` returns, or a trial of another study, also of Optuna.

        Raises:
            TypeError: it is no trial.
            ValueError: it runs, or its values are not as many as there are directions.
            NotImplementedError: it has reports, and the study several directions.
            AutomlError: another process has the study.
            RuntimeError: the study runs.
        """
        with spelled_by(FunctionWords()):
            self._calling("add_trial").asks().add(trial)

    def add_trials(self, trials: Iterable[Any]) -> None:
        """Add several trials, without those that run, of which it warns; raises as `add_trial`."""
        for trial in trials:
            if getattr(trial, "state", None) == TrialState.RUNNING:
                told = f"add_trials: trial {trial.number} runs; add it once it has ended"
                warnings.warn(told, stacklevel=2)
            else:
                self.add_trial(trial)

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
        self._let_go()
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
        keywords["start_with"] = self._first()
        notes = "user_attrs of a queue" if any(one.attrs for one in self._queued) else ""
        study = prepared_call(func, self.folder, keywords, call, kept=notes, unnamed=self._unnamed)
        study.begin()
        self._run(study, called, n_trials)

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

    def _first(self) -> list[Any]:
        """Return the combinations that come first."""
        keywords = {**self._keywords, **self._typed}
        return [*keywords.get("start_with", ()), *(one.values for one in self._queued)]

    def _calling(self, what: str) -> Caller:
        """Return what asks for trials; refuse to while `optimize` runs."""
        if self._stop is not None:
            raise RuntimeError(
                f"`Study.{what}` is for a study that does not run: call it before `optimize`, or "
                "after it has ended"
            )
        return self._called_by()

    def _called_by(self) -> Caller:
        # It is not kept itself, so that a study that nobody uses any more is let go at once.
        shown, first = self._shown, self._first_noted
        caller = Caller(Script(self, self.folder, self._asked_with, first, shown))
        self._asking = caller.asking
        return caller

    def _shown(self, number: int) -> FrozenTrial:
        found = self._on_disk
        assert found is not None  # noqa: S101 - for the type checker: the trial is there
        return self._frozen(found.trials[number], found)

    def _asked_with(self) -> tuple[dict[str, Any], bool]:
        """Return the keywords of a study that is taken up, and whether it begins anew."""
        self._tell_storage()
        # It does once.
        fresh = bool(self._typed.pop("fresh", False))
        return {**self._keywords, **self._typed}, fresh

    def _let_go(self) -> None:
        """Let `optimize` have the study, and know of all that asked trials have."""
        running = any(one.asked and not one.state.finished for one in self._trials())
        if self._asking is not None or running:
            self._called_by().let_go(running=running and not self._typed.get("fresh"))

    def _tell_storage(self) -> None:
        if self._stored_elsewhere:
            self._stored_elsewhere = False
            logger.info(
                "storage= is not used: the study is kept in %s", os.path.relpath(self.folder.path)
            )

    def _run(self, study: Prepared, called: Sequence[Callable[..., Any]], n: int | None) -> None:
        """Run a call that is to have `n` trials, and show its end."""

        def begun(stop: Callable[[], None]) -> None:
            self._note_queue()
            self._stop = stop

        call = (lambda trial: self._call(called, trial)) if called else None
        try:
            result = run_call(study, begun, call)
        except BaseException:
            # That is what is told, whatever becomes of the notes.
            self._try_to_write_notes()
            raise
        finally:
            self._stop = None
        self._write_last_notes(leaving=bool(result.signal))
        done = result.complete or ends_call(result.reason, n)
        show_call(study, replace(result, complete=done))

    def _note_queue(self) -> None:
        for one in self._queued:
            one.note(self.folder)

    def _first_noted(self) -> list[Any]:
        self._note_queue()
        return self._first()

    def _call(self, called: Sequence[Callable[..., Any]], trial: Trial) -> None:
        found = self._on_disk
        if found is None:
            return
        frozen = self._frozen(trial, found)
        for one in called:
            one(self, frozen)
