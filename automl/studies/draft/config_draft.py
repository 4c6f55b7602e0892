"""A config file in a command as what is tuned, where the program's options are none to tune."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from automl.discovery.config.config_files import ConfigFile, config_files
from automl.launch.tasks.unused import placeholder
from automl.render.patch.formats import endings
from automl.studies.draft.config_paths import ConfigValues
from automl.studies.draft.judging.judge import Judged, Verdict, judge
from automl.study.tasks.config_file import name_from


@dataclass(frozen=True, slots=True)
class ConfigDraft:
    """A config file of which each trial gets a copy of its own.

    Attributes:
        judged: what becomes of each of its values.
        command: the command, with the copy in the file's place.
        described: the file, as a task has it.
    """

    judged: tuple[Judged, ...]
    command: tuple[str, ...]
    described: Mapping[str, Any]


def config_draft(words: Sequence[str], start: int, cwd: str) -> ConfigDraft | None:
    """Return how the first config file of a command is tuned; None if none has what to tune.

    Args:
        words: the command.
        start: which word is the first of the program's own.
        cwd: where it runs.
    """
    for file in config_files(words, start, cwd, endings()):
        judged = tuple(_judged(ConfigValues(file)))
        if any(one.verdict is Verdict.TUNED for one in judged):
            return _drafted(words, file, judged)
    return None


def _judged(values: ConfigValues) -> Iterator[Judged]:
    """Yield what becomes of each value; what were tuned and cannot be changed is left out."""
    for option in values.options:
        judged = judge(option)
        if judged.verdict is not Verdict.TUNED:
            yield judged
        elif (settable := values.settable(option)) is not None:
            yield replace(judged, option=settable)


def _drafted(words: Sequence[str], file: ConfigFile, judged: tuple[Judged, ...]) -> ConfigDraft:
    name = name_from(file.name)
    command = list(words)
    form = " | relative | without_extension" if file.bare else ""
    command[file.word] = f"{file.lead}{{{{ trial.file.{name}{form} }}}}"
    tuned = [one for one in judged if one.verdict is Verdict.TUNED]
    names = [one.name for one in tuned]
    changes = {one.option.names[0]: placeholder(one.name, names) for one in tuned}
    return ConfigDraft(judged, tuple(command), {"name": name, "base": file.name, "set": changes})
