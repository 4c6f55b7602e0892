"""Files in which a program writes its metric: each trial must have its own."""

import os
from collections.abc import Sequence
from dataclasses import replace

from automl.discovery.option import Option
from automl.studies.draft.draft import Metric


def with_own_files(
    command: Sequence[str], metrics: Sequence[Metric], options: Sequence[Option], cwd: str
) -> tuple[list[str], list[Metric]]:
    """Return a command that writes the files of its metrics into the folder of its trial.

    Where nothing in the command or its options names such a file, the metric is told to be there,
    and is looked for in what the command prints.

    Args:
        command: its words, with placeholders.
        metrics: the metrics; the path of a file is absolute.
        options: those of the program.
        cwd: the command's working directory.
    """
    words, made = list(command), []
    for one in metrics:
        if not one.path:
            made.append(one)
            continue
        location = str(one.reader["location"])
        moved = _moved(words, options, one.path, location, cwd)
        made.append(one if moved else _without_file(one, cwd))
        words = moved or words
    return words, made


def _moved(
    words: list[str], options: Sequence[Option], path: str, location: str, cwd: str
) -> list[str]:
    """Return words with another path for a file; none if nothing names the file."""
    for at, word in enumerate(words):
        lead, equals, value = word.rpartition("=")
        if _is_same(value, path, cwd):
            return [*words[:at], f"{lead}{equals}{location}", *words[at + 1 :]]
    for option in options:
        free = option.given is None and not option.positional
        if free and isinstance(option.default, str) and _is_same(option.default, path, cwd):
            return [*words, option.names[0], location]
    return []


def _is_same(word: str, path: str, cwd: str) -> bool:
    if not word or "\0" in word:
        return False
    return os.path.normpath(os.path.join(cwd, word)) == path  # noqa: PTH118 - a word


def _without_file(metric: Metric, cwd: str) -> Metric:
    file = os.path.relpath(metric.path, cwd)
    told = (
        f"{metric.name} stands in {file}, which all trials would write; let the program print it, "
        "or give it an option for the file"
    )
    return replace(metric, reader={}, path="", told=(*metric.told, told))
