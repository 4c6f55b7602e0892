"""Where a metric of a trial appears, as a user describes it."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeGuard, runtime_checkable

from automl.errors import SpecError
from automl.study.objective import METRIC
from automl.study.tasks.location import NEWEST, check_which
from automl.study.tasks.remote import PATIENCE_S, check_patience, check_remote

DECIMAL_MARKS = (".", ",")
"""What may stand before the decimals of a number."""


@runtime_checkable
class Reader(Protocol):
    """The description of a reader: plain values, checked when they are given.

    Each kind of reader has a frozen dataclass of its own whose fields are the options that a user
    gives; `automl.readers` makes of it what reads. A kind whose metric is not printed may say by an
    attribute `cure` what to do where there is no number.
    """

    @property
    def type(self) -> str:
        """The name by which a user asks for this kind."""
        ...

    @property
    def location(self) -> str:
        """The path of the file that is read, with placeholders."""
        ...

    @property
    def metric(self) -> str:
        """What the number is called, in objectives, constraints and the table."""
        ...


def is_reader(given: object) -> TypeGuard[Reader]:
    """Tell whether something describes a reader; a class of descriptions does not."""
    return isinstance(given, Reader) and not isinstance(given, type)


def described_reader(reader: Reader) -> dict[str, Any]:
    """Return a reader as plain values: its type and its options, without those that are default.

    A local reader has no type, as it had none in earlier releases.
    """
    options = {
        one.name: getattr(reader, one.name)
        for one in dataclasses.fields(reader)  # type: ignore[arg-type] # each kind is a dataclass
        if getattr(reader, one.name) != one.default
    }
    return options if type(reader) is LocalReader else {"type": reader.type, **options}


def patience_of(reader: Reader) -> float:
    """Return for how many seconds a file elsewhere is waited for once its trial has ended.

    Raises:
        SpecError: the reader has no such time.
    """
    return check_patience(getattr(reader, "patience", PATIENCE_S))


def check_reader(given: object) -> Reader:
    """Return the description of a reader of any kind if it can be kept in the study's files.

    Raises:
        SpecError: it is none, a text that each has is missing, or an option is no JSON value.
    """
    if not is_reader(given) or not dataclasses.is_dataclass(given):
        raise SpecError(
            f"reader: {given!r} describes no reader; a kind of reader is a frozen dataclass with "
            "type, location and metric"
        )
    for field in ("location", "metric"):
        value = getattr(given, field)
        if not isinstance(value, str) or not value:
            raise SpecError(f"reader: {field} must be a non-empty string, got {value!r}")
    check_remote(given.location)
    patience_of(given)
    try:
        json.dumps(described_reader(given), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise SpecError(
            f"reader type {given.type!r}: its options must be JSON values, to be kept with the "
            f"study ({error})"
        ) from error
    return given


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
        decimal: what stands before the decimals of numbers, `.` or `,`. The pattern sees a number
            with a decimal comma as if it were written with a point.
        which: of several files that a location with `*` names, `newest` or `all`.
        patience: for how long a file that `location` names by a URL is waited for once its trial
            has ended.
    """

    type: ClassVar[str] = "local_reader"
    sought: ClassVar[str] = "parser_pattern"

    location: str
    parser_pattern: str
    metric: str = METRIC
    decimal: str = DECIMAL_MARKS[0]
    which: str = NEWEST
    patience: float | str = PATIENCE_S

    def __repr__(self) -> str:
        named = "" if self.metric == METRIC else f", metric={self.metric!r}"
        named += "" if self.which == NEWEST else f", which={self.which!r}"
        commas = "" if self.decimal == DECIMAL_MARKS[0] else f", decimal={self.decimal!r}"
        where, pattern = self.location, self.parser_pattern
        return (
            f"{type(self).__name__}(location={where!r}, parser_pattern={pattern!r}{named}{commas})"
        )

    def __post_init__(self) -> None:
        for field in ("location", "parser_pattern", "metric"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value:
                raise SpecError(f"reader: {field} must be a non-empty string, got {value!r}")
        check_pattern(self.parser_pattern)
        check_decimal(self.decimal)
        check_which(self.which)


def check_pattern(pattern: str) -> None:
    """Refuse what is no regular expression with a group for the number.

    Raises:
        SpecError: it is none.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise SpecError(
            f"reader: parser_pattern {pattern!r} does not compile: {error}; "
            r"an example that does: 'accuracy: (\S+)'"
        ) from error
    if compiled.groups == len({"step"} & compiled.groupindex.keys()):
        found = "only the group for the step" if compiled.groups else "no group"
        raise SpecError(
            f"reader: parser_pattern {pattern!r} has {found}; put parentheses "
            r"around the number, as in 'accuracy: (\S+)' or 'epoch (?P<step>\d+): (\S+)'"
        )


def check_decimal(mark: object) -> None:
    """Refuse what stands before no decimals.

    Raises:
        SpecError: it is neither a point nor a comma.
    """
    if mark not in DECIMAL_MARKS:
        raise SpecError(f"reader: decimal must be '.' or ',', got {mark!r}")
