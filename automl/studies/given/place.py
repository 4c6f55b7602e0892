"""Where in a description an error is."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from automl.errors import SpecError

_ASKED = re.compile(r"has no option '(\w+)'|needs (?:--)?([\w-]+)=?[,;]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@contextmanager
def at(place: str, options: Collection[str] = ()) -> Iterator[None]:
    """Let each error within name its place in the description.

    Whatever else is raised becomes a SpecError: what makes an object may be a plugin's.

    Args:
        place: such as `hyperparams[2]`.
        options: what may stand below the place; the one that a message names first is added.

    Raises:
        SpecError: with `place`; its message begins with it.
    """
    try:
        yield
    except SpecError as error:
        if error.place:
            # A study itself refuses with a place, but not always in its words.
            named = keyword_of(error.place) in str(error)
        else:
            error.place = below(place, _named_option(str(error), options))
            named = str(error).startswith(error.place)
        if not named:
            error.args = (f"{error.place}: {error}",)
        raise
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise SpecError(f"{place}: this cannot be used ({why})", place=place) from error


def below(place: str, name: str) -> str:
    """Return the place of what has a name below another place; the place itself for no name.

    Below the empty place are the keys of the description itself.

    >>> below("task_list[0]", "cmd"), below("env", "odd name"), below("env", "")
    ('task_list[0].cmd', "env['odd name']", 'env')
    """
    if not name:
        return place
    if not name.isidentifier():
        return f"{place}[{name!r}]"
    return f"{place}.{name}" if place else name


def inside(place: str, key: str) -> str:
    """Return the place of what has a key in a dictionary, whatever the key is.

    >>> inside("env", "A"), inside("", "seed"), inside("", "")
    ('env.A', 'seed', "['']")
    """
    return below(place, key) if key else f"{place}['']"


def keyword_of(place: str) -> str:
    """Return the keyword with which a place begins.

    >>> keyword_of("task_list[0].cmd"), keyword_of("budget.min"), keyword_of("seed")
    ('task_list', 'budget', 'seed')
    """
    return re.split(r"[.\[]", place, maxsplit=1)[0]


def _named_option(message: str, options: Collection[str]) -> str:
    """Return the option that a message is about: the first that it names, '' if it names none."""
    if asked := _ASKED.search(message):
        return (asked[1] or asked[2].replace("-", "_")) if options else ""
    # Names and values are quoted, and the advice is about other options as well.
    words = re.findall(r"\w+", _QUOTED.sub("", message).partition(";")[0])
    return next((word for word in words if word in options), "")
