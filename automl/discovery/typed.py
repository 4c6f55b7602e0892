"""Options that only the words of a command tell of: `--lr 0.1`, `-d 3`, `rate=0.5`."""

import re
from collections.abc import Sequence

from automl.discovery.help_text.values import plain_of
from automl.discovery.option import Found, How, Kind, Option, Plain
from automl.space.numbers import is_number

PLACE = "the command"
_NAME = re.compile(r"--?[A-Za-z][\w.-]*")
_JOINED = re.compile(r"(?P<name>-{0,2}[A-Za-z][\w./-]*)=(?P<value>.*)", re.DOTALL)


def options_typed(words: Sequence[str], start: int) -> Found:
    """Return the options that a command gives its program, for want of any other word on them.

    Those that are known by their places are called `arg1`, `arg2` and so on.

    Args:
        words: the command.
        start: which of them is the first of the program's own.

    >>> found = options_typed(["./train", "--lr", "0.1", "depth=3", "-v"], 1)
    >>> [(one.names, one.kind.value, one.given) for one in found.options]
    [(('--lr',), 'float', ('0.1',)), (('depth',), 'integer', ('3',)), (('-v',), 'flag', ())]
    """
    found: dict[str, Option] = {}
    own = list(words[start:])
    places = 0
    while own:
        word = own.pop(0)
        joined = _JOINED.fullmatch(word)
        if joined:
            found[joined["name"]] = _option(joined["name"], joined["value"], joined=True)
        elif _NAME.fullmatch(word):
            is_value = bool(own) and not _NAME.fullmatch(own[0])
            found[word] = _option(word, own.pop(0)) if is_value else _flag(word)
        else:
            places += 1
            found[f"arg{places}"] = _positional(f"arg{places}", word)
    return Found(tuple(found.values()), (), How.TYPED, start)


def _option(name: str, value: str, *, joined: bool = False) -> Option:
    return Option(
        (name,),
        _kind(plain_of(value)),
        joined=joined and not name.startswith("--"),
        place=PLACE,
        given=(value,),
    )


def _positional(name: str, value: str) -> Option:
    kind = _kind(plain_of(value))
    return Option((name,), kind, positional=True, place=PLACE, given=(value,))


def _kind(value: Plain) -> Kind:
    if isinstance(value, float):
        return Kind.FLOAT
    return Kind.INTEGER if is_number(value) else Kind.TEXT


def _flag(name: str) -> Option:
    return Option((name,), Kind.FLAG, default=False, place=PLACE, given=())
