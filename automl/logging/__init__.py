"""How much automl tells on the terminal, by Optuna's names; its log is Python's own `automl`."""

import logging

from automl.logs import LOGGER_NAME, ensure_handler, show_lines

CRITICAL = logging.CRITICAL
FATAL = logging.FATAL
ERROR = logging.ERROR
WARNING = logging.WARNING
WARN = logging.WARNING
INFO = logging.INFO
DEBUG = logging.DEBUG


def set_verbosity(verbosity: int) -> None:
    """Tell only what is at least so important, such as `automl.logging.WARNING`."""
    logging.getLogger(LOGGER_NAME).setLevel(verbosity)


def get_verbosity() -> int:
    """Return how important something must be to be told."""
    ensure_handler()
    return logging.getLogger(LOGGER_NAME).getEffectiveLevel()


def get_logger(name: str) -> logging.Logger:
    """Return a logger by its name, as Python's `logging.getLogger` does."""
    return logging.getLogger(name)


def disable_default_handler() -> None:
    """Show no lines on stderr; handlers of your own get them all the same."""
    show_lines(shown=False)


def enable_default_handler() -> None:
    """Show lines on stderr, as it is if nothing is said."""
    show_lines(shown=True)


def disable_propagation() -> None:
    """Give lines to handlers of the logger `automl` alone."""
    logging.getLogger(LOGGER_NAME).propagate = False


def enable_propagation() -> None:
    """Give lines to the handlers of the program's root logger too, as it is if nothing is said."""
    logging.getLogger(LOGGER_NAME).propagate = True
