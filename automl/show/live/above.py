"""Standard output and error while a picture is on their terminal: their lines go above it."""

import io
from typing import Any, TextIO

from automl.show.live.screen import Screen


class Above(io.TextIOBase):
    """Stands in for a stream, and hands its text to the screen line by line.

    Args:
        stream: what it stands in for; all that is not text is asked of it.
        screen: takes the text.
    """

    def __init__(self, stream: TextIO, screen: Screen) -> None:
        self._stream = stream
        self._screen = screen
        self._rest = ""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The stream's."""
        return self._stream.encoding

    def write(self, text: str) -> int:
        """Take in a text; what follows its last line break waits for the next one.

        Raises:
            OSError: the terminal takes nothing.
        """
        whole, line_break, self._rest = (self._rest + text).rpartition("\n")
        if line_break:
            self._screen.above(whole + line_break)
        return len(text)

    def flush(self) -> None:
        """Keep part of a line: it would be torn by the picture."""

    def finish(self) -> None:
        """Write what is kept; raises as `write`."""
        if self._rest:
            self.write("\n")

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the stream's descriptor."""
        return self._stream.fileno()
