"""The options of a command's program: by its source, else by `--help`, else as it was typed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from automl.discovery.help_text.asking.program import program_in
from automl.discovery.option import Found, Kind, Option
from automl.discovery.shell.script import is_shell, options_in_script
from automl.discovery.source.asked_params import Asked, asked_params
from automl.discovery.source.reading import options_in_source
from automl.discovery.typed import options_typed
from automl.studies.draft.asked_help import Place, ask_for_help


def find_options(words: Sequence[str], place: Place, say: Callable[[str], None]) -> Found:
    """Return what is known of a program's options.

    Args:
        words: the command.
        place: where it runs.
        say: is told what is run to find out, before that.

    Raises:
        OSError: nothing can be written into a temporary folder.
    """
    own = asked_params(words, Path(place.cwd), place.environ) or Asked()
    found = _by_source_or_help(words, place, say, own.options)
    found = replace(found, reports=own.reports)
    start = program_in(words, Path(place.cwd), place.environ).start
    typed = options_typed(words, start)
    if not found.options:
        return replace(typed if typed.options else found, doubts=found.doubts)
    return replace(found, options=(*found.options, *_untold(typed.options, found.options)))


def _by_source_or_help(
    words: Sequence[str], place: Place, say: Callable[[str], None], own: Sequence[Option]
) -> Found:
    """Return what the source tells, or else what the program answers, with the doubts of both.

    A program that asks `automl.params` for names need not have options besides.
    """
    read = options_in_source(words, Path(place.cwd), place.environ)
    if read and read.options:
        return replace(read, options=(*own, *_others(read.options, own)))
    if read and own:
        return replace(read, options=tuple(own), doubts=())
    program = program_in(words, Path(place.cwd), place.environ)
    if program.file and is_shell(program.file):
        script = options_in_script(program.file, words, program.start)
        if script.options:
            return script
    asked = ask_for_help(words, place, say)
    return replace(asked, doubts=(*(read.doubts if read else ()), *asked.doubts))


def _others(options: Sequence[Option], asked: Sequence[Option]) -> list[Option]:
    """Return the options whose values are not those for which the program asks by the same name."""
    names = {one.names[0].replace("-", "_") for one in asked}
    return [one for one in options if one.names[0].strip("-").replace("-", "_") not in names]


def _untold(typed: Sequence[Option], told: Sequence[Option]) -> list[Option]:
    """Return the options in a command of which its program tells nothing, with their numbers."""
    names = [name for one in told for name in (*one.names, one.negative) if name]
    return [
        one
        for one in typed
        if one.kind in {Kind.FLOAT, Kind.INTEGER} and not _is_known(one.names[0], names)
    ]


def _is_known(name: str, names: Sequence[str]) -> bool:
    if not name.startswith("--"):
        return not name.startswith("-") or bool({name, name[:2]} & set(names))
    return any(one.startswith(name) for one in names)


def program_name(words: Sequence[str], place: Place) -> str:
    """Return what the program of a command is called, without its ending; empty if unknown."""
    file = program_in(words, Path(place.cwd), place.environ).file
    return file.stem if file else ""
