"""From the file of another tool to the study that it becomes."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from automl.errors import SpecError
from automl.studies.foreign.arguments import with_arguments
from automl.studies.foreign.registry import SPACES
from automl.studies.foreign.source import Source, read_source
from automl.studies.foreign.space import Converted, ForeignSpace


@dataclass(frozen=True, slots=True)
class ReadSpace:
    """A file of another tool, read.

    Attributes:
        path: the file.
        kind: which tool's it is, as `--from` has it.
        title: the same in words.
        converted: what it becomes.
    """

    path: Path
    kind: str
    title: str
    converted: Converted


def read_space(path: str, kind: str | None = None) -> ReadSpace:
    """Return what the space of another tool becomes.

    Args:
        path: its file.
        kind: whose it is; told by what it holds if None.

    Raises:
        SpecError: it cannot be read, is of no known tool, of several, or has a mistake; the message
            has line and column, where they are known.
    """
    source = read_source(Path(path).expanduser())
    name, space = _named(source, kind)
    with source.telling():
        converted = space.converted(source.data, source.beside)
    whole = _told(_from_here(converted, source.path))
    return ReadSpace(source.path, name, space.title, whole)


def study_name(text: str) -> str:
    """Return a text as the name of a study, which is a folder too.

    >>> study_name("my sweep: lr/width"), study_name("study-1.2")
    ('my-sweep-lr-width', 'study-1.2')
    """
    return re.sub(r"[^\w.\-]+", "-", text).strip("-.") or "study"


def _from_here(converted: Converted, path: Path) -> Converted:
    """Return the same with a name that may be one, and a folder that counts from here."""
    study = dict(converted.study)
    if "name" in study:
        study["name"] = study_name(study["name"])
    if "cwd" in study:
        study["cwd"] = os.path.relpath(path.parent / Path(study["cwd"]).expanduser())
    return replace(converted, study=study)


def _told(converted: Converted) -> Converted:
    """Return the same with a command, if it has one, that is told all values."""
    tasks = converted.study.get("task_list")
    if not tasks:
        return converted
    cmd = tasks[0]["cmd"]
    cwd = converted.study.get("cwd", ".")
    words = [cmd] if isinstance(cmd, str) else cmd
    words = with_arguments(words, converted.arguments, cwd, converted.instead)
    task = {**tasks[0], "cmd": words[0] if isinstance(cmd, str) else words}
    return replace(converted, study={**converted.study, "task_list": [task]})


def with_readers(study: Mapping[str, Any]) -> dict[str, Any]:
    """Return a study in which each objective is read by its name from what the command prints."""
    tasks, objectives = study.get("task_list"), study.get("objectives")
    if not tasks or not objectives or "metric_reader" in tasks[0]:
        return dict(study)
    readers = [{"type": "stdout_reader", "metric": one["metric"]} for one in objectives]
    task = {**tasks[0], "metric_reader": readers if len(readers) > 1 else readers[0]}
    return {**study, "task_list": [task]}


def _named(source: Source, kind: str | None) -> tuple[str, ForeignSpace]:
    if kind is not None:
        return kind, SPACES.create(kind, {})
    if _is_ours(source.data):
        raise SpecError(
            f"{source.path} is a study's file of automl; run it as it is: automl run {source.path}"
        )
    known = {name: SPACES.create(name, {}) for name in SPACES.names()}
    found = {name: one for name, one in known.items() if one.recognises(source.data)}
    if len(found) == 1:
        return next(iter(found.items()))
    listed = "".join(f"\n  {name}: {one.title}" for name, one in (found or known).items())
    if found:
        raise SpecError(f"{source.path} may be of several tools; say which by --from:{listed}")
    raise SpecError(
        f"{source.path} is the space of no known tool; say whose it is by --from, to be told what "
        f"it lacks:{listed}"
    )


def _is_ours(data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
    return isinstance(data, dict) and "hyperparams" in data and bool(data.keys() & _OURS)


_OURS = {"task_list", "tasks", "max_trial_num", "max_parallel"}
