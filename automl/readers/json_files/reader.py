"""The reader of JSON: `reader.create(type="json_reader", location=..., key="test.MAE@12")`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from automl.data_path.path import Step, parse_path
from automl.errors import SpecError
from automl.readers.json_files.parser import POSITION, JsonParser, JsonPaths
from automl.readers.records.follower import RecordFollower
from automl.study.objective import METRIC
from automl.study.tasks.location import NEWEST, check_which
from automl.study.tasks.remote import PATIENCE_S

WHOLE = "."
"""The path of a document that is itself the number, or the list of numbers."""

VERSIONS = ("last", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonReader:
    """A metric in a file of JSON: one document, or several such as one a line.

    Args:
        location: path of the file, with placeholders, relative to the working directory.
        key: the path to the number in each document, or to a list of them; `metric` if not given.
        metric: what the number is called, in objectives, constraints and the table.
        step: the path to the step of the number; `#` for its position in its list, from 0.
        versions: `last`: of a file that is written anew, what stands in it counts; `all`: what
            stood in it before counts too, so that a file of one number is a curve.
        which: of several files that a location with `*` names, `newest` or `all`.
        patience: for how long a file that `location` names by a URL is waited for once its trial
            has ended.
    """

    type: ClassVar[str] = "json_reader"
    sought: ClassVar[str] = "key"

    location: str
    key: str = ""
    metric: str = METRIC
    step: str = ""
    versions: str = VERSIONS[0]
    which: str = NEWEST
    patience: float | str = PATIENCE_S

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or (not self.key and self.metric == METRIC):
            raise SpecError(
                "reader: key must be the path to the number, such as 'test.MAE@1' or "
                f"'history.val_loss[-1]', got {self.key!r}"
            )
        _steps("key" if self.key else "metric", self._key)
        if not isinstance(self.step, str):
            raise SpecError(f"reader: step must be a path such as 'epoch', got {self.step!r}")
        if self.step not in {"", POSITION}:
            _steps("step", self.step)
        check_which(self.which)
        if self.versions not in VERSIONS:
            raise SpecError(
                f"reader: versions must be one of {', '.join(map(repr, VERSIONS))}; got "
                f"{self.versions!r}"
            )

    @property
    def _key(self) -> str:
        return self.key or self.metric

    def follow(self, path: str) -> RecordFollower:
        """Return what reads the file that the location became."""
        paths = JsonPaths(
            key=self._key,
            path=_steps("key", self._key),
            step=self.step,
            step_path=None if self.step in {"", POSITION} else _steps("step", self.step),
        )
        return RecordFollower(
            self.metric,
            repr(self._key),
            path,
            lambda: JsonParser(paths),
            keeps_versions=self.versions == VERSIONS[1],
        )


def _steps(option: str, text: str) -> Sequence[Step]:
    """Return the steps of a path.

    Raises:
        SpecError: it is none.
    """
    if text == WHOLE:
        return ()
    try:
        return parse_path(text)
    except SpecError as error:
        raise SpecError(
            f"reader: {option} {text!r} is no path into JSON; write test.MAE@1, results[0].acc, "
            "history.val_loss[-1], history[*].loss, [split=val].loss, or ['a.b'] for a key with a "
            "dot"
        ) from error
