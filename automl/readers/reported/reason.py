"""What to tell where a number was not reported."""

from collections.abc import Collection, Sequence

from automl.readers.advice.likeness import nearest_first
from automl.readers.advice.outputs import tail_of
from automl.readers.advice.proposal import numbers_by_name, proposals
from automl.spelling.spelling import spelled, spelled_part
from automl.study.objective import METRIC

_SHOWN = 5


def reason(name: str, others: Collection[str], outputs: Sequence[str]) -> str:
    """Return why no number of a name was reported, in one line, and what to do.

    Args:
        name: the name.
        others: the names that were reported, an empty one for none.
        outputs: what the program printed to.
    """
    if others:
        return f"no number named {name!r} was reported: {_reported(name, others)}"
    printed = _printed(outputs, name)
    first = next(iter(printed), "val_acc")
    reader = spelled_part("metric_reader", type="stdout_reader", metric=first)
    told = ", ".join(f"{one!r} ({printed[one]})" for one in list(printed)[:_SHOWN])
    return (
        "nothing was reported: let the program call automl.report(value), or read what it prints "
        f"by {reader}; it printed {told or 'no number with a name'}"
    )


def _reported(name: str, others: Collection[str]) -> str:
    named = nearest_first([one for one in others if one], name)[:_SHOWN]
    if not named:
        return f"what was reported has no name; give it one, automl.report(value, step, {name!r})"
    listed = ", ".join(map(repr, named))
    ranked = spelled("objectives", [{"metric": named[0]}])
    return f"what was reported is named {listed}; if one of them is meant, {ranked}"


def _printed(outputs: Sequence[str], name: str) -> dict[str, str]:
    """Return the names that have numbers, the likeliest first, each with its last one."""
    lines = [line for path in reversed(outputs) for line in tail_of(path)]
    printed = dict(pair for line in lines for pair in numbers_by_name(line))
    likely = [one.name for one in proposals(lines, () if name == METRIC else (name,))]
    return {one: printed[one] for one in dict.fromkeys([*likely, *printed]) if one in printed}
