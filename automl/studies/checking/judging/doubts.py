"""What to warn of although, or because, a trial ran: the usual slips of a metric."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from automl.readers.advice.outputs import line_with_number, tail_of
from automl.readers.follower import NO_MATCH_YET
from automl.show.lines import duration_text
from automl.spelling.spelling import spelled
from automl.studies.checking.end import EndedBy
from automl.studies.checking.judging import buffering
from automl.studies.checking.judging.evidence import Evidence
from automl.studies.checking.running.seen import Point, Seen

_SAME = 3
"""So many equal numbers are taken for one that never changes."""

_LATE_S = 2.0
"""A program of so many seconds that prints only at its end hides its progress."""

_BLOCK_BYTES = 4096
_CUT = "cut number"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that may be wrong.

    Attributes:
        kind: what it is, in a word or two for programs.
        text: what was found, and what to do.
    """

    kind: str
    text: str


def doubts_of(one: Evidence) -> Iterator[Doubt]:
    """Give what to warn of, the likeliest cause of a missing number first."""
    yield from _buffered(one)
    yield from _stale(one)
    yield from _another_file(one)
    for seen in one.seen.values():
        yield from _of_numbers(one, seen)
    for about, text in one.warnings.items():
        # That it has not matched yet is what the report is about.
        if not about.startswith(NO_MATCH_YET):
            yield Doubt("cut number" if about.startswith(_CUT) else "reader", text)
    yield from (Doubt("study", text) for text in one.told_before)


def _of_numbers(one: Evidence, seen: Seen) -> Iterator[Doubt]:
    name = seen.metric
    if seen.not_finite:
        yield Doubt(
            "not finite",
            f"{name} is {seen.not_finite.value:g}{_where(one, seen.not_finite)}: a trial that ends "
            "with such a number fails",
        )
    elif seen.distinct == 1 and seen.count >= _SAME:
        value = seen.first[0].value
        yield Doubt(
            "constant",
            f"{name} is {value:g} in all {seen.count} lines: is it the right number, and does the "
            "program use the values that it is given?",
        )
    if seen.back:
        before, after = seen.back
        yield Doubt(
            "step back",
            f"the step of {name} goes back from {before.step:g} to {after.step:g}"
            f"{_where(one, after)}: early stopping compares trials by their steps; let the program "
            "count on, or the pattern read the step that does",
        )


def _where(one: Evidence, point: Point) -> str:
    if point.sighting is None:
        return ""
    return f" in line {point.sighting.number} of {one.name_of(point.sighting.path)}"


def _buffered(one: Evidence) -> Iterator[Doubt]:
    end = one.end
    worked = end.cpu_s is None or end.cpu_s >= buffering.WORKED_S
    cut = end.by in {EndedBy.TIME, EndedBy.USER}
    size = _size(one.outputs[0])
    cure = buffering.remedy(one.plan.commands, one.plan.env, one.plan.cwd)
    if cut and worked:
        yield from _empty_file(one)
    printed = any(one.files[metric] in one.outputs for metric in one.missing)
    if cut and worked and printed and not size:
        used = "" if end.cpu_s is None else f" and used {duration_text(end.cpu_s)} of CPU time"
        yield Doubt(
            "buffered",
            f"the program ran for {duration_text(end.lasted_s)}{used}, but its standard output is "
            f"empty: most likely its lines are held back in a buffer. To see them at once, {cure}",
        )
    elif cut and size and size % _BLOCK_BYTES == 0 and not _ends_in_line(one.outputs[0]):
        yield Doubt(
            "buffered",
            f"standard output comes in blocks of {_BLOCK_BYTES} bytes, the last line is cut: lines "
            f"are held back in a buffer. To see them at once, {cure}",
        )
    elif end.by is EndedBy.ITSELF and _came_at_the_end(one):
        yield Doubt(
            "buffered",
            f"all of the output came at the end, after {duration_text(end.lasted_s)}: while a "
            f"trial runs, nobody sees how it does. To see lines at once, {cure}",
        )


def _empty_file(one: Evidence) -> Iterator[Doubt]:
    """Give a metric file that is there, but into which nothing has got yet."""
    for metric in one.missing:
        path = one.files[metric]
        if path not in one.outputs and os.path.exists(path) and not _size(path):  # noqa: PTH110
            yield Doubt(
                "buffered",
                f"{one.name_of(path)} is there, but empty after {duration_text(one.end.lasted_s)}: "
                "most likely what the program writes is held back in a buffer; let it flush the "
                "file after each line, or open it with buffering=1 in Python",
            )


def _came_at_the_end(one: Evidence) -> bool:
    counts = [seen.count for seen in one.seen.values()]
    late = one.end.first_output_s is None and one.end.lasted_s >= _LATE_S
    return late and _size(one.outputs[0]) > 0 and max(counts, default=0) > 1


def _stale(one: Evidence) -> Iterator[Doubt]:
    for path, written_s in one.before.items():
        age = duration_text(time.time() - written_s)
        told = (
            f"this trial wrote none: does the command write where {spelled('location')} says?"
            if one.missing
            else "it was not read: a study moves it aside before its trial starts"
        )
        yield Doubt(
            "earlier run",
            f"{one.name_of(path)} is of an earlier run, written {age} ago; {told}",
        )


def _another_file(one: Evidence) -> Iterator[Doubt]:
    """Give a file that has the metric, but is the same for all trials."""
    for metric in one.missing:
        pattern = getattr(one.spec.reader_of(metric), "parser_pattern", "")
        for path in one.others if pattern else ():
            if not one.location(path) and line_with_number(pattern, tail_of(path)):
                yield Doubt(
                    "another file",
                    f"the program wrote {one.name_of(path)}, where {pattern!r} finds {metric}, but "
                    "all trials would write it: let it write to a path with {{ trial.dir }} or "
                    f"{{{{ trial.id }}}}, and name the same in {spelled('location')}",
                )
                return


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - a text
    except OSError:
        return 0


def _ends_in_line(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a text
            file.seek(-1, os.SEEK_END)
            return file.read(1) in b"\r\n"
    except OSError:
        return True
