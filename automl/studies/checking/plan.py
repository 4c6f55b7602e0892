"""What the checked trial runs, and where each value goes: known before anything is started."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.secret_values import MASK
from automl.render.pasted import is_secret
from automl.render.script import command_text
from automl.space.space import Params
from automl.studies.checking.names import Names
from automl.study.spec import StudySpec
from automl.study.tasks.task import Command
from automl.study.trial import Trial

BY_FILE = "params.json in the trial's folder, which the commands are given"
BY_ASKING = "automl.params(), by which the program asks for it"
BY_CONDITION = "only the condition of another parameter"
NOWHERE = "nowhere, as no command uses it"
OFF = "nowhere in this trial, as its condition does not hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one trial runs.

    Attributes:
        params: its values.
        commands: each as words, or as a line for a shell.
        lines: each as a line for a shell.
        cwd: their working directory.
        env: the variables that the study sets, None for those that it takes away.
        files: the config files that are written before.
        goes: where the value of each parameter goes, in words.
        names: what its files are called.
    """

    names: Names

    params: Params = field(default_factory=dict)
    commands: tuple[Command, ...] = ()
    lines: tuple[str, ...] = ()
    cwd: str = ""
    env: Mapping[str, str | None] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    goes: Mapping[str, str] = field(default_factory=dict)


def plan_of(spec: StudySpec, launcher: Launcher, folder: StudyFolder, trial: Trial) -> Plan:
    """Return what a trial runs.

    Args:
        spec: the study.
        launcher: prepares its trials.
        folder: where it lives.
        trial: which.

    Raises:
        RenderError: a template cannot be filled in.
    """
    filled = launcher.filled(trial)
    paths = folder.trial(trial.id)
    names = Names(
        trial_dir=paths.path,
        study_dir=str(folder.path),
        outputs=(paths.stdout, paths.stderr),
        cwd=spec.cwd,
    )

    def shown(text: str) -> str:
        return launcher.secrets.masked(names.written(text))

    return Plan(
        params=trial.params,
        commands=tuple(
            shown(one) if isinstance(one, str) else tuple(map(shown, one))
            for one in filled.commands
        ),
        lines=tuple(shown(command_text(one)) for one in filled.commands),
        cwd=names.written(launcher.cwd(trial)) if spec.workspace else spec.cwd,
        env={
            name: value and (MASK if is_secret(name) else shown(value))
            for name, value in filled.env.items()
        },
        files=tuple(shown(one.path) for one in filled.files),
        goes={name: _goes(name, spec, launcher, trial) for name in spec.space.names},
        names=names,
    )


def _goes(name: str, spec: StudySpec, launcher: Launcher, trial: Trial) -> str:
    if name in launcher.unused:
        return NOWHERE
    if name not in trial.params:
        return OFF
    if name in launcher.asked:
        return BY_ASKING
    if places := launcher.reached[name]:
        only = "task 1: " if len(spec.tasks) == 1 else ""
        return ", ".join(dict.fromkeys(one.removeprefix(only) for one in places))
    needed = {one for each in spec.space.parameters if each.when for one in each.when.names}
    return BY_CONDITION if name in needed else BY_FILE
