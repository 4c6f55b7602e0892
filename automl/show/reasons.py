"""Why trials ended early, each reason once for all the trials that it is alike for."""

import re
import textwrap
from collections.abc import Iterable, Sequence

from automl.show.lines import one_line
from automl.study.failure import FailureClass
from automl.study.trial import Trial, TrialState

_MOST_GROUPS = 8
_MOST_IDS = 6
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def reason_of(trial: Trial) -> str:
    """Return why a trial ended before its end, in one line; of a failure, its kind comes first."""
    reason, kind = one_line(trial.reason), str(trial.failure or "")
    told = trial.failure is FailureClass.CRASHED or reason.lower().startswith(kind)
    if trial.state is not TrialState.FAILED or (reason and told):
        return reason
    return f"{kind}: {reason}" if reason else kind


def reasons_text(reasons: Iterable[tuple[int, str]], width: int) -> list[str]:
    """Return the lines that give each reason in full with its trials; none without a reason.

    Reasons that differ in nothing but numbers are given once, by the first of them. Lines are
    wrapped between words.

    >>> reasons_text([(3, "exit code 1: boom"), (7, "exit code 1: boom"), (8, "asked to")], 80)
    ['reasons in full:', '  trials 3, 7: exit code 1: boom', '  trial 8: asked to']

    Args:
        reasons: the id of each trial with its reason, in one line.
        width: columns of the terminal.
    """
    groups: dict[str, list[tuple[int, str]]] = {}
    for trial_id, reason in reasons:
        groups.setdefault(_NUMBER.sub("#", reason), []).append((trial_id, reason))
    if not groups:
        return []
    lines = ["reasons in full:"]
    for group in list(groups.values())[:_MOST_GROUPS]:
        lines += textwrap.wrap(
            _line(group),
            width,
            initial_indent="  ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    more = len(groups) - _MOST_GROUPS
    return lines if more <= 0 else [*lines, f"  ({more} more reason{'s' * (more > 1)} not shown)"]


def _line(group: Sequence[tuple[int, str]]) -> str:
    reason = group[0][1]
    ids = ", ".join(str(trial_id) for trial_id, _ in group[:_MOST_IDS])
    more = len(group) - _MOST_IDS
    others = f" and {more} more" if more > 0 else ""
    alike = ", such as" if any(other != reason for _, other in group) else ""
    return f"trial{'s' * (len(group) > 1)} {ids}{others}{alike}: {reason}"
