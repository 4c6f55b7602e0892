"""Values that programs may take for something else where they are a word by themselves."""

import math
from collections.abc import Iterable, Iterator, Sequence

from automl.errors import SpecError
from automl.launch.tasks.commands import Commands
from automl.render.context import PARAM_PREFIX, value_text
from automl.render.lone import Lone
from automl.render.names.odd_names import spelling
from automl.render.number_words import looks_like_an_option
from automl.render.template import Template
from automl.space.kinds.flag import Flag, flags_in, is_several
from automl.space.parameter import Parameter, named
from automl.space.space import SearchSpace
from automl.space.values import ParamValue
from automl.spelling.spelling import spelled_part

_LOOKED_AT = 1000
"""So many values of a parameter are looked at, where it has more."""


def doubtful_words(space: SearchSpace, commands: Iterable[Commands]) -> list[str]:
    """Return what to warn of: values of a word by itself that its program may not understand.

    Raises:
        SpecError: the word of a flag is there a second time.
    """
    warnings = [
        warning
        for command in commands
        for template, lone in command.lone
        for warning in _warnings(space, template, lone)
    ]
    return list(dict.fromkeys(warnings))


def _warnings(space: SearchSpace, template: Template, lone: Lone) -> Iterator[str]:
    for parameter in space:
        if lone.name not in parameter.names:
            continue
        if flags := flags_in([parameter]):
            _check_flag(flags[0], template, lone)
            continue
        values = [named(parameter, value)[lone.name] for value in _values_of(parameter)]
        words = [value_text(value) for value in values if not _has_nul(value)]
        placeholder = f"{{{{ {spelling(PARAM_PREFIX + lone.name, space.names)} }}}}"
        negative = next(filter(looks_like_an_option, words), None)
        if negative is not None:
            yield _negative(template, lone, placeholder, negative)
        if "" in words:
            yield _empty(template, lone, placeholder, words)
        several = next(filter(is_several, words), None)
        if several is not None:
            yield (
                f"{template.where}: {lone.name!r} may be {several!r}, which reaches the program "
                "as one word; make each word a parameter of its own: a Flag, or Linked for words "
                "that go together"
            )


def _check_flag(flag: Flag, template: Template, lone: Lone) -> None:
    if lone.before in {flag.on, flag.off}:
        raise SpecError(
            f"{template.where}: {lone.name!r} is the word {lone.before!r} itself, or none; take "
            "out the word before it, which would always be there"
        )


def _empty(template: Template, lone: Lone, placeholder: str, words: Sequence[str]) -> str:
    full = [word for word in dict.fromkeys(words) if word]
    on = full[0] if full else f"--{lone.name}"
    flag = spelled_part("hyperparams", type="Flag", name=lone.name, on=on)
    advice = f"a word that is there or not is {flag}"
    if len(full) > 1:
        only = f"{{% if trial.param[{lone.name!r}] %}}{placeholder}{{% endif %}}"
        advice = f"to leave it out, write the word as {only}, or make each a Flag, as in {flag}"
    return (
        f"{template.where}: {lone.name!r} may be '', an empty word, which the program gets like "
        f"any other; {advice}"
    )


def _negative(template: Template, lone: Lone, placeholder: str, word: str) -> str:
    head = (
        f"{template.where}: {lone.name!r} may be a negative number with an exponent, such as "
        f"{word}, which argparse and others take for an option; "
    )
    if lone.before.startswith("-"):
        return f"{head}write it as one word, {lone.before}={placeholder}"
    return f"{head}give it by an option, as in --{lone.name}={placeholder}"


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


def _has_nul(value: ParamValue) -> bool:
    return isinstance(value, str) and "\0" in value
