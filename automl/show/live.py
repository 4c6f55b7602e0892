"""The live view of a running study on a terminal.

rich lives here rather than with the command line, because a script's `tuner.fit()` shows the view
too. It is imported when a view starts; there is no thread, the screen changes only in `show`.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, TextIO

from automl.show.launches import launch_columns, reached_text, waiting_text
from automl.show.lines import duration_text, one_line, params_text, ranked, short, value_text
from automl.show.progress import Progress
from automl.streams import is_terminal, patient

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

_RUNNING = 12
"""How many running trials are shown at the most; more on a tall terminal, up to half of it."""
_MAX_BEST_LINES = 3
_LONGEST_NAME = 24
_LEAST_WIDTHS = {"trial": 5, "elapsed": 11, "newest": 8}
"""Of columns whose values grow, so that they stand still; others are as wide as their cells."""
_LONGEST_BAR = 30
_SHORTEST_BAR = 6
_LEAST_LEFT_S = 1.0
"""Below it an estimate says nothing: what still runs is slower than the others were."""


class LiveView:
    """Shows the newest `Progress` below the log lines, and leaves nothing behind when stopped.

    On anything but a terminal it shows nothing. While it is started, what is written to
    `sys.stderr` (and to `sys.stdout` if that is a terminal) appears above it, line by line. If the
    terminal goes away, the view ends and the study does not. Use it from one thread.

    Args:
        output: a stream, None for the standard error of the moment of `start`, or a console.
    """

    def __init__(self, output: TextIO | Console | None = None) -> None:
        self._output = output
        self._live: Live | None = None
        self._ended = False
        self._streams = sys.stdout, sys.stderr

    def start(self) -> None:
        """Take over the lower part of the terminal; does nothing when started before."""
        from rich.console import Console  # noqa: PLC0415 - slow
        from rich.live import Live  # noqa: PLC0415 - slow

        if self._live is not None or self._ended:
            return
        self._streams = sys.stdout, sys.stderr
        console = self._output
        if not isinstance(console, Console):
            stream = console or sys.stderr
            # Said outright, as FORCE_COLOR would make rich take a log file for a terminal.
            terminal = is_terminal(stream)
            console = Console(file=patient(stream), force_terminal=terminal, force_jupyter=False)
        live = Live(
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=_shares_screen(sys.stdout, console),
            redirect_stderr=_shares_screen(sys.stderr, console),
            vertical_overflow="crop",
        )
        self._live = live
        try:
            live.start()
            # rich hides the cursor; killed with -9, we could not bring it back.
            console.show_cursor(show=True)
        except OSError:
            self.stop()

    def show(self, progress: Progress) -> None:
        """Replace what is shown; does nothing unless started.

        It costs up to a millisecond or two; a few times a second is enough for the eye.
        """
        if self._live is None:
            return
        console = self._live.console
        try:
            self._live.update(progress_text(progress, console.width, console.height), refresh=True)
        except (OSError, UnicodeError):
            self.stop()

    def stop(self) -> None:
        """Clean the screen and give the streams back; does nothing unless started."""
        live, self._live = self._live, None
        if live is None:
            return
        for stream in (sys.stdout, sys.stderr):
            # rich keeps a line without its line break until then; the stream may be gone.
            with contextlib.suppress(AttributeError, OSError, ValueError):
                stream.flush()
        with contextlib.suppress(OSError, UnicodeError):
            live.stop()

    def abandon(self) -> None:
        """Give the streams back while the thread that shows is held up; nothing is shown again."""
        self._ended = True
        if self._live is not None:
            sys.stdout, sys.stderr = self._streams


def _shares_screen(stream: TextIO, console: Console) -> bool:
    """Tell whether text on `stream` would tear the view; a redirected one must stay as it is."""
    return stream is console.file or is_terminal(stream)


def progress_text(progress: Progress, width: int, height: int) -> Text:
    """Return the view as styled text of at most `width` columns and `height` lines."""
    from rich.text import Text  # noqa: PLC0415 - slow

    # A line that fills the last column makes some terminals wrap.
    width = max(width - 1, 1)
    head = [_header(progress, width)]
    waiting = waiting_text(progress)
    if waiting:
        head.append(Text(f"  {waiting}"))
    tail = _best(progress, width)
    if progress.note:
        tail.append(Text(one_line(progress.note), style="yellow"))
    rows = min(max(_RUNNING, height // 2), height - len(head) - len(tail) - 2)
    running = _running(progress, rows)
    lines = [_cut(line, width) for line in (*head, *running, *tail)][: max(height, 1)]
    return Text("\n", no_wrap=True).join(lines)


def _header(progress: Progress, width: int) -> Text:
    from rich.text import Text  # noqa: PLC0415 - slow

    known = progress.total is not None
    facts = [f"{progress.done}/{progress.total}" if known else f"{progress.done} done"]
    if progress.failed:
        facts.append(f"{progress.failed} failed")
    facts.append(duration_text(progress.elapsed_s))
    if progress.left_s is not None and progress.left_s >= _LEAST_LEFT_S:
        facts.append(f"~{duration_text(progress.left_s)} left")
    line = _cut(Text(one_line(progress.spec.name), style="bold"), _LONGEST_NAME)
    counts = Text(", ".join(facts))
    counts.highlight_words([f"{progress.failed} failed"], style="red")
    room = width - line.cell_len - counts.cell_len - 4
    if progress.total and room >= _SHORTEST_BAR:
        size = min(room, _LONGEST_BAR)
        full = size * min(progress.done, progress.total) // progress.total
        line.append(" [", "default").append("#" * full, "green")
        line.append("." * (size - full), "dim").append("]", "default")
    return Text.assemble(line, " ", counts)


def _running(progress: Progress, max_rows: int) -> list[Text]:
    from rich.text import Text  # noqa: PLC0415 - slow

    trials = progress.running
    if not trials or max_rows < 1:
        return []
    shown = trials[:max_rows]
    columns = {
        "trial": [str(trial.id) for trial in shown],
        **launch_columns(progress.spec, shown),
        "elapsed": [duration_text(trial.elapsed_s) for trial in shown],
        "newest": ["-" if trial.value is None else f"{trial.value:.6g}" for trial in shown],
        "seen": [str(trial.measurements) for trial in shown],
    }
    widths = [
        max(_LEAST_WIDTHS.get(name, 0), *map(len, [name, *cells]))
        for name, cells in columns.items()
    ]
    rows = [tuple(columns), *zip(*columns.values(), strict=True)]
    texts = ["parameters", *(params_text(short(trial.params)) for trial in shown)]
    lines = [
        Text("  ".join(["", *map(str.rjust, row, widths), text]))
        for row, text in zip(rows, texts, strict=True)
    ]
    lines[0].stylize("dim")
    if len(trials) > len(shown):
        lines.append(Text(f"  +{len(trials) - len(shown)} more", style="dim"))
    return lines


def _best(progress: Progress, width: int) -> list[Text]:
    """Return the best trial, wrapped between its parameters."""
    from rich.text import Text  # noqa: PLC0415 - slow

    if progress.best is None:
        return []
    indent = "    "
    objectives = progress.spec.objectives
    which = "best" if objectives.single else f"best in {objectives.name}"
    found = f"{value_text(ranked(progress.best, objectives))}{reached_text(progress)}"
    lines = [f"  {which} {found}, trial {progress.best.id}:"]
    for name, value in progress.best.params.items():
        word = params_text({name: value})
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
