"""Options that say how long a trial trains."""

from collections.abc import Sequence

from automl.discovery.option import Kind, Option
from automl.studies.draft.judging.vocabulary import TREES, listed

_UNITS = listed(
    "epochs steps iterations iteration iters iter updates episodes timesteps generations passes"
    " sweeps"
)
_BESIDE = listed(
    "n num number of max maximum total train training global nb no boost boosting to run time outer"
    " for the"
)


def is_length(option: Option, words: Sequence[str]) -> bool:
    """Tell whether an option is only how long a trial trains, which is no matter of search.

    >>> from automl.discovery.option import Kind, Option
    >>> [is_length(Option((f"--{one}",), Kind.INTEGER), one.split("_")) for one in
    ...  ("num_epochs", "warmup_steps", "max_iter", "n_estimators")]
    [True, False, True, False]
    """
    return _counts(option) and _is_only(words, _UNITS)


def may_be_length(option: Option, words: Sequence[str]) -> bool:
    """Tell whether an option may be taken for how long a trial trains: a number of trees, too."""
    return _counts(option) and _is_only(words, _UNITS | TREES)


def _counts(option: Option) -> bool:
    return option.kind in {Kind.INTEGER, Kind.FLOAT, Kind.UNKNOWN} and not option.many


def _is_only(words: Sequence[str], units: frozenset[str]) -> bool:
    # Of `-n` the words are the letter and those of its description.
    own = set(words[1:] if len(words) > 1 and len(words[0]) == 1 else words)
    return bool(own & units) and own <= units | _BESIDE
