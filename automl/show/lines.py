"""Values, durations and parameters as one line of plain text."""

import math
from collections.abc import Sequence

from automl.space.parameters import Parameter, ParamValue
from automl.space.space import Params, SearchSpace
from automl.study.objective import Objectives
from automl.study.trial import Trial

_DIGITS = 6
"""Significant digits of what need not be exact."""

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


def clock_text(seconds: float) -> str:
    """Return a duration as a clock shows it.

    >>> [clock_text(seconds) for seconds in (0.31, 12, 125, 11_040, 183_600)]
    ['0:00', '0:12', '2:05', '3:04:00', '51:00:00']
    """
    whole = int(seconds)
    minutes, hours = whole // _MINUTE % _MINUTE, whole // _HOUR
    if hours:
        return f"{hours}:{minutes:02d}:{whole % _MINUTE:02d}"
    return f"{minutes}:{whole % _MINUTE:02d}"


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


def writable(text: str, encoding: str) -> str:
    r"""Return `text` with the letters that an encoding lacks as escapes.

    >>> writable("é=漢", "latin-1"), writable("é", "utf-8")
    ('é=\\u6f22', 'é')
    """
    try:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    except LookupError:
        return text


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


def with_params(text: str, link: str, params: Params) -> str:
    """Return a text with the values of a trial behind it, if it has any.

    >>> with_params("trial 3", ": ", {"d": 2}), with_params("trial 3", ": ", {})
    ('trial 3: d=2', 'trial 3')
    """
    return f"{text}{link}{params_text(params)}" if params else text


def varied(params: Params, space: SearchSpace | None) -> Params:
    """Return the values that may differ between trials: those of constants are no news."""
    if space is None:
        return params
    same = {name for one in space.parameters if _is_constant(one) for name in one.names}
    return {name: value for name, value in params.items() if name not in same}


def _is_constant(parameter: Parameter) -> bool:
    return not parameter.searched or (parameter.count == 1 and parameter.when is None)


def _word(value: ParamValue) -> str:
    return repr(value) if isinstance(value, str) and " " in value else value_text(value)


def short(params: Params) -> Params:
    """Return the values with their floats cut to six significant digits, for the eye only.

    >>> params_text(short({"lr": 0.0035252026651556656, "n": 10, "k": 1.0}))
    'lr=0.0035252 n=10 k=1.0'
    """
    return {
        name: rounded(value) if isinstance(value, float) else value
        for name, value in params.items()
    }


def rounded(value: float, digits: int = _DIGITS) -> float:
    """Return a float cut to so many significant digits."""
    return float(f"{value:.{digits}g}")


def ranked(trial: Trial, objectives: Objectives) -> float | None:
    """Return the value that ranks a trial, without the noise in the last digits of a computed one.

    Means over seeds and weighted sums keep six significant digits; a value as a program printed it
    stays as it is.
    """
    computed = len(trial.counted) > 1 or objectives.weighted
    exact = trial.value
    return float(f"{exact:.{_DIGITS}g}") if computed and exact is not None else exact


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
