import io
import logging
import re
import sys
import time
from collections.abc import Iterator

import pytest

import automl
from automl.logs import LOGGER_NAME, LineFormatter, ensure_handler


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """Automl's logger as in a fresh program: pytest's own handlers are out of sight."""
    logger = logging.getLogger(LOGGER_NAME)
    monkeypatch.setattr(logger, "parent", None)
    monkeypatch.setattr(logger, "handlers", [])
    level = logger.level
    logger.setLevel(logging.NOTSET)
    yield logger
    logger.setLevel(level)


def _record(message: str, created: float, level: int = logging.INFO) -> logging.LogRecord:
    record = logging.LogRecord(LOGGER_NAME, level, "x.py", 1, message, None, None)
    record.created = created
    record.msecs = round(created % 1 * 1000, 3)
    return record


def test_a_line_has_local_time_level_and_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "localtime", lambda created: time.gmtime(created + 8 * 3600))
    line = LineFormatter().format(_record("trial 3: started", 1596783082.163))
    assert line == "2020-08-07,14:51:22.163 [INFO] trial 3: started"


@pytest.mark.parametrize(("fraction", "text"), [(0.0, ".000"), (0.007, ".007"), (0.9996, ".999")])
def test_milliseconds_have_three_digits(fraction: float, text: str) -> None:
    line = LineFormatter().format(_record("m", 1596783082 + fraction, logging.WARNING))
    assert line.endswith(f"{text} [WARNING] m")


def test_a_program_without_logging_sees_info_lines(
    bare: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure_handler()
    bare.info("shown")
    bare.debug("hidden")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d,\d\d:\d\d:\d\d\.\d{3} \[INFO\] shown\n", capsys.readouterr().err
    )


def test_asking_again_does_not_double_a_line(
    bare: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure_handler()
    ensure_handler()
    bare.info("once")
    assert capsys.readouterr().err.count("once") == 1
    assert len(bare.handlers) == 1


def test_a_child_logger_is_shown_too(
    bare: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_handler()
    child = logging.getLogger(f"{LOGGER_NAME}.test_logs")
    monkeypatch.setattr(child, "parent", bare)
    child.info("from below")
    assert "from below" in capsys.readouterr().err


def test_the_line_goes_to_the_stderr_of_the_moment(
    bare: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_handler()
    bare.info("first")
    later = io.StringIO()
    monkeypatch.setattr(sys, "stderr", later)
    bare.info("second")
    earlier = capsys.readouterr().err
    assert "first" in earlier
    assert "second" not in earlier
    assert "second" in later.getvalue()


def test_a_program_with_its_own_handler_is_left_alone(bare: logging.Logger) -> None:
    own = logging.NullHandler()
    bare.addHandler(own)
    ensure_handler()
    assert bare.handlers == [own]
    assert bare.level == logging.NOTSET


def test_a_level_that_was_set_stays(
    bare: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    bare.setLevel(logging.WARNING)
    ensure_handler()
    bare.info("quiet")
    bare.warning("loud")
    shown = capsys.readouterr().err
    assert "quiet" not in shown
    assert "loud" in shown


def test_a_script_hides_the_lines_and_shows_them_again(
    bare: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    own = io.StringIO()
    bare.addHandler(handler := logging.StreamHandler(own))
    for say in (
        automl.logging.disable_default_handler,
        automl.logging.disable_default_handler,
        automl.logging.enable_default_handler,
        automl.logging.enable_default_handler,
    ):
        say()
        # As each study does.
        ensure_handler()
        bare.info("after %s", say.__name__)
    assert own.getvalue().count("\n") == 4
    assert capsys.readouterr().err.count("after enable_default_handler") == 2
    assert handler in bare.handlers
    assert len(bare.handlers) == 2


def test_propagation_can_be_turned_off(bare: logging.Logger) -> None:
    automl.logging.disable_propagation()
    assert not bare.propagate
    automl.logging.enable_propagation()
    assert bare.propagate
