"""Bounds of what most programs have, where a program tells no default."""

from collections.abc import Collection

from automl.studies.draft.judging.numbers import Range, whole_numbers

_WHY = "no default is known; these bounds are usual"
_LOG = {"type": "Real", "log": True}
_SHARE = {"type": "Real"}
_REAL = (
    (("lr", "learning", "eta"), {**_LOG, "min_value": 1e-5, "max_value": 0.1}),
    (("decay", "wd"), {**_LOG, "min_value": 1e-6, "max_value": 0.1}),
    (("l1", "l2", "lambda", "reg", "alpha"), {**_LOG, "min_value": 1e-4, "max_value": 10.0}),
    (("c", "cost"), {**_LOG, "min_value": 0.01, "max_value": 100.0}),
    (("dropout", "drop"), {**_SHARE, "min_value": 0.0, "max_value": 0.5}),
    (("momentum", "beta1"), {**_SHARE, "min_value": 0.5, "max_value": 0.99}),
    (("subsample", "colsample", "bytree"), {**_SHARE, "min_value": 0.5, "max_value": 1.0}),
    (("smoothing",), {**_SHARE, "min_value": 0.0, "max_value": 0.3}),
)
_POWERS = [16, 32, 64, 128, 256]
_WHOLE = (
    (("batch",), {"type": "Categorical", "candidates": _POWERS}),
    (("hidden", "units", "width", "channels"), {"type": "Categorical", "candidates": _POWERS}),
    (("layers",), whole_numbers(1, 6)),
    (("depth",), whole_numbers(2, 12)),
    (("estimators", "trees", "rounds"), whole_numbers(50, 1000, log=True)),
    (("leaves",), whole_numbers(8, 256, log=True)),
    (("neighbors", "neighbours", "knn"), whole_numbers(1, 30)),
)


def usual_range(words: Collection[str], *, whole: bool | None) -> Range | None:
    """Return the usual bounds of an option, None where its name does not tell.

    Args:
        words: those of its name.
        whole: whether it takes whole numbers; None if that is not known.
    """
    own = frozenset(words)
    tables = (() if whole else _REAL, () if whole is False else _WHOLE)
    for names, described in (row for table in tables for row in table):
        if not own.isdisjoint(names):
            return Range(dict(described), _WHY)
    return None
