"""The names of metrics, as Keras reports them and as users write them."""

import difflib
import re
from collections.abc import Iterable, Sequence

MINIMIZE, MAXIMIZE = "minimize", "maximize"

OF_VALIDATION = "val_"
"""What the names of metrics begin with that the validation gives."""

_LOWER = frozenset(
    {
        "loss",
        "error",
        "errors",
        "mse",
        "mae",
        "mape",
        "msle",
        "rmse",
        "crossentropy",
        "logcosh",
        "divergence",
        "poisson",
        "hinge",
        "perplexity",
    }
)
_HIGHER = frozenset(
    {
        "auc",
        "acc",
        "accuracy",
        "recall",
        "precision",
        "f1",
        "fbeta",
        "iou",
        "r2",
        "sensitivity",
        "specificity",
    }
)
_BEHIND = re.compile(r"\d+|score|at|k")
"""Words at the end of a name that do not tell what is better, as in `recall_at_5`."""

_COUNTS = {"true": MAXIMIZE, "false": MINIMIZE}
"""What is better of positives and negatives."""


def direction_of(metric: str) -> str | None:
    """Return what is better by the name of a metric, None where it does not tell.

    >>> direction_of("val_loss"), direction_of("head_AUC_1"), direction_of("mine")
    ('minimize', 'maximize', None)
    """
    words = snake(metric).split("_")
    while words and _BEHIND.fullmatch(words[-1]):
        words.pop()
    last = words[-1] if words else ""
    if last in {"positives", "negatives"}:
        return _COUNTS.get("_".join(words[-2:-1]))
    # Only the last one, as an `accuracy_drop` is no accuracy.
    return MINIMIZE if last in _LOWER else MAXIMIZE if last in _HIGHER else None


def ranked_name(metric: str, *, validated: bool) -> str:
    """Return the name by which Keras reports what models are ranked by.

    Args:
        metric: as the user names it.
        validated: whether there is data for a validation, which then counts.
    """
    return metric if not validated or metric.startswith(OF_VALIDATION) else OF_VALIDATION + metric


def reported_name(metric: str, reported: Sequence[str]) -> str:
    """Return the name under which a metric is reported.

    A model's second metric of a kind, and that of a second model, has a number, as in `auc_1`.

    Args:
        metric: as the user names it, such as `val_auc`, or `val_AUC`.
        reported: the names that there are.

    Raises:
        ValueError: there is no such metric, or several that may be meant.
    """
    if metric in reported:
        return metric
    wanted = snake(metric)
    for form in (wanted, rf"{re.escape(wanted)}_\d+"):
        near = [one for one in reported if re.fullmatch(form, snake(one))]
        if len(near) == 1:
            return near[0]
        if near:
            raise ValueError(
                f"metric {metric!r} may be {' or '.join(map(repr, near))}, which the model "
                "reports; give one of them as metric="
            )
    raise ValueError(_missing(metric, reported))


def snake(name: str) -> str:
    """Return a name with small letters and underscores.

    >>> snake("val_BinaryAccuracy"), snake("AUC"), snake("R2Score")
    ('val_binary_accuracy', 'auc', 'r2_score')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", name)
    return re.sub(r"\W+", "_", parted).lower()


def _missing(metric: str, reported: Iterable[str]) -> str:
    own = sorted(reported)
    near = difflib.get_close_matches(snake(metric), own, n=1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    text = (
        f"the model reports no metric {metric!r}{meant}; it reports "
        f"{', '.join(map(repr, own)) or 'none'}. Give one of these as metric=, or have build_model "
        "add it: model.compile(metrics=[...])"
    )
    if metric.startswith(OF_VALIDATION) and not any(one.startswith(OF_VALIDATION) for one in own):
        return f"{text}. Names that begin with {OF_VALIDATION!r} need validation="
    return text
