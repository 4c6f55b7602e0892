"""A terminal: a real one for the program, and a model of what its window shows."""

import os
import pty
import re
import termios
from dataclasses import dataclass, field
from typing import TextIO

_PIECE = re.compile(r"\x1b\[(\??[\d;]*)([A-Za-z])|([\r\n])|([^\x1b\r\n])")


@dataclass
class _Row:
    """A line of the window; `wrapped` if the next one continues it."""

    cells: list[str] = field(default_factory=list)
    wrapped: bool = False

    @property
    def text(self) -> str:
        return "".join(self.cells).rstrip()


class Window:
    """What a terminal shows that wraps long lines anew when its width changes, as most do."""

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self.columns, self.lines = columns, lines
        self.rows = [_Row()]
        self.row = self.column = 0
        self.half_drawn = False

    @property
    def text(self) -> list[str]:
        """All lines, those that went out at the top too, without blank ones at the end."""
        texts = [row.text for row in self.rows]
        while texts and not texts[-1]:
            texts.pop()
        return texts

    @property
    def _top(self) -> int:
        return max(0, len(self.rows) - self.lines)

    def feed(self, text: str) -> None:
        place = 0
        while place < len(text):
            found = _PIECE.match(text, place)
            assert found, repr(text[place : place + 20])
            place = found.end()
            arguments, command, control, char = found.groups()
            if command:
                self._obey(arguments, command)
            elif control == "\r":
                self.column = 0
            elif control == "\n":
                self._down()
            else:
                self._put(char)

    def resize(self, columns: int, lines: int) -> None:
        """Wrap every line anew; the cursor stays on its letter."""
        joined: list[list[str]] = [[]]
        cursor = (0, 0)
        for number, row in enumerate(self.rows):
            if number == self.row:
                cursor = len(joined) - 1, len(joined[-1]) + self.column
            joined[-1] += row.cells
            if not row.wrapped:
                joined.append([])
        self.columns, self.lines = columns, lines
        self.rows = []
        for number, cells in enumerate(joined[:-1]):
            while cells and cells[-1] == " ":
                cells.pop()
            pieces = [cells[at : at + columns] for at in range(0, len(cells), columns)] or [[]]
            if number == cursor[0]:
                self.row = len(self.rows) + min(cursor[1] // columns, len(pieces) - 1)
                self.column = cursor[1] % columns
            last = len(pieces) - 1
            self.rows += [_Row(piece, place < last) for place, piece in enumerate(pieces)]
        self.row = max(self.row, self._top)

    def _obey(self, arguments: str, command: str) -> None:
        count = int(arguments) if arguments.isdigit() else 1
        if command == "A":
            self.row = max(self._top, self.row - count)
        elif command == "B":
            self.row = min(len(self.rows) - 1, self.row + count)
        elif command in "KJ":
            row = self.rows[self.row]
            del row.cells[self.column :]
            row.wrapped = False
            if command == "J":
                for below in self.rows[self.row + 1 :]:
                    below.cells, below.wrapped = [], False
        elif command in "hl":
            assert arguments == "?2026", arguments
            self.half_drawn = command == "h"
        else:
            assert command == "m", command

    def _put(self, char: str) -> None:
        if self.column == self.columns:
            self.rows[self.row].wrapped = True
            self._down()
            self.column = 0
        cells = self.rows[self.row].cells
        cells += [" "] * (self.column - len(cells))
        cells[self.column : self.column + 1] = [char]
        self.column += 1

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append(_Row())


class FakeTerminal:
    """A pseudo-terminal with a window; the program writes to `stream`."""

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self._ours, theirs = pty.openpty()
        os.set_blocking(self._ours, False)
        self.stream: TextIO = os.fdopen(theirs, "w", encoding="utf-8")
        self.window = Window(columns, lines)
        self.written = ""
        self._set_size(columns, lines)

    @property
    def text(self) -> list[str]:
        """What the window shows now."""
        self.look()
        assert not self.window.half_drawn
        return self.window.text

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self.stream.fileno())[3] & termios.ECHO)

    def look(self) -> None:
        """Show what was written until now."""
        content = b""
        while True:
            try:
                content += os.read(self._ours, 1 << 16)
            except BlockingIOError:
                break
        text = content.decode()
        self.written += text
        self.window.feed(text)

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        os.write(self._ours, text.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the window."""
        self.look()
        self.window.resize(columns, lines)
        self._set_size(columns, lines)

    def close(self) -> None:
        os.close(self._ours)
        self.stream.close()

    def _set_size(self, columns: int, lines: int) -> None:
        termios.tcsetwinsize(self.stream.fileno(), (lines, columns))
