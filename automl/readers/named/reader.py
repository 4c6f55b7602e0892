"""The reader by name: `reader.create(type="stdout_reader", metric="val_acc")`."""

from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.readers.named.follower import NamedFollower

STREAMS = ("both", "stdout", "stderr")


@dataclass(frozen=True, slots=True, kw_only=True)
class StdoutReader:
    """A metric in what the commands print, found by its name, with its step.

    Args:
        metric: its name as the program prints it, which is a whole word: `loss` is not `val_loss`.
        stream: where it is looked for: `both`, `stdout` or `stderr`. If both have it, that of
            standard output counts.
    """

    type: ClassVar[str] = "stdout_reader"

    metric: str
    stream: str = STREAMS[0]

    def __post_init__(self) -> None:
        named = isinstance(self.metric, str) and any(map(str.isalnum, self.metric))
        if not named or not self.metric.isprintable():
            raise SpecError(
                "reader: metric must be the name that the program prints before the number, such "
                f"as 'val_acc'; got {self.metric!r}"
            )
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
        return NamedFollower(self.metric, path, both=self.stream == STREAMS[0])
