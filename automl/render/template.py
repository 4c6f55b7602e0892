"""Templates: compiled and checked once, filled in for every trial."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from automl.errors import RenderError, SpecError
from automl.render import syntax
from automl.render.context import (
    FLAGS,
    PARAM_PREFIX,
    TemplateContext,
    known_names,
    template_variables,
    value_text,
)
from automl.render.lone import (
    FILTER,
    Lone,
    LoneFlag,
    lone_in_line,
    lone_in_word,
    quoted,
    with_filters,
)
from automl.render.names.odd_names import may_have_odd_names, with_names
from automl.render.shell import Quoting, ShellScanner, Spot
from automl.render.simple import Fill, simple_fill
from automl.render.values.paths import relative, without_extension

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["RAW_HINT", "Template", "TemplateContext", "expression"]

RAW_HINT = "to keep '{{', '{%' or '<<x>>' as text, put it between {% raw %} and {% endraw %}"


class Template:
    """A text with placeholders, `{{ trial.param.x }}` or `<<trial.param.x>>`, in any mixture.

    Inside the braces, jinja's expressions and filters work, and so do the statements `if`, `for`
    and `set`; there are no comments, because `{#` is shell. Lists and dicts are written as JSON,
    everything else as `str` does. Expressions run in a sandbox. Rendering is safe from several
    threads.

    In a shell line each value is quoted as its place needs, so that it stays the text it is: as a
    word of its own, inside single quotes or inside double quotes. At places that are hard to follow
    (see `ShellScanner`) only plain values are accepted. One level of shell is covered: in
    `sh -c "echo {{ x }}"` the inner shell reads the value as code.

    Args:
        text: the template.
        where: what it is part of, for messages (`task 1: word 3 of cmd`).
        shell_line: whether `text` is a line for `sh`, into which values are quoted.
        hidden: whether no message shows the text, as it may hold a secret.

    Attributes:
        shown: the text as messages show it.
        pieces: its parts.

    Raises:
        SpecError: the text is not a template, whatever parameters there are, or has a NUL.
    """

    __slots__ = (
        "_fill",
        "_placeholders",
        "_problem",
        "_shell_line",
        "pieces",
        "shown",
        "text",
        "where",
    )

    def __init__(
        self, text: str, *, where: str, shell_line: bool = False, hidden: bool = False
    ) -> None:
        self.text = text
        self.shown = "its value" if hidden else _excerpt(text)
        self.where = where
        if "\0" in text:
            raise SpecError(f"{where}: {self.shown} has a NUL character; take it out")
        self._shell_line = shell_line
        self._problem: SpecError | None = None
        self.pieces = syntax.split(text)
        self._fill: Fill
        try:
            self._compile()
        except SpecError as error:
            if not may_have_odd_names(self.pieces):
                raise
            self._problem, self._fill = error, self._unread
            self._placeholders = {PARAM_PREFIX.removesuffix(".")}

    def _compile(self) -> None:
        """Make of the pieces what fills them in, and note which names they use."""
        if syntax.is_simple(self.pieces):
            # Most templates end here, and a study made of them never loads jinja.
            self._placeholders = {piece.name for piece in self.pieces if piece.name}
            self._fill = simple_fill(self.pieces, shell_line=self._shell_line)
            return
        try:
            found = _jinja_fill(self.pieces, shell_line=self._shell_line)
        except SpecError as error:
            told = f"{self.where}: {self.shown}: {error}; {RAW_HINT}"
            raise SpecError(told) from error.__cause__
        self._fill, self._placeholders = found

    def _unread(self, _context: TemplateContext) -> str:
        raise self._problem or SpecError(f"{self.where}: {self.shown} was not read")

    def know(self, parameters: Sequence[str]) -> None:
        """Take in which parameters there are: `trial.param.batch-size` may be one of them.

        Until then, such a name is read as what the template engine makes of it. To be called
        before anything is filled in.

        Raises:
            SpecError: a name has two meanings, or the text is not a template with these names.
        """
        try:
            pieces = with_names(self.pieces, parameters)
        except SpecError as error:
            raise SpecError(f"{self.where}: {self.shown}: {error}") from error
        if pieces != self.pieces:
            self.pieces, self._problem = pieces, None
            self._compile()
        if self._problem:
            raise self._problem

    def __repr__(self) -> str:
        return f"Template({self.shown}, where={self.where!r})"

    @property
    def bare_names(self) -> frozenset[str]:
        """The words `x` of every `<<x>>`, which are left as they are: here-documents, mostly."""
        return frozenset(syntax.bare_names(self.pieces))

    @property
    def lone(self) -> Sequence[Lone]:
        """The parameters that are a word by themselves, of a command that this is a word of."""
        if self._shell_line:
            return lone_in_line(self.pieces)
        return lone_in_word(self.pieces)

    def placeholders(self) -> set[str]:
        """Return the dotted names that are used: `trial.id`, `trial.param.lr`.

        A name ends where the value begins: `trial.param.path.upper()` counts as
        `trial.param.path`. Names that nothing fills in are returned in full.
        """
        return set(self._placeholders)

    def render(self, context: TemplateContext) -> str:
        """Return the text for one trial.

        Raises:
            RenderError: an expression failed, a value has a NUL or cannot be quoted at its place.
        """
        try:
            return self._fill(context)
        except Exception as error:  # an expression of the user's may raise anything
            raise RenderError(
                f"trial {context.trial_id}: {self.where}: cannot fill in {self.shown}: "
                f"{type(error).__name__}: {error}"
            ) from error


def _excerpt(text: str) -> str:
    most = 200
    return repr(text if len(text) <= most else f"{text[:most]}...")


def _jinja_fill(pieces: Sequence[syntax.Piece], *, shell_line: bool) -> tuple[Fill, set[str]]:
    """Return how to render a template with expressions, and the names that it uses.

    Raises:
        SpecError: the text is no template; the message lacks where and what it is.
    """
    from jinja2 import TemplateSyntaxError, meta  # noqa: PLC0415 - loading it takes 0.1 s

    environment = _environment()
    try:
        source = syntax.jinja_source(with_filters(pieces) if shell_line else pieces)
        tree = environment.parse(source)
        _check_statements(tree)
        free = meta.find_undeclared_variables(tree) - environment.globals.keys()
        names = set(_names(tree, free))
        if shell_line:
            _ShellQuoter(ShellScanner()).rewrite(tree)
            tree.set_environment(environment)
        compiled = environment.from_string(tree)
    except TemplateSyntaxError as error:
        raise SpecError(f"line {error.lineno}: {(error.message or '').rstrip('.')}") from error
    return lambda context: syntax.restore(compiled.render(template_variables(context))), names


@functools.lru_cache(maxsize=1000)
def expression(text: str) -> Callable[[TemplateContext], object]:
    """Return what gives the value, with its type, of an expression in `{{ }}`."""
    # Signs that touch the braces only trim what stands around them.
    inside = text.removeprefix("{{").removesuffix("}}").removeprefix("-").removesuffix("-")
    compiled = _environment().compile_expression(inside.strip(), undefined_to_none=False)
    return lambda context: compiled(**template_variables(context))


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined, pass_context  # noqa: PLC0415 - loading it takes 0.1 s
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(
        comment_start_string=syntax.NO_COMMENT[0],
        comment_end_string=syntax.NO_COMMENT[1],
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=value_text,
    )
    environment.globals = {"range": environment.globals["range"]}
    for quoting in Quoting:
        environment.filters[_filter_name(quoting)] = functools.partial(quoted, quoting)
    environment.filters["string"] = value_text
    environment.filters[FILTER] = pass_context(_lone_flag)
    environment.filters["relative"] = pass_context(relative)
    environment.filters["without_extension"] = without_extension
    return environment


def _filter_name(quoting: Quoting) -> str:
    return f"quoted as {quoting}"


def _lone_flag(variables: Context, value: object, name: str) -> object:
    flags = variables[FLAGS]
    return LoneFlag(lambda: value, flags[name]) if name in flags else value


def _check_statements(tree: nodes.Template) -> None:
    from jinja2 import nodes  # noqa: PLC0415 - loading it takes 0.1 s

    allowed = (nodes.Output, nodes.If, nodes.For, nodes.Assign)
    for statement in tree.find_all(nodes.Stmt):
        if not isinstance(statement, allowed):
            raise SpecError(
                f"line {statement.lineno}: the statement {type(statement).__name__.lower()!r} is "
                "not for templates of commands; allowed: if, for, set, raw"
            )


def _names(node: nodes.Node, free: set[str]) -> Iterator[str]:
    """Give the dotted names below `node` whose first word is in `free`."""
    chain = _chain(node)
    if chain is None:
        for child in node.iter_child_nodes():
            yield from _names(child, free)
    elif chain[0] in free:
        # What follows a name that is filled in belongs to its value.
        named = chain[:2] in {("trial", "param"), ("trial", "file")}
        lengths = (3,) if named else (1, 2)
        known = known_names([])
        found = next((size for size in lengths if named or ".".join(chain[:size]) in known), None)
        yield ".".join(chain[:found])


def _chain(node: nodes.Node) -> tuple[str, ...] | None:
    from jinja2 import nodes  # noqa: PLC0415 - loading it takes 0.1 s

    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        name = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        name = str(node.arg.value)
    else:
        return None
    before = _chain(node.node)
    return None if before is None else (*before, name)


class _ShellQuoter:
    """Puts the quoting that its place needs around each value of a parsed shell line."""

    def __init__(self, scanner: ShellScanner) -> None:
        self._scanner = scanner
        self._filters: list[tuple[nodes.Filter, Spot]] = []

    def rewrite(self, tree: nodes.Template) -> None:
        self._walk(tree.body)
        for node, spot in self._filters:
            node.name = _filter_name(spot.quoting)

    def _walk(self, statements: Sequence[nodes.Node]) -> None:
        from jinja2 import nodes  # noqa: PLC0415 - loading it takes 0.1 s

        for statement in statements:
            if isinstance(statement, nodes.Output):
                statement.nodes = [self._part(part) for part in statement.nodes]
            elif isinstance(statement, nodes.If):
                branches = [statement.body, *(other.body for other in statement.elif_)]
                self._branches([*branches, statement.else_], statement.lineno)
            elif isinstance(statement, nodes.For):
                self._branches([statement.body, statement.else_], statement.lineno)

    def _branches(self, branches: Sequence[Sequence[nodes.Node]], line: int) -> None:
        before = self._scanner.state
        for branch in branches:
            self._walk(branch)
            if self._scanner.state != before:
                raise SpecError(
                    f"line {line}: a quote, '${{' or here-document that begins within a {{% %}} "
                    "block must end within it, and the other way round"
                )

    def _part(self, part: nodes.Expr) -> nodes.Expr:
        from jinja2 import nodes  # noqa: PLC0415 - loading it takes 0.1 s

        if isinstance(part, nodes.TemplateData):
            self._scanner.feed(syntax.restore(part.data))
            return part
        node = nodes.Filter(part, "", [], [], None, None, lineno=part.lineno)
        self._filters.append((node, self._scanner.value()))
        return node
