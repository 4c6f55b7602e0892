import io
import logging
import os
import threading
from collections.abc import Iterator

import pytest

from automl import aside as aside_module
from automl.aside import Aside

NAME = "automl_test_aside"
DEADLINE_S = 60.0


class Gated(logging.Handler):
    """A handler that nobody reads until its gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        assert self.gate.wait(DEADLINE_S)
        self.seen.append(record.getMessage())


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger(NAME)
    logger.setLevel(logging.INFO)
    yield logger
    logger.handlers = []
    logger.propagate = True


def test_records_reach_all_handlers_in_order(
    logger: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    own = Gated()
    own.gate.set()
    logger.addHandler(own)
    with Aside(NAME):
        for number in range(100):
            logging.getLogger(f"{NAME}.below").info("line %d", number)
        logger.debug("hidden")
    assert own.seen == caplog.messages == [f"line {number}" for number in range(100)]
    assert logger.handlers == [own]
    assert logger.propagate


def test_the_level_of_a_handler_counts(logger: logging.Logger) -> None:
    own = Gated()
    own.gate.set()
    own.setLevel(logging.WARNING)
    logger.addHandler(own)
    with Aside(NAME):
        logger.info("quiet")
        logger.warning("loud")
    assert own.seen == ["loud"]


def test_whoever_logs_never_waits_and_what_does_not_fit_is_counted(
    logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside_module, "MAX_RECORDS", 10)
    own = Gated()
    logger.addHandler(own)
    with Aside(NAME):
        for number in range(30):
            logger.info("line %d", number)
        own.gate.set()
    lines = [line for line in own.seen if line.startswith("line")]
    # One more where the thread had taken the first already.
    assert lines == [f"line {number}" for number in range(len(lines))]
    assert len(lines) in {10, 11}
    told = [line for line in own.seen if "left out" in line]
    assert told == [f"{30 - len(lines)} log lines were left out, as nobody read what was written"]


def test_the_end_does_not_wait_for_a_handler_that_hangs(
    logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside_module, "FLUSH_S", 0.01)
    own = Gated()
    logger.addHandler(own)
    with Aside(NAME):
        logger.info("stuck")
    assert logger.handlers == [own]
    own.gate.set()
    for thread in threading.enumerate():
        if thread.name == "automl-log":
            thread.join()
    assert own.seen == ["stuck"]


def test_two_studies_share_it(logger: logging.Logger) -> None:
    own = Gated()
    own.gate.set()
    logger.addHandler(own)
    both = Aside(NAME)
    with both:
        with both:
            logger.info("one")
        logger.info("two")
        assert logger.handlers != [own]
    assert own.seen == ["one", "two"]
    assert logger.handlers == [own]


def test_a_handler_that_breaks_does_not_end_the_thread(
    logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)

    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise RuntimeError(record.msg)

    own = Gated()
    own.gate.set()
    logger.handlers = [Broken(), own]
    with Aside(NAME):
        logger.info("one")
        logger.info("two")
    assert own.seen == ["one", "two"]


def test_of_many_pictures_the_newest_is_drawn_after_the_lines(logger: logging.Logger) -> None:
    own = Gated()
    logger.addHandler(own)
    drawn: list[int] = []
    aside = Aside(NAME)
    aside.draw("owner", lambda: drawn.append(-1))
    with aside:
        logger.info("line")
        for number in range(10):
            aside.draw("owner", lambda number=number: drawn.append(number))
        own.gate.set()
        assert aside.finish("owner", lambda: drawn.append(99))
    assert drawn[0] == -1
    assert drawn[-1] == 99
    assert len(drawn) <= 3


def test_a_forked_child_shows_its_lines_itself(logger: logging.Logger) -> None:
    text = io.StringIO()
    with Aside(NAME):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            logger.handlers[0]._handlers = [logging.StreamHandler(text)]  # type: ignore[attr-defined]
            logger.info("from the child")
            os.write(writing, text.getvalue().encode())
            os._exit(0)
        os.close(writing)
        assert os.read(reading, 100) == b"from the child\n"
        os.close(reading)
        os.waitpid(pid, 0)
