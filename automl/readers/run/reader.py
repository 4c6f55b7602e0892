"""The reader of what a command took: `type="run_reader"`."""

from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.inside.measured import CODE, CPU, MEMORY, SIZE, WALL
from automl.readers.run.follower import RunFollower

MEASURES = (WALL, CPU, MEMORY, CODE, SIZE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReader:
    """A number of the run of its task's command.

    Args:
        measure: which one: `wall_seconds`; `cpu_seconds`, of the command and the processes that it
            waited for; `peak_memory_mb`, the resident memory in 10**6 bytes of the largest of
            these; `exit_code`; or `size_bytes`, of `path`.
        path: of a size: the file or folder, with placeholders, relative to the working directory.
            It counts only if the command wrote it.
        metric: what the number is called; as the measure, if not given.
    """

    type: ClassVar[str] = "run_reader"
    sought: ClassVar[str] = "measure"

    measure: str
    path: str = ""
    metric: str = ""

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            allowed = ", ".join(map(repr, MEASURES))
            raise SpecError(f"reader: measure must be one of {allowed}; got {self.measure!r}")
        if not isinstance(self.path, str) or bool(self.path) != (self.measure == SIZE):
            wanted = "the file or folder that is measured" if self.measure == SIZE else "left out"
            raise SpecError(
                f"reader: path must be {wanted} with measure={self.measure!r}; got {self.path!r}"
            )
        if not isinstance(self.metric, str):
            raise SpecError(f"reader: metric must be a name, got {self.metric!r}")
        object.__setattr__(self, "metric", self.metric or self.measure)

    @property
    def location(self) -> str:
        """The file that is read, the same for all measures."""
        return "{{ trial.dir }}/run.jsonl"

    def follow(self, path: str) -> RunFollower:
        """Return what reads the file that the location became."""
        return RunFollower(self.metric, path, self.measure, self.path)
