"""The keywords of a study as users give them, to the values that a study has."""

from collections.abc import Iterable, Mapping
from typing import Any

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.spelling.spelling import spelled
from automl.studies.given.keyword import NEEDED, Keyword
from automl.studies.given.place import inside
from automl.studies.keywords import KEYWORDS, NAMES


def read_keywords(given: Mapping[str, Any], what: str = "a study") -> dict[str, Any]:
    """Return the value of every keyword in the form that a study has it.

    Args:
        given: plain data, or what a script made, by keyword; what is not given has its default.
        what: who takes the keywords, for messages.

    Raises:
        SpecError: a keyword is unknown, missing or has a value that is not allowed.
    """
    places = {row.name: _place(row, given) for row in KEYWORDS}
    named = {place: name for name, place in places.items()}
    check_names(what, [named.get(name, name) for name in given])
    return {row.name: _value(row, places[row.name], given) for row in KEYWORDS}


def check_names(what: str, given: Iterable[object]) -> None:
    """Check that keywords are known, and that none is missing.

    Args:
        what: who takes them, for the message.
        given: their names.

    Raises:
        SpecError: one is unknown or missing; the message has the known ones.
    """
    names = list(given)
    for name in names:
        if name not in NAMES:
            raise SpecError(
                f"{what} has no option {name!r}{did_you_mean(str(name), NAMES)}; "
                f"known options: {', '.join(NAMES)}",
                place=inside("", str(name)),
            )
    missing = [
        row.name
        for row in KEYWORDS
        if row.default is NEEDED and not {row.name, row.instead} & {*names}
    ]
    if missing:
        raise SpecError(
            f"{what} needs {', '.join(map(spelled, missing))}; "
            f"given: {', '.join(map(spelled, map(str, names))) or 'nothing'}",
            place=missing[0],
        )


def _place(row: Keyword, given: Mapping[str, Any]) -> str:
    """Return under which of its names a keyword is given."""
    return row.also if row.also and row.also in given and row.name not in given else row.name


def _value(row: Keyword, place: str, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of its kind
    if row.instead and place not in given:
        return ()
    return row.read(given.get(place, row.default), place)
