"""What can be asked of a study on disk, running or not."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from automl.errors import SpecError
from automl.journal import requests
from automl.journal.asking.answer import Answer, AskedRequest
from automl.journal.asking.asker import Door, this_process
from automl.journal.control import append_request
from automl.journal.folder import StudyFolder
from automl.journal.holder import Holder
from automl.journal.snapshot import StudySnapshot
from automl.plain_data import plain
from automl.registry import did_you_mean
from automl.studies.view import Snapshot
from automl.study.trial import TrialState

logger = logging.getLogger(__name__)


class StudyRequests(ABC):
    """The asking side of a study.

    A request returns at once; the study's controller does it within a second or two, and the
    journal records who asked and what became of it, for which `wait` of what is returned waits.
    Where none runs, the request waits for the next start.
    """

    folder: StudyFolder
    _door: Door

    @abstractmethod
    def _read(self) -> StudySnapshot:
        """Return what the journal tells now."""

    @abstractmethod
    def _holder(self) -> Holder | None:
        """Return who runs the study, None if nobody does."""

    @abstractmethod
    def _snapshot(self) -> Snapshot:
        """Return what is known now, in the words of the study."""

    def stop_trial(self, trial_id: int) -> AskedRequest:
        """Ask to stop one trial; it ends as stopped, with the value it has.

        Returns:
            The request, by which its answer can be waited for; so for all requests.

        Raises:
            SpecError: the study has no such trial.
            JournalError: the request cannot be written; so for all requests.
        """
        return self._ask(requests.StopTrial(self._known(trial_id)))

    def retry_trial(self, trial_id: int) -> AskedRequest:
        """Ask to launch a failed, stopped or pruned trial again, with its id and values.

        One that waits at a rung goes on to the next budget; one that was given up gets its next
        seed.

        Raises:
            SpecError: the study has no such trial.
        """
        return self._ask(requests.RetryTrial(self._known(trial_id)))

    def retry_failed(self) -> AskedRequest:
        """Ask to launch each failed trial again, with its id and values; they do not count again.

        What the earlier attempt left is kept in `attempts/` of the trial's folder. Trials outside
        the space as it is described now are left. Where none has failed, nothing is asked.
        """
        request, trials = requests.RetryFailed(), self._read().trials.values()
        # Those that were left running may have ended badly since.
        may_be = any(one.state is TrialState.FAILED or one.state.launched for one in trials)
        if self._holder() is None and not may_be:
            return not_asked(request, "no trial of the study has failed", self._read)
        return self._ask(request)

    def add_trials(self, count: int) -> AskedRequest:
        """Ask for `count` trials more than the limit in force; SpecError if it is below 1."""
        return self._ask(requests.AddTrials(plain(count)))

    def add_trial(
        self,
        params: Mapping[str, Any] | None = None,
        /,
        *,
        note: str = "",
        **values: Any,  # noqa: ANN401 - any value
    ) -> AskedRequest:
        """Ask to try one combination, given as a dictionary, as keywords, or as both.

        Args:
            params: values by parameter; one that is called `note` is given here.
            note: why, in a line that the table shows.
            values: the same, as keywords.

        Raises:
            SpecError: a parameter is missing, unknown or given twice, or its value is not plain.
        """
        if params is not None and not isinstance(params, Mapping):
            raise SpecError(f"params must be values by parameter name, got {params!r}")
        given = dict(params or {})
        for name in values:
            if name in given:
                raise SpecError(f"parameter {name!r} is given twice")
        return self._ask(requests.AddTrial(self._complete(plain({**given, **values})), note))

    def enqueue_trial(self, params: Mapping[str, Any]) -> AskedRequest:
        """Ask to try one combination, by Optuna's word for `add_trial`; raises as that."""
        return self.add_trial(params)

    def set_max_parallel(self, count: int) -> AskedRequest:
        """Ask to run at most `count` trials at once; SpecError if it is below 1."""
        return self._ask(requests.SetMaxParallel(plain(count)))

    def set_max_trial_num(self, count: int) -> AskedRequest:
        """Ask to start at most `count` trials in all; SpecError if it is below 1."""
        return self._ask(requests.SetMaxTrialNum(plain(count)))

    def pause(self) -> AskedRequest:
        """Ask to start nothing until `resume`; what runs goes on."""
        return self._ask_now(requests.Pause())

    def resume(self) -> AskedRequest:
        """Ask to start trials again."""
        return self._ask_now(requests.Resume())

    def drain(self) -> AskedRequest:
        """Ask to start nothing more and to end when what runs has ended."""
        return self._ask_now(requests.Drain())

    def stop(self) -> AskedRequest:
        """Ask to stop what runs and to end."""
        return self._ask_now(requests.StopStudy())

    def _ask_now(self, request: requests.Request) -> AskedRequest:
        """Ask for what only a running study can do."""
        if self._holder() is not None:
            return self._ask(request)
        name = self.folder.path.name
        reason = f"nothing runs the study {name!r}, and this is for one that runs"
        return not_asked(request, reason, self._read)

    def _ask(self, request: requests.Request) -> AskedRequest:
        uid = self._read().uid
        id_ = append_request(self.folder.control, request, this_process(self._door))
        if self._holder() is None:
            logger.info(
                "nothing runs the study %r now; the request is kept in %s and will be taken up "
                "when the study is started again",
                self.folder.path.name,
                self.folder.control,
            )
        return AskedRequest(id_, requests.request_words(request), uid, self._read)

    def _known(self, trial_id: int) -> int:
        trials, trial_id = self._read().trials, plain(trial_id)
        if type(trial_id) is not int or trial_id not in trials:
            ids = f"its trials are 0 to {max(trials)}" if trials else "it has no trials yet"
            raise SpecError(f"the study {self.folder.path.name!r} has no trial {trial_id!r}; {ids}")
        return trial_id

    def _complete(self, given: dict[str, Any]) -> dict[str, Any]:
        space = self._snapshot().space
        if space is None:
            raise SpecError(
                "the study has not begun, so nobody knows its parameters; start it first"
            )
        for name in given if not space.learnt else ():
            if name not in space.names:
                raise SpecError(
                    f"the study has no parameter {name!r}{did_you_mean(str(name), space.names)}; "
                    f"its parameters: {', '.join(space.names)}"
                )
        problem = space.problem(given)
        if problem:
            raise SpecError(f"this is no combination of the study's space: {problem}")
        return given


def not_asked(
    request: requests.Request, reason: str, look: Callable[[], StudySnapshot]
) -> AskedRequest:
    """Return a request that is not even written down, as it could not be done; tell why.

    Args:
        request: what was to be asked.
        reason: why not.
        look: looks at the study.
    """
    words = requests.request_words(request)
    logger.warning("%s: nothing was asked: %s", words, reason)
    known = Answer(done=False, reason=reason, request=words)
    return AskedRequest("", words, "", look, known=known)
