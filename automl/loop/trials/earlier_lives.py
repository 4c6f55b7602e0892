"""Stopping what earlier lives of a study left running."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from automl.clock import Clock
from automl.executors.site import Clearing, Kin, Site
from automl.journal.folder import StudyFolder, holds_study


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLives:
    """Stops the processes of a study that this controller did not start.

    Args:
        site: where its trials run.
        folder: where it lives.
        clock: the time.
        grace_s: how long they may take to end.
        asked: how often the user has asked to stop.
    """

    site: Site
    folder: StudyFolder
    clock: Clock
    grace_s: float
    asked: Callable[[], int]

    def stop(self, uid: str, trials: Iterable[int] = (), adopted: Iterable[int] = ()) -> None:
        """Stop all processes of the study but those of the adopted trials.

        Args:
            uid: the study's id.
            trials: the numbers of its trials, as far as they are known.
            adopted: those of them that go on.
        """
        kin = Kin(
            place=os.path.realpath(self.folder.path),
            uid=uid,
            trials=trials,
            adopted=[f"{uid}:{trial}" for trial in adopted],
            is_study=holds_study,
        )
        self.site.clear(Clearing(kin=kin, clock=self.clock, grace_s=self.grace_s, asked=self.asked))

    def clear(self, uid: str) -> None:
        """Stop all processes of a study that is set aside.

        Raises:
            KeyboardInterrupt: the user asked to stop; the study is to stay in its place.
        """
        self.stop(uid)
        if self.asked():
            raise KeyboardInterrupt
