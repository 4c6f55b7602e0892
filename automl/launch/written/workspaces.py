"""The working folders of trials: where they are, what makes them, and what they take."""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from automl.errors import SpecError
from automl.inside.scripts import workspace as program
from automl.launch.written.written_file import WrittenFile, check_place, place_of
from automl.render.template import Template, TemplateContext
from automl.study.resources import size_text
from automl.study.spec import StudySpec

_PROGRAM = str(Path(program.__file__).resolve())
_SHOWN = 3
"""So many of the largest entries are named."""


class Working(NamedTuple):
    """What goes on before the commands of one trial.

    Attributes:
        cwd: absolute path of the folder where they run.
        first: what makes it; empty for a folder that is there.
        files: those of the trial's files that are in it, and can be written only then.
    """

    cwd: str
    first: tuple[str, ...]
    files: Sequence[WrittenFile]


class Workspaces:
    """Gives the working folders of trials.

    Args:
        spec: the study.

    Attributes:
        templates: the texts with placeholders in them.

    Raises:
        SpecError: its folder is no template, or the study has functions.
    """

    def __init__(self, spec: StudySpec) -> None:
        self._spec = spec
        self._given = spec.workspace
        if self._given and spec.of_functions:
            raise SpecError(
                "workspace and cwd with placeholders are for commands; a function has the folder "
                "trial.dir",
                place="workspace",
            )
        self._template = (
            Template(self._given.folder, where="workspace: folder") if self._given else None
        )
        self.templates = [self._template] if self._template else []

    def check(self) -> None:
        """Refuse a folder of several trials; the template knows all parameters.

        Raises:
            SpecError: it is one.
        """
        if self._template:
            check_place(self._spec, self._template, "workspace")

    def cwd(self, context: TemplateContext) -> str:
        """Return the working folder of a trial whose context has that of the study."""
        return place_of(self._template, context) if self._template else context.cwd

    def working(
        self,
        context: TemplateContext,
        attempt: int,
        files: Sequence[WrittenFile],
        metrics: Callable[[TemplateContext], Mapping[str, str]],
    ) -> Working:
        """Return what goes on before the commands of an attempt.

        Args:
            context: the values of the trial, with its own working folder.
            attempt: its number, from 1.
            files: what is written for it.
            metrics: gives the files that tell what it gives: none of an earlier life may be there.
        """
        given, cwd = self._given, context.cwd
        if given is None:
            return Working(cwd, (), ())
        if not given.copies:
            return Working(cwd, ("mkdir", "-p", cwd), ())
        below = [
            os.path.relpath(one, cwd)
            for one in metrics(context).values()
            if one.startswith(f"{cwd}/")
        ]
        asked = {
            "source": self._spec.cwd,
            "own": context.study_dir,
            "target": cwd,
            "links": given.type == "link",
            "ignore": given.ignore,
            "keep": given.keep,
            "without": below,
            "folders": sorted({os.path.dirname(one) for one in below} - {""}),  # noqa: PTH120
            "aside": f"{context.trial_dir}/attempts/{attempt - 1}/{os.path.basename(cwd)}",  # noqa: PTH119
        }
        first = (context.python, "-I", "-S", _PROGRAM, json.dumps(asked))
        return Working(cwd, first, [one for one in files if one.path.startswith(f"{cwd}/")])


def copy_warnings(spec: StudySpec, study_dir: str) -> list[str]:
    """Return what to warn of before trials begin to copy the working directory.

    Args:
        spec: the study.
        study_dir: a folder on the disk where the copies will be.

    Raises:
        SpecError: a copy would be larger than it may be, or cannot be made.
    """
    given = spec.workspace
    if given is None or not given.copies:
        return []
    sizes: dict[str, int] = {}
    count = 0
    try:
        for path, one in program.entries(spec.cwd, given.ignore, study_dir):
            if one.is_file(follow_symlinks=False):
                first = path.partition("/")[0]
                sizes[first] = sizes.get(first, 0) + one.stat(follow_symlinks=False).st_size
                count += 1
        free_bytes = shutil.disk_usage(_there(study_dir)).free
    except OSError as error:
        told = f"workspace: {error.filename or spec.cwd} cannot be read: {error.strerror}"
        raise SpecError(told, place="workspace") from error
    whole = sum(sizes.values())
    most = int(given.max_size)
    if whole > most:
        largest = sorted(sizes, key=lambda one: -sizes[one])[:_SHOWN]
        listed = ", ".join(f"{one} {size_text(sizes[one])}" for one in largest)
        raise SpecError(
            f"workspace: each trial would copy {size_text(whole)} in {count} files from {spec.cwd},"
            f" but max_size is {size_text(most)}; leave out what trials do not change or need "
            f"(ignore: [...]), or allow more (max_size); the largest: {listed}",
            place="workspace",
        )
    total = 0 if given.type == "link" else whole * spec.limits.max_trials
    if total <= free_bytes:
        return []
    warning = (
        f"workspace: {spec.limits.max_trials} trials copy {size_text(whole)} each, and "
        f"{size_text(free_bytes)} are free on the disk: leave out what trials do not need "
        "(ignore: [...]), or let only the best keep theirs (keep, artifacts)"
    )
    return [warning]


def _there(path: str) -> str:
    while not os.path.isdir(path):  # noqa: PTH112
        path = os.path.dirname(path) or "/"  # noqa: PTH120
    return path
