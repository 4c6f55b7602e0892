"""The claims of a study on the metric files that its trials write outside the study's folder."""

import errno
import hashlib
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from automl.errors import StudyBusyError, may_pass
from automl.journal.claim import Claim, Claimant, read_claimant
from automl.journal.disk.files import is_there, make_folder
from automl.journal.folder import StudyFolder
from automl.journal.holder import study_busy
from automl.render.footprint import Footprint, footprint
from automl.study.spec import StudySpec
from automl.study.tasks.location import is_standing
from automl.study.tasks.task import metrics_read
from automl.study.tasks.workspace import is_relative

logger = logging.getLogger(__name__)

FOLDER_NAME = ".automl-claims"
"""The folder of claims, beside what they claim."""


class Claims:
    """Sees to it that no two studies write metric files of the same names.

    A study whose trials write into its own folder needs no claim: its lock is enough. For each
    other footprint one file is held locked. Its content is believed when nobody holds it: the
    trials of a study outlive its controller.

    Args:
        spec: the study.
        folder: where it lives.
        runs: tells whether trials of a study, given by its id, run.

    Attributes:
        changed_hands: whether what was taken may have been another study's since it was this one's.
    """

    def __init__(self, spec: StudySpec, folder: StudyFolder, runs: Callable[[str], bool]) -> None:
        self._name = spec.name
        self._folder = folder
        self._study = os.path.realpath(folder.path)
        self.changed_hands = False
        self._runs = runs
        self._uid = ""
        self._taken = False
        self._held: list[Claim] = []
        self._places: dict[Footprint, str] = {}
        for metric in metrics_read(spec.objectives, spec.tasks):
            reader = spec.reader_of(metric)
            own = spec.workspace is not None and is_relative(reader.location)
            if own or is_standing(reader):
                continue
            location = reader.location
            place = footprint(
                location,
                cwd=spec.cwd,
                study_name=spec.name,
                study_dir=str(folder.path),
                parameters=spec.space.names,
            )
            if not f"{place.folder}/".startswith(f"{self._study}/"):
                self._places.setdefault(place, location)

    def take(self) -> None:
        """Claim everything, unless that was done before; all or nothing.

        Raises:
            StudyBusyError: another study has one of the footprints; the message says what to do.
            OSError: the machine cannot do it now, and nothing is claimed.
        """
        if self._taken:
            return
        try:
            for place, location in self._places.items():
                self._claim(place, location)
        except BaseException:
            self.release(keep=False)
            raise
        self._taken = True

    def take_first(self, *, fresh: bool) -> None:
        """Claim everything if something will be launched; of a study that is there, later."""
        if fresh or not is_there(self._folder.journal):
            self.take()

    def sign(self, uid: str) -> None:
        """Write the study's id into the claims: from now on trials with its mark may be started.

        Raises:
            OSError: it cannot be written now; it can be done again.
        """
        self._uid = uid
        for claim in self._held:
            self._write(claim)

    def release(self, *, keep: bool) -> None:
        """Give up all claims.

        Args:
            keep: leave the files, as trials of the study go on.
        """
        while self._held:
            claim = self._held.pop()
            claim.release(remove=not (keep and claim.claimant.uid))
        self._taken = False

    def _claim(self, place: Footprint, location: str) -> None:
        path = claim_path(place)
        try:
            _make_folder(path.parent)
            claim = Claim(path)
        except BlockingIOError:
            self._refuse(place, location, read_claimant(path))
        except OSError as error:
            _raise_if_it_may_pass(error)
            logger.warning(
                "reader: location %r: nothing keeps another study from writing the same files, as "
                "%s cannot be used: %s",
                location,
                error.filename or path,
                error.strerror,
            )
        else:
            self._go_into(claim, place, location)

    def _go_into(self, claim: Claim, place: Footprint, location: str) -> None:
        """Take a claim that nobody holds, unless trials of the study that had it may run."""
        try:
            if not self._is_mine(claim.claimant):
                self._check_ended(claim, place, location)
                self.changed_hands = True
        except BaseException:
            claim.release(remove=False)
            raise
        self._held.append(claim)
        self._write(claim)

    def _check_ended(self, claim: Claim, place: Footprint, location: str) -> None:
        before = claim.claimant
        if not before.uid:
            return
        if before.host != socket.gethostname() or (claim.foreign and os.geteuid() != 0):
            unseen = (
                "its controller is gone, and whether its trials still run cannot be seen from "
                f"here; if none does, delete {claim.path}"
            )
            self._refuse(place, location, before, unseen)
        elif self._runs(before.uid):
            left = "its controller is gone, but its trials still run; start it again to take them"
            self._refuse(place, location, before, left)

    def _is_mine(self, claimant: Claimant) -> bool:
        return claimant.study == self._study or bool(self._uid and claimant.uid == self._uid)

    def _write(self, claim: Claim) -> None:
        before = claim.claimant
        # Trials that an earlier controller of this study left are known by its id.
        uid = self._uid or (before.uid if self._is_mine(before) else "")
        mine = Claimant(
            study=self._study,
            name=self._name,
            uid=uid,
            host=socket.gethostname(),
            pid=os.getpid(),
        )
        try:
            claim.write(mine)
        except OSError as error:
            _raise_if_it_may_pass(error)
            logger.warning("cannot write the claim %s: %s", claim.path, error.strerror)

    def _refuse(self, place: Footprint, location: str, who: Claimant, why: str = "") -> NoReturn:
        if self._is_mine(who):
            raise study_busy(self._study, f"process {who.pid} on {who.host}")
        other = "" if who.name == self._name else ", put {{ study.name }} into the path"
        raise StudyBusyError(
            f"reader: location {location!r} names the files {place}, which {who} writes too, so "
            f"one study would read the other's numbers{f' ({why})' if why else ''}. Write "
            f"{{{{ trial.dir }}}}/... in its place{other} (and in the option of the command that "
            "names the file), or wait until that study has ended"
        )


def claim_path(place: Footprint) -> Path:
    """Return the file that claims a footprint.

    Its name does not depend on where the folder is mounted, so that two hosts and containers that
    share the folder meet.
    """
    digest = hashlib.blake2b(place.rest.encode(errors="surrogateescape"), digest_size=16)
    return Path(place.folder, FOLDER_NAME, digest.hexdigest())


def _raise_if_it_may_pass(error: OSError) -> None:
    # A read-only folder may well be meant to be one, and a study need not wait for it.
    if may_pass(error.errno) and error.errno != errno.EROFS:
        raise error


def _make_folder(folder: Path) -> None:
    if not is_there(folder):
        make_folder(folder)
        folder.joinpath(".gitignore").write_text("*\n", encoding="ascii")
