"""Names of parameters that are no Python words, found in formulas and templates as written."""

import difflib
import itertools
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from automl.errors import SpecError

PREFIX = "trial.param."
"""What stands before a parameter's name in templates; formulas may have it as well."""

_LONGEST_HINT = 0.75
_JOINED = re.compile(r"(?:[-+.*/%<>=|&,^!~(\[]|(?:and|or|not|in|is|if|else)\b)")
_JOINED_IN_FORMULA = re.compile(r"(?:[-+*/%<>=!]|(?:and|or|not|in|if|else)\b)")
_CODE = frozenset("{}<>|()[]'\"")
_BRACKETED = re.compile(r"\btrial\.param\[(?:'([^'\\\n]*)'|\"([^\"\\\n]*)\")\]")
_FORMULA_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "True", "False", "None"})


@dataclass(frozen=True, slots=True)
class Written:
    """A name in a text.

    Attributes:
        start: its first character, that of the prefix if it has one.
        end: what follows its last one.
        name: the parameter.
        shorter: a parameter whose name is the beginning of it, where the rest may be an
            expression with that one; else empty.
    """

    start: int
    end: int
    name: str
    shorter: str = ""


def is_word(name: str) -> bool:
    """Tell whether a formula can have a name as it is, without looking for it."""
    return name.isidentifier() and not keyword.iskeyword(name)


def names_in_template(text: str, names: Sequence[str]) -> Iterator[Written]:
    """Give the odd names that stand behind `trial.param.` in code between braces."""
    odd = _longest_first(name for name in names if not name.isidentifier())
    return _found(text, odd, names, _JOINED, prefixes=(PREFIX,)) if odd else iter(())


def names_in_formula(text: str, names: Sequence[str]) -> Iterator[Written]:
    """Give the names in a formula that Python would not read as names, and those with a prefix."""
    odd = _longest_first(name for name in names if not is_word(name))
    if not odd and PREFIX[:-1] not in text:
        return
    prefixed = _longest_first(names)
    found = [
        *(Written(*one.span(), one[1] or one[2]) for one in _BRACKETED.finditer(text)),
        *_found(text, prefixed, names, _JOINED_IN_FORMULA, prefixes=(PREFIX,)),
        *_found(text, odd, names, _JOINED_IN_FORMULA, prefixes=("",)),
    ]
    end = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            end = one.end
            yield one


def refuse_ambiguous(found: Written, text: str) -> None:
    """Raise SpecError where a name may also be a shorter one and what is computed with it."""
    if found.shorter:
        written = text[found.start : found.end].removeprefix(PREFIX)
        rest = written[len(found.shorter) :]
        raise SpecError(
            f"{written!r} may be the parameter {found.name!r}, or the parameter "
            f"{found.shorter!r} and {rest.strip()!r}; write trial.param[{found.name!r}] for the "
            f"first, trial.param[{found.shorter!r}]{rest} for the second"
        )


def near_name(text: str, names: Iterable[str], prefix: str = "") -> tuple[str, str] | None:
    """Return what in a text comes nearest to an odd name, and that name; None if nothing does.

    Args:
        text: a formula or template.
        names: all parameters.
        prefix: what stands before each.
    """
    best: tuple[float, str, str] = (_LONGEST_HINT, "", "")
    odd = [name for name in names if not is_word(name)]
    for start in _starts(text, prefix):
        if any(text.startswith(name, start) and _ends(text, start + len(name)) for name in odd):
            continue
        for name in odd:
            for part in _parts(text, start, len(name)):
                ratio = difflib.SequenceMatcher(None, part.lower(), name.lower()).ratio()
                best = max(best, (ratio, part, name))
    return best[1:] if best[1] else None


def _parts(text: str, start: int, length: int) -> Iterator[str]:
    """Give what may be a name of about this length, misspelt, from a place of a text on."""
    for end in range(start + length - 2, start + length + 3):
        part = text[start:end].strip()
        whole = part and _is_part(part[-1]) and _ends(text, start + len(part))
        if whole and not _CODE & set(part):
            yield part


def may_be_odd(formula: str) -> bool:
    """Tell whether a formula that cannot be read may be one with names that are no words."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "''", formula)
    words = [word for word in re.findall(r"[\w.\-]+|\S", bare) if word]
    pairs = itertools.pairwise(words)
    return (
        PREFIX in bare
        or any(re.search(r"\w-\w|[^\W\d]\w*\.\w|\.[^\W\d]|^\d[\d_]*[^\W\d_]", one) for one in words)
        or any(_is_name(left) and _is_name(right) for left, right in pairs)
        or re.search(r"\w[%$@?!#&~^:;\\]", bare) is not None
        or re.search(r"\w['\"]\w", formula) is not None
        or any(keyword.iskeyword(one) and one not in _FORMULA_WORDS for one in words)
    )


def _is_name(word: str) -> bool:
    return word[0].isalnum() and word not in _FORMULA_WORDS


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=len, reverse=True)


def _found(
    text: str,
    wanted: Sequence[str],
    names: Sequence[str],
    joined: re.Pattern[str],
    *,
    prefixes: Sequence[str],
) -> Iterator[Written]:
    """Give each name that is wanted where it stands, outside of texts in quotes."""
    place = 0
    while place < len(text):
        one = next(
            (
                Written(place, end, name, _shorter(name, names, joined))
                for prefix in prefixes
                for name in wanted
                if (end := _end_of(text, place, prefix + name))
            ),
            None,
        )
        place = one.end if one else _behind_text(text, place)
        if one:
            yield one


def _end_of(text: str, start: int, written: str) -> int:
    """Return where a name ends that begins at `start` and is no part of a longer word, else 0."""
    end = start + len(written)
    begins = start == 0 or not (_is_part(text[start - 1]) or text[start - 1] == ".")
    return end if begins and text.startswith(written, start) and _ends(text, end) else 0


def _ends(text: str, end: int) -> bool:
    return not (end < len(text) and _is_part(text[end]) and _is_part(text[end - 1]))


def _is_part(char: str) -> bool:
    return char.isalnum() or char == "_"


def _behind_text(text: str, place: int) -> int:
    """Return the next place to look at: behind a text in quotes, if one begins here."""
    if text[place] in "'\"":
        quoted = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL).match(text, place)
        if quoted:
            return quoted.end()
    return place + 1


def _shorter(name: str, names: Sequence[str], joined: re.Pattern[str]) -> str:
    """Return the longest other name that a name begins with, if an operator follows it."""
    for other in _longest_first(names):
        begins = other != name and name.startswith(other) and _ends(name, len(other))
        if begins and joined.match(name[len(other) :].lstrip()):
            return other
    return ""


def _starts(text: str, prefix: str) -> Iterator[int]:
    if prefix:
        yield from (found.end() for found in re.finditer(re.escape(prefix), text))
    else:
        yield from (found.start() for found in re.finditer(r"\w+", text))
