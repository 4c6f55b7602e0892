"""What the statements of a program do, as far as reading tells it."""

import ast
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import Any, Protocol

from automl.discovery.source.evaluation.calls import Call, Evaluation
from automl.discovery.source.evaluation.definitions import Module, Scope
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.plain.operators import binary, truth
from automl.discovery.source.evaluation.syntax.expressions import joined
from automl.discovery.source.evaluation.syntax.targets import assign
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    UNKNOWN,
    External,
    Unknown,
    Value,
)

_MOST_ROUNDS = 500
_ENDS = {"sys.exit", "builtins.exit", "builtins.quit", "os._exit", "os.abort"}


class Flow(Enum):
    """How a block ended."""

    ON = auto()
    RETURN = auto()
    STOP = auto()
    BREAK = auto()
    CONTINUE = auto()


class Execution(Evaluation, Protocol):
    """What statements need besides what expressions need."""

    libraries: Mapping[str, Callable[[Call], Value]]
    """What is known of libraries, by dotted name."""

    def execute(self, body: Sequence[ast.stmt], scope: Scope) -> Flow:
        """Do statements in their order."""
        ...

    def define(self, node: ast.stmt, scope: Scope) -> None:
        """Make a function or class known."""
        ...

    def bounded(self, do: Callable[[], Flow]) -> Flow:
        """Do something with a part of what may still be done."""
        ...

    def spend(self, steps: int) -> None:
        """Count steps."""
        ...


def flow_of(node: ast.stmt, execution: Execution, scope: Scope) -> Flow:
    """Do one statement, and return how it ended."""
    do = _DO.get(type(node))
    return do(node, execution, scope) if do else Flow.ON


def _expression(node: ast.Expr, execution: Execution, scope: Scope) -> Flow:
    value = execution.evaluate(node.value, scope)
    ends = isinstance(value, Unknown) and value.origin in _ENDS
    return Flow.STOP if ends else Flow.ON


def _assign(node: ast.Assign, execution: Execution, scope: Scope) -> Flow:
    value = execution.evaluate(node.value, scope)
    for target in node.targets:
        assign(target, value, execution, scope)
    return Flow.ON


def _annotated(node: ast.AnnAssign, execution: Execution, scope: Scope) -> Flow:
    if node.value is not None:
        assign(node.target, execution.evaluate(node.value, scope), execution, scope)
    return Flow.ON


def _augmented(node: ast.AugAssign, execution: Execution, scope: Scope) -> Flow:
    old = execution.evaluate(node.target, scope)
    value = execution.evaluate(node.value, scope)
    if isinstance(old, list) and isinstance(node.op, ast.Add) and isinstance(value, (list, tuple)):
        # As Python does: the list itself grows, under all of its names.
        old.extend(value[:_MOST_ROUNDS])
        return Flow.ON
    assign(node.target, binary(old, type(node.op), value), execution, scope)
    return Flow.ON


def _return(node: ast.Return, execution: Execution, scope: Scope) -> Flow:
    scope.returned.append(execution.evaluate(node.value, scope) if node.value else None)
    return Flow.RETURN


def _stop(node: ast.Raise, execution: Execution, scope: Scope) -> Flow:
    del node, execution, scope
    return Flow.STOP


def _if(node: ast.If, execution: Execution, scope: Scope) -> Flow:
    test = truth(execution.evaluate(node.test, scope))
    if test is not None:
        return execution.execute(node.body if test else node.orelse, scope)
    return branches([node.body, node.orelse], execution, scope)


def branches(bodies: Sequence[Sequence[ast.stmt]], execution: Execution, scope: Scope) -> Flow:
    """Do several blocks of which a run does one, and keep what they have in common."""
    execution.spend(1 + len(scope.names) // 100 * len(bodies))
    before = dict(scope.names)
    ends: list[tuple[Flow, dict[str, Value]]] = []
    for body in bodies:
        scope.names.clear()
        scope.names.update(before)
        ends.append((execution.execute(body, scope), dict(scope.names)))
    going_on = [names for flow, names in ends if flow is Flow.ON]
    scope.names.clear()
    scope.names.update(_common(going_on) if going_on else ends[0][1])
    return Flow.ON if going_on else ends[0][0]


def _common(ends: Sequence[dict[str, Value]]) -> dict[str, Value]:
    first, *others = ends
    for other in others:
        for name, value in other.items():
            own = first.get(name, NO_VALUE)
            # What only one branch defines is there if anybody asks for it.
            first[name] = value if own is NO_VALUE else own if own is value else joined(own, value)
    return first


def _for(node: ast.For | ast.AsyncFor, execution: Execution, scope: Scope) -> Flow:
    items = items_of(execution.evaluate(node.iter, scope))
    for item in [UNKNOWN] if items is None else items:
        assign(node.target, item, execution, scope)
        flow = execution.execute(node.body, scope)
        if flow is Flow.BREAK:
            return Flow.ON
        if flow in {Flow.RETURN, Flow.STOP}:
            # Of a loop whose rounds are not known, none may have been done.
            return Flow.ON if items is None else flow
    return execution.execute(node.orelse, scope)


def _while(node: ast.While, execution: Execution, scope: Scope) -> Flow:
    for _ in range(_MOST_ROUNDS):
        test = truth(execution.evaluate(node.test, scope))
        if test is False:
            return execution.execute(node.orelse, scope)
        flow = execution.execute(node.body, scope)
        if flow in {Flow.RETURN, Flow.STOP}:
            return flow if test else Flow.ON
        if flow is Flow.BREAK or not test or isinstance(node.test, ast.Constant):
            # `while True` ends by what only a run tells.
            break
    return Flow.ON


def _loop(node: ast.For | ast.AsyncFor | ast.While, execution: Execution, scope: Scope) -> Flow:
    """Do a loop; one that takes too long is left."""
    if isinstance(node, ast.While):
        return execution.bounded(lambda: _while(node, execution, scope))
    return execution.bounded(lambda: _for(node, execution, scope))


def _with(node: ast.With | ast.AsyncWith, execution: Execution, scope: Scope) -> Flow:
    for item in node.items:
        value = execution.evaluate(item.context_expr, scope)
        if item.optional_vars is not None:
            assign(item.optional_vars, value, execution, scope)
    return execution.execute(node.body, scope)


def _try(node: ast.Try, execution: Execution, scope: Scope) -> Flow:
    """Do what is tried and what follows: what handles an error is for other machines."""
    flow = execution.execute([*node.body, *node.orelse], scope)
    last = execution.execute(node.finalbody, scope)
    return flow if last is Flow.ON else last


def _match(node: ast.Match, execution: Execution, scope: Scope) -> Flow:
    execution.evaluate(node.subject, scope)
    return branches([*(case.body for case in node.cases), []], execution, scope)


def _define(node: ast.stmt, execution: Execution, scope: Scope) -> Flow:
    execution.define(node, scope)
    return Flow.ON


def _import(node: ast.Import, execution: Execution, scope: Scope) -> Flow:
    for alias in node.names:
        module = execution.imported(alias.name, scope.module)
        if alias.asname is None and "." in alias.name:
            # `import a.b` makes `a` known.
            module = execution.imported(alias.name.partition(".")[0], scope.module)
        scope.set(alias.asname or alias.name.partition(".")[0], module)
    return Flow.ON


def _import_from(node: ast.ImportFrom, execution: Execution, scope: Scope) -> Flow:
    module = execution.imported(node.module or "", scope.module, node.level)
    for alias in node.names:
        if alias.name == "*":
            _import_all(module, execution, scope)
            continue
        scope.set(alias.asname or alias.name, _part(module, alias.name, execution))
    return Flow.ON


def _part(module: Value, name: str, execution: Execution) -> Value:
    """Return a name of a module, or the module below it that is called so."""
    if isinstance(module, Module) and name not in module.scope.names:
        below = execution.imported(f"{module.name}.{name}", module)
        return below if isinstance(below, Module) else Unknown(origin=f"{module.name}.{name}")
    return execution.attribute(module, name)


def _import_all(module: Value, execution: Execution, scope: Scope) -> None:
    if isinstance(module, External):
        begin = f"{module.name}."
        known = (name for name in execution.libraries if name.startswith(begin))
        for name in known:
            scope.set(name.removeprefix(begin), External(name))
        return
    if not isinstance(module, Module):
        return
    listed = module.scope.names.get("__all__")
    for name, value in list(module.scope.names.items()):
        if name in listed if isinstance(listed, (list, tuple)) else not name.startswith("_"):
            scope.set(name, value)


def _global(node: ast.Global, execution: Execution, scope: Scope) -> Flow:
    del execution
    scope.elsewhere |= dict.fromkeys(node.names, scope.module.scope)
    return Flow.ON


def _nonlocal(node: ast.Nonlocal, execution: Execution, scope: Scope) -> Flow:
    del execution
    for name in node.names:
        outer = scope.outer
        while outer is not None and name not in outer.names:
            outer = outer.outer
        if outer is not None:
            scope.elsewhere[name] = outer
    return Flow.ON


def _delete(node: ast.Delete, execution: Execution, scope: Scope) -> Flow:
    del execution
    for target in node.targets:
        if isinstance(target, ast.Name):
            scope.names.pop(target.id, None)
    return Flow.ON


def _break(node: ast.Break, execution: Execution, scope: Scope) -> Flow:
    del node, execution, scope
    return Flow.BREAK


def _continue(node: ast.Continue, execution: Execution, scope: Scope) -> Flow:
    del node, execution, scope
    return Flow.CONTINUE


_DO: Mapping[type[ast.stmt], Callable[[Any, Execution, Scope], Flow]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _stop,
    ast.If: _if,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.While: _loop,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.FunctionDef: _define,
    ast.AsyncFunctionDef: _define,
    ast.ClassDef: _define,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Delete: _delete,
    ast.Break: _break,
    ast.Continue: _continue,
}
