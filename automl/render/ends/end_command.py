"""The command that tells of the end of a study, and what it is filled in with."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from automl.errors import RenderError, SpecError
from automl.registry import did_you_mean
from automl.render import syntax
from automl.render.shell import ShellScanner, quote

NAMES = (
    "study.name",
    "study.dir",
    "study.event",
    "study.reason",
    "study.best_value",
    "study.best_trial",
    "study.trials",
    "study.completed",
    "study.failed",
)
"""All that it may ask for."""

Fill: TypeAlias = Callable[[Mapping[str, str]], str]


class EndCommand:
    """A command with placeholders for how a study ended.

    Args:
        command: its words, or a shell line, into which values are quoted. A `~` before the first
            word is the home of a user, as in commands of trials.

    Raises:
        SpecError: it asks for something else.
    """

    def __init__(self, command: Sequence[str] | str) -> None:
        self._is_line = isinstance(command, str)
        texts = [command] if isinstance(command, str) else [program_of(command), *command[1:]]
        self._fills = [_fill(text, shell_line=self._is_line) for text in texts]

    def filled(self, values: Mapping[str, str]) -> list[str]:
        """Return the words to start.

        Args:
            values: a text for each of `NAMES`.

        Raises:
            RenderError: a value cannot be quoted at its place.
        """
        try:
            words = [fill(values) for fill in self._fills]
        except ValueError as error:
            raise RenderError(f"on_end: {error}") from error
        return ["/bin/sh", "-c", words[0]] if self._is_line else words


def program_of(words: Sequence[str]) -> str:
    """Return the program that words start, its path written out."""
    return os.path.expanduser(words[0])  # noqa: PTH111 - a name stays a name


def _fill(text: str, *, shell_line: bool) -> Fill:
    scanner = ShellScanner() if shell_line else None
    parts: list[str | Fill] = []
    for piece in syntax.split(text):
        if piece.is_text:
            parts.append(piece.text)
            if scanner:
                scanner.feed(piece.text)
        else:
            parts.append(_value(_name(text, piece), scanner))
    return lambda values: "".join(
        [part if isinstance(part, str) else part(values) for part in parts]
    )


def _value(name: str, scanner: ShellScanner | None) -> Fill:
    if scanner is None:
        return lambda values: values[name]
    spot = scanner.value()
    return lambda values: quote(spot.quoting, values[name])


def _name(text: str, piece: syntax.Piece) -> str:
    name = piece.name or piece.text.removeprefix("{{").removesuffix("}}").strip()
    if name not in NAMES:
        raise SpecError(
            f"on_end: {text!r}: placeholder {name!r} is unknown{did_you_mean(name, NAMES)}; known: "
            f"{', '.join(NAMES)}",
            place="on_end",
        )
    return name
