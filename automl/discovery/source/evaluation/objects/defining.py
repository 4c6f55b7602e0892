"""Classes as they are defined, and what decorators do to them and to functions."""

import ast
import re
from collections.abc import Sequence

from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.definitions import Class, Field, Function, Module, Scope
from automl.discovery.source.evaluation.syntax.statements import Execution
from automl.discovery.source.evaluation.values import (
    NO_VALUE,
    External,
    Place,
    Unknown,
    Value,
)

_COMMENT = re.compile(r"#\s*(?!type:|noqa|pylint:|pragma)(.*\S)\s*$")


def class_of(node: ast.ClassDef, execution: Execution, scope: Scope) -> Class:
    """Return a class with the names of its body and its fields."""
    inner = Scope(scope.module, scope)
    bases = [_base(execution.evaluate(base, scope)) for base in node.bases]
    made = Class(node, inner, bases)
    made.keywords = {
        keyword.arg: execution.evaluate(keyword.value, scope)
        for keyword in node.keywords
        if keyword.arg
    }
    inner.owner = made
    for at, one in enumerate(node.body):
        execution.execute([one], inner)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            name = one.target.id
            value = inner.names.get(name, NO_VALUE) if one.value is not None else NO_VALUE
            place = Place(scope.module.path, one.lineno)
            help_text = _help(node.body[at + 1 : at + 2], one, scope.module)
            made.fields[name] = Field(one.annotation, inner, place, value, help_text)
    return made


def _base(value: Value) -> Value:
    """Return a base class without the types in its brackets."""
    of = getattr(value, "of", None)
    return of if isinstance(of, (Class, External)) else value


def _help(following: Sequence[ast.stmt], node: ast.AnnAssign, module: Module) -> str:
    """Return the text below a field, or the comment beside it or above it."""
    if following and isinstance(following[0], ast.Expr):
        value = following[0].value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return " ".join(value.value.split())
    end = node.end_lineno or node.lineno
    beside = module.lines[end - 1][node.end_col_offset or 0 :] if end <= len(module.lines) else ""
    if match := _COMMENT.search(beside):
        return match[1]
    above = module.lines[node.lineno - 2] if 1 < node.lineno <= len(module.lines) + 1 else ""
    match = _COMMENT.match(above.strip())
    return match[1] if match else ""


def decorated(
    made: Function | Class, decorators: Sequence[ast.expr], execution: Execution, scope: Scope
) -> Value:
    """Return what a name stands for after its decorators, the lowest first.

    What is not known of a decorator is taken to leave the function or class as it is.
    """
    value: Value = made
    for node in reversed(decorators):
        decorator = execution.evaluate(node, scope)
        made.decorators.append(_name(decorator))
        place = Place(scope.module.path, node.lineno)
        result = execution.call(decorator, Call(execution, place, (value,)))
        if not isinstance(result, Unknown) and result is not None:
            value = result
    return value


def _name(decorator: Value) -> str:
    if isinstance(decorator, External):
        return decorator.name.removeprefix("builtins.")
    return decorator.origin if isinstance(decorator, Unknown) else ""
