"""Standard output and error may be any object that a program put in their place."""

import codecs
import io
import logging
import os
import pty
import sys
from collections.abc import Callable
from typing import Any

import pytest

from automl import logs, streams


class Sink:
    """Keeps what is written; has nothing else of a stream."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


class Failing:
    """Fails at whatever it is asked, with an error of its own."""

    encoding = None

    def write(self, text: str) -> int:
        raise RuntimeError(f"cannot take {len(text)}")

    def flush(self) -> None:
        raise RuntimeError

    def isatty(self) -> bool:
        raise RuntimeError

    def fileno(self) -> int:
        raise RuntimeError


def ascii_text() -> tuple[Any, Callable[[], bytes]]:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    return stream, raw.getvalue


def ascii_codec() -> tuple[Any, Callable[[], bytes]]:
    raw = io.BytesIO()
    return codecs.getwriter("ascii")(raw), raw.getvalue


@pytest.mark.parametrize("make", [ascii_text, ascii_codec])
def test_what_an_encoding_lacks_is_written_with_backslashes(
    make: Callable[[], tuple[Any, Callable[[], bytes]]],
) -> None:
    stream, written = make()
    assert streams.write(stream, "é=漢字\n") == ""
    assert written() == b"\\xe9=\\u6f22\\u5b57\n"


def test_latin_1_keeps_what_it_has() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1", write_through=True)
    assert streams.write(stream, "é漢") == ""
    assert raw.getvalue() == b"\xe9\\u6f22"


def test_a_stream_with_nothing_but_write_is_written_to() -> None:
    sink: Any = Sink()
    assert streams.write(sink, "text") == ""
    assert sink.text == "text"
    assert not streams.unusable(sink, None)
    assert not streams.is_terminal(sink)
    streams.let_go(sink)


def test_every_error_of_a_stream_is_a_reason_and_none_comes_out() -> None:
    stream: Any = Failing()
    assert streams.write(stream, "text") == "cannot take 4"
    assert streams.unusable(stream, 0.0)
    assert not streams.is_terminal(stream)
    assert streams.in_foreground(stream)
    assert streams.wait_for_room(stream)
    streams.let_go(stream)


def test_an_error_without_text_is_told_by_its_name() -> None:
    class Silent(Failing):
        def write(self, text: str) -> int:
            raise {text: KeyError}[text]

    stream: Any = Silent()
    assert streams.write(stream, "text") == "KeyError"


@pytest.mark.parametrize("stream", [None, object(), 7, io.StringIO()])
def test_what_is_no_terminal_takes_no_pictures(
    stream: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert not streams.takes_pictures(stream)


@pytest.mark.parametrize(
    ("term", "takes"),
    [("xterm-256color", True), ("linux", True), ("dumb", False), ("unknown", False), (None, False)],
)
def test_a_plain_terminal_gets_lines(
    term: str | None,
    takes: bool,  # noqa: FBT001 - a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if term is None:
        monkeypatch.delenv("TERM", raising=False)
    else:
        monkeypatch.setenv("TERM", term)
    ours, theirs = pty.openpty()
    try:
        with os.fdopen(theirs, "w") as stream:
            assert streams.takes_pictures(stream) is takes
    finally:
        os.close(ours)


def test_a_program_in_the_background_of_a_shell_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(os, "tcgetpgrp", lambda _: os.getpgrp() + 1)
    ours, theirs = pty.openpty()
    try:
        with os.fdopen(theirs, "w") as stream:
            assert not streams.takes_pictures(stream)
    finally:
        os.close(ours)


def test_a_line_is_logged_to_whatever_stands_for_standard_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink = Sink()
    monkeypatch.setattr(sys, "stderr", sink)
    handler = logs._StderrHandler()
    handler.handle(record("told"))
    assert sink.text.endswith("[INFO] told\n")
    monkeypatch.setattr(sys, "stderr", Failing())
    handler.handle(record("lost"))


def record(text: str) -> logging.LogRecord:
    return logging.makeLogRecord({"levelname": "INFO", "msg": text})
