"""The task that writes a trial's values into a file, for a program that reads them there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from automl.errors import SpecError
from automl.study.tasks.config_file import ConfigFile
from automl.study.tasks.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAdapterTask:
    """A JSON file with what a trial is; the tasks behind it run programs that read it.

    Args:
        param_file: where it is written, with placeholders, relative to the working directory.
        custom: what else is in it, at the key `custom`: plain values, with placeholders in texts.
    """

    param_file: str = "{{ trial.dir }}/param.json"
    custom: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.param_file, str) or not self.param_file or "\0" in self.param_file:
            raise SpecError(f"task: param_file must be a path, got {self.param_file!r}")
        named = isinstance(self.custom, Mapping) and all(
            isinstance(one, str) for one in self.custom
        )
        if not named:
            raise SpecError(
                f"task: custom must be a dictionary with texts as keys, got {self.custom!r}"
            )
        try:
            json.dumps(dict(self.custom), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise SpecError(f"task: the values of custom must be JSON values: {error}") from error

    @property
    def cmd(self) -> None:
        """It runs nothing."""

    @property
    def cleanup(self) -> None:
        """It leaves nothing but its file."""

    @property
    def files(self) -> tuple[ConfigFile, ...]:
        """Its file has no base."""
        return ()

    @property
    def readers(self) -> tuple[Reader, ...]:
        """It gives no number."""
        return ()

    def describe(self) -> dict[str, Any]:
        """Return what may not change within a study, as plain values."""
        custom = {"custom": dict(self.custom)} if self.custom else {}
        return {"type": type(self).__name__, "param_file": self.param_file, **custom}
