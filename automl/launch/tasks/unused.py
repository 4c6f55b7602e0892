"""Parameters that no command is told, and what was written where a placeholder was meant."""

import re
from collections.abc import Iterable, Sequence

from automl.render.context import (
    CHECKPOINT_DIR,
    CHECKPOINT_ID,
    FILE_PREFIX,
    PARAM_PREFIX,
    SCRATCH,
    SEED,
    STUDY_DIR,
    TRIAL_DIR,
)
from automl.render.names.odd_names import spelling
from automl.render.template import Template
from automl.study.spec import StudySpec

PARAMS_FILE = "params.json"
"""The file in a trial's folder that has its values."""

_APART = {"trial.id", SEED, SCRATCH, TRIAL_DIR, CHECKPOINT_DIR, CHECKPOINT_ID}
"""Placeholders by which the commands of two trials differ whatever their values are."""

_OTHER = r"""(?<![\w{{$%]) (?: \$? \{{ {name} (?:[:!][^{{}}]*)? \}} | % \( {name} \) [-\d.]*[a-z]
    | \$ \(? {name} \)? (?![\w(\[]) | % {name} % | \$ \{{\{{ {name} \}}\}} ) """
"""How other tools write a placeholder: `{lr}`, `{lr:.3f}`, `${lr}`, `$lr`, `%(lr)s`, `%lr%`."""


def unused_parameters(spec: StudySpec, told: Sequence[Template]) -> list[str]:
    """Return the parameters that commands are not told; none if they can read them in a file.

    Args:
        spec: the study.
        told: what commands are told: themselves, their variables and config files.
    """
    names = _names(told)
    if {TRIAL_DIR, STUDY_DIR, CHECKPOINT_DIR, "trial.param"} & names:
        return []
    if any(PARAMS_FILE in one.text for one in told):
        return []
    needed = {name for one in spec.space.parameters if one.when for name in one.when.names}
    return [
        name
        for one in spec.space.parameters
        for name in one.names
        if PARAM_PREFIX + name not in names and name not in needed
    ]


def reached(spec: StudySpec, told: Sequence[Template]) -> dict[str, tuple[str, ...]]:
    """Return where the value of each parameter goes: what names it, as in `task 1: word 3 of cmd`.

    Args:
        spec: the study.
        told: what commands are told.
    """
    return {
        name: tuple(one.where for one in told if PARAM_PREFIX + name in one.placeholders())
        for name in spec.space.names
    }


def mistaken(spec: StudySpec, unused: Iterable[str], told: Sequence[Template]) -> str:
    """Return what to refuse: an unused parameter in a form that is no placeholder here.

    Args:
        spec: the study.
        unused: parameters that no command is told.
        told: what commands are told.
    """
    for name in unused:
        prefix = r"(?:trial\.)?(?:params?\.)?"
        form = re.compile(_OTHER.format(name=prefix + re.escape(name)), re.VERBOSE)
        for template in told:
            if found := form.search(template.text):
                return (
                    f"{template.where}: {found[0]!r} is no placeholder, so the command would get "
                    f"it as it is; write {placeholder(name, spec.space.names)}"
                )
    return ""


def all_alike(spec: StudySpec, unused: Sequence[str], told: Sequence[Template]) -> bool:
    """Tell whether several trials would all run the very same commands."""
    if spec.limits.max_trials == 1 or spec.space.size == 1:
        return False
    searched = {name for one in spec.space.parameters if one.searched for name in one.names}
    names = _names(told)
    differ = names & _APART or any(name.startswith(FILE_PREFIX) for name in names)
    return not differ and bool(searched) and searched <= set(unused)


def placeholder(name: str, parameters: Sequence[str]) -> str:
    """Return how the value of a parameter is asked for; its name may begin with another's."""
    return f"{{{{ {spelling(PARAM_PREFIX + name, parameters)} }}}}"


def _names(templates: Iterable[Template]) -> set[str]:
    return {name for one in templates for name in one.placeholders()}
