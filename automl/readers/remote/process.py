"""The program of a process that fetches, so that it can be killed if a server gives no answer.

It reads requests from its standard input and answers on what was its standard output. It ends by
itself when a request takes longer than its sender allows (SIGALRM, by the kernel), when its input
ends, and with its parent. The credentials are those of its environment.
"""

import errno
import logging
import os
import queue
import signal
import sys
import threading
from typing import Any

from automl.readers.matching.process import Requests, packed
from automl.readers.remote.errors import lasts, told
from automl.readers.remote.notes import Before
from automl.readers.remote.store import Store
from automl.readers.remote.transfer import Copied, Wanted, fetched, noted

_DEFAULT = (signal.SIGALRM, signal.SIGPIPE)
_IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""They ask the controller to end, which ends this process when it need not fetch any more."""

_OF_HERE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE}
"""Errors of this machine, which no server is to blame for."""


def main() -> None:
    """Serve the parent, whose pid is the argument."""
    parent = int(sys.argv[1])
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in _DEFAULT:
        signal.signal(number, signal.SIG_DFL)
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    answers = os.dup(1)
    # What a package prints is no answer, and what it logs may hold a header.
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(parent, requests), daemon=True).start()
    while True:
        request = requests.get()
        _restart(request["bound_s"])
        answer = answer_to(request, lambda bound_s=request["bound_s"]: _went_on(answers, bound_s))
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(answers, answer)


def answer_to(request: dict[str, Any], progress: Any, store: Store | None = None) -> Any:  # noqa: ANN401 - plain values
    """Return the answer to a request: what was found, or what went wrong.

    Args:
        request: what is asked for, as plain values.
        progress: is called as bytes come in.
        store: where it is; made of the request's URL if not given.
    """
    try:
        place = store or Store(request["url"])
        if request["kind"] == "note":
            return ("noted", noted(place))
        wanted = Wanted(
            target=request["target"],
            before=Before(known=True, version=request["before"]),
            copied=Copied(**request["copied"]),
            last=request["last"],
        )
        state, copied = fetched(place, wanted, progress)
    except MemoryError:
        return ("failed", "there is no memory to fetch it", False, None)
    except Exception as error:  # noqa: BLE001 - of whatever package; it is told
        number = error.errno if isinstance(error, OSError) and error.errno in _OF_HERE else None
        return ("failed", told(error), lasts(error), number)
    plain = {"version": copied.version, "size_bytes": copied.size_bytes, "proved": copied.proved}
    return ("fetched", str(state), plain)


def _listen(parent: int, requests: "queue.SimpleQueue[Any]") -> None:
    """Take in requests, also during a call, and end with the parent, whatever goes on."""
    incoming = Requests(parent)
    while (request := incoming.next()) is not None:
        requests.put(request)
    os._exit(0)


def _restart(bound_s: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, bound_s)


def _went_on(answers: int, bound_s: float) -> None:
    _restart(bound_s)
    _write(answers, ("goes on",))


def _write(answers: int, message: tuple[Any, ...]) -> None:
    view = memoryview(packed(message))
    while view:
        view = view[os.write(answers, view) :]
