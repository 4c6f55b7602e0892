"""Calls, and things of libraries that know what their calls do."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from automl.discovery.source.evaluation.definitions import Module, Scope
from automl.discovery.source.evaluation.values import UNKNOWN, Place, Unknown, Value


class Thing:
    """Something with attributes that can be called; each kind overrides what it knows."""

    def attribute(self, name: str) -> Value:
        """Return an attribute."""
        return Unknown(origin=name)

    def called(self, call: "Call") -> Value:
        """Return what a call gives."""
        del call
        return UNKNOWN

    def handed_to(self, name: str, call: "Call") -> None:
        """Take note that something that is not of the program gets this as an argument."""
        del name, call


class Evaluation(Protocol):
    """What things may ask while a source is read."""

    def call(self, function: Value, call: "Call") -> Value:
        """Return what a call of a value gives."""
        ...

    def attribute(self, value: Value, name: str) -> Value:
        """Return an attribute of a value."""
        ...

    def evaluate(self, node: ast.expr, scope: "Scope") -> Value:
        """Return the value of an expression."""
        ...

    def doubt(self, sentence: str) -> None:
        """Tell the user what could not be read."""
        ...

    def keep(self, command_line: object) -> None:
        """Remember something that reads the command line."""
        ...

    def parsed(self) -> None:
        """Take note that the program has read its command line."""
        ...

    def imported(self, name: str, module: Module, level: int = 0) -> Value:
        """Return a module by its dotted name, of the program or of a library."""
        ...


@dataclass
class Call:
    """What a call gives to a function.

    Attributes:
        evaluation: which evaluates it.
        place: the line of the call.
        args: the positional arguments.
        keywords: the named ones.
        whole: whether these are all: False where `*args` or `**kwargs` could not be read.
        derived: the class of the program whose object is made, where that of a library is called
            because it is above it.
    """

    evaluation: Evaluation
    place: Place
    args: Sequence[Value] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    whole: bool = True
    derived: Value = None

    def given(self, name: str, at: int | None = None, default: Value = None) -> Value:
        """Return an argument by its name or its place, or the default."""
        if at is not None and at < len(self.args):
            return self.args[at]
        return self.keywords.get(name, default)

    def of(self, *args: Value, **keywords: Value) -> "Call":
        """Return a call from the same place with other arguments."""
        return Call(self.evaluation, self.place, args, keywords)


@dataclass(frozen=True)
class Native(Thing):
    """A function whose result is known: a built-in one, or the method of a thing."""

    function: Callable[[Call], Value]

    def called(self, call: Call) -> Value:
        """Return what the function gives."""
        return self.function(call)
