"""The commands of a trial and where their metric appears."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeAlias, runtime_checkable

from automl.errors import SpecError
from automl.spelling.spelling import OPEN, spelled, spelled_part
from automl.study.objective import Objectives
from automl.study.tasks.config_file import ConfigFile, config_files
from automl.study.tasks.reader import Reader, described_reader, is_reader
from automl.study.tasks.weighted import WeightedReaders

Command: TypeAlias = tuple[str, ...] | str
"""The words of a command, or a line for `sh`."""

LARGEST_CODE = 255
"""An exit code has eight bits."""

_MAY_CHANGE = {"cleanup", "success_codes"}
"""Options of a task that do not belong to its study's identity."""


@runtime_checkable
class Task(Protocol):
    """One task of a trial as a user describes it: plain values, checked when they are given.

    Each kind of task has a frozen dataclass of its own for it; how it is run is told by the room
    that prepares launches.
    """

    @property
    def cmd(self) -> Command | None:
        """The command that it becomes, with placeholders; None for a kind without one."""
        ...

    @property
    def cleanup(self) -> Command | None:
        """A command that runs when nothing of an attempt is left, None for none."""
        ...

    @property
    def files(self) -> tuple[ConfigFile, ...]:
        """The config files that are written for each trial before it starts."""
        ...

    @property
    def readers(self) -> tuple[Reader, ...]:
        """All its readers, none for a task that only prepares."""
        ...

    def describe(self) -> dict[str, Any]:
        """Return what may not change within a study, as plain values; see `described`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BashTask:
    """One command of a trial.

    Args:
        cmd: a list of words, started as it is with each word one argument; or one string, which
            is a line for `sh` into which values are quoted.
        metric_reader: where its metric appears, or a list of where several do; None for a task
            that only prepares, or that reports by `automl.report`.
        cleanup: a command, in the same two forms, that runs when nothing of an attempt is left,
            however it ended; None for none.
        files: config files that are written for each trial before it starts, as dictionaries with
            the arguments of `ConfigFile`.
        success_codes: the exit codes by which the command succeeds. Like a cleanup, they may
            change while a study goes on: what a trial became by others stays.
    """

    cmd: tuple[str, ...] | str
    metric_reader: Reader | WeightedReaders | tuple[Reader | WeightedReaders, ...] | None = None
    cleanup: tuple[str, ...] | str | None = None
    files: tuple[ConfigFile, ...] = ()
    success_codes: tuple[int, ...] = (0,)

    def __repr__(self) -> str:
        cleanup = "" if self.cleanup is None else f", cleanup={self.cleanup!r}"
        files = f", files={list(self.files)!r}" if self.files else ""
        codes = "" if self.success_codes == (0,) else f", success_codes={list(self.success_codes)}"
        reader = f"metric_reader={self.metric_reader!r}"
        return f"BashTask(cmd={self.cmd!r}, {reader}{cleanup}{files}{codes})"

    def __post_init__(self) -> None:
        example = "['python', 'train.py', '--lr', '{{ trial.param.lr }}']"
        object.__setattr__(self, "cmd", checked_command("cmd", self.cmd, example))
        if self.cleanup is not None:
            example = "['docker', 'rm', '-f', 'job-{{ trial.id }}']"
            object.__setattr__(self, "cleanup", checked_command("cleanup", self.cleanup, example))
        if isinstance(self.metric_reader, list):
            object.__setattr__(self, "metric_reader", tuple(self.metric_reader))
        check_readers(self.readers)
        object.__setattr__(self, "files", config_files(self.files))
        object.__setattr__(self, "success_codes", exit_codes(self.success_codes))

    @property
    def readers(self) -> tuple[Reader, ...]:
        """All its readers, none for a task that only prepares."""
        return readers_of(self.metric_reader)

    def describe(self) -> dict[str, Any]:
        """Return it as plain values, without a type: those of earlier releases had none."""
        described = {"cmd": self.cmd, "metric_reader": described_readers(self.metric_reader)}
        return described | described_files(self.files)


def described(task: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass of options
    """Return a task of a kind as plain values: its type, which is its class, and its options.

    What may change while a study goes on is left out.
    """
    names = [one.name for one in fields(task) if one.name not in _MAY_CHANGE]
    options = {name: getattr(task, name) for name in names}
    if "metric_reader" in options:
        options["metric_reader"] = described_readers(options["metric_reader"])
    files = described_files(options.pop("files", ()))
    return {"type": type(task).__name__, **options, **files}


def metrics_read(objectives: Objectives, tasks: Iterable[Task]) -> tuple[str, ...]:
    """Return the names of the metrics that are read, each once.

    First come those of the objectives and constraints, without which a trial has no result; then
    the further ones, which are recorded and shown, in the order of the tasks and their readers.
    """
    described = (one.metric for task in tasks for one in task.readers)
    return tuple(dict.fromkeys([*objectives.metrics, *described]))


def exit_codes(given: object) -> tuple[int, ...]:
    """Return the exit codes of a task's option `success_codes`, in ascending order.

    Raises:
        SpecError: they are no list of whole numbers from 0 to 255, or there is none.
    """
    codes = list(given) if isinstance(given, list | tuple | set | frozenset | range) else []
    whole = [one for one in codes if isinstance(one, int) and not isinstance(one, bool)]
    if not codes or len(whole) < len(codes) or not all(0 <= one <= LARGEST_CODE for one in whole):
        raise SpecError(
            "task: success_codes must be a list of exit codes, whole numbers from 0 to "
            f"{LARGEST_CODE}, such as [0, 10]; got {given!r}"
        )
    return tuple(sorted(set(whole)))


def described_files(files: tuple[ConfigFile, ...]) -> dict[str, Any]:
    """Return the option `files` as plain values; nothing without one, as in earlier releases."""
    return {"files": [one.describe() for one in files]} if files else {}


def readers_of(metric_reader: Any) -> tuple[Reader, ...]:  # noqa: ANN401 - not checked yet
    """Return all readers that a task's option `metric_reader` holds: none, one, or a list."""
    readers: list[Any] = []
    for one in _listed(metric_reader):
        readers += one.readers if isinstance(one, WeightedReaders) else [one]
    return tuple(readers)


def weighted_of(task: Task) -> tuple[WeightedReaders, ...]:
    """Return the readers of a task whose metrics have weights."""
    given = _listed(getattr(task, "metric_reader", None))
    return tuple(one for one in given if isinstance(one, WeightedReaders))


def _listed(metric_reader: Any) -> tuple[Any, ...]:  # noqa: ANN401 - not checked yet
    if isinstance(metric_reader, list | tuple):
        return tuple(metric_reader)
    return () if metric_reader is None else (metric_reader,)


def check_readers(readers: tuple[Reader, ...]) -> None:
    """Raise SpecError unless all are readers, each of a metric of its own."""
    for one in readers:
        if not is_reader(one):
            maker = spelled_part("metric_reader")
            raise SpecError(f"task: metric_reader must come from {maker}, got {one!r}")
    names = [one.metric for one in readers]
    for name in names:
        if names.count(name) > 1:
            raise SpecError(
                f"task: {names.count(name)} readers read the metric {name!r}; give each its "
                f"own name ({spelled('metric', OPEN)})"
            )


def described_readers(metric_reader: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return readers as plain values: a default name is left out, one alone is no list."""
    readers = [described_reader(one) for one in readers_of(metric_reader)]
    if isinstance(metric_reader, list | tuple | WeightedReaders):
        return readers
    return readers[0] if readers else None


def checked_command(what: str, given: object, example: str) -> Command:
    """Return a command of a task as it is kept: a list as a tuple, its numbers as texts.

    Args:
        what: the option that has it.
        given: what the user gave.
        example: a command that messages show.

    Raises:
        SpecError: it is no list of words and no string, or nothing in it can be started.
    """
    if isinstance(given, str):
        if not given.strip():
            raise SpecError(f"task: {what} is an empty string; give a command")
        return _refuse_nul(what, given)
    if not isinstance(given, list | tuple) or not given:
        raise SpecError(
            f"task: {what} must be a list of words or one string, got {given!r}; "
            f"for example {example}"
        )
    words = tuple(_word(what, word) for word in given)
    if not words[0]:
        raise SpecError(
            f"task: the first word of {what} is empty, got {list(words)!r}; it names the "
            "program to start"
        )
    return words


def _word(what: str, word: object) -> str:
    if isinstance(word, bool) or not isinstance(word, str | int | float):
        raise SpecError(f"task: each word of {what} must be a string or a number, got {word!r}")
    return _refuse_nul("word", str(word))


def _refuse_nul(what: str, text: str) -> str:
    if "\0" in text:
        raise SpecError(f"task: {what} {text!r} has a NUL character, which no program can get")
    return text
