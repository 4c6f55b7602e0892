"""The reader of event files: `reader.create(type="tensorboard_reader", location=..., tag=...)`."""

from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.readers.event_files.follower import EventFollower
from automl.study.tasks.location import ALL, check_which

_NAMED_SO = "tfevents"
"""What the name of every event file has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorboardReader:
    """A number that a program logs for TensorBoard, with its step.

    Args:
        location: the folder in which the event files of one run are, with placeholders; or such a
            file, maybe with `*`.
        tag: its tag; `*` and `?` stand for any characters and one, if one tag alone fits.
        metric: what the number is called; as the tag, if not given.
        which: of several files, `all` one after another, or the `newest`.
    """

    type: ClassVar[str] = "tensorboard_reader"
    cure: ClassVar[str] = "correct the location or tag of its reader"
    sought: ClassVar[str] = "tag"

    location: str
    tag: str
    metric: str = ""
    which: str = ALL

    def __post_init__(self) -> None:
        for field in ("location", "tag"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value:
                raise SpecError(f"reader: {field} must be a non-empty string, got {value!r}")
        check_which(self.which)
        if not isinstance(self.metric, str):
            raise SpecError(f"reader: metric must be a name, got {self.metric!r}")
        object.__setattr__(self, "metric", self.metric or self.tag)
        if _NAMED_SO not in self.location.rpartition("/")[2]:
            files = f"{self.location.rstrip('/')}/*{_NAMED_SO}*"
            object.__setattr__(self, "location", files)

    def follow(self, path: str) -> EventFollower:
        """Return what reads one of the files."""
        return EventFollower(self.metric, self.tag, path)
