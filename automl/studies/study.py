"""A study on disk, running or not, to read and to ask things of."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from automl.errors import SpecError
from automl.journal import requests
from automl.journal.asking.answer import Answer, AskedRequest
from automl.journal.asking.asker import Door, this_process
from automl.journal.control import append_request
from automl.journal.folder import StudyFolder
from automl.journal.holder import Holder, find_holder, last_opening
from automl.journal.snapshot import StudySnapshot
from automl.journal.tail import NoJournalError, Tail
from automl.plain_data import plain
from automl.registry import did_you_mean
from automl.studies.on_disk.summary import state_of, summary_of
from automl.studies.view import Snapshot, StudyView
from automl.study.description import objectives_from, space_from
from automl.study.ranking.curve import Curve

logger = logging.getLogger(__name__)

_LISTED = 20


def open_study(name: str, study_dir: str | os.PathLike[str] | None = None) -> Study:
    """Return a study on disk.

    Args:
        name: the study's name, which is its folder's.
        study_dir: where study folders are; `automl_studies` in the current directory.

    Raises:
        SpecError: there is none of that name; the message names those that there are.
    """
    place = place_of(study_dir)
    if not isinstance(name, str) or name in {"", ".."} or Path(name).name != name:
        raise SpecError(f"name must be the plain name of a study's folder, got {name!r}")
    if not _is_study(place / name):
        raise SpecError(_missing(name, place))
    return Study(StudyFolder(place, name))


def place_of(study_dir: str | os.PathLike[str] | None) -> Path:
    """Return the folder of study folders; `automl_studies` in the current one if not given."""
    given = os.path.expanduser(study_dir or "automl_studies")  # noqa: PTH111 - any path
    return Path(os.path.abspath(given))  # noqa: PTH100 - keeps links


class Study(StudyView):
    """A study on disk; `open_study` makes it.

    Each question looks at the journal anew, so a running study shows how far it is; only what was
    added since the last look is read. The study's files are only read, but for requests, which are
    lines added to `control.jsonl`. A request returns at once; the study's controller does it within
    a second or two, and the journal records who asked and what became of it, for which `wait` of
    what is returned waits. Where none runs, the request waits for the next start.

    Args:
        folder: the study's.
        door: by which way requests come.
    """

    def __init__(self, folder: StudyFolder, door: Door = Door.SCRIPT) -> None:
        self._folder = folder
        self._door = door
        self._tail = Tail(folder.journal)
        self._curves_tail: Tail | None = None

    def __repr__(self) -> str:
        return f"open_study({self._folder.path.name!r}, {str(self._folder.path.parent)!r})"

    def __str__(self) -> str:
        return self.summary

    @property
    def state(self) -> str:
        """One of running, complete, paused (some are left to do), died (its controller did), new.

        A paused or died study goes on when its script is started again.
        """
        return state_of(self._read(), self._holder())

    @property
    def summary(self) -> str:
        """What `print` shows: place, who runs it, trials by state, those that run, the best."""
        return summary_of(self._folder, self._snapshot(), self._read(), self._holder())

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

    def add_trials(self, count: int) -> AskedRequest:
        """Ask for `count` trials more than the limit in force; SpecError if it is below 1."""
        return self._ask(requests.AddTrials(plain(count)))

    def add_trial(self, params: Mapping[str, Any] | None = None, /, **values: Any) -> AskedRequest:  # noqa: ANN401 - any value
        """Ask to try one combination, given as a dictionary, as keywords, or as both.

        Raises:
            SpecError: a parameter is missing, unknown or given twice, or its value is not plain.
        """
        if params is not None and not isinstance(params, Mapping):
            raise SpecError(f"params must be values by parameter name, got {params!r}")
        given = dict(params or {})
        for name in values:
            if name in given:
                raise SpecError(f"parameter {name!r} is given twice")
        return self._ask(requests.AddTrial(self._complete(plain({**given, **values}))))

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
        name = self._folder.path.name
        logger.warning("nothing runs the study %r, so nothing was asked", name)
        words = requests.request_words(request)
        reason = f"nothing runs the study {name!r}, and this is for one that runs"
        known = Answer(done=False, reason=reason, request=words)
        return AskedRequest("", words, "", self._read, known=known)

    def _ask(self, request: requests.Request) -> AskedRequest:
        uid = self._read().uid
        id_ = append_request(self._folder.control, request, this_process(self._door))
        if self._holder() is None:
            logger.info(
                "nothing runs the study %r now; the request is kept in %s and will be taken up "
                "when the study is started again",
                self._folder.path.name,
                self._folder.control,
            )
        return AskedRequest(id_, requests.request_words(request), uid, self._read)

    def _holder(self) -> Holder | None:
        now = self._read()
        return find_holder(self._folder, last_opening(now.latest, closed=now.closed is not None))

    def _read(self) -> StudySnapshot:
        """Return what the journal tells now; only what was added to it is read."""
        return self._look(self._tail)

    def _look(self, tail: Tail) -> StudySnapshot:
        try:
            return tail.look()
        except NoJournalError:
            raise SpecError(_missing(self._folder.path.name, self._folder.path.parent)) from None

    def _snapshot(self) -> Snapshot:
        state = self._read()
        described = state.latest.study if state.latest else {}
        return Snapshot(
            name=self._folder.path.name,
            space=space_from(described) if described else None,
            objectives=objectives_from(described),
            trials=list(state.trials.values()),
        )

    def _curves(self) -> Mapping[int, Curve]:
        if self._curves_tail is None:
            # Of its own, as measurements may take many times the memory of all else.
            self._curves_tail = Tail(self._folder.journal, curves=True)
        return self._look(self._curves_tail).curves or {}

    def _known(self, trial_id: int) -> int:
        trials, trial_id = self._read().trials, plain(trial_id)
        if type(trial_id) is not int or trial_id not in trials:
            ids = f"its trials are 0 to {max(trials)}" if trials else "it has no trials yet"
            raise SpecError(
                f"the study {self._folder.path.name!r} has no trial {trial_id!r}; {ids}"
            )
        return trial_id

    def _complete(self, given: dict[str, Any]) -> dict[str, Any]:
        space = self._snapshot().space
        if space is None:
            raise SpecError(
                "the study has not begun, so nobody knows its parameters; start it first"
            )
        for name in given:
            if name not in space.names:
                raise SpecError(
                    f"the study has no parameter {name!r}{did_you_mean(str(name), space.names)}; "
                    f"its parameters: {', '.join(space.names)}"
                )
        problem = space.problem(given)
        if problem:
            raise SpecError(f"this is no combination of the study's space: {problem}")
        return given


def _is_study(folder: Path) -> bool:
    return (folder / "journal.jsonl").is_file()


def _missing(name: object, place: Path) -> str:
    try:
        found = sorted(folder.name for folder in place.iterdir() if _is_study(folder))
    except OSError:
        return f"there is no study {name!r}: there is no folder {place}; give study_dir= another"
    if not found:
        return f"there is no study {name!r}: {place} has none at all; give study_dir= another"
    listed = ", ".join(found[:_LISTED])
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    near = did_you_mean(str(name), found)
    return f"there is no study {name!r} in {place}{near}; studies there: {listed}{more}"
