"""What a program wrote before, read as a study would read it now; nothing is run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from automl.clock import SystemClock
from automl.engine.actions import moment_of
from automl.errors import SpecError
from automl.journal.folder import StudyFolder, TrialFolder
from automl.launch.launcher import Launcher
from automl.readers.kept import kept_place
from automl.readers.patterns.files import any_file
from automl.studies.checking.end import End, EndedBy
from automl.studies.checking.names import Names
from automl.studies.checking.running.temporary import temporary_folder
from automl.studies.checking.running.watching import Watching
from automl.study.launch import Exit
from automl.study.spec import StudySpec
from automl.study.tasks.location import is_pattern
from automl.study.trial import Trial

_WAIT_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Files that a program wrote.

    Attributes:
        trial: the trial that wrote them, or stands for one.
        paths: its folder.
        files: where each metric is looked for.
        names: what they are called.
    """

    trial: Trial
    paths: TrialFolder
    files: Mapping[str, str]
    names: Names


@contextmanager
def kept_log(spec: StudySpec, typed: str) -> Iterator[Kept]:
    """Let a file stand for what a trial of a study prints, and for its metric files.

    Args:
        spec: the study.
        typed: the file, as the user named it.

    Raises:
        SpecError: there is no such file.
    """
    file = Path(typed).expanduser().absolute()
    if not file.is_file():
        raise SpecError(f"there is no file {typed} to be read")
    with temporary_folder(spec.name) as folder:
        paths = folder.trial(0)
        Path(paths.path).mkdir()
        Path(paths.stdout).symlink_to(file)
        yield Kept(
            trial=Trial(id=0, params={}),
            paths=paths,
            files=dict.fromkeys(spec.objectives.metrics, paths.stdout),
            names=_names(spec, folder, paths, typed),
        )


def kept_trial(spec: StudySpec, folder: StudyFolder, trial: Trial, launcher: Launcher) -> Kept:
    """Return what a trial of a study on disk left.

    Args:
        spec: the study, whose readers may be others than those by which it was run.
        folder: the folder of the study that ran it.
        trial: the trial.
        launcher: tells where it wrote.
    """
    paths = folder.trial(trial.id)
    files = {}
    for metric, path in launcher.metric_paths(trial).items():
        kept = f"{paths.metric}/{kept_place(path, spec.cwd)}"
        several = is_pattern(spec.reader_of(metric).location) and any_file(kept)
        outside = several or (not paths.holds(path) and Path(kept).exists())
        files[metric] = kept if outside else path
    return Kept(trial=trial, paths=paths, files=files, names=_names(spec, folder, paths))


def _names(spec: StudySpec, folder: StudyFolder, paths: TrialFolder, typed: str = "") -> Names:
    return Names(
        trial_dir=paths.path,
        study_dir=str(folder.path),
        outputs=(paths.stdout, paths.stderr),
        cwd=spec.cwd,
        typed=typed,
    )


def read_to_end(watching: Watching) -> End:
    """Read all that was written, as that of a trial that ended well."""
    now = moment_of(SystemClock())
    watched = watching.watched({}, now.monotonic_s)
    watched.gone(Exit(code=0), 0.0)
    more = True
    while more or watched.pending:
        _, more = watched.read(now)
        if watched.pending:
            watching.waker.wait(_WAIT_S)
            watching.waker.clear()
    outcome = watched.outcome()
    watched.close()
    if outcome is None:
        raise SpecError(watched.blocked)
    failure = outcome.failure()
    return End(
        by=EndedBy.NOTHING,
        failure=failure.reason if failure else "",
        finite=outcome.usable_value is not None,
        why_missing=outcome.problem if failure else "",
    )
