"""What is checked of the commands before a study starts."""

from collections.abc import Sequence

from automl.errors import RenderError, SpecError
from automl.launch.launcher import Launcher
from automl.launch.tasks.unused import placeholder
from automl.launch.written.workspaces import copy_warnings
from automl.readers.advice.described import check_readers
from automl.readers.remote.packages import check_packages
from automl.show.lines import params_text
from automl.spelling.spelling import spelled
from automl.study.spec import StudySpec

_SHOWN = 3
"""So many unused parameters are named."""

_DRAWS = 100
"""Of so many random combinations each is filled in, where parameters may be off."""


def check_commands(spec: StudySpec, launcher: Launcher) -> list[str]:
    """Check that the commands can be filled in whatever is off, and what they are read by.

    Returns:
        what to warn of: parameters and seeds that no command gets, words that programs may take
        for something else, and locations.

    Raises:
        SpecError: a shell line, a location or a variable needs a parameter that may be off, a
            parameter is written as it is in other tools, or a pattern can never match.
    """
    if launcher.mistaken:
        raise SpecError(launcher.mistaken)
    readers = [one for task in spec.tasks for one in task.readers]
    check_readers(readers, spec.cwd)
    check_packages(readers)
    for params in spec.space.draws(_DRAWS) if spec.space.conditional else ():
        try:
            launcher.check_commands(params)
        except RenderError as error:
            raise SpecError(
                f"{str(error).removeprefix('trial 0: ')}, with {params_text(params)}, as its "
                "condition does not hold; give a value for then, {{ trial.param.x | default(0) }}, "
                "or guard it by {% if trial.param.x is defined %}; from a command that is a list "
                "of words, what is off is left out"
            ) from error
    return [
        *copy_warnings(spec, launcher.place),
        *_shared(spec, launcher),
        *unused_text(launcher.unused, spec.space.names),
        *_unseeded(spec, launcher),
        *launcher.doubtful,
    ]


def _shared(spec: StudySpec, launcher: Launcher) -> list[str]:
    """Warn where one trial may read a file that another one writes at the same time."""
    if spec.limits.max_parallel == 1:
        return []
    return [
        f"location {spec.reader_of(name).location!r} may name files of several trials that run at "
        f"the same time, so that one reads the other's {name!r}: put {{{{ trial.id }}}} or "
        f"{{{{ trial.dir }}}} into it and into the command, or run one at a time "
        f"({spelled('max_parallel', 1)})"
        for name in sorted(launcher.shared)
    ]


def check_use(spec: StudySpec, launcher: Launcher) -> None:
    """Raise SpecError if all trials would run the very same commands."""
    if launcher.all_alike:
        name = launcher.unused[0]
        asked = placeholder(name, spec.space.names)
        raise SpecError(
            "no command uses any parameter, so all trials would do the same; put "
            f"{asked} where the command takes it, as in ['python', 'train.py', "
            f"'--{name}', {asked!r}], let the program ask for it, automl.params({name}=...), or "
            "give it the folder {{ trial.dir }}, where params.json has all values"
        )


def unused_text(names: Sequence[str], parameters: Sequence[str]) -> list[str]:
    """Return what is told of parameters that reach no command; nothing where there are none."""
    if not names:
        return []
    listed = ", ".join(map(repr, names[:_SHOWN]))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    asked = placeholder(names[0], parameters)
    return [f"no command uses {listed}{more}; put {asked} where it takes it"]


def _unseeded(spec: StudySpec, launcher: Launcher) -> list[str]:
    noise = spec.noise
    if launcher.seeded or (noise.repeats == 1 and not noise.confirm):
        return []
    repeated = noise.repeats > 1
    given = spelled("repeats", noise.repeats) if repeated else spelled("confirm", noise.confirm)
    warning = (
        f"{given}, but no command uses {{{{ trial.seed }}}}: the same command is launched again, "
        "which shows something only if the program draws another seed by itself"
    )
    return [warning]
