"""The commands of a trial and where their metric appears."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.study.objective import METRIC


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalReader:
    r"""A metric in a file: the first group of a pattern, searched in every line.

    Args:
        location: path of the file, with placeholders, relative to the working directory.
        parser_pattern: a Python regular expression with at least one group, which must match a
            number; a match may be anywhere in the line, and every match in a line counts. The
            number is the group named `value`, else the first one not named `step`; a group named
            `step` reads the step that the number belongs to.
        metric: what the number is called, in objectives, constraints and the table.
    """

    location: str
    parser_pattern: str
    metric: str = METRIC

    def __repr__(self) -> str:
        named = "" if self.metric == METRIC else f", metric={self.metric!r}"
        where, pattern = self.location, self.parser_pattern
        return f"LocalReader(location={where!r}, parser_pattern={pattern!r}{named})"

    def __post_init__(self) -> None:
        for field in ("location", "parser_pattern", "metric"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value:
                raise SpecError(f"reader: {field} must be a non-empty string, got {value!r}")
        try:
            compiled = re.compile(self.parser_pattern)
        except re.error as error:
            raise SpecError(
                f"reader: parser_pattern {self.parser_pattern!r} does not compile: {error}; "
                r"an example that does: 'accuracy: (\S+)'"
            ) from error
        if compiled.groups == len({"step"} & compiled.groupindex.keys()):
            found = "only the group for the step" if compiled.groups else "no group"
            raise SpecError(
                f"reader: parser_pattern {self.parser_pattern!r} has {found}; put parentheses "
                r"around the number, as in 'accuracy: (\S+)' or 'epoch (?P<step>\d+): (\S+)'"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class BashTask:
    """One command of a trial.

    Args:
        cmd: a list of words, started as it is with each word one argument; or one string, which
            is a line for `sh` into which values are quoted.
        metric_reader: where its metric appears, or a list of where several do; None for a task
            that only prepares.
        cleanup: a command, in the same two forms, that runs when nothing of an attempt is left,
            however it ended; None for none.
    """

    cmd: tuple[str, ...] | str
    metric_reader: LocalReader | tuple[LocalReader, ...] | None = None
    cleanup: tuple[str, ...] | str | None = None

    def __repr__(self) -> str:
        cleanup = "" if self.cleanup is None else f", cleanup={self.cleanup!r}"
        return f"BashTask(cmd={self.cmd!r}, metric_reader={self.metric_reader!r}{cleanup})"

    def __post_init__(self) -> None:
        example = "['python', 'train.py', '--lr', '{{ trial.param.lr }}']"
        object.__setattr__(self, "cmd", _command("cmd", self.cmd, example))
        if self.cleanup is not None:
            example = "['docker', 'rm', '-f', 'job-{{ trial.id }}']"
            object.__setattr__(self, "cleanup", _command("cleanup", self.cleanup, example))
        if isinstance(self.metric_reader, list):
            object.__setattr__(self, "metric_reader", tuple(self.metric_reader))
        self._check_readers()

    def _check_readers(self) -> None:
        for one in self.readers:
            if not isinstance(one, LocalReader):
                raise SpecError(
                    f"task: metric_reader must come from reader.create(...), got {one!r}"
                )
        names = [one.metric for one in self.readers]
        for name in names:
            if names.count(name) > 1:
                raise SpecError(
                    f"task: {names.count(name)} readers read the metric {name!r}; give each its "
                    "own name (metric=...)"
                )

    @property
    def readers(self) -> tuple[LocalReader, ...]:
        """All its readers, none for a task that only prepares."""
        given = self.metric_reader
        if isinstance(given, tuple):
            return given
        return () if given is None else (given,)

    def describe(self) -> dict[str, Any]:
        """Return it as plain values; what has its default name or is alone is left out or bare."""
        readers = [
            {
                "location": one.location,
                "parser_pattern": one.parser_pattern,
                **({} if one.metric == METRIC else {"metric": one.metric}),
            }
            for one in self.readers
        ]
        described: Any = readers if isinstance(self.metric_reader, tuple) else None
        if isinstance(self.metric_reader, LocalReader):
            described = readers[0]
        return {"cmd": self.cmd, "metric_reader": described}


def _command(what: str, given: object, example: str) -> tuple[str, ...] | str:
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
