"""`AutoTuner`: a study as a script describes, runs and reads it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from automl.errors import AutomlError
from automl.hpo.check import checked
from automl.hpo.dictionary import from_dictionary, refuse_dictionaries
from automl.hpo.options import Options, takes_keywords, with_help, with_typed
from automl.patience import patiently
from automl.studies.prepared import prepare
from automl.studies.running import Aside, controller_of, run_to_end
from automl.studies.telling.end import leave, show_end
from automl.studies.view import Snapshot, StudyView, curves_in

if TYPE_CHECKING:
    from automl.hpo.check import Report
    from automl.journal.asking.answer import AskedRequest
    from automl.loop.result import StudyResult
    from automl.show.table import Table
    from automl.space.parameters import SpaceItem
    from automl.study.ranking.curve import Curve
    from automl.study.tasks.task import Task

logger = logging.getLogger(__name__)


@with_help
class AutoTuner(StudyView):
    """Tunes the parameters of a command.

    Everything is checked here, before anything starts.

    Raises:
        SpecError: something in it cannot work; the message says what to do.
    """

    @takes_keywords("AutoTuner")
    def __init__(
        self,
        hyperparams: Sequence[SpaceItem],
        task_list: Sequence[Task],
        max_parallel: int,
        max_trial_num: int,
        mode: str = "local",
        user_id: str | None = None,
        **options: Unpack[Options],
    ) -> None:
        given: dict[str, Any] = {
            "hyperparams": hyperparams,
            "task_list": task_list,
            "max_parallel": max_parallel,
            "max_trial_num": max_trial_num,
            "mode": mode,
            "user_id": user_id,
            **options,
        }
        refuse_dictionaries(given)
        given = with_typed(given)
        unnamed = given.get("name") is None
        here = os.path.abspath(".")  # noqa: PTH100 - keeps links
        study = prepare(given, here, what="AutoTuner", unnamed=unnamed)
        for warning in study.warnings:
            logger.warning("%s", warning)
        self._study = study
        self._result: StudyResult | None = None
        self._aside: Aside | None = None
        self._showing = threading.Lock()

    @classmethod
    def create_tuner(
        cls, data: Mapping[str, Any], *, max_parallel: int, max_trial_num: int
    ) -> AutoTuner:
        """Return a tuner described by one dictionary.

        Args:
            data: `hyperparams` and `tasks` as lists of dictionaries with `type` and options (a
                task may nest a `metric_reader` or a list of them), and optionally `algorithm`,
                `pruner` and `earlystop` as one such dictionary each, `budget` and a list of
                `objectives` without `type`, and `environment` with keywords of this class. What
                `create` returned may stand in place of a dictionary.
            max_parallel: see the class.
            max_trial_num: see the class.

        Raises:
            SpecError: as the class, or `data` has an unknown or lacks a needed key.
        """
        keywords = from_dictionary(data)
        return cls(max_parallel=max_parallel, max_trial_num=max_trial_num, **keywords)

    def __repr__(self) -> str:
        spec = self._study.spec
        return (
            f"AutoTuner(name={spec.name!r}, hyperparams={list(spec.space.names)}, "
            f"max_parallel={spec.limits.max_parallel}, max_trial_num={spec.limits.max_trials})"
        )

    @overload
    def fit(self, synchronize: Literal[True] = True) -> Table: ...  # noqa: FBT002
    @overload
    def fit(self, synchronize: bool) -> Table | None: ...  # noqa: FBT001

    def fit(self, synchronize: bool = True) -> Table | None:  # noqa: FBT001, FBT002 - the script's word
        """Run the study, or go on with it, and return its table.

        Args:
            synchronize: False returns None once the study's folder is there; `wait` then gives the
                table. Called in the main thread, signals stop the study as they do otherwise, and
                end the process once it has ended; in another thread, they do what they did before.

        Raises:
            SpecError: the folder holds a study of other commands, or no name was given and this
                process has run another search of that name.
            JournalError: the folder cannot be used, or another controller has the study.
            SystemExit: the user interrupted it (code 130), after its table was shown.
        """
        if self._aside is not None and not self._aside.waited_for:
            raise AutomlError("this tuner is running already; call wait()")
        study = self._study
        study.begin()
        controller = controller_of(study, typing=not synchronize)
        self._aside = None
        if synchronize:
            self._result = run_to_end(controller)
            return self._concluded(self._result)
        aside = Aside(controller)
        aside.begin()
        self._aside = aside
        return None

    def wait(self) -> Table:
        """Wait for a study that was begun with `fit(synchronize=False)`; return its table.

        Any thread may wait, also several at once and also after the study ended; the table is
        shown by the first.

        Raises:
            AutomlError: no study was begun; otherwise as `fit`.
        """
        aside = self._aside
        if aside is None:
            raise AutomlError("nothing to wait for; call fit(synchronize=False) first")
        result = aside.wait()
        with self._showing:
            first, aside.shown = not aside.shown, True
            return self._concluded(result, told=not first)

    def check(self, limit: float | str = "60s", *, log: str | None = None) -> Report:
        """Run one trial in a temporary folder, and print whether `fit` would get numbers.

        Args:
            limit: for how long the trial may run, in seconds or a text such as '5m'.
            log: a file that is read in the place of a trial's output; nothing is run.

        Returns:
            The report, which is true if the study would get numbers.

        Raises:
            SpecError: `limit` is no duration, or there is no such file.
            AutomlError: the trial cannot be started.
            SystemExit: the user interrupted it (code 130), after what was seen was told.
        """
        return checked(self._study, limit, log)

    def retry_failed(self) -> AskedRequest:
        """Ask to run the failed trials again, each with its id and values; they do not count again.

        That is done when `fit` goes on with the study, or within a second or two where it runs.
        What the earlier attempts left is kept in `attempts/` of the trials' folders; trials outside
        the space as it is described now are left.

        Returns:
            The request, by which its answer can be waited for.

        Raises:
            SpecError: the folder holds a study of other commands.
        """
        return self._study.retry_failed()

    def _snapshot(self) -> Snapshot:
        return Snapshot(
            name=self._study.spec.name,
            objectives=self._study.spec.objectives,
            space=self._study.spec.space,
            trials=self._finished_run().trials,
        )

    def _curves(self) -> Mapping[int, Curve]:
        return curves_in(self._study.folder)

    def _finished_run(self) -> StudyResult:
        result = self._aside.result if self._aside else None
        if result is None:
            result = self._result
        if result is None:
            raise AutomlError("the study has not been run yet; call fit() first")
        return result

    def _concluded(self, result: StudyResult, *, told: bool = False) -> Table:
        """Return the table of a study that ended; show it and how the study ended, if not told."""
        try:
            if not told:
                show_end(self._study.spec, self._study.folder, result, self._table_text)
            if result.signal:
                leave(result.signal)
            # Only now, as it loads pandas.
            return patiently(self.table, then="the table is made")
        except KeyboardInterrupt:
            # The study has ended, and nothing that runs is interrupted by this.
            logger.warning("interrupted; the same command shows the table")
            leave("SIGINT")
