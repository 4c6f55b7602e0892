"""The names for which a Python program asks `automl.params`, found by reading its source."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from automl.discovery.option import MISSING, Kind, Missing, Option, Plain
from automl.discovery.source.evaluation.definitions import Module
from automl.discovery.source.evaluation.sources import Sources
from automl.discovery.source.libraries.kinds import plain_of, taken_by_value, with_taken
from automl.discovery.source.program.program import NoProgram, program_of

_PACKAGE = "automl"
_PARAMS, _REPORT = "params", "report"
_REPORTS = (_REPORT, "ReportCallback")
_NAME_AT = 2
"""Which argument of `automl.report` is the name of the number."""
_MOST_MODULES = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks `automl` for.

    Attributes:
        options: the names that `automl.params` is given, with their defaults.
        every: whether it may use any other name as well.
        reports: whether it tells numbers by `automl.report`, or by a callback that does.
        told: the names of numbers that it is sure to report, an empty one for none.
    """

    options: tuple[Option, ...] = ()
    every: bool = False
    reports: bool = False
    told: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The names without their defaults."""
        return frozenset(one.names[0] for one in self.options)


def asked_params(
    words: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Asked | None:
    """Return what the Python program in a command asks for, None if its source cannot be read.

    The modules that it imports from its own folders are read, too.

    Args:
        words: the command.
        folder: where it is started.
        environment: with which it is started; only `PATH` and `PYTHONPATH` count.
    """
    program = program_of(words, folder, environment)
    if isinstance(program, NoProgram):
        return None
    sources = Sources(program.folders)
    first = sources.read(program.file, program.module or "__main__")
    if first.tree is None:
        return None
    options: dict[str, Option] = {}
    every = reports = False
    told: set[str] = set()
    for module in _modules(first, sources):
        names = _Names(module)
        reports = reports or names.reports
        told |= {name for call in names.calls(_REPORT) if (name := _told_by(call)) is not None}
        for call in names.calls(_PARAMS):
            found, more = _of_call(call, module)
            every = every or more
            for option in found:
                options.setdefault(option.names[0], option)
    return Asked(tuple(options.values()), every, reports, frozenset(told))


def _modules(first: Module, sources: Sources) -> Iterator[Module]:
    """Yield a module, and those of its program that it imports."""
    left, seen = [first], {_PACKAGE}
    count = 0
    while left and count < _MOST_MODULES:
        module = left.pop()
        count += 1
        yield module
        for name in _imports(module):
            if name not in seen and name.partition(".")[0] != _PACKAGE:
                seen.add(name)
                found = sources.find(name)
                if found is not None:
                    left.append(found)


def _imports(module: Module) -> Iterator[str]:
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    for node in ast.walk(module.tree or ast.Module([], [])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - (node.level - 1)] if node.level else []
            base = ".".join([*above, node.module] if node.module else above)
            if base:
                yield base
            yield from (f"{base}.{alias.name}".lstrip(".") for alias in node.names)


class _Names:
    """What a module calls `automl` and its functions."""

    def __init__(self, module: Module) -> None:
        self._tree = module.tree or ast.Module([], [])
        self._packages: set[str] = set()
        self._functions: dict[str, str] = {}
        self.reports = False
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Import):
                own = [one for one in node.names if one.name.partition(".")[0] == _PACKAGE]
                self._packages |= {one.asname or _PACKAGE for one in own}
            elif isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{_PACKAGE}."):
                for one in node.names:
                    self.reports = self.reports or one.name in _REPORTS
                    if one.name in {_PARAMS, _REPORT}:
                        self._functions[one.asname or one.name] = one.name
        self.reports = self.reports or any(
            self._is_own(node, name)
            for node in ast.walk(self._tree)
            for name in _REPORTS
            if isinstance(node, ast.Attribute)
        )

    def calls(self, name: str) -> Iterator[ast.Call]:
        """Yield the calls of a function of `automl`."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call) and (
                self._is_own(node.func, name) or self._functions.get(_name_of(node.func)) == name
            ):
                yield node

    def _is_own(self, node: ast.expr, name: str) -> bool:
        return (
            isinstance(node, ast.Attribute)
            and node.attr == name
            and isinstance(node.value, ast.Name)
            and node.value.id in self._packages
        )


def _told_by(call: ast.Call) -> str | None:
    """Return the name with which a call reports, empty without one; None if a run alone tells."""
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    named = next((one.value for one in call.keywords if one.arg in {None, "name"}), None)
    given = call.args[_NAME_AT] if len(call.args) > _NAME_AT else named
    if given is None:
        return ""
    value = given.value if isinstance(given, ast.Constant) else 0
    return "" if value is None else value if isinstance(value, str) else None


def _of_call(call: ast.Call, module: Module) -> tuple[list[Option], bool]:
    """Return the names in a call, and whether there may be others."""
    named = [(one.arg, one.value) for one in call.keywords if one.arg is not None]
    whole = len(named) == len(call.keywords)
    for given in call.args:
        pairs = (
            list(zip(given.keys, given.values, strict=True)) if isinstance(given, ast.Dict) else []
        )
        known = [
            (key.value, value)
            for key, value in pairs
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        ]
        whole = whole and isinstance(given, ast.Dict) and len(known) == len(pairs)
        named = [*known, *named]
    return [_option(name, value, module) for name, value in named], not (whole and named)


def _option(name: str, value: ast.expr, module: Module) -> Option:
    default = _plain(value, module)
    option = Option(
        (name,), Kind.UNKNOWN, default, place=f"{module.path.name}:{value.lineno}", asked=True
    )
    return option if isinstance(default, Missing) else with_taken(option, taken_by_value(default))


def _plain(value: ast.expr, module: Module) -> "Plain | Missing":
    """Return a default that is written out, or is a name of the module for one that is."""
    written = value
    if isinstance(value, ast.Name):
        for node in module.tree.body if module.tree else ():
            if isinstance(node, ast.Assign) and value.id in map(_name_of, node.targets):
                written = node.value
    try:
        found: Plain | Missing = plain_of(ast.literal_eval(written))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return MISSING
    return found


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
