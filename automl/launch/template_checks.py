"""What the templates of a study must ask for, and what they may not."""

from collections.abc import Iterable

from automl.errors import SpecError
from automl.render.context import (
    BUDGET,
    CHECKPOINT_DIR,
    CHECKPOINT_ID,
    FILE_PREFIX,
    PARAM_PREFIX,
    PREVIOUS_BUDGET,
    SCRATCH,
    STUDY_DIR,
    TRIAL_DIR,
)
from automl.render.template import Template
from automl.spelling.spelling import OPEN, spelled
from automl.study.spec import StudySpec
from automl.study.tasks.location import is_pattern
from automl.study.tasks.workspace import is_relative


def names_in(templates: Iterable[Template]) -> set[str]:
    """Return the placeholders that templates use."""
    return {name for one in templates for name in one.placeholders()}


def check_budget(spec: StudySpec, used: set[str], of_cleanups: set[str]) -> None:
    """Refuse a budget that no command uses, and the use of one that is not there."""
    counts = spec.budget is not None or spec.trains_population
    if spec.budget and BUDGET not in used:
        raise SpecError(
            f"budget {spec.budget.name!r} is given, but no command uses it; put {{{{ {BUDGET} }}}} "
            f"where the command takes its {spec.budget.name}"
        )
    if spec.trains_population and not {CHECKPOINT_DIR, CHECKPOINT_ID} & used:
        raise SpecError(
            "algorithm 'pbt' lets trials continue each other's checkpoints, but no command uses "
            f"one; put {{{{ {CHECKPOINT_DIR} }}}} where the command takes the folder that it "
            f"loads from and saves to, or {{{{ {CHECKPOINT_ID} }}}} where it takes a trial's number"
        )
    for name in (BUDGET, PREVIOUS_BUDGET):
        if name in used | of_cleanups and not counts:
            raise SpecError(
                f"{{{{ {name} }}}} is used, but the study has no budget; give "
                f"{spelled('budget', dict.fromkeys(('name', 'min', 'max'), OPEN))}"
            )


def untold_files(spec: StudySpec, used: set[str]) -> list[str]:
    """Return what to warn of: config files of which no command is told where they are.

    Args:
        spec: the study.
        used: the placeholders of all that commands are told.
    """
    if used & {TRIAL_DIR, STUDY_DIR, FILE_PREFIX.removesuffix(".")}:
        return []
    return [
        f"file {file.name!r}: each trial has its own {file.base}, but no command is told where; "
        f"put {{{{ {FILE_PREFIX}{file.name} }}}} where the command takes the file"
        for task in spec.tasks
        for file in task.files
        if FILE_PREFIX + file.name not in used
    ]


def are_apart(spec: StudySpec, written: Template) -> bool:
    """Tell whether each trial has a file of its own at a location, or files."""
    if spec.workspace and written.text != spec.workspace.folder and is_relative(written.text):
        return True
    used = written.placeholders()
    # The members of a population take over each other's values.
    differ = not spec.trains_population
    names = {f"{PARAM_PREFIX}{name}" for name in spec.space.names}
    in_folder = any(name in {TRIAL_DIR, SCRATCH} or name.startswith(FILE_PREFIX) for name in used)
    alone = in_folder or "trial.id" in used or (differ and names and used >= names)
    return bool(alone) or spec.limits.max_trials == 1


def is_own(spec: StudySpec, written: Template) -> bool:
    """Tell whether a location is below the trial's own folder, where nothing else writes."""
    if spec.workspace and is_relative(written.text):
        written = Template(spec.workspace.folder, where="workspace: folder")
    return bool({TRIAL_DIR, SCRATCH} & written.placeholders())


def check_apart(spec: StudySpec, written: Template) -> None:
    """Refuse a file that is read or measured, and that two trials would share.

    Which files of a pattern are a trial's is told by when they were written.
    """
    if not (are_apart(spec, written) or is_pattern(written.text)):
        raise SpecError(
            f"{written.where} {written.text!r} is the same file for several trials, so one would "
            "read another's metric; put {{ trial.id }} into it, and into the option of the "
            "command that names the file (or use {{ trial.dir }}/stdout.log for what it prints)"
        )
