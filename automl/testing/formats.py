"""The contract of config formats, as checks that anyone can run against their own.

With pytest:

    @pytest.mark.parametrize("check", FORMAT_CHECKS)
    def test_my_format(check):
        check(MyFormat(), SAMPLE)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.testing.contract import ContractError, demand


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSample:
    """A file of a format, and how a program reads it.

    Args:
        text: the file, with comments if the format has them, and two values or more.
        read: what a program makes of a file: path to value, with its type.
        values: what a file may hold, each with another type.
        missing: the path of a value that the file does not have, and that can be added.
    """

    text: str
    read: Callable[[str], Mapping[str, Any]]
    values: Sequence[Any] = (7, 0.5, True, "a b", "7")
    missing: str


def check_format_changes_nothing_unasked(patcher: Patcher, sample: FormatSample) -> None:
    """Without a change, a text stays as it is, byte for byte."""
    same = patch(patcher, sample.text, {})
    demand(same == sample.text, f"nothing was to change, but it became {same!r}")


def check_format_changes_one_value_alone(patcher: Patcher, sample: FormatSample) -> None:
    """A changed value has its type, and all others stay what they are."""
    before = dict(sample.read(sample.text))
    for path, old in before.items():
        for value in sample.values:
            after = dict(sample.read(patch(patcher, sample.text, {path: value})))
            expected = {**before, path: patcher.as_read(value, old)}
            demand(
                _typed(after) == _typed(expected),
                f"{path!r} was set to {value!r}, but a program reads {after}, not {expected}",
            )


def check_format_adds_what_is_missing(patcher: Patcher, sample: FormatSample) -> None:
    """A value that a file does not have is added with its type, and nothing else changes."""
    before, lines = dict(sample.read(sample.text)), sample.text.splitlines()
    for value in sample.values:
        text = patch(patcher, sample.text, {sample.missing: value}, create=True)
        after = {path: one for path, one in sample.read(text).items() if path in before}
        demand(
            _typed(after) == _typed(before),
            f"{sample.missing!r} was added, and a program reads {after}, not {before}",
        )
        again = patch(patcher, text, {sample.missing: value})
        demand(
            patcher.data(again) == patcher.data(text),
            f"{sample.missing!r} was added, then set to the same {value!r}: {again!r}",
        )
        changed = [line for line in lines if line not in text.splitlines()]
        demand(len(changed) <= 1, f"{sample.missing!r} was added; these lines are gone: {changed}")


def check_format_keeps_other_lines(patcher: Patcher, sample: FormatSample) -> None:
    """Whichever value changes, lines without it stay byte for byte, comments too."""
    before = sample.text.splitlines(keepends=True)
    value = sample.values[0]
    for path in sample.read(sample.text):
        after = patch(patcher, sample.text, {path: value}).splitlines(keepends=True)
        changed = [line for line in before if line not in after]
        demand(len(changed) <= 1, f"{path!r} was set, and these lines are others now: {changed}")


def check_format_changes_several_as_one_by_one(patcher: Patcher, sample: FormatSample) -> None:
    """Several changes at once are the same as one after the other, in any order."""
    changes = dict(zip(sample.read(sample.text), sample.values, strict=False))
    at_once = patch(patcher, sample.text, changes)
    for order in (list(changes), list(reversed(changes))):
        text = sample.text
        for path in order:
            text = patch(patcher, text, {path: changes[path]})
        demand(text == at_once, f"{changes} at once gave {at_once!r}, one by one {text!r}")


def check_format_can_be_patched_again(patcher: Patcher, sample: FormatSample) -> None:
    """What was patched is a file of the format: it can be set back."""
    for path, value in sample.read(sample.text).items():
        for other in sample.values:
            there = patch(patcher, sample.text, {path: other})
            back = sample.read(patch(patcher, there, {path: value}))
            demand(
                _typed(back) == _typed(sample.read(sample.text)),
                f"{path!r} was set to {other!r} and back to {value!r}, but a program reads {back}",
            )


def check_format_refuses_a_missing_path(patcher: Patcher, sample: FormatSample) -> None:
    """A path that is not there is an error which names the nearest."""
    path = next(iter(sample.read(sample.text)))
    asked = f"{path[:-1]}q" if path[1:] else f"{path}q"
    try:
        patch(patcher, sample.text, {asked: sample.values[0]})
    except SpecError as error:
        demand(path in str(error), f"{asked!r} is not there, but {path!r} is; it said: {error}")
    else:
        raise ContractError(f"{asked!r} is not there, but was set")


def _typed(values: Mapping[str, Any]) -> dict[str, tuple[type, Any]]:
    """Return values with their types, as 1 equals True and 1.0."""
    return {path: (type(value), value) for path, value in values.items()}


FORMAT_CHECKS: Sequence[Callable[[Patcher, FormatSample], None]] = (
    check_format_changes_nothing_unasked,
    check_format_changes_one_value_alone,
    check_format_adds_what_is_missing,
    check_format_keeps_other_lines,
    check_format_changes_several_as_one_by_one,
    check_format_can_be_patched_again,
    check_format_refuses_a_missing_path,
)
