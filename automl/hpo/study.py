"""`open_study`: a study on disk, running or not, to read and to ask things of."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from automl import logs
from automl.errors import SpecError
from automl.hpo.view import Snapshot, StudyView
from automl.journal import requests
from automl.journal.control import append_request
from automl.journal.disk.files import trouble
from automl.journal.fold import StudyState, fold
from automl.journal.folder import StudyFolder
from automl.journal.holder import Holder, find_holder
from automl.journal.journal import load
from automl.registry import did_you_mean
from automl.show.lines import params_text, ranked, value_text
from automl.study.description import objectives_from, space_from
from automl.study.ranking.curve import Curve
from automl.study.ranking.rank import best
from automl.study.trial import TrialState

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
    logs.ensure_handler()
    place = Path(os.path.abspath(study_dir or "automl_studies"))  # noqa: PTH100 - keeps links
    if not isinstance(name, str) or name in {"", ".."} or Path(name).name != name:
        raise SpecError(f"name must be the plain name of a study's folder, got {name!r}")
    if not _is_study(place / name):
        raise SpecError(_missing(name, place))
    return Study(StudyFolder(place, name))


class Study(StudyView):
    """A study on disk; `open_study` makes it.

    Everything is read anew when it is asked for, so a running study shows how far it is. The
    study's files are only read, but for requests, which are lines added to `control.jsonl`. A
    request returns at once; the study's controller does it within a second or two, and logs what
    it cannot do. Where none runs, the request waits for the next start.
    """

    def __init__(self, folder: StudyFolder) -> None:
        self._folder = folder
        self._seen: tuple[int, int, int] | None = None
        self._state = StudyState()

    def __repr__(self) -> str:
        return f"open_study({self._folder.path.name!r}, {str(self._folder.path.parent)!r})"

    def __str__(self) -> str:
        return self.summary

    @property
    def state(self) -> str:
        """One of running, complete, paused (some are left to do), died (its controller did), new.

        A paused or died study goes on when its script is started again.
        """
        return _state(self._read(), self._holder())

    @property
    def summary(self) -> str:
        """Name and place, who runs it, the trials by state, and the best; what `print` shows."""
        state, holder, now = self._read(), self._holder(), self._snapshot()
        stands = _state(state, holder)
        told = {
            "running": f"by {holder}",
            "died": "its controller did not end by itself; the same command goes on from here",
        }.get(stands, state.closed.reason if state.closed else "")
        counts = Counter(trial.state for trial in now.trials)
        numbers = [f"{counts[kind]} {kind}" for kind in TrialState if counts[kind]]
        found = best(now.trials, now.objectives)
        lines = [
            f"study {now.name!r} in {self._folder.path}",
            f"state: {stands}{told and f', {told}'}",
            f"trials: {', '.join(numbers) or 'none'}",
        ]
        if found is not None and found.value is not None:
            value = value_text(ranked(found, now.objectives))
            params = params_text(found.params)
            lines.append(f"best: trial {found.id}, {now.objectives.name} {value}, {params}")
        return "\n".join(lines)

    def stop_trial(self, trial_id: int) -> None:
        """Ask to stop one trial; it ends as stopped, with the value it has.

        Raises:
            SpecError: the study has no such trial.
            JournalError: the request cannot be written; so for all requests.
        """
        self._ask(requests.StopTrial(self._known(trial_id)))

    def retry_trial(self, trial_id: int) -> None:
        """Ask to launch a failed, stopped or pruned trial again, with its id and values.

        One that waits at a rung goes on to the next budget; one that was given up gets its next
        seed.

        Raises:
            SpecError: the study has no such trial.
        """
        self._ask(requests.RetryTrial(self._known(trial_id)))

    def add_trials(self, count: int) -> None:
        """Ask for `count` trials more than the limit in force; SpecError if it is below 1."""
        self._ask(requests.AddTrials(count))

    def add_trial(self, params: Mapping[str, Any] | None = None, /, **values: Any) -> None:  # noqa: ANN401 - any value
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
        self._ask(requests.AddTrial(self._complete({**given, **values})))

    def set_max_parallel(self, count: int) -> None:
        """Ask to run at most `count` trials at once; SpecError if it is below 1."""
        self._ask(requests.SetMaxParallel(count))

    def set_max_trial_num(self, count: int) -> None:
        """Ask to start at most `count` trials in all; SpecError if it is below 1."""
        self._ask(requests.SetMaxTrialNum(count))

    def pause(self) -> None:
        """Ask to start nothing until `resume`; what runs goes on."""
        self._ask_now(requests.Pause())

    def resume(self) -> None:
        """Ask to start trials again."""
        self._ask_now(requests.Resume())

    def drain(self) -> None:
        """Ask to start nothing more and to end when what runs has ended."""
        self._ask_now(requests.Drain())

    def stop(self) -> None:
        """Ask to stop what runs and to end."""
        self._ask_now(requests.StopStudy())

    def _ask_now(self, request: requests.Request) -> None:
        """Ask for what only a running study can do."""
        if self._holder() is None:
            logger.warning(
                "nothing runs the study %r, so nothing was asked", self._folder.path.name
            )
            return
        append_request(self._folder.control, request)

    def _ask(self, request: requests.Request) -> None:
        append_request(self._folder.control, request)
        if self._holder() is None:
            logger.info(
                "nothing runs the study %r now; the request is kept in %s and will be taken up "
                "when the study is started again",
                self._folder.path.name,
                self._folder.control,
            )

    def _holder(self) -> Holder | None:
        return find_holder(self._folder)

    def _read(self) -> StudyState:
        """Return the state that the journal tells; it is loaded only if it changed."""
        journal = self._folder.journal
        try:
            status = journal.stat()
        except FileNotFoundError:
            raise SpecError(_missing(self._folder.path.name, self._folder.path.parent)) from None
        except OSError as error:
            advice = "see to it that you may read this file"
            raise trouble(f"read the journal {journal}", error, advice) from error
        seen = (status.st_ino, status.st_size, status.st_mtime_ns)
        if seen != self._seen:
            # What is written after the look is read or not; the next look then sees a new size.
            self._state = fold(load(journal)[0])
            self._seen = seen
        return self._state

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
        return fold(load(self._folder.journal)[0], curves=True).curves or {}

    def _known(self, trial_id: int) -> int:
        trials = self._read().trials
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


def _state(state: StudyState, holder: Holder | None) -> str:
    if holder is not None:
        return "running"
    if state.latest is None:
        return "new"
    if state.closed is None:
        return "died"
    return "complete" if state.closed.complete else "paused"


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
