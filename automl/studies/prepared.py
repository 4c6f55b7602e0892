"""All that is known of a study before it is run, whichever door it came through."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from automl.executors.site import Site
from automl.journal.asking.answer import AskedRequest
from automl.journal.folder import StudyFolder
from automl.journal.requests import RetryFailed
from automl.journal.tail import Tail
from automl.launch.base_files import with_digests
from automl.search.sampler import Told
from automl.studies.preflight import preflight
from automl.studies.spec_from import Described, described
from automl.studies.study import Study
from automl.studies.study_requests import not_asked
from automl.studies.unnamed import UNNAMED, script_name
from automl.study.spec import StudySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A study that was checked and can be run.

    Attributes:
        spec: the study.
        folder: where it lives; nothing was written there.
        fresh: begin anew; an earlier study in the folder is kept aside.
        known: what the search is told of other studies.
        warnings: what to warn of, one text a problem.
        unnamed: whether the user gave it no name.
    """

    spec: StudySpec
    folder: StudyFolder
    fresh: bool
    known: list[Told]
    warnings: list[str]
    unnamed: bool = False

    def begin(self) -> None:
        """Take in that it is run now.

        Raises:
            SpecError: it would take the trials of another search of this process for its own.
        """
        self.check_name()
        if self.unnamed:
            UNNAMED.ran(self.spec, self.folder)

    def retry_failed(self) -> AskedRequest:
        """Ask to run the failed trials again: what runs the study now, or else its next start.

        Raises:
            SpecError: the folder holds another study, or as `begin`.
        """
        from automl.loop.opening.same_study import check_same_study  # noqa: PLC0415 - seldom asked

        self.check_name()
        study, tail = Study(self.folder), Tail(self.folder.journal)
        if not self.folder.journal.is_file():
            return not_asked(RetryFailed(), "the study has not begun", tail.look)
        if self.fresh and study.state != "running":
            return not_asked(
                RetryFailed(),
                "beginning afresh sets its earlier trials aside",
                tail.look,
            )
        if known := tail.look().latest:
            check_same_study(known, with_digests(self.spec), self.folder)
        return study.retry_failed()

    def check_name(self) -> None:
        """Raise SpecError if another search of this process has its name, which nobody gave."""
        if self.unnamed and not self.fresh:
            UNNAMED.check(self.spec, self.folder)


def prepare(
    description: object,
    base: str,
    *,
    what: str = "a study",
    environ: Mapping[str, str] | None = None,
    site: Site | None = None,
    unnamed: bool = False,
) -> Prepared:
    """Return a study, checked, with what earlier searches found.

    Args:
        description: plain data, or what a script made, by keyword.
        base: absolute path of the folder from which relative paths count.
        what: who takes the keywords, for messages.
        environ: the environment of the commands; this process's if not given.
        site: where its trials run; that of its mode if not given.
        unnamed: whether the user gave it no name, so that it has that of the script or notebook.

    Raises:
        SpecError: the description is wrong, the study cannot work, or it would take the trials of
            another search of this process for its own.
    """
    if unnamed and isinstance(description, Mapping) and description.get("name") is None:
        description = {**description, "name": script_name()}
    study = described(description, base, what)
    folder = StudyFolder(Path(study.study_dir), study.spec.name)
    warnings = preflight(study.spec, folder, environ, site)
    prepared = Prepared(
        spec=study.spec,
        folder=folder,
        fresh=study.fresh,
        known=_known_before(study),
        warnings=warnings,
        unnamed=unnamed,
    )
    prepared.check_name()
    return prepared


def _known_before(study: Described) -> list[Told]:
    """Return what the sources of a warm start tell the search."""
    if not study.warm_start:
        return []
    from automl.studies.warm.start import known_before  # noqa: PLC0415 - few studies have one

    return known_before(study.warm_start, study.spec, study.study_dir)
