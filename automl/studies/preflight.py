"""What can be told of a described study before anything starts, beyond its description."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from automl.errors import SpecError
from automl.executors.modes import MODES
from automl.executors.site import Site
from automl.journal.folder import StudyFolder
from automl.launch.environment import command_path
from automl.launch.launcher import Launcher
from automl.launch.preflight import check_commands, check_use
from automl.render.ends.end_command import EndCommand, program_of
from automl.render.length import TrialLength
from automl.search.algorithms import make_proposer
from automl.search.problem import problem_of
from automl.search.pruning.pruners import make_pruner
from automl.space.coverage import check_rules, check_steps
from automl.studies.keywords import NAMES
from automl.study.spec import StudySpec


def preflight(
    spec: StudySpec,
    folder: StudyFolder,
    environ: Mapping[str, str] | None = None,
    site: Site | None = None,
) -> list[str]:
    """Check a study against its templates, its search and where its trials run.

    Args:
        spec: the study.
        folder: where it will live; nothing is written.
        environ: the environment of the commands; this process's if not given.
        site: where its trials run; that of its mode if not given.

    Returns:
        what to warn of, one text a problem.

    Raises:
        SpecError: the study cannot work; nothing was started.
    """
    given = os.environ if environ is None else environ
    place = site or MODES.create(spec.mode, {})
    spec.refuse_variables(place.prologue.variables)
    with _about("hyperparams"):
        check_steps(spec.space)
    with _about("rules"):
        warning = check_rules(spec.space)
    with _about("algorithm"):
        make_proposer(spec.algorithm, problem_of(spec, 0, spec.limits.max_trials))
    if spec.pruner:
        with _about("pruner"):
            if "length" in spec.pruner.options:
                TrialLength(spec.pruner.options["length"], spec.space)
            make_pruner(spec.pruner.type, spec.pruner.options, spec.objectives.direction)
    ends = _end_warnings(spec, given)
    with _about("task_list"):
        launcher = Launcher(spec, folder, 0, "", given)
        warnings = check_commands(spec, launcher)
        warnings += place.checks(spec, {**given, "PATH": command_path(spec, given)})
        check_use(spec, launcher)
        return [*([warning] if warning else []), *warnings, *ends]


def _end_warnings(spec: StudySpec, environ: Mapping[str, str]) -> list[str]:
    """Check the command that tells of the end; warn of one that is not there, hours before."""
    if spec.on_end is None:
        return []
    with _about("on_end"):
        EndCommand(spec.on_end)
    word = program_of(spec.on_end)
    if isinstance(spec.on_end, str) or "{{" in word or "<<" in word:
        return []
    path = os.path.join(spec.cwd, word) if "/" in word else word  # noqa: PTH118 - as given
    if shutil.which(path, path=environ.get("PATH", os.defpath)):
        return []
    given = spec.on_end[0]
    return [f"on_end: {given!r} is not there, so nobody would be told; install it, or correct it"]


@contextmanager
def _about(place: str) -> Iterator[None]:
    """Let each error within have a place: the keyword that its message begins with, or this one."""
    try:
        yield
    except SpecError as error:
        begins = re.match(r"\w*", str(error))
        word = begins[0] if begins else ""
        error.place = error.place or (word if word in NAMES else place)
        raise
