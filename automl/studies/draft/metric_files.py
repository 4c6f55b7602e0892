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
    moved: dict[str, str] = {}
    for one in metrics:
        if not one.path:
            made.append(one)
            continue
        named = next((path for path in moved if _is_within(one.path, path)), "")
        if not named:
            words, named = _moved(words, options, one.path, cwd)
        if not named:
            made.append(_without_file(one, cwd))
            continue
        moved[named] = _own(named)
        location = moved[named] + one.path[len(named) :]
        made.append(replace(one, reader={**one.reader, "location": location}))
    return words, made


def _own(path: str) -> str:
    """Return where a trial has a file or folder of its own that all would share."""
    return f"{{{{ trial.dir }}}}/{os.path.basename(path)}"  # noqa: PTH119 - a path as text


def _moved(
    words: list[str], options: Sequence[Option], path: str, cwd: str
) -> tuple[list[str], str]:
    """Return words with another path for a file, or for the folder in which it lies.

    Beside them is the absolute path that they named before; empty if nothing names one.
    """
    for at, word in enumerate(words):
        lead, equals, value = word.rpartition("=")
        if named := _named(value, path, cwd):
            return [*words[:at], f"{lead}{equals}{_own(named)}", *words[at + 1 :]], named
    for option in options:
        free = option.given is None and not option.positional
        default = option.default if free and isinstance(option.default, str) else ""
        if named := _named(default, path, cwd):
            name = option.names[0]
            joined = option.joined
            added = [f"{name}={_own(named)}"] if joined else [name, _own(named)]
            return [*words, *added], named
    return words, ""


def _named(word: str, path: str, cwd: str) -> str:
    """Return the absolute path that a word names, if that is a file's, or its folder's.

    The command's working directory, and what is above it, has more than one trial's files.
    """
    if not word or "\0" in word:
        return ""
    named = os.path.normpath(os.path.join(cwd, word))  # noqa: PTH118 - a word
    return named if _is_within(path, named) and not _is_within(cwd, named) else ""


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _without_file(metric: Metric, cwd: str) -> Metric:
    file = os.path.relpath(metric.path, cwd)
    told = (
        f"{metric.name} stands in {file}, which all trials would write; let the program print it, "
        "or give it an option for the file"
    )
    return replace(metric, reader={}, path="", told=(*metric.told, told))
