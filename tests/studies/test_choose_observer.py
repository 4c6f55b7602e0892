"""Who tells on the terminal how a study goes."""

import logging
from typing import Any

import pytest

from automl.logs import LOGGER_NAME
from automl.studies.telling import observers
from automl.studies.telling.observers import LineObserver, LiveObserver, choose_observer


@pytest.mark.parametrize(
    ("pictures", "level", "kind"),
    [
        (True, logging.NOTSET, LiveObserver),
        (True, logging.INFO, LiveObserver),
        (True, logging.DEBUG, LiveObserver),
        (True, logging.WARNING, LineObserver),
        (False, logging.INFO, LineObserver),
    ],
)
def test_who_wants_no_lines_is_shown_no_view(
    pictures: bool,  # noqa: FBT001 - a row
    level: int,
    kind: type,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Any] = []
    monkeypatch.setattr(observers, "takes_pictures", lambda _: pictures)
    monkeypatch.setattr(LiveObserver, "__init__", lambda *_, **__: made.append(LiveObserver))
    monkeypatch.setattr(LineObserver, "__init__", lambda *_: made.append(LineObserver))
    logger = logging.getLogger(LOGGER_NAME)
    before = logger.level
    logger.setLevel(level)
    try:
        choose_observer(None)  # type: ignore[arg-type] # none is looked at
    finally:
        logger.setLevel(before)
    assert made == [kind]
