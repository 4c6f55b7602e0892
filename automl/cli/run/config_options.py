"""`--file BASE:PATH=VALUE`: the config files of a command, as the task of a study has them."""

import itertools
import logging
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.render.documents.yaml_reading import yaml_value
from automl.studies.ranges.command import placeholder, with_placeholders
from automl.studies.ranges.part import Part, mistake
from automl.study.tasks.config_file import name_from

logger = logging.getLogger(__name__)

_ALLOWED = (
    "BASE:PATH=VALUE, as in conf.yaml:optimizer.lr=lr (a parameter, a template, or a value as YAML "
    "has it); BASE alone for a file with placeholders, NAME=BASE for {{ trial.file.NAME }}"
)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_OF_CONFIG = re.compile(r"-.*(?:co?n?fi?g|param|setting|file|json|yaml|toml|ini)", re.IGNORECASE)
"""Options whose value is a config file, perhaps without its extension."""
_OPENING = re.compile(r"\{\{|\{%|<<")


@dataclass(frozen=True, slots=True)
class AskedFile:
    """One config file as it was typed.

    Attributes:
        base: the file, as it was typed.
        name: what `trial.file` calls it; empty for what its base is called.
        changes: path in it to its value; none for a file that has placeholders itself.
    """

    base: str
    name: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)

    def described(self, base: str) -> dict[str, Any]:
        """Return it as a task has it, its base by this path."""
        name = {"name": self.name} if self.name else {}
        return {**name, "base": base, **({"set": dict(self.changes)} if self.changes else {})}


def asked_files(texts: Sequence[str], parameters: Collection[str]) -> list[AskedFile]:
    """Return the files that were asked for; several texts of one base are one file.

    Args:
        texts: each `--file`.
        parameters: the names of all parameters.

    Raises:
        SpecError: a text is not written as it must be.
    """
    found: dict[str, AskedFile] = {}
    for text in texts:
        one = _asked(Part(text, 0, len(text)), parameters)
        before = found.get(os.path.normpath(one.base), AskedFile(one.base))
        if twice := before.changes.keys() & one.changes.keys():
            raise SpecError(f"--file: {one.base}:{twice.pop()} is given twice; give it once")
        changes = {**before.changes, **one.changes}
        found[os.path.normpath(one.base)] = AskedFile(before.base, one.name or before.name, changes)
    return list(found.values())


def _asked(whole: Part, parameters: Collection[str]) -> AskedFile:
    """Return the file that one word describes."""
    halves = whole.halves(":")
    base = (halves[0] if halves else whole).text
    name, equals, named = base.partition("=")
    if equals and _NAME.fullmatch(name) and not os.path.lexists(base):
        base = named
    else:
        name = ""
    if not base:
        raise _mistake(whole, "there is no file before ':'")
    if halves is None:
        return AskedFile(base, name)
    change = halves[1].halves("=")
    if change is None or not change[0].text.strip() or not change[1].text.strip():
        raise _mistake(halves[1], "a change is a path in the file and its value, PATH=VALUE")
    path, value = change[0].text.strip(), change[1].stripped()
    return AskedFile(base, name, {path: _value(value, parameters)})


def _value(part: Part, parameters: Collection[str]) -> Any:  # noqa: ANN401 - plain data
    """Return what is set: a parameter, a template, or else what YAML makes of the text."""
    text = part.text
    if text in parameters:
        return placeholder(text)
    with_names = with_placeholders(text, list(parameters))
    if _OPENING.search(with_names):
        return with_names
    value = yaml_value(text)
    if isinstance(value, str) and text[:1] not in "'\"":
        raise _mistake(
            part,
            f"there is no parameter {text!r}{did_you_mean(text, parameters)}; a text is written "
            f"""in quotes, '"{text}"'""",
        )
    return value


def _mistake(part: Part, what: str) -> SpecError:
    return SpecError(f"--file: {mistake(part, what, _ALLOWED)}")


def with_files(task: dict[str, Any], asked: Sequence[AskedFile], cwd: str) -> dict[str, Any]:
    """Return a task that has config files, its command with the written ones in their place.

    A word of the command that is the path of a base becomes the file that is written for the
    trial; so does its path without the end, for a program that adds this itself.

    Args:
        task: the task as a description has it.
        asked: the files.
        cwd: absolute path of the folder where the command runs.
    """
    if not asked:
        return task
    before = task.get("files") or []
    files = [dict(one) for one in before] if isinstance(before, list) else []
    changed = dict(task)
    for one in asked:
        described = one.described(_path(one.base, cwd))
        same = next((each for each in files if each.get("base") == described["base"]), None)
        if same is None:
            described = {**_free_name(described, files), **described}
            files.append(described)
        else:
            described = {**same, **described, "set": {**same.get("set", {}), **one.changes}}
            same.update({key: value for key, value in described.items() if value != {}})
        name = described.get("name") or name_from(described["base"])
        changed["cmd"] = _with_file(changed.get("cmd"), one.base, name, cwd)
    return {**changed, "files": files}


def _free_name(described: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the name of a file whose own is another's already: `train_2`."""
    taken = {one.get("name") or name_from(one["base"]) for one in files}
    own = name_from(described["base"])
    if "name" in described or own not in taken:
        return {}
    return {"name": next(f"{own}_{n}" for n in itertools.count(2) if f"{own}_{n}" not in taken)}


def _path(base: str, cwd: str) -> str:
    """Return how a file that is typed here is called where the command runs."""
    here = os.path.abspath(".")  # noqa: PTH100 - keeps links
    if os.path.isabs(base) or base.startswith("~") or cwd == here:  # noqa: PTH117 - as typed
        return base
    return os.path.relpath(os.path.join(here, base), cwd)  # noqa: PTH118 - as typed


def _with_file(cmd: Any, base: str, name: str, cwd: str) -> Any:  # noqa: ANN401 - plain data
    """Return a command in which the written file stands where the base did."""
    # The rest is the task's to refuse.
    words = cmd.split(" ") if isinstance(cmd, str) else cmd
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return cmd
    base = _whole(base, os.path.abspath("."))  # noqa: PTH100 - keeps links
    made = _replaced(words, base, f"{{{{ trial.file.{name} }}}}", cwd)
    bare = os.path.splitext(base)[0]  # noqa: PTH122 - a text
    if made == words and bare != base and not os.path.lexists(bare):
        short = f"{{{{ trial.file.{name} | relative | without_extension }}}}"
        made = _replaced(words, bare, short, cwd, only=_OF_CONFIG)
    for word, other in zip(words, made, strict=True):
        if word != other:
            logger.info("--file: each trial gets its own file, %s in place of %s", other, word)
    return " ".join(made) if isinstance(cmd, str) else made


def _replaced(
    words: Sequence[str], path: str, text: str, cwd: str, *, only: re.Pattern[str] | None = None
) -> list[str]:
    """Return words of a command with a text for each that is a path, or has it behind `=`.

    Args:
        words: of the command.
        path: absolute.
        text: what replaces it.
        cwd: what paths in the command are relative to.
        only: what begins the words that are the option or stand before the value; None for all.
    """
    made = []
    for before, word in itertools.pairwise(["", *words]):
        lead, equals, value = word.rpartition("=")
        asked = only is None or only.match(lead or before)
        is_path = asked and value and "\0" not in value and _whole(value, cwd) == path
        made.append(f"{lead}{equals}{text}" if is_path else word)
    return made


def _whole(path: str, folder: str) -> str:
    return os.path.normpath(os.path.join(folder, os.path.expanduser(path)))  # noqa: PTH111, PTH118 - as typed
