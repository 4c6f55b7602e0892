"""Calls before the first one, so that no fork pays for the first use of what all of them use.

Python makes code faster after some calls, and remembers where it found names. It writes that down
in memory which a fork would have to copy, each anew, and forget at its end.
"""

import os
from contextlib import suppress

from automl.inside.calling.function import call_function
from automl.inside.calling.given import Given
from automl.inside.calling.words import Call, Target
from automl.inside.files import DRAWN, OUTCOME, REPORTS
from automl.inside.reports import VALUE
from automl.inside.trial import Trial

CALLS = 24
"""After so many, one more changes nothing that the next would not change again."""

_GIVEN = Given(
    '{"x": {"value": 0.5, "range": '
    '{"kind": "float", "low": 0.0, "high": 1.0, "log": false, "step": null}}, '
    '"n": {"value": 1, "range": {"kind": "int", "low": 0, "high": 2, "log": false, "step": 1}}}',
    ranges=True,
)


def rehearse() -> None:
    """Call a function of our own for trials of no study, as `ForkedCalls` calls that of a script.

    Where its files cannot be written, that is no reason against anything.
    """
    folder = f"{os.environ.get('TMPDIR') or '/tmp'}/automl-{os.urandom(8).hex()}"  # noqa: S108
    with suppress(OSError):
        os.mkdir(folder, 0o700)  # noqa: PTH102 - no pathlib here
        try:
            call = Call(Target(_objective.__name__), folder, 0, 0, (VALUE,))
            for _ in range(CALLS):
                call_function(lambda: _objective, call, Trial(call, _GIVEN), tells_code=True)
        finally:
            _remove(folder)


def _objective(trial: Trial) -> float:
    trial.report(trial.suggest_float("x", 0, 1), trial.suggest_int("n", 0, 2))
    return 0.0 if trial.should_prune() else 1.0


def _remove(folder: str) -> None:
    for name in (DRAWN, REPORTS, OUTCOME):
        with suppress(FileNotFoundError):
            os.unlink(f"{folder}/{name}")  # noqa: PTH108
    os.rmdir(folder)  # noqa: PTH106
