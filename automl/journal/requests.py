"""What can be asked of a running study; each request checks itself when it is made."""

from typing import Any, TypeAlias

import msgspec

from automl.errors import SpecError, shown
from automl.registry import did_you_mean
from automl.space.numbers import whole_number

_MOST = 2**63 - 1
_MAX_DEPTH = 32
_NOTE_CHARS = 200


def _tag(class_name: str) -> str:
    """Return `stop_trial` for `StopTrial`."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in class_name)[1:]


class _Request(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="request", tag=_tag
):
    """The base of all requests; each checks itself when it is made."""


class StopTrial(_Request, frozen=True):
    """Stop one trial."""

    trial: int

    def __post_init__(self) -> None:
        _check_count("trial", self.trial, 0)


class RetryTrial(_Request, frozen=True):
    """Launch a trial that did not complete again; one that waits at a rung goes on from there."""

    trial: int

    def __post_init__(self) -> None:
        _check_count("trial", self.trial, 0)


class RetryFailed(_Request, frozen=True):
    """Launch each failed trial that lies in the space again."""


class AddTrials(_Request, frozen=True):
    """Raise the limit of trials by `count`."""

    count: int

    def __post_init__(self) -> None:
        _check_count("count", self.count, 1)


class AddTrial(_Request, frozen=True, omit_defaults=True):
    """Try one given combination: a value for each parameter of the space.

    Attributes:
        params: the values.
        note: why, in a line of the user's; empty for none.
    """

    params: dict[str, Any]
    note: str = ""

    def __post_init__(self) -> None:
        # It stands in a table and a log, line by line.
        if not self.note.isprintable() or len(self.note) > _NOTE_CHARS:
            raise SpecError(
                f"note must be one line of at most {_NOTE_CHARS} letters, got {shown(self.note)}"
            )
        if not isinstance(self.params, dict) or not self.params:
            raise SpecError(f"params must be values by parameter name, got {shown(self.params)}")
        _check_plain("params", self.params, _MAX_DEPTH)


class SetMaxParallel(_Request, frozen=True):
    """Change how many trials run at once; those running are not stopped for it."""

    count: int

    def __post_init__(self) -> None:
        _check_count("count", self.count, 1)


class SetMaxTrialNum(_Request, frozen=True):
    """Change how many trials are started at the most."""

    count: int

    def __post_init__(self) -> None:
        _check_count("count", self.count, 1)


class Pause(_Request, frozen=True):
    """Start nothing until `Resume`; what runs goes on, and the controller stays."""


class Resume(_Request, frozen=True):
    """Start trials again after `Pause`."""


class Drain(_Request, frozen=True, omit_defaults=True):
    """Start nothing more; the controller ends when what runs has ended.

    Attributes:
        trial: whose function asks, as it calls `study.stop()`; None where a person does.
    """

    trial: int | None = None

    def __post_init__(self) -> None:
        if self.trial is not None:
            _check_count("trial", self.trial, 0)


class StopStudy(_Request, frozen=True):
    """Stop what runs, and the controller with it."""


Request: TypeAlias = (
    StopTrial
    | RetryTrial
    | RetryFailed
    | AddTrials
    | AddTrial
    | SetMaxParallel
    | SetMaxTrialNum
    | Pause
    | Resume
    | Drain
    | StopStudy
)

_KINDS: dict[str, type[Request]] = {
    _tag(kind.__name__): kind
    for kind in (
        StopTrial,
        RetryTrial,
        RetryFailed,
        AddTrials,
        AddTrial,
        SetMaxParallel,
        SetMaxTrialNum,
        Pause,
        Resume,
        Drain,
        StopStudy,
    )
}


def request_dict(request: Request) -> dict[str, Any]:
    """Return the request as plain JSON values, for the journal; `request_from` is the inverse."""
    plain: dict[str, Any] = msgspec.to_builtins(request)
    return plain


def request_words(request: Request) -> str:
    """Return a request as a line for people: its name, and what it is about."""
    return " ".join(str(value) for value in request_dict(request).values())


def request_from(plain: object) -> Request:
    """Return the request that `request_dict`, or a line of the control file, describes.

    Raises:
        SpecError: it is none; the message says what is wrong and what is known.
    """
    if not isinstance(plain, dict):
        raise SpecError(f"a request is a JSON object, got {shown(plain)}")
    if "request" not in plain:
        raise SpecError(f"the field 'request' is missing; known requests: {_list(_KINDS)}")
    name = plain["request"]
    if not isinstance(name, str) or name not in _KINDS:
        near = did_you_mean(name, _KINDS) if isinstance(name, str) else ""
        raise SpecError(f"unknown request {shown(name)}{near}; known requests: {_list(_KINDS)}")
    kind = _KINDS[name]
    known = kind.__struct_fields__
    for field in plain:
        if field != "request" and field not in known:
            raise SpecError(
                f"request {name!r} has no field {shown(field)}{did_you_mean(field, known)}; "
                f"its fields: {_list(known) or 'none'}"
            )
    for field in known[: len(known) - len(kind.__struct_defaults__)]:
        if field not in plain:
            raise SpecError(f"request {name!r}: the field {field!r} is missing")
    try:
        return msgspec.convert(plain, kind)
    except (msgspec.ValidationError, SpecError) as error:
        raise SpecError(f"request {name!r}: {error}") from error


def _check_count(what: str, value: object, least: int) -> None:
    if whole_number(what, value, least) > _MOST:
        raise SpecError(f"{what} must be at most {_MOST}, got {shown(value)}")


def _check_plain(what: str, value: object, depth: int) -> None:
    """Raise SpecError unless `value` is the same when read back from JSON."""
    if depth == 0:
        raise SpecError(f"{what} is nested more than {_MAX_DEPTH} deep")
    if isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str:
                raise SpecError(f"{what}: the name {shown(key)} is no text")
            _check_plain(f"{what}[{shown(key)}]", item, depth - 1)
    elif type(value) is list:
        for place, item in enumerate(value):
            _check_plain(f"{what}[{place}]", item, depth - 1)
    elif type(value) is float and value - value != 0:
        raise SpecError(f"{what} is {value}; give a finite number")
    elif value is not None and type(value) not in {bool, int, float, str}:
        raise SpecError(f"{what} is {shown(value)}, which JSON does not have; give a plain value")


def _list(names: Any) -> str:  # noqa: ANN401 - the names of a dictionary or a tuple
    return ", ".join(names)
