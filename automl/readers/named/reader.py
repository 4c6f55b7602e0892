"""The readers by name: `reader.create(type="stdout_reader", metric="val_acc")`, and of a file."""

import os
from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.readers.named.follower import NamedFollower
from automl.readers.numbers.decimal import POINT
from automl.study.tasks.location import NEWEST, check_which
from automl.study.tasks.reader import check_decimal, check_pattern
from automl.study.tasks.remote import PATIENCE_S

STREAMS = ("both", "stdout", "stderr")

_OTHER = {"stdout.log": "stderr.log", "stderr.log": "stdout.log"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StdoutReader:
    """A metric in what the commands print, found by its name, with its step.

    Args:
        metric: its name as the program prints it, which is a whole word: `loss` is not `val_loss`.
        stream: where it is looked for: `both`, `stdout` or `stderr`. If both have it, that of
            standard output counts; with `both`, what the program reports by `automl.report` counts
            before what it prints.
        parser_pattern: a regular expression that finds it in place of its name, as that of a
            `local_reader`.
        decimal: what stands before the decimals of numbers, `.` or `,`.
    """

    type: ClassVar[str] = "stdout_reader"

    metric: str
    stream: str = STREAMS[0]
    parser_pattern: str = ""
    decimal: str = POINT

    def __post_init__(self) -> None:
        _check_name(self.metric)
        _check_sought(self.parser_pattern, self.decimal)
        if self.stream not in STREAMS:
            raise SpecError(
                f"reader: stream must be one of {', '.join(map(repr, STREAMS))}; got "
                f"{self.stream!r}"
            )

    @property
    def location(self) -> str:
        """The file that is read; of both streams the first."""
        return f"{{{{ trial.dir }}}}/{'stderr' if self.stream == 'stderr' else 'stdout'}.log"

    def follow(self, path: str) -> NamedFollower:
        """Return what reads the file that the location became, and maybe the one beside it."""
        folder, base = os.path.split(path)
        beside = os.path.join(folder, _OTHER.get(base, "stderr.log"))  # noqa: PTH118 - texts
        both = self.stream == STREAMS[0]
        return NamedFollower(
            self.metric,
            [path, beside] if both else [path],
            "" if both else beside,
            pattern=self.parser_pattern,
            decimal=self.decimal,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReader:
    """A metric in a file that the command writes, found by its name, with its step.

    Args:
        location: path of the file, with placeholders, relative to the working directory.
        metric: its name as it stands in the file, which is a whole word.
        decimal: what stands before the decimals of numbers, `.` or `,`.
        which: of several files that a location with `*` names, `newest` or `all`.
        patience: for how long a file that `location` names by a URL is waited for once its trial
            has ended.
    """

    type: ClassVar[str] = "file_reader"

    location: str
    metric: str
    decimal: str = POINT
    which: str = NEWEST
    patience: float | str = PATIENCE_S

    def __post_init__(self) -> None:
        _check_name(self.metric)
        check_decimal(self.decimal)
        check_which(self.which)

    def follow(self, path: str) -> NamedFollower:
        """Return what reads the file that the location became."""
        return NamedFollower(self.metric, [path], decimal=self.decimal)


def _check_sought(pattern: object, decimal: object) -> None:
    if not isinstance(pattern, str):
        raise SpecError(f"reader: parser_pattern must be a text, got {pattern!r}")
    if pattern:
        check_pattern(pattern)
    check_decimal(decimal)


def _check_name(metric: object) -> None:
    named = isinstance(metric, str) and metric.isprintable() and any(map(str.isalnum, metric))
    if not named:
        raise SpecError(
            "reader: metric must be the name that the program prints before the number, such "
            f"as 'val_acc'; got {metric!r}"
        )
