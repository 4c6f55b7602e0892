"""What became of requests, told to who asks at the prompt."""

import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import click

from automl import streams
from automl.cli.documents import json_option, print_document
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.fitted import fitted
from automl.cli.group import COMMAND
from automl.journal.asking.answer import AskedRequest
from automl.logs import LOGGER_NAME
from automl.studies.study import Study

_Command = TypeVar("_Command", bound=Callable[..., Any])

_LOOK_S = 1.0
"""Seconds between two looks at whether the study still runs."""

_TIMEOUT_S = 60.0


class Became(StrEnum):
    """What became of a request."""

    DONE = "done"
    REFUSED = "refused"
    KEPT = "kept"
    """Nothing runs the study now; its next start takes it up."""

    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one request.

    Attributes:
        became: what.
        request: what was asked, in a few words.
        reason: why it was not done, else empty.
    """

    became: Became
    request: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.request}: {self.became}{self.reason and f': {self.reason}'}"


def answer_options(command: _Command) -> _Command:
    """Give a verb the options of all that ask something."""
    timeout = click.option(
        "--timeout",
        "timeout_s",
        metavar="SECONDS",
        type=click.FloatRange(min=0),
        default=_TIMEOUT_S,
        show_default=f"{_TIMEOUT_S:g}",
        help="Seconds to wait for the answer; 0: ask and leave.",
    )
    return timeout(json_option(command))


def ask(
    study: Study,
    requests: Sequence[Callable[[], AskedRequest]],
    *,
    timeout_s: float,
    as_json: bool,
) -> int:
    """Ask, wait for the answers, tell them, and return the exit code.

    Args:
        study: who is asked.
        requests: each asks one thing.
        timeout_s: the seconds to wait for all answers.
        as_json: whether they are told as a document.
    """
    # What these lines would say, the answers do.
    logging.getLogger(LOGGER_NAME).addHandler(logging.NullHandler())
    asked = [request() for request in requests]
    until_s = time.monotonic() + timeout_s
    told = [_awaited(study, one, until_s) for one in asked]
    if as_json:
        print_document(
            study=study.folder.path.name,
            requests=[
                {
                    "id": one.id,
                    "request": became.request,
                    "state": str(became.became),
                    "reason": became.reason,
                }
                for one, became in zip(asked, told, strict=True)
            ],
        )
    else:
        _print(told)
    fine = {Became.DONE, Became.KEPT} | ({Became.UNANSWERED} if timeout_s == 0 else set())
    return WELL if all(one.became in fine for one in told) else WITHOUT_VALUE


def _awaited(study: Study, asked: AskedRequest, until_s: float) -> Told:
    """Return what became of a request; nobody waits for a study that does not run."""
    while True:
        runs = study.state == "running"
        left_s = until_s - time.monotonic()
        answer = asked.wait(max(min(_LOOK_S, left_s), 0.0) if runs else 0.0)
        if answer is not None:
            became = Became.DONE if answer.done else Became.REFUSED
            return Told(became, asked.words, answer.reason)
        if not runs:
            why = "nothing runs the study now; its next start takes this up"
            return Told(Became.KEPT, asked.words, why)
        if left_s <= 0:
            why = "the study has not answered yet; it will take this up"
            return Told(Became.UNANSWERED, asked.words, why)


def _print(told: Sequence[Told]) -> None:
    for one in told:
        if one.became is Became.REFUSED:
            streams.write(sys.stderr, f"{fitted(f'{COMMAND}: error: {one}', sys.stderr)}\n")
        else:
            click.echo(str(one))
