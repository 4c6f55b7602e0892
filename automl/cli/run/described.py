"""What a command line and a study file describe together."""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from automl.cli.run.config_options import asked_files, with_files
from automl.cli.run.metrics import Asked
from automl.cli.run.settings import with_settings
from automl.discovery.source.asked_params import asked_params
from automl.errors import SpecError
from automl.studies.given.workspace import in_trial
from automl.studies.ranges.command import (
    WrittenCommand,
    command_of,
    with_options,
    with_placeholders,
)
from automl.studies.ranges.parameter import WrittenParameter, parameter_of

TRIALS, AT_ONCE = 20, 1
"""How many trials, and how many at once, where a command line does not say."""

_STARTERS = re.compile(
    r"(?:python|pypy)[\d.]*|(?:ba|z|da|k)?sh|fish|env|nice|time|uv|uvx|poetry|pipenv|run|node|npx"
    r"|Rscript|R|julia|ruby|perl|java|docker|srun|torchrun|accelerate|launch|deepspeed|mpirun|exec"
)
_NAME = re.compile(r"[A-Za-z_][\w.\-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed.

    Attributes:
        words: the command, which follows `--`.
        parameters: each `-p`.
        files: each `--file`.
        asked: what trials are ranked by, and where that is read.
        keywords: other keywords of the study, as plain data.
        settings: each `--set`.
        notes: what is told of words that other tools have.
    """

    words: Sequence[str] = ()
    parameters: Sequence[str] = ()
    files: Sequence[str] = ()
    asked: Asked = field(default_factory=Asked)
    keywords: Mapping[str, Any] = field(default_factory=dict)
    settings: Sequence[str] = ()
    notes: Sequence[str] = ()


def description_of(
    typed: Typed, file: Mapping[str, Any] | None = None, base: str = ""
) -> dict[str, Any]:
    """Return the description of a study.

    Args:
        typed: what was typed; it overrides the file.
        file: the description in a study's file; None without one.
        base: absolute path of the folder from which relative paths count; where this is, if empty.

    Raises:
        SpecError: something is missing, or is not written as it must be.
    """
    if file is None:
        _check_whole(typed)
    whole = {"name": name_of(typed.words), "max_trial_num": TRIALS, "max_parallel": AT_ONCE}
    before = dict(whole if file is None else file)
    # A file may call them by their other name.
    if "tasks" in before:
        before["task_list"] = before.pop("tasks")
    command = _command(typed, before)
    description = {**before, **typed.keywords}
    description["hyperparams"] = _parameters(before.get("hyperparams"), command.parameters)
    if typed.words or command.parameters or typed.asked.names or typed.asked.measures:
        description["task_list"] = _tasks(before, command.words, typed)
    if env := typed.keywords.get("env"):
        description["env"] = _with_values(env, _names(description["hyperparams"]))
    if typed.files:
        description["task_list"] = _with_files(description, typed.files, base)
    if typed.asked.names or typed.asked.weights:
        description["objectives"] = typed.asked.objectives()
        description.pop("direction", None)
    if final := _moved_final(description):
        description["objectives"] = [{**one, "final": final} for one in description["objectives"]]
    return with_settings(description, typed.settings)


def _command(typed: Typed, before: Mapping[str, Any]) -> WrittenCommand:
    """Return the command that was typed, or else that of the file with the options typed."""
    beside = [parameter_of(text) for text in typed.parameters]
    if not typed.words:
        return WrittenCommand(with_options(_words(before), beside), beside)
    return command_of(typed.words, beside, _names(before.get("hyperparams")))


def _names(listed: object) -> list[str]:
    """Return the names of the parameters of a description."""
    items = listed if isinstance(listed, list) else []
    return [str(one["name"]) for one in items if isinstance(one, Mapping) and "name" in one]


def name_of(words: Sequence[str]) -> str:
    """Return the name of a study that has none: that of the program.

    >>> name_of(["python", "-u", "src/train.py", "--lr", "1"]), name_of(["sh", "-c", "ls | wc"])
    ('train', 'study')
    """
    for word in words[0].split() if len(words) == 1 else words:
        name = PurePath(word).name
        if word.startswith("-") or _STARTERS.fullmatch(name) or "=" in word:
            continue
        if _NAME.fullmatch(name):
            return PurePath(name).stem
        break
    return "study"


def _check_whole(typed: Typed) -> None:
    example = "automl run --maximize val_acc -p --lr=1e-5..1e-1:log -- python train.py"
    if not typed.words:
        raise SpecError(f"there is no command and no study file; write: {example}")
    if not typed.asked.names:
        raise SpecError(f"--maximize NAME or --minimize NAME is needed; write: {example}")
    if not typed.parameters and not any("~" in word for word in typed.words):
        raise SpecError(f"there is nothing to tune; give -p, as in: {example}")


def _words(before: Mapping[str, Any]) -> list[str]:
    """Return the command of a file, where it has one and that is a list of words."""
    tasks = before.get("task_list")
    if not isinstance(tasks, list) or len(tasks) != 1 or not isinstance(tasks[0], Mapping):
        return []
    words = tasks[0].get("cmd")
    return list(map(str, words)) if isinstance(words, list) else []


def _parameters(before: Any, typed: Sequence[WrittenParameter]) -> Any:  # noqa: ANN401 - plain data
    """Return the parameters of a file, those of the command line in place of its own."""
    own = {one.name: one.described for one in typed}
    if len(own) < len(typed):
        names = [one.name for one in typed]
        twice = next(name for name in names if names.count(name) > 1)
        raise SpecError(f"the parameter {twice!r} is given twice; give it once")
    if not isinstance(before, list):
        return [*own.values()] if own or before is None else before
    kept = [
        own.pop(str(one.get("name")), one) if isinstance(one, Mapping) else one for one in before
    ]
    return [*kept, *own.values()]


def _tasks(before: Mapping[str, Any], words: list[str], typed: Typed) -> Any:  # noqa: ANN401 - plain data
    """Return the task of a command line; of a file's task it keeps what was not typed."""
    tasks = before.get("task_list")
    if tasks is not None and (not isinstance(tasks, list) or len(tasks) != 1):
        if typed.words or typed.asked.names:
            raise SpecError(
                "the file has several tasks, so that a command or metric on the command line "
                "would be of none; change the file, or use --set task_list[0].cmd=..."
            )
        return tasks
    task = dict(tasks[0]) if tasks and isinstance(tasks[0], Mapping) else {"type": "BashTask"}
    if words:
        # One word with blanks is a line, as people quote one for a shell.
        is_line = len(typed.words) == 1 and len(typed.words[0].split()) > 1
        task["cmd"] = " ".join(words) if is_line else words
    readers = typed.asked.readers(told_by(typed.words))
    if readers and not typed.asked.names:
        # Those that were typed come beside those of the file.
        given = task.get("metric_reader") or []
        readers = [*(given if isinstance(given, list) else [given]), *readers]
    if readers:
        task["metric_reader"] = readers if len(readers) > 1 else readers[0]
    return [task]


def _with_values(env: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return variables that were typed, with `{lr}` in them as in a command."""
    return {name: with_placeholders(value, names) for name, value in env.items()}


def _with_files(description: Mapping[str, Any], texts: Sequence[str], base: str) -> Any:  # noqa: ANN401 - plain data
    """Return the task of a description with the config files that were typed."""
    tasks = description.get("task_list")
    if not isinstance(tasks, list) or len(tasks) != 1 or not isinstance(tasks[0], Mapping):
        raise SpecError("--file is for a study of one task; give files: to the task in its file")
    given = description.get("cwd")
    inner = "." if given is None or in_trial(str(given)) else str(given)
    cwd = Path(base or os.path.abspath("."), inner)  # noqa: PTH100
    asked = asked_files(texts, _names(description.get("hyperparams")))
    return [with_files(dict(tasks[0]), asked, os.path.normpath(cwd))]


def told_by(words: Sequence[str]) -> Collection[str]:
    """Return the names of numbers that the program of a command is seen to report.

    What it prints meanwhile under one of them, such as the loss of a batch, is not meant.
    """
    if not words:
        return ()
    line = words[0].split() if len(words) == 1 else words
    asked = asked_params(line, Path.cwd(), os.environ)
    return asked.told if asked else ()


def _moved_final(description: dict[str, Any]) -> Any:  # noqa: ANN401 - plain data
    """Take out `final`, where it is to stand in each objective."""
    return description.pop("final", None) if description.get("objectives") else None
