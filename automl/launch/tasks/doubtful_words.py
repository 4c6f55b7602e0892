"""Values that programs may take for something else where they are a word by themselves."""

import math
from collections.abc import Iterable, Iterator

from automl.launch.tasks.commands import Commands
from automl.render.context import PARAM_PREFIX, value_text
from automl.render.lone import Lone
from automl.render.number_words import looks_like_an_option
from automl.render.template import Template, spelling
from automl.space.parameter import Parameter, named
from automl.space.space import SearchSpace
from automl.space.values import ParamValue

_LOOKED_AT = 1000
"""So many values of a parameter are looked at, where it has more."""


def doubtful_words(space: SearchSpace, commands: Iterable[Commands]) -> list[str]:
    """Return what to warn of: values of a word by itself that its program may not understand."""
    warnings = [
        warning
        for command in commands
        for template, lone in command.lone
        for warning in _warnings(space, template, lone)
    ]
    return list(dict.fromkeys(warnings))


def _warnings(space: SearchSpace, template: Template, lone: Lone) -> Iterator[str]:
    words = [value_text(value) for value in _values(space, lone.name) if not _has_nul(value)]
    negative = next(filter(looks_like_an_option, words), None)
    if negative is not None:
        yield _negative(template, lone, negative)


def _negative(template: Template, lone: Lone, word: str) -> str:
    head = (
        f"{template.where}: {lone.name!r} may be a negative number with an exponent, such as "
        f"{word}, which argparse and others take for an option; "
    )
    if lone.before.startswith("-"):
        return f"{head}write it as one word, {lone.before}={_placeholder(lone.name)}"
    return f"{head}give it by an option, as in --{lone.name}={_placeholder(lone.name)}"


def _values(space: SearchSpace, name: str) -> Iterator[ParamValue]:
    """Return values that a parameter can have, among them those that are written oddly."""
    for parameter in space:
        if name in parameter.names:
            for value in _values_of(parameter):
                yield named(parameter, value)[name]


def _values_of(parameter: Parameter) -> Iterator[ParamValue]:
    span = parameter.span
    if span is not None and span.low >= 0:
        return
    if parameter.count is not None:
        yield from map(parameter.value_at, range(min(parameter.count, _LOOKED_AT)))
    elif span is not None:
        yield from map(parameter.quantile, _SHARES)
        # The nearest to 0 are rarely drawn, but then have the longest exponents.
        near = max(span.low, -_SMALL) * _DIGITS
        yield from [near] if near <= span.high else []


_SHARES = [share * math.sqrt(0.5) for share in (0.0, 0.1, 0.5, 0.9, 1.1, 1.3)]
_SMALL = 1e-4
_DIGITS = 0.12345678901234567
"""A number times this has as many digits as one that is drawn: too many without an exponent."""


def _placeholder(name: str) -> str:
    return f"{{{{ {spelling(PARAM_PREFIX + name)} }}}}"


def _has_nul(value: ParamValue) -> bool:
    return isinstance(value, str) and "\0" in value
