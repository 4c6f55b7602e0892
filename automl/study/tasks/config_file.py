"""A config file that is written anew for each trial."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import PurePath
from typing import Any

from automl.errors import SpecError
from automl.registry import did_you_mean

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A file of the user's, with values of a trial in it.

    Args:
        base: path of the user's file, relative to the working directory; it is only read.
        name: `trial.file.<name>` stands for the written file; `name_from` its base if not given.
        set: path in the file to its value, which may hold placeholders; None where the file itself
            has placeholders.
        format: how the file is written, by the end of its name if None.
        dest: where it is written, with placeholders, relative to the working directory; in the
            trial's folder if None.
        create: whether `set` makes what is not in the file.
        digest: a digest of the base's content, None before it was read. It is a part of what may
            not change within a study: the values of trials with another base do not compare.
    """

    base: str
    name: str = ""
    set: Mapping[str, Any] | None = None
    format: str | None = None
    dest: str | None = None
    create: bool = False
    digest: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.base, str) or not self.base or "\0" in self.base:
            raise SpecError(f"files: base must be the path of a file, got {self.base!r}")
        if self.name == "":
            object.__setattr__(self, "name", name_from(self.base))
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            raise SpecError(
                f"files: {self.base!r}: name is {self.name!r}; allowed: letters, digits and "
                "underscores, not beginning with a digit: {{ trial.file.NAME }} stands for the file"
            )
        for option in ("format", "digest"):
            if not isinstance(getattr(self, option), str | None):
                raise SpecError(f"files: {self.base!r}: {option} must be a name")
        if self.dest is not None and (not isinstance(self.dest, str) or not self.dest):
            raise SpecError(f"files: {self.base!r}: dest must be a path, got {self.dest!r}")
        if not isinstance(self.create, bool) or (self.create and self.set is None):
            raise SpecError(
                f"files: {self.base!r}: create must be true or false, and is for set=, got "
                f"{self.create!r}"
            )
        self._check_set()

    def _check_set(self) -> None:
        if self.set is None:
            if self.format is not None:
                raise SpecError(
                    f"files: {self.base!r}: format= is for set=, which says what to change; "
                    "without it, the placeholders in the file are filled in, whatever its format"
                )
            return
        named = isinstance(self.set, Mapping) and all(isinstance(path, str) for path in self.set)
        if not named or not self.set:
            raise SpecError(
                f"files: {self.base!r}: set must be a dictionary from paths in the file to values, "
                "such as {'optimizer.lr': '{{ trial.param.lr }}'}, got "
                f"{self.set!r}"
            )
        try:
            json.dumps(dict(self.set), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise SpecError(
                f"files: {self.base!r}: the values of set must be JSON values: {error}"
            ) from error

    @property
    def file_name(self) -> str:
        """The name of the written file: its own, with the end of the base's."""
        return self.name + PurePath(self.base).suffix

    def describe(self) -> dict[str, Any]:
        """Return it as plain values; what is not given is left out."""
        options = {one.name: getattr(self, one.name) for one in fields(self)}
        if self.set is not None:
            options["set"] = dict(self.set)
        return {
            name: value
            for name, value in options.items()
            if value is not None and value is not False
        }


def name_from(base: str) -> str:
    """Return what a file is called that has no name: as its base, without what no name has.

    >>> name_from("conf/train-1.yaml"), name_from("7.ini"), name_from(".env")
    ('train_1', 'conf_7', 'env')
    """
    name = re.sub(r"\W", "_", PurePath(base).stem.strip("."), flags=re.ASCII)
    return name if name[:1].isalpha() else f"conf_{name}"


def config_files(given: object) -> tuple[ConfigFile, ...]:
    """Return the files of a task by its option `files`: a list of dictionaries.

    Raises:
        SpecError: it is no such list, or a dictionary in it describes no file.
    """
    if not isinstance(given, list | tuple):
        raise SpecError(
            "files must be a list such as [{'base': 'conf.json', 'set': {'lr': "
            f"'{{{{ trial.param.lr }}}}'}}}}], got {given!r}"
        )
    return tuple(map(config_file, given))


FILE_OPTIONS = tuple(one.name for one in fields(ConfigFile))
"""The keys of a dictionary that describes a file."""


def config_file(given: object) -> ConfigFile:
    """Return a file of a task by a dictionary with the arguments of `ConfigFile`.

    Raises:
        SpecError: it is no such dictionary, or describes no file.
    """
    if isinstance(given, ConfigFile):
        return given
    known = FILE_OPTIONS
    if not isinstance(given, Mapping) or "base" not in given:
        raise SpecError(
            f"files: each is a dictionary with the key 'base', got {given!r}; "
            f"known keys: {', '.join(known)}"
        )
    for key in given:
        if key not in known:
            raise SpecError(
                f"files: {given['base']!r}: unknown key {key!r}{did_you_mean(str(key), known)}; "
                f"known keys: {', '.join(known)}"
            )
    return ConfigFile(**given)
