"""The task of a study file: its command, what it may have for a budget, and its readers."""

from collections.abc import Iterator, Sequence
from typing import Any

from automl.discovery.option import MISSING
from automl.render.config import yaml_line
from automl.space.numbers import is_number
from automl.studies.draft.draft import Draft, Metric
from automl.studies.draft.judging.judge import Judged, Verdict
from automl.studies.draft.text.comments import comment, plain

_BUDGET = "{{ trial.budget }}"
_RUNGS, _UNKNOWN_MOST = 9, 27
_REPORTED = (
    "The program tells its numbers by automl.report, so no metric_reader is needed. One that it "
    "tells without a name is what trials are ranked by, whatever it is called above."
)


def budget_lines(draft: Draft) -> Iterator[str]:
    """Give the commented lines of `budget`; none without an option for it."""
    length = draft.length
    most = _most(length) if length else 0
    if not length or most < 2:  # noqa: PLR2004 - the smallest budget that has two steps
        return
    name = "_".join(part for part in _identifier(length.name).split("_") if part)
    known = f" ({most})" if _is_known(length) else ""
    also = " It is searched as well, so take it out of hyperparams and start_with."
    yield ""
    yield from comment(
        f"{length.option.names[0]}{known} is how long a trial trains. With a budget, all trials "
        "begin with a part of it, and only the best go on to the whole. For that, take the # from "
        f"the next line, and {_place_of_budget(draft, length)}."
        f"{also if length.verdict is Verdict.TUNED else ''}"
    )
    budget = {"name": name, "min": max(1, most // _RUNGS), "max": most}
    yield f"# budget: {yaml_line(budget)}"


def _place_of_budget(draft: Draft, length: Judged) -> str:
    """Return what is to be done for the program to get a budget."""
    if draft.files:
        base = plain(str(draft.files[0]["base"]))
        return f"add {plain(length.name)}: {_BUDGET!r} to set of {base}"
    if length.option.given:
        return f"write {_BUDGET!r} for {plain(length.option.given[-1])!r} in cmd"
    if length.verdict is Verdict.TUNED:
        return f"write {_BUDGET!r} for the value of {plain(length.name)} in cmd"
    return "from the words in cmd"


def _identifier(name: str) -> str:
    made = "".join(char if char.isalnum() and char.isascii() else "_" for char in name)
    return made if made[:1].isalpha() else f"n_{made}"


def _is_known(length: Judged) -> bool:
    return is_number(length.start) and length.known


def _most(length: Judged) -> int:
    start = length.start
    if is_number(start) and 0 < start < 10**12:
        return int(start)
    return _UNKNOWN_MOST if start is MISSING or start is None else 0


def task_lines(draft: Draft) -> Iterator[str]:
    """Give the lines of `task_list`."""
    yield ""
    yield "task_list:"
    yield "  - type: BashTask"
    yield "    cmd:"
    for at, word in enumerate(draft.command):
        if at == _place_of_options(draft):
            yield from _budget_words(draft)
        yield f"      - {yaml_line(word)}"
    if _place_of_options(draft) == len(draft.command):
        yield from _budget_words(draft)
    if draft.files:
        yield "    files:"
        for file in draft.files:
            yield f"      - {yaml_line(dict(file))}"
    yield from _reader_lines(draft.metrics)


def _place_of_options(draft: Draft) -> int:
    """Return before which word of a command an option may stand; behind all if that is the same."""
    command, found = list(draft.command), draft.found
    end = command.index("--", found.start) if "--" in command[found.start :] else len(command)
    return end if found.options_at is None else min(found.start + found.options_at, end)


def _budget_words(draft: Draft) -> Iterator[str]:
    """Give the words by which the program gets a budget, as comments."""
    length = draft.length
    if length is None or _most(length) < 2:  # noqa: PLR2004 - as above
        return
    option = length.option
    if option.given is not None or length.verdict is Verdict.TUNED or draft.files:
        return
    if option.joined:
        yield f"      # - {yaml_line(f'{option.names[0]}={_BUDGET}')}"
    else:
        yield f"      # - {yaml_line(option.names[0])}"
        yield f"      # - {yaml_line(_BUDGET)}"


def _reader_lines(metrics: Sequence[Metric]) -> Iterator[str]:
    for one in metrics:
        for told in one.told:
            yield from comment(told, indent=4)
    if all(one.reported for one in metrics):
        yield from comment(_REPORTED, indent=4)
        return
    readers = [_reader(one) for one in metrics]
    if len(readers) == 1:
        yield f"    metric_reader: {yaml_line(readers[0])}"
        return
    yield "    metric_reader:"
    for reader in readers:
        yield f"      - {yaml_line(reader)}"


def _reader(metric: Metric) -> dict[str, Any]:
    if metric.reported:
        return {"type": "report_reader", "metric": metric.name}
    return dict(metric.reader) or {"type": "stdout_reader", "metric": metric.name or "choose"}
