"""What the live view shows: how far the study is, its running trials, the best, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automl.show.launches import reached_text, waiting_text
from automl.show.layout import shortened
from automl.show.lines import duration_text, one_line, params_text, ranked, short, writable
from automl.show.live.rows import trial_rows
from automl.show.progress import Progress

# rich takes 40 ms to import, so only what draws does so.
if TYPE_CHECKING:
    from rich.text import Text

_LONGEST_NAME = 24
_LONGEST_BAR = 40
_SHORTEST_BAR = 6
_LEAST_LEFT_S = 1.0
"""Below it an estimate says nothing: what still runs is slower than the others were."""

_FREE_LINES = 3
"""Lines that are left to what is told above the view, where there are enough."""

_BAR, _PLAIN_BAR = ("━", "╸", "─"), ("#", "-", ".")
_SPARED = 4
"""One line in so many is not filled with more of the best trials, for what is told above, and for
lines that are wrapped when the window becomes narrower."""

_MOST_BEST = 10
_LEAST_BEST = 3
_LONGEST_VALUE = 32
_MAX_BEST_LINES = 3
_NO_VALUE = "-"


def picture(progress: Progress, width: int, height: int, encoding: str = "utf-8") -> Text:
    """Return the view as styled text of at most `width` columns and `height` lines.

    Args:
        progress: what is shown.
        width: columns of the terminal.
        height: lines of it.
        encoding: the terminal's; letters that it lacks are shown as escapes.
    """
    from rich.text import Text  # noqa: PLC0415 - slow

    # A line that fills the last column makes some terminals wrap.
    width = max(width - 1, 1)
    head = [_header(progress, width, plain=not _has_bars(encoding))]
    if waiting := waiting_text(progress):
        head.append(Text(f"  {waiting}"))
    notes = [Text(one_line(progress.note), style="yellow")] * bool(progress.note)
    notes += [Text(one_line(progress.hint), style="dim")] * bool(progress.hint)
    best = _best(progress, width)
    room = height - min(_FREE_LINES, height // 8) - len(head) - len(notes)
    spared = max(height // _SPARED - _FREE_LINES, 0)
    trials, hidden = _trials(progress, width, room - len(best), spared)
    if not hidden:
        # All of the best one stands in its row.
        best = []
        trials, _ = _trials(progress, width, room, spared)
    lines = [*head, *trials, *best, *notes]
    for line in lines:
        line.plain = writable(line.plain, encoding)
    return Text("\n", no_wrap=True).join([_cut(line, width) for line in lines[: max(height, 1)]])


def counts_text(progress: Progress) -> str:
    """Return how many trials have ended, how many of them failed, and how long all takes."""
    known = progress.total is not None
    facts = [f"{progress.done}/{progress.total}" if known else f"{progress.done} done"]
    if progress.failed:
        facts.append(f"{progress.failed} failed")
    facts.append(duration_text(progress.elapsed_s))
    if progress.left_s is not None and progress.left_s >= _LEAST_LEFT_S:
        facts.append(f"~{duration_text(progress.left_s)} left")
    return ", ".join(facts)


def _header(progress: Progress, width: int, *, plain: bool) -> Text:
    from rich.text import Text  # noqa: PLC0415 - slow

    line = Text(shortened(one_line(progress.spec.name), _LONGEST_NAME), style="bold")
    counts = Text(counts_text(progress))
    counts.highlight_words([f"{progress.failed} failed"], style="red")
    room = width - line.cell_len - counts.cell_len - 2
    if progress.total and room >= _SHORTEST_BAR:
        line = Text.assemble(line, " ", _bar(progress, min(room, _LONGEST_BAR), plain=plain))
    return Text.assemble(line, " ", counts)


def _has_bars(encoding: str) -> bool:
    letters = "".join(_BAR)
    return writable(letters, encoding) == letters


def _bar(progress: Progress, size: int, *, plain: bool) -> Text:
    """Return a bar of the trials that ended, those that failed in red, and those that run."""
    from rich.text import Text  # noqa: PLC0415 - slow

    total = max(progress.total or 0, 1)
    done, failed = (size * min(count, total) // total for count in (progress.done, progress.failed))
    begun = size * min(progress.done + len(progress.running), total) // total
    full, half, rest = _PLAIN_BAR if plain else _BAR
    # So that the first failures are seen, and the first trials.
    failed = max(failed, 1) if progress.failed and done else failed
    return Text.assemble(
        (full * (done - failed), "green"),
        (full * failed, "red"),
        (half * (begun - done), "cyan"),
        (rest * (size - begun), "dim"),
    )


def _trials(progress: Progress, width: int, room: int, spared: int) -> tuple[list[Text], int]:
    """Return the running trials and then the best ones, in columns, in at most `room` lines.

    More than a few of the best are shown only where `spared` of the lines stay free.

    The second is how many parameters of the best one are not among them.
    """
    from rich.text import Text  # noqa: PLC0415 - slow

    count, best = _shared_out(len(progress.running), len(progress.leaders), room, spared)
    if not count and not best:
        return [], _parameters(progress)
    rows = trial_rows(progress.spec, progress.running[:count], progress.leaders[:best], width)
    lines = [Text(rows.heading, style="dim")]
    for place, row in enumerate(rows.running):
        lines.append(Text(row, style="bold cyan" if place == rows.leads else ""))
    if hidden := len(progress.running) - count:
        lines.append(Text(f"  +{hidden} more", style="dim"))
    if best:
        lines.append(Text("  best so far:", style="dim"))
    lines += [Text(row, style="" if place else "green") for place, row in enumerate(rows.best)]
    return lines, rows.hidden if best else _parameters(progress)


def _parameters(progress: Progress) -> int:
    """Return how many parameters the best trial has, at least 1."""
    space, best = progress.spec.space, progress.best
    asked = best.params if best and space.learnt else space.names
    return max(len(asked), 1)


def _shared_out(running: int, leaders: int, room: int, spared: int) -> tuple[int, int]:
    """Return how many running trials and how many of the best ones are shown in so many lines.

    One line is for the names of the columns, one for how many more run, one above the best.
    """
    count = 0
    for least in (min(leaders, _LEAST_BEST), 0):
        left = room - 1 - (least + 1 if least else 0)
        count = running if running <= left else max(left - 1, 0)
        if count >= min(running, 1):
            break
    left = room - 1 - count - (count < running) - 1
    few = min(leaders, _LEAST_BEST, left)
    return count, max(min(leaders, _MOST_BEST, left - spared), few, 0)


def _best(progress: Progress, width: int) -> list[Text]:
    """Return the best trial with all its parameters, wrapped between them."""
    from rich.text import Text  # noqa: PLC0415 - slow

    if progress.best is None:
        return []
    indent = "    "
    objectives = progress.spec.objectives
    which = "best" if objectives.single else f"best in {objectives.name}"
    value = ranked(progress.best, objectives)
    found = f"{_NO_VALUE if value is None else f'{value:.6g}'}{reached_text(progress)}"
    lines = [f"  {which} {found}, trial {progress.best.id}:"]
    for name, short_value in short(progress.best.params).items():
        word = shortened(params_text({name: short_value}), _LONGEST_VALUE)
        if Text(f"{lines[-1]} {word}").cell_len > width and len(lines) < _MAX_BEST_LINES:
            lines.append(indent + word)
        else:
            lines[-1] += f" {word}"
    return [Text(line, style="green") for line in lines]


def _cut(line: Text, width: int) -> Text:
    if line.cell_len > width:
        line.truncate(max(width - 3, 0))
        line.append("..."[:width])
    return line
