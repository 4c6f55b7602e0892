"""Calls of functions by forks of a process that has imported them, where that is safe."""

import contextlib
import logging
import time
from collections.abc import Mapping

from automl.executors.local.starters.server import (
    Calls,
    ForkedStarter,
    ForkServer,
    ServerLostError,
)
from automl.executors.local.watch import PidfdWatch
from automl.executors.processes.brand import put_place_brand
from automl.study.launch import Direct

logger = logging.getLogger(__name__)

IMPORT_S = 60.0
"""How long calls wait for a server that imports their script; then they are begun without it.

A new Python for each would import it as long as that. Only then it is known whether it is safe.
"""

LOST_IN_A_ROW = 3
"""After so many starters that were lost, with no call that ended between, none is forked any more.

A fork may hang where a new Python does not, for a reason that cannot be seen before. The same holds
for so many servers that were lost before they were ready: the import may crash when done again.
"""


class Forks:
    """Lends starters to calls of a function.

    Args:
        watch: tells when a server is ready, and what starters answer.
    """

    def __init__(self, watch: PidfdWatch) -> None:
        self._watch = watch
        self._server: ForkServer | None = None
        self._wait_until_s = 0.0
        self._closed = False
        self._given_up: ForkServer | None = None
        self._lost = 0
        self._lost_imports = 0
        self._idle: list[ForkedStarter] = []

    def calls_in(self, direct: Direct) -> Calls | None:
        """Return what a command has in common with others that a fork may do; None for no call."""
        if self._closed or direct.call is None:
            return None
        if self._given_up:
            if self._given_up.is_script_as_then:
                return None
            self._given_up = None
        return Calls(direct.argv[0], direct.call.target, direct.cwd, direct.exports)

    def is_due(self, *, more: bool) -> bool:
        """Tell whether it is time to begin a server for a call.

        Its start costs as much as that of a call, and it may be of no use after all.

        Args:
            more: whether further calls are expected.
        """
        server = self._server
        if server and server.is_ready and not server.is_current:
            self._end_server()
        return self._server is None and more

    def may_do(self, calls: Calls) -> bool:
        """Tell whether a call can be forked now."""
        server = self._server
        return bool(server and server.is_ready and server.calls == calls)

    def is_to_wait(self, calls: Calls) -> bool:
        """Tell whether a call is to wait until it is known whether it can be forked."""
        server = self._server
        return self.wait_until_s is not None and bool(server and server.calls == calls)

    @property
    def wait_until_s(self) -> float | None:
        """The monotonic second until which calls wait for a server; None while none does."""
        begins = self._server is not None and not self._server.is_ready
        return self._wait_until_s if begins and time.monotonic() < self._wait_until_s else None

    def begin(self, calls: Calls, place: str, environ: Mapping[bytes, bytes]) -> None:
        """Begin a server, which is used once it says that it is ready.

        Args:
            calls: what it is to do.
            place: the folder of the study.
            environ: its environment.
        """
        try:
            server = ForkServer(calls, environ)
        except OSError:
            return
        # All that it starts inherits it.
        if place:
            put_place_brand(server.pid, place)
        try:
            self._watch.add_file(server.fileno(), server.pid)
        except OSError:
            server.kill()
            return
        self._server = server
        self._wait_until_s = time.monotonic() + IMPORT_S

    def take(self) -> tuple[ForkedStarter, bool] | None:
        """Return a starter with nothing to do, and whether it is new; None if there is none."""
        if self._idle:
            return self._idle.pop(), False
        starter = self._server.starter() if self._server else None
        if starter is None:
            self._end_server()
            return None
        return starter, True

    def take_back(self, starter: ForkedStarter) -> bool:
        """Keep a starter whose call has ended for the next one; False if it is of no more use."""
        if self._server is None or self._server.pid != starter.server:
            return False
        self._lost = 0
        self._idle.append(starter)
        return True

    def forget(self, starter: ForkedStarter) -> None:
        """Take in that a starter is gone, or does not answer."""
        with contextlib.suppress(ValueError):
            self._idle.remove(starter)
        if self._server and self._server.pid == starter.server:
            self._lost += 1
            if self._lost == LOST_IN_A_ROW:
                self._give_up(f"{LOST_IN_A_ROW} of those that fork it were killed or got stuck")

    def heard(self, pid: int) -> None:
        """Take in what a server said of its own accord: that it is ready or unfit, or gone."""
        server = self._server
        if server is None or server.pid != pid:
            return
        if server.is_ready:
            # The next call has another one begun.
            self._end_server()
            return
        try:
            why = server.begun()
        except ServerLostError:
            self._lose_import()
            return
        self._lost_imports = 0
        if why:
            self._give_up(why)

    def _lose_import(self) -> None:
        self._lost_imports += 1
        if self._lost_imports < LOST_IN_A_ROW:
            self._end_server()
        else:
            self._give_up(f"its import was killed, or crashed, {LOST_IN_A_ROW} times")

    def outdated(self) -> list[ForkedStarter]:
        """Return the starters without a call that are of no more use, once."""
        server = self._server.pid if self._server else 0
        old = [one for one in self._idle if one.server != server]
        self._idle = [one for one in self._idle if one.server == server]
        return old

    def close(self) -> list[ForkedStarter]:
        """End the server, and return the starters without a call."""
        self._closed = True
        self._end_server()
        return self.outdated()

    def _give_up(self, why: str) -> None:
        # Until somebody changes the script.
        self._given_up = self._server
        self._lost = self._lost_imports = 0
        self._end_server()
        logger.info("each call imports the script anew, and is no fork, as %s", why)

    def _end_server(self) -> None:
        if self._server:
            self._watch.remove(self._server.pid)
            self._server.kill()
            self._server = None
