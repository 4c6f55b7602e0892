"""What can be told of a described study before anything starts, beyond its description."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from automl.errors import SpecError
from automl.executors.modes import MODES
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.preflight import check_commands, check_programs
from automl.search.algorithms import make_proposer
from automl.search.problem import problem_of
from automl.search.pruning.pruners import make_pruner
from automl.space.coverage import check_rules
from automl.studies.keywords import NAMES
from automl.study.spec import StudySpec

CheckSite: TypeAlias = Callable[[StudySpec, Mapping[str, str]], Sequence[str]]
"""Checks what a study needs of where its trials run, given the environment; returns warnings."""


def check(
    spec: StudySpec,
    folder: StudyFolder,
    environ: Mapping[str, str] | None = None,
    site: CheckSite | None = None,
) -> list[str]:
    """Check a study against its templates, its search and where its trials run.

    Args:
        spec: the study.
        folder: where it will live; nothing is written.
        environ: the environment of the commands; this process's if not given.
        site: checks what only the place can tell where trials run; that of the study's mode if
            not given.

    Returns:
        what to warn of, one text a problem.

    Raises:
        SpecError: the study cannot work; nothing was started.
    """
    given = os.environ if environ is None else environ
    with _about("rules"):
        warning = check_rules(spec.space)
    with _about("algorithm"):
        make_proposer(spec.algorithm, problem_of(spec, 0, spec.limits.max_trials))
    if spec.pruner:
        with _about("pruner"):
            make_pruner(spec.pruner.type, spec.pruner.options, spec.objectives.direction)
    with _about("task_list"):
        warnings = check_commands(spec, Launcher(spec, folder, 0, "", given))
        check_site = site or _site_check(spec.mode)
        return [*([warning] if warning else []), *warnings, *check_site(spec, given)]


def _site_check(mode: str) -> CheckSite:
    """Return what checks the place where trials run."""
    return check_programs if MODES.create(mode, {}).on_this_machine else lambda _, __: []


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
