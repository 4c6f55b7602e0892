"""What a program defines: modules, functions, classes and their objects."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from automl.discovery.source.evaluation.values import NO_VALUE, Place, Value


class Scope:
    """Names of a module, a class or a call, and what they stand for."""

    def __init__(self, module: "Module", outer: "Scope | None" = None) -> None:
        self.module = module
        self.outer = outer
        self.names: dict[str, Value] = {}
        self.elsewhere: dict[str, Scope] = {}
        """The scopes of names that are declared global or nonlocal."""
        self.returned: list[Value] = []
        self.yielded: list[Value] | None = None
        self.owner: Class | None = None
        """The class whose body this is, or in whose method it is."""
        self.this: Value = NO_VALUE
        """The object whose method it is."""

    def get(self, name: str) -> Value:
        """Return what a name stands for in this scope or those around it, or `NO_VALUE`."""
        scope: Scope | None = self.elsewhere.get(name, self)
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return NO_VALUE

    def set(self, name: str, value: Value) -> None:
        """Let a name stand for a value."""
        self.elsewhere.get(name, self).names[name] = value


@dataclass(eq=False)
class Module:
    """A file of the program, or a folder that only holds such files.

    Attributes:
        name: dotted.
        path: its file, or its folder.
        tree: its source; None where there is none, or none that can be read.
        lines: the lines of its source.
    """

    name: str
    path: Path
    tree: ast.Module | None = None
    lines: Sequence[str] = ()
    is_package: bool = False

    def __post_init__(self) -> None:
        self.scope = Scope(self)
        self.done = False


@dataclass(eq=False)
class Function:
    """A function or lambda of the program.

    Attributes:
        node: its source.
        scope: the one in which it was defined.
        defaults: of its positional parameters, the last ones.
        keyword_defaults: of those that go by name alone.
        decorators: dotted names of what stands above it.
        marks: what decorators left on it.
        owner: the class in whose body it is defined.
        wraps: the function of which it takes name and parameters, by `functools.wraps`.
    """

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    defaults: Sequence[Value] = ()
    keyword_defaults: Mapping[str, Value] = field(default_factory=dict)
    decorators: list[str] = field(default_factory=list)
    marks: list[object] = field(default_factory=list)
    owner: "Class | None" = None
    wraps: "Function | None" = None

    @property
    def name(self) -> str:
        """Its name; empty for a lambda."""
        return "" if isinstance(self.node, ast.Lambda) else self.node.name

    @property
    def place(self) -> Place:
        """Where it is defined."""
        return Place(self.scope.module.path, self.node.lineno)

    @property
    def doc(self) -> str:
        """Its docstring, empty if it has none."""
        return "" if isinstance(self.node, ast.Lambda) else ast.get_docstring(self.node) or ""


@dataclass(eq=False)
class Field:
    """A name in the body of a class that has an annotation.

    Attributes:
        annotation: as it stands in the source.
        scope: in which the annotation is read.
        place: its line.
        value: what the class gives it, `NO_VALUE` if nothing.
        help: the comment beside it, or the text below it.
    """

    annotation: ast.expr
    scope: Scope
    place: Place
    value: Value
    help: str = ""


@dataclass(eq=False)
class Class:
    """A class of the program."""

    node: ast.ClassDef
    scope: Scope
    bases: Sequence[Value] = ()
    decorators: list[str] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)
    keywords: Mapping[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name

    @property
    def place(self) -> Place:
        """Where it is defined."""
        return Place(self.scope.module.path, self.node.lineno)


@dataclass(eq=False)
class Instance:
    """An object of a class of the program.

    Attributes:
        of: its class; None for a bag of attributes.
        attributes: its own.
        base: what a class of a library, from which its class derives, makes of it.
    """

    of: Class | None
    attributes: dict[str, Value] = field(default_factory=dict)
    base: Value = None


@dataclass(frozen=True, eq=False)
class Bound:
    """A function of the program with the object, or class, whose method it is."""

    function: Function
    owner: Value


@dataclass(frozen=True, eq=False)
class Partial:
    """A function with some arguments given beforehand."""

    function: Value
    args: Sequence[Value]
    keywords: Mapping[str, Value]


@dataclass(frozen=True, eq=False)
class Super:
    """What `super()` gives in a method: the object as one of the classes above."""

    owner: Class
    this: Value
