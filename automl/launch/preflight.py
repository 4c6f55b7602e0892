"""What is checked of the commands before a study starts."""

from collections.abc import Sequence

from automl.errors import RenderError, SpecError
from automl.launch.launcher import Launcher
from automl.render.context import PARAM_PREFIX
from automl.render.names.odd_names import spelling
from automl.show.lines import params_text
from automl.study.spec import StudySpec

_DRAWS = 100
"""Of so many random combinations each is filled in, where parameters may be off."""


def check_commands(spec: StudySpec, launcher: Launcher) -> list[str]:
    """Check that the commands can be filled in whatever is off.

    Returns:
        what to warn of: parameters and seeds that no command gets, and words that programs may
        take for something else.

    Raises:
        SpecError: a shell line, a location or a variable needs a parameter that may be off.
    """
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
        *_unused(launcher.unused, spec.space.names),
        *_unseeded(spec, launcher),
        *launcher.doubtful,
    ]


def _unused(names: list[str], parameters: Sequence[str]) -> list[str]:
    if not names:
        return []
    listed = " or ".join(map(repr, names))
    put = " and ".join(f"{{{{ {spelling(PARAM_PREFIX + name, parameters)} }}}}" for name in names)
    warning = (
        f"no command uses {listed}, so the search would tell apart trials that do the same; put "
        f"{put} where the command takes it"
    )
    return [warning]


def _unseeded(spec: StudySpec, launcher: Launcher) -> list[str]:
    noise = spec.noise
    if launcher.seeded or (noise.repeats == 1 and not noise.confirm):
        return []
    given = f"repeats={noise.repeats}" if noise.repeats > 1 else f"confirm={noise.confirm}"
    warning = (
        f"{given}, but no command uses {{{{ trial.seed }}}}: the same command is launched again, "
        "which shows something only if the program draws another seed by itself"
    )
    return [warning]
