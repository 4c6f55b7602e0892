"""The live view of a running study on a terminal.

rich renders it. It is imported when a view starts; there is no thread, the screen changes only in
`show` and where something is written.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import TYPE_CHECKING, TextIO

from automl.show.live.above import Above
from automl.show.live.keyboard import Keyboard
from automl.show.live.pauses import PAUSES
from automl.show.live.picture import picture
from automl.show.live.screen import Screen
from automl.show.progress import Progress
from automl.streams import is_terminal

if TYPE_CHECKING:
    from rich.console import Console

_LOCK_S = 1.0
"""How long Ctrl-Z waits for a terminal that takes nothing."""


class LiveView:
    """Shows the newest `Progress` below the log lines, and leaves nothing behind when stopped.

    On anything but a terminal it shows nothing. While it is started, what is written to
    `sys.stderr` (and to `sys.stdout` if that is a terminal) appears above it, line by line. If the
    terminal goes away, the view ends and the study does not. Use it from one thread.

    Args:
        output: a stream, None for the standard error of the moment of `start`.
        typing: whether what is typed is shown; else Enter cannot move the view.
    """

    def __init__(self, output: TextIO | None = None, *, typing: bool = False) -> None:
        self._output = output
        self._typing = typing
        self._console: Console | None = None
        self._screen: Screen | None = None
        self._keyboard: Keyboard | None = None
        self._encoding = "utf-8"
        self._ended = False
        self._streams = sys.stdout, sys.stderr
        self._above: list[Above] = []

    def start(self) -> None:
        """Take over the lower part of the terminal; does nothing when started before."""
        if self._screen is not None or self._ended:
            return
        stream = self._output or sys.stderr
        if not is_terminal(stream):
            return
        from rich.console import Console  # noqa: PLC0415 - slow

        self._console = Console(file=io.StringIO(), force_terminal=True, force_jupyter=False)
        self._encoding = stream.encoding or "utf-8"
        self._screen = screen = Screen(stream)
        self._keyboard = Keyboard(stream)
        self._streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = (
            self._standing_in(one, screen) if one is stream or is_terminal(one) else one
            for one in self._streams
        )
        PAUSES.add(self)
        self._hush()

    def show(self, progress: Progress) -> None:
        """Replace what is shown; does nothing unless started.

        It costs up to a millisecond or two; a few times a second is enough for the eye.
        """
        if self._screen is None or self._console is None:
            return
        self._hush()
        size = self._screen.size()
        text = picture(progress, *size, self._encoding)
        with self._console.capture() as drawn:
            self._console.print(text, soft_wrap=True, highlight=False, end="")
        try:
            self._screen.show(drawn.get().split("\n"), size)
        except (OSError, UnicodeError):
            self.stop()

    def stop(self) -> None:
        """Clean the screen and give the streams back; does nothing unless started."""
        screen, self._screen = self._screen, None
        if screen is None:
            return
        with contextlib.suppress(OSError, UnicodeError):
            screen.clear()
        self._give_back()
        for one in self._above:
            with contextlib.suppress(OSError, ValueError):
                one.finish()

    def abandon(self) -> None:
        """Give the streams back while the thread that shows is held up; nothing is shown again."""
        self._ended = True
        if self._screen is not None:
            self._give_back()

    def pause(self) -> None:
        """Leave the terminal to the shell; the next `show` takes it again."""
        if self._screen is not None and self._keyboard is not None:
            with contextlib.suppress(OSError, UnicodeError):
                self._screen.clear(_LOCK_S)
            self._keyboard.restore()

    def go_on(self) -> None:
        """Take the terminal again, if the shell gave it back."""
        self._hush()

    def _hush(self) -> None:
        if self._keyboard is not None and not self._typing:
            self._keyboard.hush()

    def _standing_in(self, stream: TextIO, screen: Screen) -> TextIO:
        self._above.append(Above(stream, screen))
        return self._above[-1]  # type: ignore[return-value]

    def _give_back(self) -> None:
        PAUSES.remove(self)
        if self._keyboard is not None:
            self._keyboard.restore()
        # What the program put in their place meanwhile stays.
        if sys.stdout in self._above:
            sys.stdout = self._streams[0]
        if sys.stderr in self._above:
            sys.stderr = self._streams[1]
