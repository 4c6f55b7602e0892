"""`--space-file FILE`: the space of another tool beside what was typed."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from automl.cli.run.described import AT_ONCE, TRIALS, Typed, name_of, told_by
from automl.cli.run.metrics import Asked
from automl.discovery.source.asked_params import asked_params
from automl.errors import SpecError
from automl.studies.foreign.reading import ReadSpace, read_space
from automl.studies.foreign.space import Argument
from automl.studies.ranges.command import is_told
from automl.studies.study_file.variables import with_variables

_READ_BY_PROGRAM = ("trial.params_file", "trial.overrides", "trial.file.", "params.json")
"""By what of these is in a command, its program is told all values."""


@dataclass(frozen=True, slots=True)
class SpaceFile:
    """The study that the space of another tool and a command line describe.

    Attributes:
        path: the file of the space.
        description: a value by keyword.
        base: absolute path of the folder from which relative paths count.
        notes: what is different from the other tool.
    """

    path: Path
    description: dict[str, Any]
    base: str
    notes: tuple[str, ...]

    def line_of(self, place: str) -> str:
        """Return nothing: what the file itself says was checked as it was read."""
        del place
        return ""


def space_file_of(values: Mapping[str, Any], typed: Typed) -> tuple[SpaceFile, Typed] | None:
    """Return what `--space-file` and a command line say together; None without one.

    Args:
        values: the options, as click read them.
        typed: what was typed besides.

    Raises:
        SpecError: the file has a mistake, or command or metric are missing.
    """
    if values["space_file"] is None:
        if values["space_kind"] is not None:
            raise SpecError("--from says whose space --space-file names; give that as well")
        return None
    if values["files"]:
        raise SpecError(
            f"{values['files'][0]} and --space-file both describe a study; give one of them, or "
            f"put -- before the command"
        )
    read = read_space(values["space_file"], values["space_kind"])
    return _together(read, typed)


def _together(read: ReadSpace, typed: Typed) -> tuple[SpaceFile, Typed]:
    study = with_variables(read.converted.study, os.environ)
    words = _with_arguments(typed.words, read.converted.arguments)
    task = dict((study.pop("task_list", None) or [{"type": "BashTask"}])[0])
    _check(read, study, task, typed)
    notes = read.converted.notes
    if not typed.asked.names:
        notes = (*notes, *read.converted.ranked_notes)
        if "metric_reader" not in task or typed.asked.patterns or typed.asked.metric_file:
            readers = _asked(study, typed.asked).readers(told_by(words))
            task["metric_reader"] = readers if len(readers) > 1 else readers[0]
            typed = replace(typed, asked=Asked())
    if typed.words and "name" not in study:
        study["name"] = name_of(typed.words)
    description = {
        "name": re.sub(r"[^\w.\-]+", "-", read.path.stem),
        "max_trial_num": TRIALS,
        "max_parallel": AT_ONCE,
        **study,
        "task_list": [task],
    }
    here = os.path.abspath(".")  # noqa: PTH100 - keeps links
    return SpaceFile(read.path, description, here, notes), replace(typed, words=words)


def _check(
    read: ReadSpace, study: Mapping[str, Any], task: Mapping[str, Any], typed: Typed
) -> None:
    """Raise SpecError where the file says less than a study needs, and nobody else says it."""
    metric = "" if study.get("objectives") else "--maximize NAME "
    example = f"automl run --space-file {read.path} {metric}-- python train.py"
    if not typed.words and "cmd" not in task:
        raise SpecError(f"{read.path} names no command; give it behind --: {example}")
    if not typed.asked.names and not study.get("objectives"):
        raise SpecError(
            f"{read.path} does not say what is good; give --maximize NAME or --minimize NAME, a "
            f"metric as the program prints it: {example}"
        )


def _asked(study: Mapping[str, Any], asked: Asked) -> Asked:
    """Return the metrics that the file names, read as those of a command line are."""
    ranked = [(str(one["metric"]), str(one["direction"])) for one in study["objectives"]]
    return replace(asked, ranked=ranked)


def _with_arguments(typed: Sequence[str], arguments: Sequence[Argument]) -> list[str]:
    """Return a command with words for the values that it is not told otherwise."""
    more = [word for one in _untold(typed, arguments) for word in one.words] if typed else []
    if len(typed) == 1 and len(typed[0].split()) > 1:
        # A line for the shell, in which values are quoted.
        return [" ".join([typed[0], *more])]
    return [*typed, *more]


def _untold(typed: Sequence[str], arguments: Sequence[Argument]) -> Iterator[Argument]:
    if any(way in word for word in typed for way in _READ_BY_PROGRAM):
        return
    line = typed[0].split() if len(typed) == 1 else typed
    asked = asked_params(line, Path.cwd(), os.environ)
    if asked is not None and asked.every:
        return
    known = asked.names if asked is not None else frozenset()
    for one in arguments:
        if not any(name in known or is_told(typed, name) for name in one.names):
            yield one
