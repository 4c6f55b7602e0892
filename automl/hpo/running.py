"""Running a described study: what the machine cannot do before or after it is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from automl import streams
from automl.aside import ASIDE
from automl.journal.folder import StudyFolder
from automl.patience import patiently
from automl.search.sampler import Told
from automl.study.spec import StudySpec

if TYPE_CHECKING:
    from automl.loop.controller import Controller, StudyResult


def controller_of(
    spec: StudySpec, folder: StudyFolder, *, fresh: bool, known: Sequence[Told]
) -> Controller:
    """Return what runs a study.

    Raises:
        StorageError: no file could be opened until the user interrupted.
    """

    def made() -> Controller:
        # Describing a study does not need what runs it.
        from automl.hpo.observers import choose_observer  # noqa: PLC0415
        from automl.loop.controller import Controller  # noqa: PLC0415

        streams.fill_standard()
        return Controller(spec, folder, choose_observer(spec), fresh=fresh, known=known)

    return patiently(made, then="the study begins")


def run(controller: Controller) -> StudyResult:
    """Run a study, with all that is logged shown by a thread; raises as the controller does."""
    with ExitStack() as stack:
        patiently(lambda: stack.enter_context(ASIDE), then="the study begins")
        return controller.run()
