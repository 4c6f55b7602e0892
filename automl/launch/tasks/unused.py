"""Parameters that no command is told, and what was written where a placeholder was meant."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from automl.discovery.source.asked_params import Asked, asked_params
from automl.readers.reported.reader import ReportReader
from automl.render.context import (
    CHECKPOINT_DIR,
    CHECKPOINT_ID,
    FILE_PREFIX,
    OVERRIDES,
    PARAM_PREFIX,
    PARAMS_FILE,
    PARAMS_YAML,
    SCRATCH,
    SEED,
    STUDY_DIR,
    TRIAL_DIR,
)
from automl.render.names.odd_names import spelling
from automl.render.template import Template
from automl.study.spec import StudySpec
from automl.study.tasks.task import Command

_FILE = "params.json"
"""The file in a trial's folder that has its values."""

_TELL_ALL = {
    TRIAL_DIR,
    STUDY_DIR,
    CHECKPOINT_DIR,
    PARAMS_FILE,
    PARAMS_YAML,
    OVERRIDES,
    "trial.param",
}
"""Placeholders by which a command gets all values, or finds them."""

_APART = {"trial.id", SEED, SCRATCH, TRIAL_DIR, CHECKPOINT_DIR, CHECKPOINT_ID}
"""Placeholders by which the commands of two trials differ whatever their values are."""

_OTHER = r"""(?<![\w{{$%]) (?: \$? \{{ {name} (?:[:!][^{{}}]*)? \}} | % \( {name} \) [-\d.]*[a-z]
    | \$ \(? {name} \)? (?![\w(\[]) | % {name} % | \$ \{{\{{ {name} \}}\}} ) """
"""How other tools write a placeholder: `{lr}`, `{lr:.3f}`, `${lr}`, `$lr`, `%(lr)s`, `%lr%`."""


class Untold(NamedTuple):
    """The parameters that commands are not told.

    Attributes:
        unused: those that nothing is known to use; none if commands can read them in a file.
        asked: those for which the programs ask by `automl.params`.
    """

    unused: Sequence[str] = ()
    asked: Sequence[str] = ()


def untold_parameters(
    spec: StudySpec, told: Sequence[Template], environ: Mapping[str, str]
) -> Untold:
    """Return the parameters that commands are not told, but for those that conditions need.

    Args:
        spec: the study.
        told: what commands are told: themselves, their variables and config files.
        environ: the environment in which programs are looked for, to read whether they ask for
            their values by `automl.params`.
    """
    names = _names(told)
    by_file = _TELL_ALL & names or any(_FILE in one.text for one in told)
    needed = {name for one in spec.space.parameters if one.when for name in one.when.names}
    left = [
        name
        for one in spec.space.parameters
        for name in one.names
        if PARAM_PREFIX + name not in names and name not in needed
    ]
    asked = _asked(spec, left, environ) if left else []
    return Untold([] if by_file else [name for name in left if name not in asked], asked)


def _asked(spec: StudySpec, left: Sequence[str], environ: Mapping[str, str]) -> Sequence[str]:
    """Return those of some parameters for which programs ask by themselves."""
    names: set[str] = set()
    for task in spec.tasks:
        found = asked_params(_words(task.cmd), Path(spec.cwd), environ)
        if found is None:
            # What cannot be read, but is to report, may ask as well.
            found = Asked(every=any(isinstance(one, ReportReader) for one in task.readers))
        if found.every:
            return left
        names |= found.names
    return [name for name in left if name in names]


def _words(command: Command | None) -> list[str]:
    if not isinstance(command, str):
        return list(command or ())
    try:
        return shlex.split(command)
    except ValueError:
        return []


def reached(spec: StudySpec, told: Sequence[Template]) -> dict[str, tuple[str, ...]]:
    """Return where the value of each parameter goes: what names it, as in `task 1: word 3 of cmd`.

    Args:
        spec: the study.
        told: what commands are told.
    """
    return {
        name: tuple(
            one.where
            for one in told
            if {PARAM_PREFIX + name, OVERRIDES, PARAMS_FILE, PARAMS_YAML} & one.placeholders()
        )
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
