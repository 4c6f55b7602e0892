"""The parameters of a study file, and the options that are left alone."""

import re
from collections.abc import Iterator

from automl.discovery.option import MISSING, Option
from automl.discovery.typed import PLACE
from automl.render.config import yaml_line
from automl.studies.draft.draft import Draft
from automl.studies.draft.judging.judge import Judged, Verdict
from automl.studies.draft.text.comments import WIDTH, comment, plain

_WIDEST = 28
_DEFAULT = re.compile(r"[\[(]?\bdefaults?\b", re.IGNORECASE)
"""Where a description begins to tell the default, which is told anyway."""


def parameter_lines(draft: Draft) -> Iterator[str]:
    """Give the lines of `hyperparams`, `start_with` and of what is not searched."""
    tuned = draft.tuned
    if not tuned:
        yield from comment(
            "Nothing was found to search. Describe at least one parameter, with its place in cmd:"
        )
        yield "hyperparams: []"
        yield "#  - {type: Real, name: lr, min_value: 0.001, max_value: 0.1, log: true}"
    else:
        yield "hyperparams:"
        for one in tuned:
            yield from comment(_about(one), indent=2)
            described = {"type": one.described["type"], "name": one.name}
            yield f"  - {yaml_line({**described, **one.described})}"
        yield ""
        yield from _start_lines(draft)
    left = [one for one in draft.judged if one.verdict is not Verdict.TUNED]
    if left:
        yield ""
        yield from comment(
            "Left alone; to search one of these, give it a range above and its place in cmd below:"
        )
        width = min(_WIDEST, max(len(one.option.names[0]) for one in left))
        for one in left:
            yield from comment(_why_left(one), lead=f"  {plain(one.option.names[0]):{width}}  ")


def _start_lines(draft: Draft) -> Iterator[str]:
    guessed = [one.name for one in draft.tuned if not one.known]
    told = "The first trial runs with the defaults, so that the others are compared with them."
    if guessed:
        told += f" None is known of {', '.join(guessed)}: a value from the middle."
    yield from comment(told)
    yield "start_with:"
    values = {one.name: one.start for one in draft.tuned}
    line = f"  - {yaml_line(values)}"
    if len(line) <= WIDTH:
        yield line
        return
    for place, (name, value) in enumerate(values.items()):
        yield f"  {' ' if place else '-'} {yaml_line(name)}: {yaml_line(value)}"


def _about(one: Judged) -> str:
    """Return what is told of a parameter: what it is, its default, and why this range."""
    option = one.option
    help_text = plain(_DEFAULT.split(option.help)[0].strip(" .;,:([-"))
    described = f": {help_text}" if help_text else ""
    return f"{option.names[0]}{described} ({_whence(option)}); {one.why}"


def _whence(option: Option) -> str:
    """Return where an option was found, and its value without a search."""
    parts = []
    if option.asked:
        parts.append("automl.params")
    if option.given:
        parts.append(f"{plain(option.given[-1], 30)} as typed")
    if option.default is not MISSING:
        parts.append(f"default {plain(str(option.default), 30)}")
    return ", ".join(parts if option.place == PLACE else [*parts, option.place])


def _why_left(one: Judged) -> str:
    option = one.option
    value = option.given[-1] if option.given else option.default
    known = f" ({plain(str(value), 40)})" if value is not MISSING and value is not None else ""
    needed = ", needed: add it to cmd" if option.required and option.given is None else ""
    return f"{one.why}{known if one.verdict is Verdict.LENGTH else ''}{needed}"
