"""The options of a Python program, found by reading its source."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from automl.discovery.given import with_given
from automl.discovery.option import Found, How, Option
from automl.discovery.source.evaluation.budget import Budget, Exhausted
from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.definitions import Function, Module
from automl.discovery.source.evaluation.evaluator import Evaluator
from automl.discovery.source.evaluation.sources import Sources
from automl.discovery.source.evaluation.values import Place
from automl.discovery.source.libraries.command import (
    CommandLine,
    asked_for,
    subcommands_left,
)
from automl.discovery.source.libraries.table import MARKS, libraries
from automl.discovery.source.program.program import NoProgram, Program, program_of
from automl.discovery.source.unread import doubts_about, overridden_names

_STARTED = "__main__"


class _Doubtful(Protocol):
    """A command line that knows what it does not know."""

    def doubts(self, names: set[str]) -> list[str]: ...


def options_in_source(
    words: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Found | None:
    """Return the options of the Python program in a command, None if it starts none.

    Nothing is run or imported: the source, and the modules that it imports from its own folders,
    are read. What cannot be told from it is a doubt, in a sentence for the user.

    Args:
        words: the command.
        folder: where it is started.
        environment: with which it is started; only `PATH` and `PYTHONPATH` count.
    """
    program = program_of(words, folder, environment)
    if isinstance(program, NoProgram):
        return Found((), (program.why,), How.SOURCE, len(words)) if program.why else None
    return _found(program, words[program.start :])


def _found(program: Program, own: Sequence[str]) -> Found:
    sources = Sources(program.folders)
    evaluator = Evaluator(sources, libraries(), Budget())
    module = sources.read(program.file, program.module or _STARTED)
    whole = _gone_through(program, module, evaluator)
    lines = _that_count(cast("Sequence[CommandLine]", evaluator.kept))
    options = _of_lines(lines, own, sources.doubts)
    if not options:
        options = overridden_names(module)
    if not options:
        sources.doubts += doubts_about(module, whole=whole)
    elif not whole and not any(line.read for line in lines):
        sources.doubts.append(
            f"{program.file.name} was too long to be read to its end: options may be missing"
        )
    library = lines[0].library if lines else ""
    given = with_given(options, own)
    return Found(given, tuple(sources.doubts), How.SOURCE, program.start, library)


def _gone_through(program: Program, module: Module, evaluator: Evaluator) -> bool:
    """Go through a program, and through functions that make a parser but were not called."""
    place = Place(program.file, 1)
    try:
        evaluator.modules[program.module or _STARTED] = module
        evaluator.go_through(module, _name(program))
        if program.entry:
            entry = module.scope.get(program.entry.partition(".")[0])
            evaluator.call(entry, Call(evaluator, place))
        if not evaluator.kept:
            for function in _that_make_parsers(evaluator):
                evaluator.call(function, Call(evaluator, function.place, whole=False))
    except Exhausted:
        return False
    return not evaluator.cut_short


def _name(program: Program) -> str:
    return program.module if program.entry else _STARTED


def _that_make_parsers(evaluator: Evaluator) -> list[Function]:
    """Return functions that name a parser but that no call was seen to reach."""
    modules = [one for one in evaluator.modules.values() if one is not None]
    return [
        value
        for module in modules
        for value in list(module.scope.names.values())
        if isinstance(value, Function)
        and value not in evaluator.called
        and value.scope.module is module
        and any(mark in _text(value, module) for mark in MARKS)
    ]


def _text(function: Function, module: Module) -> str:
    node = function.node
    return "\n".join(module.lines[node.lineno - 1 : node.end_lineno])


def _that_count(lines: Sequence[CommandLine]) -> list[CommandLine]:
    """Return what reads the command line: what was seen to, else what is part of nothing else."""
    read = [line for line in lines if line.read]
    if read:
        return read
    return [line for line in lines if not getattr(line, "part_of_another", False)]


def _of_lines(lines: Sequence[CommandLine], own: Sequence[str], doubts: list[str]) -> list[Option]:
    """Return the options of all that reads the command line, each name once."""
    found: dict[str, Option] = {}
    for line in lines:
        command = line.command()
        left = subcommands_left(command, own)
        if left:
            doubts.append(
                f"the program has subcommands: {', '.join(left)}; name the one to tune in the "
                "command"
            )
        for option in asked_for(command, own):
            found.setdefault(f"{option.subcommand} {option.names[0]}", option)
        if hasattr(line, "doubts"):
            names = {option.names[0] for option in found.values()}
            doubts += [one for one in cast("_Doubtful", line).doubts(names) if one not in doubts]
    return list(found.values())
