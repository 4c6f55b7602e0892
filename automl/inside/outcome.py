"""How a call ended, as its own process tells: written before the process ends."""

import json
from typing import NamedTuple

from automl.inside.files import OUTCOME, record_of, replace_whole

COMPLETED = "completed"
PRUNED = "pruned"
FAILED = "failed"
STATES = (COMPLETED, PRUNED, FAILED)

LARGEST_BYTES = 1 << 20
"""So much of the file is read: no process writes more."""


class CallOutcome(NamedTuple):
    """How the call of a function ended.

    Attributes:
        state: one of `STATES`.
        error: the name of the exception's type, empty if there was none.
        message: what the exception says.
        traceback: the last lines of its traceback.
        place: where in the user's code it came from, such as `train.py, line 8`.
        code: the exit code with which its process ends; None where a shell waits for that, and
            leaves it.
    """

    state: str
    error: str = ""
    message: str = ""
    traceback: tuple[str, ...] = ()
    place: str = ""
    code: int | None = None

    @property
    def reason(self) -> str:
        """Why it did not complete, in one line; empty if it did."""
        first = next(iter(self.message.strip().splitlines()), "")
        said = ": ".join(part for part in (self.error, first.strip()) if part)
        return f"{said} ({self.place})" if self.place and said else said


def write_outcome(folder: str, outcome: CallOutcome) -> None:
    """Tell how the call ended.

    Raises:
        OSError: it cannot be written.
    """
    replace_whole(f"{folder}/{OUTCOME}", _USUAL.get(outcome) or _text(outcome))


def _text(outcome: CallOutcome) -> str:
    record = {name: one for name, one in outcome._asdict().items() if one not in ("", (), None)}
    return json.dumps(record) + "\n"


_USUAL = {one: _text(one) for one in (CallOutcome(COMPLETED), CallOutcome(COMPLETED, code=0))}
"""The texts of most calls, made before a fork, which pays for the first use of each function."""


def outcome_in(folder: str) -> CallOutcome | None:
    """Return how the call of a trial ended, None where its process did not tell.

    Raises:
        OSError: it cannot be read, although it is there.
    """
    try:
        with open(  # noqa: PTH123 - pathlib takes as long to load as all of this
            f"{folder}/{OUTCOME}", encoding="utf-8", errors="replace"
        ) as file:
            record = record_of(file.read(LARGEST_BYTES))
    except FileNotFoundError:
        return None
    if record is None or record.get("state") not in STATES:
        return None
    lines, code = record.get("traceback", []), record.get("code")
    return CallOutcome(
        str(record["state"]),
        str(record.get("error", "")),
        str(record.get("message", "")),
        tuple(map(str, lines)) if isinstance(lines, list) else (),
        str(record.get("place", "")),
        code if isinstance(code, int) else None,
    )
