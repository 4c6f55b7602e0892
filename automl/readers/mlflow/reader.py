"""The reader of what is logged to MLflow: `type="mlflow_reader", key="val_loss"`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.readers.mlflow.follower import MlflowFollower
from automl.readers.mlflow.location import OF_VARIABLE, store_of, store_path
from automl.readers.patterns.launched import ANY, Launched
from automl.study.tasks.location import NEWEST, check_which, is_pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowReader:
    """A metric that a program logs to MLflow, with its steps, in runs that the trial began.

    Args:
        key: its name there, maybe with slashes.
        location: the store, with placeholders: a database (also as `sqlite:///mlflow.db`), a folder
            such as `mlruns`, or one that has either; if not given, that of `MLFLOW_TRACKING_URI`
            in `env`, else the working directory.
        run: the name of the runs that count, with `*` for any characters; all, if not given.
        which: of several runs that have it, the `newest`, those that are part of another run only
            if no other has it; or `all`, one after another.
        metric: what the number is called; as the key, if not given.
    """

    type: ClassVar[str] = "mlflow_reader"
    cure: ClassVar[str] = "correct the location or key of its reader"
    sought: ClassVar[str] = "key"
    standing: ClassVar[bool] = True

    key: str
    location: str = OF_VARIABLE
    run: str = ""
    which: str = NEWEST
    metric: str = ""

    def __post_init__(self) -> None:
        check_which(self.which)
        for field in ("key", "location"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value:
                raise SpecError(f"reader: {field} must be a non-empty string, got {value!r}")
        for field in ("run", "metric"):
            value = getattr(self, field)
            if not isinstance(value, str):
                raise SpecError(f"reader: {field} must be a name, got {value!r}")
        if {"", ".", ".."} & set(self.key.split("/")) or "\0" in self.key:
            raise SpecError(f"reader: key {self.key!r} can be no name of a metric of MLflow")
        object.__setattr__(self, "location", store_path(self.location))
        if is_pattern(self.location):
            raise SpecError(
                f"reader: location {self.location!r} of mlflow_reader must name one database or "
                "folder, without '*'; which runs in it are the trial's own is known by their tags"
            )
        object.__setattr__(self, "metric", self.metric or self.key)

    def located(self, env: Mapping[str, str | None]) -> str:
        """Return where the store is for commands that get these variables, as a template.

        Raises:
            SpecError: that is not on this machine.
        """
        return store_of(env) if self.location == OF_VARIABLE else self.location

    def follow(self, path: str, launched: Launched = ANY) -> MlflowFollower:
        """Return what reads the store that the location became."""
        return MlflowFollower(self.key, self.metric, self.run, self.which, path, launched)
