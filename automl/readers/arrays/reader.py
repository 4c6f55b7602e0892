"""The reader of arrays: `reader.create(type="npz_reader", location=..., array="val_loss")`."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from automl.errors import SpecError
from automl.readers.arrays.archive import rows_of
from automl.readers.whole.follower import WholeFollower, whole_file
from automl.study.objective import METRIC
from automl.study.tasks.location import NEWEST, check_which
from automl.study.tasks.remote import PATIENCE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class NpzReader:
    """A metric in an array that NumPy saved: one number, or a list of them, which is a curve.

    Args:
        location: path of the file (`.npz` or `.npy`), with placeholders.
        array: its name in the archive; not needed where there is one array.
        step: the name of the array with the steps; the numbers are counted without it.
        which: of several files that a location with `*` names, `newest` or `all`.
        metric: what the number is called; as the array, if not given.
        patience: for how long a file that `location` names by a URL is waited for once its trial
            has ended.
    """

    type: ClassVar[str] = "npz_reader"
    cure: ClassVar[str] = "correct the location or array of its reader"
    sought: ClassVar[str] = "array"

    location: str
    array: str = ""
    step: str = ""
    which: str = NEWEST
    metric: str = ""
    patience: float | str = PATIENCE_S

    def __post_init__(self) -> None:
        check_which(self.which)
        for field in ("location", "array", "step", "metric"):
            value = getattr(self, field)
            if not isinstance(value, str):
                raise SpecError(f"reader: {field} must be a text, got {value!r}")
        object.__setattr__(self, "metric", self.metric or self.array or METRIC)

    def follow(self, path: str) -> WholeFollower:
        """Return what reads the file that the location became."""
        rows = partial(rows_of, array=self.array, step=self.step)
        sought = f"array {self.array!r}" if self.array else "array"
        return WholeFollower(self.metric, sought, path, whole_file(rows))
