"""The live view in the cell of a notebook: one output that is replaced, as text and as HTML."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Protocol

from automl.show.launches import waiting_text
from automl.show.layout import Column
from automl.show.lines import one_line
from automl.show.live.picture import counts_text, picture
from automl.show.live.rows import trial_columns
from automl.show.progress import Progress

CELL_WIDTH = 100
"""Letters of a line that the cells of most editors have room for."""

_HEIGHT = 20
_MOST_RUNNING = 16
_MOST_BEST = 3

_CELL = "white-space:pre;text-align:"
_TABLE = "font-family:monospace;margin:0.3em 0"
_FAINT = "opacity:0.65"
_BOLD = ' style="font-weight:bold"'


class Publish(Protocol):
    """Shows something in a cell, or replaces what it showed before by that name."""

    def __call__(self, data: Mapping[str, str], display_id: str, *, again: bool) -> None:
        """Show it; raise nothing."""
        ...


class CellView:
    """Shows the newest `Progress` in the cell that runs.

    Its output stays in the notebook, with the last counts. Use it from one thread.

    Args:
        publish: shows it.
    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._id = uuid.uuid4().hex
        self._shown: Mapping[str, str] | None = None

    def show(self, progress: Progress) -> None:
        """Show how far a study is, in place of what was shown before."""
        shown = {"text/plain": _text(progress), "text/html": _html(progress)}
        if shown != self._shown:
            again = self._shown is not None
            self._shown = shown
            self._publish(shown, self._id, again=again)

    def end(self, progress: Progress) -> None:
        """Leave the counts of a study that ended; the trials are in its table."""
        counts = replace(progress, running=(), waiting={}, leaders=(), best=None)
        self.show(replace(counts, left_s=None, note="", hint=""))


def _text(progress: Progress) -> str:
    return picture(progress, CELL_WIDTH, _HEIGHT).plain


def _html(progress: Progress) -> str:
    """Return a bar, the running trials above the best ones, and what there is to say."""
    facts = [escape(counts_text(progress)), escape(waiting_text(progress))]
    head = f"<b>{escape(one_line(progress.spec.name))}</b> {_bar(progress)}"
    lines = [f"<div>{head} {'; '.join(filter(None, facts))}</div>", _table(progress)]
    if (hidden := len(progress.running) - _MOST_RUNNING) > 0:
        lines.append(f'<div style="{_FAINT}">and {hidden} more that run</div>')
    if progress.note:
        lines.append(f"<div>{escape(one_line(progress.note))}</div>")
    if progress.hint:
        lines.append(f'<div style="{_FAINT}">{escape(one_line(progress.hint))}</div>')
    return "".join(lines)


def _bar(progress: Progress) -> str:
    if not progress.total:
        return ""
    return f'<progress max="{progress.total}" value="{progress.done}"></progress>'


def _table(progress: Progress) -> str:
    running, best = progress.running[:_MOST_RUNNING], progress.leaders[:_MOST_BEST]
    if not running and not best:
        return ""
    found = trial_columns(progress.spec, running, best, CELL_WIDTH)
    columns = found.columns
    more = f"<th>+{found.hidden}</th>" if found.hidden else ""
    rows = [f"<tr>{''.join(_cell(one, one.name, 'th') for one in columns)}{more}</tr>"]
    for row in range(len(running) + len(best)):
        if row == len(running):
            text = "best so far:"
            rows.append(f'<tr><td colspan="{len(columns)}" style="{_CELL}left">{text}</td></tr>')
        cells = "".join(_cell(one, one.cells[row], "td") for one in columns)
        style = _BOLD if row in {found.leads, len(running)} else ""
        rows.append(f"<tr{style}>{cells}</tr>")
    return f'<table style="{_TABLE}">{"".join(rows)}</table>'


def _cell(column: Column, text: str, tag: str) -> str:
    side = "left" if column.left else "right"
    return f'<{tag} style="{_CELL}{side}">{escape(text)}</{tag}>'
