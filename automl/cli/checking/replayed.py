"""`--log FILE` and `--trial NAME ID`: a check of what was written before; nothing is run."""

from dataclasses import replace

from automl.cli.run.checked import Described, checked
from automl.cli.run.described import Typed
from automl.cli.study_names import chosen, known_trial
from automl.studies.checking.judging.report import Report
from automl.studies.checking.replay import check_trial
from automl.studies.on_disk.progress import spec_on_disk


def with_command(typed: Typed) -> Typed:
    """Return what was typed, with a command that stands for the one that wrote a log."""
    if typed.words:
        return typed
    return replace(typed, words=["true", "{log}"], parameters=["log=1"])


def of_trial(
    name: str, trial_id: int, study_dir: str | None, typed: Typed, file: Described | None
) -> Report:
    """Read what a trial left by the readers of a study file, or else by those of its own study.

    Args:
        name: the study's.
        trial_id: the trial's.
        study_dir: the folder of study folders; None for the usual one.
        typed: what was typed.
        file: the study file, or the space of another tool; None without one.
    """
    study = chosen(name, study_dir)
    trial = known_trial(study, trial_id)
    spec = checked(typed, file, None).spec if file else spec_on_disk(study.folder)
    return check_trial(spec, study.folder, trial)
