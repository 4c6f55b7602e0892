"""A config file in a command as what is tuned, where the program's options are none to tune."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from automl.discovery.config.config_files import ConfigFile, config_files
from automl.launch.tasks.unused import placeholder
from automl.studies.draft.judging.judge import Judged, Verdict, judge
from automl.study.tasks.config_file import name_from

_MARK = ".automl"
_YAML = (".yaml", ".yml")
_EXACT = "%.16e"
"""Shows each digit of a float, with the point that YAML 1.1 needs to take it for a number."""


@dataclass(frozen=True, slots=True)
class ConfigDraft:
    """A config file of which each trial gets a copy of its own.

    Attributes:
        judged: what becomes of each of its values.
        command: the command, with the copy in the file's place.
        described: the file, as a task has it.
        template: path and text of a file that is to be written, with placeholders in it; empty for
            JSON, whose values are set by their paths.
    """

    judged: tuple[Judged, ...]
    command: tuple[str, ...]
    described: Mapping[str, Any]
    template: tuple[str, str]


def config_draft(words: Sequence[str], start: int, cwd: str) -> ConfigDraft | None:
    """Return how the first config file of a command is tuned; None if none has what to tune.

    Args:
        words: the command.
        start: which word is the first of the program's own.
        cwd: where it runs.
    """
    for file in config_files(words, start, cwd):
        judged = tuple(judge(one) for one in file.options)
        if any(one.verdict is Verdict.TUNED for one in judged):
            return _drafted(words, file, judged)
    return None


def _drafted(words: Sequence[str], file: ConfigFile, judged: tuple[Judged, ...]) -> ConfigDraft:
    path = PurePath(file.name)
    name = name_from(file.name)
    command = list(words)
    command[file.word] = f"{file.lead}{{{{ trial.file.{name} }}}}"
    tuned = [one for one in judged if one.verdict is Verdict.TUNED]
    names = [one.name for one in tuned]
    if file.is_json:
        changes = {one.option.names[0]: placeholder(one.name, names) for one in tuned}
        described: dict[str, Any] = {"name": name, "base": file.name, "set": changes}
        return ConfigDraft(judged, tuple(command), described, ("", ""))
    base = str(path.with_name(f"{path.stem}{_MARK}{path.suffix}"))
    text = _with_placeholders(file, {one.option.names[0]: one for one in tuned}, names)
    return ConfigDraft(judged, tuple(command), {"name": name, "base": base}, (base, text))


def _with_placeholders(file: ConfigFile, tuned: Mapping[str, Judged], names: Sequence[str]) -> str:
    text = file.text
    # From the end, so that the places before stay where they are.
    for setting in sorted(file.settings, key=lambda one: -one.start):
        judged = tuned.get(setting.path)
        if judged is not None and setting.end:
            value = _shown(judged, names, yaml=file.name.lower().endswith(_YAML))
            text = f"{text[: setting.start]}{value}{text[setting.end :]}"
    return text


def _shown(judged: Judged, names: Sequence[str], *, yaml: bool) -> str:
    """Return what stands for a value in the text of a file, so that it keeps its type there."""
    inner = placeholder(judged.name, names).removeprefix("{{ ").removesuffix(" }}")
    if isinstance(judged.start, bool):
        return f"{{{{ {inner} | lower }}}}"
    if yaml and isinstance(judged.start, float):
        return f"{{{{ '{_EXACT}' | format({inner}) }}}}"
    return f"{{{{ {inner} }}}}"
