"""What the journal tells of each `optimize` of a program."""

from dataclasses import dataclass, replace

from automl.journal.events import StudyOpened


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One `optimize`, in all runs of the program.

    Attributes:
        cells: the names of the cells of a notebook that called it; none for a script.
        reason: why it ended when it was run last; empty while it runs, or if the program died.
    """

    cells: tuple[str, ...] = ()
    reason: str = ""


def begun(calls: dict[int, Called], event: StudyOpened) -> int:
    """Take in that a controller begins; return the number of the call that it runs.

    One that no program calls, as where the terminal goes on with a study, is of the last call.

    Args:
        calls: by number; changed.
        event: its beginning.
    """
    number = event.call or max(calls, default=0)
    before = calls.get(number, Called())
    if number:
        cells = tuple(dict.fromkeys([*before.cells, *event.cells]))
        calls[number] = replace(before, cells=cells, reason="")
    return number
