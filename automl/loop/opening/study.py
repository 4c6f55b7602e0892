"""Taking up a study: its folder, its lock, what its journal tells, and what may have changed."""

import json
import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass

import automl
from automl.clock import Clock
from automl.journal.disk.private import make_private
from automl.journal.events import VERSION, StudyClosed, StudyOpened, UnknownEventError, decode
from automl.journal.fold import StudyState, fold
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal, parse
from automl.journal.lock import StudyLock
from automl.loop.opening.moved import way_to
from automl.loop.opening.program_files import changed_files, program_files
from automl.loop.opening.same_study import check_goes_on, check_launches
from automl.loop.opening.study_file import write_description
from automl.study.spec import StudySpec

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStudy:
    """A study that this process may write to.

    Attributes:
        folder: where it lives.
        lock: kept until `close`.
        journal: its writer.
        state: what the journal told.
        seed: the seed in force.
        uid: its own id.
        died: whether an earlier controller had it, and did not tell how it ended.
        changed: the files of its programs that changed since it began last.
        ran: how many trials had been launched before.
        closed: how the last controller said that it ended, None where it said nothing.
    """

    folder: StudyFolder
    lock: StudyLock
    journal: Journal
    state: StudyState
    seed: int
    uid: str
    died: bool = False
    changed: tuple[str, ...] = ()
    ran: int = 0
    closed: StudyClosed | None = None

    @property
    def any_running(self) -> bool:
        """Whether a trial runs, or is being stopped, by what is known now."""
        return any(trial.launched for trial in self.state.trials.values())

    def close(self) -> None:
        """Close the journal and let another controller have the study."""
        self.journal.close()
        self.lock.release()


def open_study(  # noqa: PLR0913 - what differs between two openings
    spec: StudySpec,
    folder: StudyFolder,
    clock: Clock,
    *,
    fresh: bool,
    clear: Callable[[str], None] = lambda _: None,
    known: int = 0,
    launches: bool = True,
) -> OpenStudy:
    """Take up the study of `spec` in `folder`, new or where it was left.

    Args:
        spec: the study.
        folder: where it lives.
        clock: the time.
        fresh: begin anew; an earlier study in the folder is set aside.
        clear: stops all processes of the study that is set aside, before it is; it gets that
            one's id, empty if the journal does not tell it.
        known: how many results of other studies the search is told.
        launches: whether trials are launched; else a program alone asks for some.

    Raises:
        JournalError: the folder cannot be used.
        StorageError: it cannot be written now.
        StudyBusyError: another controller has the study.
        SpecError: the folder holds a study of other commands.
    """
    if launches:
        check_launches(spec)
    folder.create()
    lock = StudyLock(folder)
    try:
        # Another start may have renamed it since, which nobody can do any more.
        folder.create()
        # A start that failed before its first line has left nothing to keep.
        if fresh and (b"\n" in lock.content() or folder.has_trials):
            lock = _begun_anew(folder, lock, clock, clear)
        return _take_up(spec, folder, lock, clock, known, launches=launches)
    except BaseException:
        lock.release()
        raise


def _begun_anew(
    folder: StudyFolder, lock: StudyLock, clock: Clock, clear: Callable[[str], None]
) -> StudyLock:
    """Keep the folder aside and return the lock of a new one in its place."""
    clear(_uid_in(lock.content()))
    aside = folder.set_aside(clock.now())
    logger.info("the earlier study was kept in %s", aside)
    folder.create()
    new = StudyLock(folder)
    # Held until here: at no moment is there a folder that two controllers could take.
    lock.release()
    return new


def _uid_in(journal: bytes) -> str:
    """Return the study's id by its journal's first line, whatever the others are."""
    try:
        opening = decode(journal.partition(b"\n")[0])
    except UnknownEventError:
        return ""
    return opening.uid if isinstance(opening, StudyOpened) else ""


def _take_up(
    spec: StudySpec,
    folder: StudyFolder,
    lock: StudyLock,
    clock: Clock,
    known: int,
    *,
    launches: bool,
) -> OpenStudy:
    events, end = parse(lock.content(), folder.journal)
    state = fold(events, curves=spec.pruner is not None)
    if state.opened:
        check_goes_on(state, spec, folder)
    closed, died = state.closed, state.opened is not None and state.closed is None
    seed = _seed(spec, state)
    uid = state.opened.uid if state.opened else secrets.token_hex(8)
    # First, so that a start that fails here leaves no study that fresh=True would keep aside.
    write_description(spec, folder)
    if spec.private:
        make_private(lock.file)
    journal = Journal(lock, end)
    before = state.latest.programs if state.latest else []
    # What nobody runs now is compared at the next launch.
    programs = program_files(spec, os.environ, before) if launches else before
    opening = StudyOpened(
        v=VERSION,
        at=clock.now(),
        study=json.loads(json.dumps(spec.describe(), ensure_ascii=False)),
        seed=seed,
        uid=uid,
        host=socket.gethostname(),
        pid=os.getpid(),
        release=automl.__version__,
        cwd_from_folder=way_to(spec.cwd, folder.path),
        programs=programs,
        known=known,
        call=spec.call,
        cells=list(spec.cells),
    )
    _tell_release(state)
    try:
        journal.append([opening])
    except BaseException:
        journal.close()
        raise
    state.apply(opening)
    return OpenStudy(
        folder=folder,
        lock=lock,
        journal=journal,
        state=state,
        seed=seed,
        uid=uid,
        died=died,
        changed=tuple(changed_files(before, programs)),
        ran=sum(one.attempts > 0 and not one.asked for one in state.trials.values()),
        closed=closed,
    )


def _tell_release(state: StudyState) -> None:
    """Say so where the study was last run with another release of automl."""
    last = state.latest
    if last and last.release != automl.__version__:
        logger.info(
            "the study was last run with %s, and goes on with automl %s",
            f"automl {last.release}" if last.release else "an earlier release of automl",
            automl.__version__,
        )


def _seed(spec: StudySpec, state: StudyState) -> int:
    if spec.seed is not None:
        return spec.seed
    return state.opened.seed if state.opened else secrets.randbits(31)
