"""`metric_dict={"auc": 0.25, "recall": 0.5}`: one description of readers of several metrics."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.spelling.spelling import spelled
from automl.study.objective import Final, member
from automl.study.tasks.reader import Reader
from automl.study.tasks.weighted import WeightedReaders

METRIC_DICT = "metric_dict"

_FINAL, _FINAL_MODE = "final", "final_mode"

_OTHER_WORDS = {"final": Final.LAST, "avg": Final.MEAN}
"""What other products call them that have a `metric_dict`."""

_OWN_EACH = ("parser_pattern", "key", "column", "tag", "array", "measure", "query")
"""Options that say which number is read, so that no two metrics have the same."""


def weighted_readers(
    options: Mapping[str, Any], sought: str, make: Callable[[dict[str, Any]], Reader]
) -> WeightedReaders:
    """Return a reader for each metric of a `metric_dict`.

    An option that is a dictionary by metric gives each its own; any other is that of all.

    Args:
        options: of all readers, with `metric_dict`, and maybe `final` or `final_mode`.
        sought: the option that says which number is read, which is the metric's name where it is
            not given; empty where the name itself says that.
        make: makes one reader of its options.

    Raises:
        SpecError: an option is not allowed.
    """
    weights = options[METRIC_DICT]
    if not isinstance(weights, Mapping) or not weights or not all(map(_is_name, weights)):
        raise SpecError(
            f"reader: {METRIC_DICT} must be a dictionary of metrics and their weights, such as "
            f"{{'auc': 0.25, 'loss': -0.5}}, got {weights!r}"
        )
    if "metric" in options:
        raise SpecError(
            f"reader: metric and {METRIC_DICT} are both given; the names are in {METRIC_DICT}"
        )
    usual = {name: options[name] for name in options if name not in _HERE}
    _check_own(usual, weights)
    readers = []
    for name in weights:
        own = dict(_own(usual, name, weights))
        if sought:
            own.setdefault(sought, name)
        readers.append(make({**own, "metric": name}))
    return WeightedReaders(tuple(readers), dict(weights), dict(_finals(options, weights)))


_HERE = (METRIC_DICT, _FINAL, _FINAL_MODE)


def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(name.strip())


def _check_own(options: Mapping[str, Any], weights: Mapping[str, Any]) -> None:
    """Refuse one place for the numbers of several metrics."""
    first = next(iter(weights))
    for option in _OWN_EACH:
        if len(weights) > 1 and option in options and not isinstance(options[option], Mapping):
            example = spelled(option, {first: options[option]})
            raise SpecError(
                f"reader: {option} {options[option]!r} would be that of all of "
                f"{', '.join(map(repr, weights))}; give each its own, as in {example}"
            )


def _own(
    options: Mapping[str, Any], metric: str, weights: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Give the options of one metric."""
    for option, value in options.items():
        if not isinstance(value, Mapping) or not set(value) & set(weights):
            yield option, value
            continue
        _check_names(option, value, weights)
        if metric in value:
            yield option, value[metric]


def _check_names(option: str, value: Mapping[str, Any], weights: Mapping[str, Any]) -> None:
    for name in value:
        if name not in weights:
            raise SpecError(
                f"reader: {option} has {name!r}, which is not in {METRIC_DICT}"
                f"{did_you_mean(str(name), weights)}; there are {', '.join(map(repr, weights))}"
            )


def _finals(options: Mapping[str, Any], weights: Mapping[str, Any]) -> Iterator[tuple[str, Final]]:
    """Give which measurement of each metric counts, of those for which that is told."""
    if _FINAL in options and _FINAL_MODE in options:
        raise SpecError(f"reader: {_FINAL} and {_FINAL_MODE} are the same; give one of them")
    option = _FINAL_MODE if _FINAL_MODE in options else _FINAL
    given = options.get(option)
    if given is None:
        return
    each = given if isinstance(given, Mapping) else dict.fromkeys(weights, given)
    _check_names(option, each, weights)
    for name, word in each.items():
        known = _OTHER_WORDS.get(word) if isinstance(word, str) else None
        yield name, known or Final(member(Final, f"reader: {option}", word))
