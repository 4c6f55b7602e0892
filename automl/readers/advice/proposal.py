"""A pattern for what a program did print, tried on the line that it was made for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from automl.readers.advice.likeness import fits, is_within, letters_of, shared
from automl.readers.numbers.foreign import find_foreign
from automl.readers.numbers.number import NUMBER
from automl.readers.numbers.word import SPREAD, word_of
from automl.readers.pattern import Pattern
from automl.spelling.spelling import spelled

_NAMED = re.compile(
    r"(?:(?<![\w.])(?P<whose>[^\W\d]\w{0,30}'s ))?(?<![\w.])(?P<name>[^\W\d][\w./@-]*)"
    r"(?P<link>[\"')\]*]*\s*(?:[:=|~]+>?|->|is|of)?\s*[\"'(\[|*]*)"
    rf"(?P<number>{NUMBER})",
    re.ASCII,
)
_BARE = re.compile(rf"\s*(?P<number>{NUMBER})\s*", re.ASCII)
_BARES = (r"^(\S+)$", r"^\s*(\S+)\s*$")
_TAKES = (r"(\S+)", r"([^,\s]+)", r"([-+.\deE]+)", f"({NUMBER})")
# A mean has its spread behind it.
_TOKEN = re.compile(rf"(?:(?!{SPREAD})[^\s,;)}}\]\"'|])*")
_USUAL = re.compile(
    r"acc|auc|f1|score|loss|err|metric|rmse|mse|mae|r2|bleu|map|iou|dice|reward|return|perplexity|ppl|precision"
    r"|recall|objective|fitness|result|val"
)
_COUNTERS = re.compile(
    r"epoch|step|iter|batch|time|eta|elapsed|took|lr|learning|seed|sec|min|ms|version|speed|gpu|cpu|mem|line"
    r"|pid|port|trial|fold|size|params|total|workers|device|n|it|in|at|on|to|from|and|with|after|for|rank|world"
)
_LIKED, _USUAL_SCORE, _BARE_SCORE, _COUNTER_SCORE = 4.0, 2.0, 1.0, -2.0
_UNFIT_SCORE = -2.0
_WEAKEST = 0.5
_MOST = 0.5
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pattern that reads one number of a line.

    Attributes:
        pattern: the pattern.
        line: the line.
        number: the text of the number.
        liked: whether its name is like what was asked for.
        name: what stands before it in the line; empty for a number alone.
    """

    pattern: str
    line: str
    number: str
    liked: bool
    name: str = ""

    def __str__(self) -> str:
        """Return what to write, and what it reads."""
        return f"{spelled('parser_pattern', self.pattern)} reads {self.number}"


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    line: str
    name: str
    link: str
    number: str


def words_of(pattern: str, metric: str) -> tuple[str, ...]:
    r"""Return the names that a number may have which a pattern is for: its words, and the metric.

    >>> words_of(r"(?P<step>\d+): val_acc=(?P<value>\S+)", "metric")
    ('val_acc',)
    """
    plain = re.sub(r"\(\?P<\w+>|\(\?\w*[:=!<]|\\.|\[[^\]]*\]", " ", pattern)
    found = re.findall(r"[A-Za-z_]\w+", plain)
    return tuple(dict.fromkeys([*found, *([] if metric == "metric" else [metric])]))


def propose(
    lines: Sequence[str], names: Sequence[str], *, maximize: bool | None = None
) -> Proposal | None:
    """Return a pattern for the number of these lines that is most likely meant, None without one.

    Args:
        lines: what was printed, the newest last.
        names: what the number may be called.
        maximize: whether it is to be large or small; None where that is not known.
    """
    return next(proposals(lines, names, maximize=maximize), None)


def proposals(
    lines: Sequence[str], names: Sequence[str], *, maximize: bool | None = None
) -> Iterator[Proposal]:
    """Give patterns for numbers of these lines, each of another name, the likeliest first.

    Args:
        lines: as for `propose`, and so are the others.
        names: the same.
        maximize: the same.
    """
    found = [
        one
        for place, line in enumerate(lines)
        for one in _candidates(line, names, place / (len(lines) + 1), maximize=maximize)
        if one.score >= _WEAKEST
    ]
    # Where the name stands, but no number that can be read, another number is not meant.
    named = any(
        letters_of(name) in letters_of(line)
        for name in names
        for line in lines
        if len(letters_of(name)) >= _SHORTEST
    )
    given = set()
    for one in sorted(found, key=lambda one: -one.score):
        known = one.name in given or (named and one.score < _LIKED)
        pattern = "" if known else _pattern(one)
        if pattern:
            given.add(one.name)
            yield Proposal(pattern, one.line, one.number, one.score >= _LIKED, one.name)


def numbers_by_name(line: str) -> Iterator[tuple[str, str]]:
    """Yield the names in a line that have a number, each with its number, as they stand there.

    >>> list(numbers_by_name("epoch 3 - loss: 0.5 - val_acc=0.91"))
    [('epoch', '3'), ('loss', '0.5'), ('val_acc', '0.91')]
    """
    for found in filter(_is_whole, _NAMED.finditer(line)):
        yield (found["whose"] or "") + found["name"].rstrip("./-"), found["number"]


def _candidates(
    line: str, names: Sequence[str], newer: float, *, maximize: bool | None
) -> Iterator[_Candidate]:
    """Give each number of a line that has a name; the later of two alike is better."""
    bare = _BARE.fullmatch(line)
    if bare:
        yield _Candidate(_BARE_SCORE + newer, line, "", "", bare["number"])
    for found in filter(_is_whole, _NAMED.finditer(line)):
        name, number = found["name"].rstrip("./-"), found["number"]
        exact = 0.5 * any(mark in number for mark in ".eE")
        score = _liking(name, names, maximize=maximize) + exact + newer / 4
        link = found["name"][len(name) :] + found["link"]
        yield _Candidate(score, line, name, link, number)


def _is_whole(found: re.Match[str]) -> bool:
    """Tell whether the number is not only a part of a date, a ratio, a name or another number."""
    line, start, end = found.string, found.start("number"), found.end("number")
    word = _TOKEN.match(line, start)
    return (
        bool(found["link"])
        and word is not None
        and word_of(word[0]) is not None
        and find_foreign(line, start, end) is None
    )


def _liking(name: str, names: Sequence[str], *, maximize: bool | None) -> float:
    """Return how much a name is like one that was asked for, or is that of a metric."""
    own = letters_of(name)
    if any(own == letters_of(asked) for asked in names):
        return _LIKED + 1
    share = max((shared(name, asked) for asked in names), default=0.0)
    if share >= _MOST or any(is_within(name, asked) for asked in names):
        return _LIKED + share / 4
    if _COUNTERS.match(own) and not _USUAL.search(own):
        return _COUNTER_SCORE
    if not fits(name, maximize=maximize):
        return _UNFIT_SCORE
    return _USUAL_SCORE if _USUAL.search(own) else 0.0


def _pattern(one: _Candidate) -> str:
    """Return the simplest pattern that reads just this number of its line, empty if none does."""
    if not one.name:
        return next((each for each in _BARES if _reads(each, one)), "")
    head = _escaped(one.name) + re.sub(r"\s+", _blanks, _escaped(one.link))
    for before in (head, rf"\b{head}", rf"^{_escaped(_lead(one))}{head}"):
        for take in _TAKES:
            if _reads(before + take, one):
                return before + take
    return ""


def _lead(one: _Candidate) -> str:
    return one.line[: one.line.index(f"{one.name}{one.link}{one.number}")]


def _reads(text: str, one: _Candidate) -> bool:
    pattern = Pattern(text)
    return pattern.values(one.line) == [float(one.number)] and pattern.cut_number(one.line) is None


def _escaped(text: str) -> str:
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def _blanks(found: re.Match[str]) -> str:
    return " " if found[0] == " " else r"\s+"
