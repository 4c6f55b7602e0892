"""One line of the control file: a request, its id and who asks."""

import secrets
from dataclasses import dataclass
from typing import Any

import msgspec

from automl.errors import SpecError, shown
from automl.journal.asking.asker import Asker
from automl.journal.requests import Request, request_dict, request_from

_ID_BYTES = 8
_ID_CHARS = 64
_WHO_CHARS = 255
_BESIDE = ("id", "who")
"""The fields of a line that are no fields of its request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a line asks.

    Attributes:
        request: what is asked, None where that cannot be told.
        problem: why it cannot be told, else empty.
        id: tells this request from every other; empty in lines of earlier releases.
        who: who asks, None where the line does not say.
    """

    request: Request | None = None
    problem: str = ""
    id: str = ""
    who: Asker | None = None


def new_id() -> str:
    """Return an id that no other request has."""
    return secrets.token_hex(_ID_BYTES)


def asked_dict(asked: Asked) -> dict[str, Any]:
    """Return a line of the control file as plain JSON values; `asked_from` is the inverse."""
    if asked.request is None:
        raise SpecError(f"nothing is asked: {asked.problem}")
    plain = request_dict(asked.request)
    if asked.id:
        plain["id"] = asked.id
    if asked.who is not None:
        plain["who"] = msgspec.to_builtins(asked.who)
    return plain


def asked_from(plain: object) -> Asked:
    """Return what the JSON value of a line asks, or with its id why that cannot be told."""
    if not isinstance(plain, dict):
        return Asked(problem=f"a request is a JSON object, got {shown(plain)}")
    try:
        id_ = _id_in(plain)
    except SpecError as error:
        return Asked(problem=str(error))
    who = None
    try:
        who = _who_in(plain)
        request = request_from({key: plain[key] for key in plain if key not in _BESIDE})
    except SpecError as error:
        return Asked(problem=str(error), id=id_, who=who)
    return Asked(request=request, id=id_, who=who)


def _id_in(plain: dict[str, Any]) -> str:
    if "id" not in plain:
        return ""
    given = plain["id"]
    if isinstance(given, str) and given.isprintable() and 0 < len(given) <= _ID_CHARS:
        return given
    raise SpecError(
        f"the field 'id' must be a text of 1 to {_ID_CHARS} letters, got {shown(given)}"
    )


def _who_in(plain: dict[str, Any]) -> Asker | None:
    if "who" not in plain:
        return None
    try:
        who = msgspec.convert(plain["who"], Asker)
    except msgspec.ValidationError as error:
        raise SpecError(f"the field 'who' does not say who asks: {error}") from error
    for text in (who.user, who.host, who.door):
        # It stands in a log, line by line.
        if not text.isprintable() or len(text) > _WHO_CHARS:
            raise SpecError(
                f"the field 'who' has a text that is not one of at most {_WHO_CHARS} letters: "
                f"{shown(text)}"
            )
    return who
