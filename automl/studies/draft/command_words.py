"""The words of a command with placeholders where the values of parameters go."""

from collections.abc import Sequence
from dataclasses import replace

from automl.discovery.given import with_given
from automl.discovery.option import Kind, Option
from automl.launch.tasks.unused import placeholder
from automl.studies.draft.judging.judge import Judged

_SENTINEL = "\0value"


def command_of(
    words: Sequence[str],
    start: int,
    options: Sequence[Option],
    tuned: Sequence[Judged],
    options_at: int | None = None,
) -> list[str]:
    """Return a command that gives its program the values of parameters.

    A value that was typed is replaced where it stands; other options are added behind all words, or
    before the subcommand if they belong there, or as far ahead as the program reads them.

    Args:
        words: as they were typed.
        start: which of them is the first of the program's own.
        options: all options of the program.
        tuned: those that are parameters.
        options_at: how many of the program's own words stand before its options, if that matters.
    """
    names = [one.name for one in tuned]
    before, own = list(words[:start]), list(words[start:])
    replaced: dict[int, str] = {}
    for one in tuned:
        value = placeholder(one.name, names)
        if one.option.given is not None and (place := _place(own, options, one.option)):
            at, lead = place
            replaced[at] = lead + value
    made = [replaced.get(at, word) for at, word in enumerate(own)]
    added = [one for one in tuned if one.option.given is None and not one.option.asked]
    end = made.index("--") if "--" in made else len(made)
    sub = next((at for at, word in enumerate(own) if _is_subcommand(word, options)), end)
    if options_at is not None:
        end = min(options_at, end)
        sub = min(sub, end)
    first = [word for one in added if not one.option.subcommand for word in _added(one, names)]
    then = [word for one in added if one.option.subcommand for word in _added(one, names)]
    return [*before, *made[:sub], *first, *made[sub:end], *then, *made[end:]]


def _added(one: Judged, names: Sequence[str]) -> list[str]:
    """Return the words by which a program gets an option that was not typed."""
    option, value = one.option, placeholder(one.name, names)
    name = option.names[0]
    if option.kind is Kind.FLAG:
        return [value]
    if option.joined or (name.startswith("--") and _may_begin_with_dash(one)):
        # As two words, -0.1 would be taken for an option.
        return [f"{name}={value}"]
    return [name, value]


def _may_begin_with_dash(one: Judged) -> bool:
    values = one.described.get("candidates", [one.described.get("min_value", 0)])
    return any(str(value).startswith("-") for value in values)


def _is_subcommand(word: str, options: Sequence[Option]) -> bool:
    return any(one.subcommand.split()[:1] == [word] for one in options)


def _place(own: list[str], options: Sequence[Option], option: Option) -> tuple[int, str] | None:
    """Return which word gives an option its value, and what stands before the value in it.

    That is asked of what reads the words: it takes another value at the very place that matters.
    """
    which = list(options).index(option)
    if option.kind is Kind.FLAG:
        return next(
            (
                (at, "")
                for at in range(len(own))
                if _given(options, [*own[:at], *own[at + 1 :]], which) is None
            ),
            None,
        )
    value = option.given[-1] if option.given else ""
    for at in reversed(range(len(own))):
        if value and own[at].endswith(value):
            lead = own[at][: len(own[at]) - len(value)]
            changed = [*own[:at], lead + _SENTINEL, *own[at + 1 :]]
            if _given(options, changed, which) == (_SENTINEL,):
                return at, lead
    return None


def _given(options: Sequence[Option], own: Sequence[str], which: int) -> tuple[str, ...] | None:
    fresh = [replace(one, given=None) for one in options]
    return with_given(fresh, own)[which].given
