"""Values, durations and trials as one line of plain text."""

import math
from collections.abc import Sequence

from automl.report.ranking import has_value
from automl.spec.parameters import ParamValue
from automl.spec.space import Params
from automl.spec.trial import Purpose, Trial, TrialState

_MAX_PADDED_DECIMALS = 6
_TENTHS_BELOW_S = 9.95
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration_text(seconds: float) -> str:
    """Return a duration in its one or two largest units; below zero counts as zero.

    >>> [duration_text(seconds) for seconds in (0.31, 12, 125, 11_040, 183_600)]
    ['0.3 s', '12 s', '2 min 05 s', '3 h 04 min', '2 d 03 h']
    """
    if not math.isfinite(seconds):
        return "unknown"
    if seconds < _TENTHS_BELOW_S:
        return f"{max(seconds, 0.0):.1f} s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02d} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR:02d} h"


def one_line(text: str) -> str:
    r"""Return `text` with line breaks and all other unprintable characters as escapes.

    >>> one_line("a\nb")
    'a\\nb'
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def value_text(value: ParamValue) -> str:
    """Return a parameter's value as one line; floats shortest, strings bare where that is clear.

    >>> [value_text(value) for value in (0.32, 2, 2.0, True, None, "relu", "", " x")]
    ['0.32', '2', '2.0', 'True', 'None', 'relu', "''", "' x'"]
    """
    if isinstance(value, str) and value and value.isprintable() and value == value.strip():
        return value
    return repr(value)


def params_text(params: Params) -> str:
    """Return `d=2 lr=0.32`, in the given order, with strings that have spaces quoted."""
    return " ".join(f"{one_line(name)}={_word(value)}" for name, value in params.items())


def _word(value: ParamValue) -> str:
    return repr(value) if isinstance(value, str) and " " in value else value_text(value)


def float_texts(values: Sequence[float]) -> list[str]:
    """Return each value in full, padded with zeros to the same number of decimals if all are short.

    Read back, every text gives its value again. Values with many decimals are not padded.

    >>> float_texts([0.9085, 0.916]), float_texts([0.5, 1e-9])
    (['0.9085', '0.9160'], ['0.5', '1e-09'])
    """
    texts = [repr(float(value)) for value in values]
    decimals = [_decimals(text) for text in texts if text not in {"nan", "inf", "-inf"}]
    widest = max(decimals, default=0)
    if widest > _MAX_PADDED_DECIMALS or -1 in decimals:
        return texts
    return [text + "0" * (widest - _decimals(text)) if "." in text else text for text in texts]


def _decimals(text: str) -> int:
    return -1 if "e" in text else len(text.partition(".")[2])


def trial_line(trial: Trial, best: Trial | None) -> str:
    """Return the log line of a trial that ended, starting with its id.

    Args:
        trial: the trial; one that has not ended gets its state and parameters.
        best: the best one so far, this trial included, None while there is none.
    """
    if trial.state is TrialState.COMPLETED:
        text = _completed(trial, best) if trial.stage.purpose is Purpose.SEARCH else _judged(trial)
    elif trial.state is TrialState.PRUNED and trial.reason:
        figures = f"{_value(trial, best)}{_took(trial, 'in')}{_against(trial, best)}"
        text = f"{one_line(trial.reason)}; {figures}"
    else:
        text = _ended(trial, best)
    return f"trial {trial.id} {text}; {params_text(trial.params)}"


def _completed(trial: Trial, best: Trial | None) -> str:
    breach = ", breaks a constraint" if trial.violation > 0 else ""
    value = f"{_value(trial, best)}{_took(trial, 'in')}"
    return f"completed: {value}{breach}{_against(trial, best)}"


def _judged(trial: Trial) -> str:
    """Tell what the fresh seed gave that just ended."""
    number = trial.stage.seed_number
    found = trial.confirmations.get(number)
    value = "no value" if found is None else float_texts([found])[0]
    search = f"(the search found {_value(trial, None)})"
    return f"with fresh seed {number}: {value}{_took(trial, 'in')} {search}"


def _ended(trial: Trial, best: Trial | None) -> str:
    head = f"{trial.state}{_took(trial, 'after')}"
    if trial.state is TrialState.FAILED:
        return f"{head}: {_failure(trial)}"
    if has_value(trial):
        head = f"{head} at {_value(trial, best)}{_against(trial, best)}"
    return f"{head}: {one_line(trial.reason)}" if trial.reason else head


def _took(trial: Trial, word: str) -> str:
    return "" if trial.duration_s is None else f" {word} {duration_text(trial.duration_s)}"


def _value(trial: Trial, best: Trial | None) -> str:
    others = [best.value] if best is not None and best.value is not None else []
    return "no value" if trial.value is None else float_texts([trial.value, *others])[0]


def _against(trial: Trial, best: Trial | None) -> str:
    if best is None or best.value is None:
        return ""
    if best.id == trial.id:
        return " (best so far)"
    own = [trial.value] if trial.value is not None else []
    return f" (best {float_texts([best.value, *own])[0]}, trial {best.id})"


def _failure(trial: Trial) -> str:
    """Name the exit before the reason, unless the command ended well or the reason has it."""
    reason = one_line(trial.reason)
    if trial.exit is None or not trial.exit.code or str(trial.exit) in reason:
        return reason or "no reason known"
    return f"{trial.exit}: {reason}" if reason else str(trial.exit)
