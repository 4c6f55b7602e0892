"""Comprehensions over what is known: `[f"--{name}" for name in ("lr", "wd")]`."""

import ast
from collections.abc import Iterator
from contextlib import suppress

from automl.discovery.source.evaluation.calls import Evaluation
from automl.discovery.source.evaluation.definitions import Scope
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.plain.operators import truth
from automl.discovery.source.evaluation.syntax.targets import assign
from automl.discovery.source.evaluation.values import Unknown, Value


def list_of_rounds(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp, evaluation: Evaluation, scope: Scope
) -> Value:
    """Return the items of a comprehension."""
    inner = Scope(scope.module, scope)
    values: list[Value] = []
    for whole in _rounds(node.generators, evaluation, inner):
        if not whole:
            return Unknown(list)
        values.append(evaluation.evaluate(node.elt, inner))
    return values


def dict_of_rounds(node: ast.DictComp, evaluation: Evaluation, scope: Scope) -> Value:
    """Return the dictionary that a comprehension makes."""
    inner = Scope(scope.module, scope)
    made: dict[Value, Value] = {}
    for whole in _rounds(node.generators, evaluation, inner):
        if not whole:
            return Unknown(dict)
        with suppress(TypeError):
            key = evaluation.evaluate(node.key, inner)
            made[key] = evaluation.evaluate(node.value, inner)
    return made


def _rounds(
    generators: list[ast.comprehension], evaluation: Evaluation, scope: Scope
) -> Iterator[bool]:
    """Set the names of a comprehension for each of its rounds; yield False if not all are known."""
    if not generators:
        yield True
        return
    first, *rest = generators
    items = items_of(evaluation.evaluate(first.iter, scope))
    if items is None:
        yield False
        return
    for item in items:
        assign(first.target, item, evaluation, scope)
        tests = [truth(evaluation.evaluate(test, scope)) for test in first.ifs]
        if None in tests:
            yield False
        elif all(tests):
            yield from _rounds(rest, evaluation, scope)
