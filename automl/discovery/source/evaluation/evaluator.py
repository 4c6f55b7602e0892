"""Goes through a program's source as a run would, and keeps what reads its command line."""

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from automl.discovery.source.evaluation.budget import Budget, Exhausted
from automl.discovery.source.evaluation.calls import Call, Native, Thing
from automl.discovery.source.evaluation.definitions import (
    Bound,
    Class,
    Function,
    Instance,
    Module,
    Partial,
    Scope,
)
from automl.discovery.source.evaluation.objects.attributes import attribute_of
from automl.discovery.source.evaluation.objects.classes import object_of
from automl.discovery.source.evaluation.objects.defining import class_of, decorated
from automl.discovery.source.evaluation.objects.functions import result_of
from automl.discovery.source.evaluation.sources import Sources
from automl.discovery.source.evaluation.syntax.expressions import function_of, value_of
from automl.discovery.source.evaluation.syntax.statements import Flow, flow_of
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    UNKNOWN,
    External,
    Generic,
    Unknown,
    Value,
)

_DEEPEST = 30
_DEEPEST_OF_ONE = 3

Libraries = Mapping[str, Callable[[Call], Value]]
"""What is known of functions and classes of libraries, by dotted name."""


class Evaluator:
    """Goes through modules; each call of a function of the program is gone through too.

    Args:
        sources: the files of the program.
        libraries: what is known of others.
        budget: how much is done.
    """

    def __init__(self, sources: Sources, libraries: Libraries, budget: Budget) -> None:
        self.kept: list[object] = []
        self.called: set[Function] = set()
        self.cut_short = False
        """Whether a call was not read to its end."""
        self.modules: dict[str, Module | None] = {}
        self._sources = sources
        self.libraries = libraries
        self._budget = budget
        self._active: list[Function] = []

    def doubt(self, sentence: str) -> None:
        """Tell the user what could not be read."""
        if sentence not in self._sources.doubts:
            self._sources.doubts.append(sentence)

    def keep(self, command_line: object) -> None:
        """Remember something that reads the command line."""
        if not any(one is command_line for one in self.kept):
            self.kept.append(command_line)

    def parsed(self) -> None:
        """Go on for a short while only: the program has read its command line."""
        self._budget.nearly_done()

    def spend(self, steps: int) -> None:
        """Count steps.

        Raises:
            Exhausted: no more are to be done.
        """
        self._budget.spend(steps)

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """Return the value of an expression."""
        self._budget.spend()
        return value_of(node, self, scope)

    def attribute(self, value: Value, name: str) -> Value:
        """Return an attribute of a value."""
        if isinstance(value, Module) and name not in value.scope.names:
            below = self.imported(f"{value.name}.{name}", value)
            return below if isinstance(below, Module) else UNKNOWN
        return attribute_of(value, name, self)

    def execute(self, body: Sequence[ast.stmt], scope: Scope) -> Flow:
        """Do statements in their order, up to one that leaves them."""
        for node in body:
            self._budget.spend()
            flow = flow_of(node, self, scope)
            if flow is not Flow.ON:
                return flow
        return Flow.ON

    def define(self, node: ast.stmt, scope: Scope) -> None:
        """Make a function or class known, with what stands above it applied."""
        if isinstance(node, ast.ClassDef):
            made: Class | Function = class_of(node, self, scope)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            made = function_of(node, self, scope)
        else:
            return
        scope.set(node.name, decorated(made, node.decorator_list, self, scope))

    def imported(self, name: str, module: Module, level: int = 0) -> Value:
        """Return a module by its dotted name: of the program if it is there, else of a library."""
        full = _absolute(name, module, level)
        found: Value = External(full)
        parts = full.split(".")
        for end in range(1, len(parts) + 1):
            part = self._loaded(".".join(parts[:end]))
            if part is None:
                return External(full)
            found = part
        return found

    def _loaded(self, name: str) -> Module | None:
        if name not in self.modules:
            self.modules[name] = self._sources.find(name)
            module = self.modules[name]
            if module is not None:
                self._read_import(module)
        return self.modules[name]

    def _read_import(self, module: Module) -> None:
        try:
            with self._budget.share(module=True):
                self.go_through(module)
        except Exhausted:
            if self._budget.over:
                raise

    def go_through(self, module: Module, name: str | None = None) -> None:
        """Do the statements of a module, as an import does."""
        known = {"__name__": name or module.name, "__file__": str(module.path)}
        module.scope.names |= known
        if module.tree is None:
            return
        module.scope.names["__doc__"] = ast.get_docstring(module.tree)
        for node in module.tree.body:
            try:
                if self.bounded(partial(self.execute, [node], module.scope)) is not Flow.ON:
                    return
            except RecursionError:
                self.doubt(f"{module.path.name}:{node.lineno} is nested too deep to be read")

    def bounded(self, do: Callable[[], Flow]) -> Flow:
        """Do something with a part of what may still be done; go on behind it if that is spent."""
        try:
            with self._budget.share():
                return do()
        except Exhausted:
            if self._budget.over:
                raise
            self.cut_short = True
            return Flow.ON

    def call(self, function: Value, call: Call) -> Value:
        """Return what a call of a value gives."""
        self._budget.spend()
        if isinstance(function, Function):
            return self._result(function, call, NO_VALUE)
        if isinstance(function, Bound):
            with_owner = Call(self, call.place, (function.owner, *call.args), call.keywords)
            with_owner.whole = call.whole
            return self._result(function.function, with_owner, function.owner)
        if isinstance(function, Partial):
            args = (*function.args, *call.args)
            keywords = {**function.keywords, **call.keywords}
            return self.call(function.function, Call(self, call.place, args, keywords, call.whole))
        if isinstance(function, Class):
            return object_of(function, call, self.libraries.get)
        return self._of_others(function, call)

    def _of_others(self, function: Value, call: Call) -> Value:
        """Return what a call of something that is not of the program gives."""
        if isinstance(function, Generic):
            return self.call(function.of, call)
        if isinstance(function, External):
            known = self.libraries.get(function.name)
            return known(call) if known else self._unknown(function.name, call)
        if isinstance(function, Instance):
            method = self.attribute(function, "__call__")
            return UNKNOWN if isinstance(method, Unknown) else self.call(method, call)
        if isinstance(function, (Thing, Native)):
            return function.called(call)
        return self._unknown(function.origin if isinstance(function, Unknown) else "", call)

    def _unknown(self, name: str, call: Call) -> Value:
        """Return what is known of a call of something unknown, and tell those that it is given."""
        for given in (*call.args, *call.keywords.values()):
            one = given.base if isinstance(given, Instance) else given
            if isinstance(one, Thing):
                one.handed_to(name, call)
        return Unknown(origin=name)

    def _result(self, function: Function, call: Call, this: Value) -> Value:
        self.called.add(function)
        if len(self._active) >= _DEEPEST or self._active.count(function) >= _DEEPEST_OF_ONE:
            return UNKNOWN
        self._active.append(function)
        try:
            with self._budget.share():
                return result_of(function, call, self.execute, this)
        except Exhausted:
            if self._budget.over:
                raise
            self.cut_short = True
            return UNKNOWN
        except RecursionError:
            return UNKNOWN
        finally:
            self._active.pop()


def _absolute(name: str, module: Module, level: int) -> str:
    """Return the full name of what a module imports, its dots counted from its own package."""
    if not level:
        return name
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    kept = package[: len(package) - (level - 1)]
    return ".".join([*kept, name] if name else kept)
