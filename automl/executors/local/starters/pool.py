"""The starters of one executor: begun once they pay, kept while launches are brief."""

import os
import re
import select
import sys
from collections.abc import Mapping
from enum import Enum, auto

from automl.executors.local.starters.forks import Forks
from automl.executors.local.starters.program import ORDER_BYTES, Limits
from automl.executors.local.starters.server import ForkedStarter
from automl.executors.local.starters.starter import NotOrderedError, Order, Starter, packed
from automl.executors.local.watch import PidfdWatch, Watch
from automl.executors.processes.brand import mark_limit, put_place_brand
from automl.executors.processes.origin import starter_mark
from automl.inside.calling.given import PlainCall, plain_call
from automl.inside.marks import MARK_VARIABLE
from automl.study.launch import (
    EXIT_FILE_VARIABLE,
    PLACE_VARIABLE,
    Direct,
    Launch,
)

PAYS_AFTER = 32
"""How many brief launches a starter has to do before it has saved what its own start takes.

That was measured with Python 3.11: 18 ms of CPU, and 0.6 ms less for each launch than by a shell.
So one is begun only after so many brief launches in a row, each further one after as many again.
"""

NICEST = 19
"""The lowest priority that a process can have."""

_MARK, _PLACE, _EXIT_FILE = map(os.fsencode, (MARK_VARIABLE, PLACE_VARIABLE, EXIT_FILE_VARIABLE))
_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")


class Way(Enum):
    """How a launch is to be begun."""

    FORK = auto()
    """By a fork of a process that has imported its function."""

    WAIT = auto()
    """Not yet: such a process is about to tell whether it can do it."""

    OTHER = auto()
    """By a process that starts programs, or a shell."""


class StarterPool:
    """Lends starters to launches that need no shell.

    Args:
        watch: tells what the starters answer.
        environ: the environment that launches get.
        pays_after: how many brief launches in a row pay for a starter; 0 for tests: each launch is
            done by one.
    """

    def __init__(self, watch: Watch, environ: Mapping[bytes, bytes], pays_after: int) -> None:
        self._watch = watch if isinstance(watch, PidfdWatch) else None
        self._environ = {name: text for name, text in environ.items() if name != _EXIT_FILE}
        self._pays_after = pays_after
        # Some shells pass on variables that they cannot name, others do not.
        self._usable = self._watch is not None and bool(sys.executable)
        self._usable = self._usable and all(map(_NAME.fullmatch, self._environ))
        self._of: tuple[str, str] | None = None
        self._exports: Mapping[str, str] = {}
        self._bytes: dict[bytes, bytes] = {}
        self._all: dict[int, Starter] = {}
        self._idle: list[Starter] = []
        self._beginning: list[Starter] = []
        self._forks = Forks(self._watch) if self._watch else None

    def way(self, launch: Launch) -> Way:
        """Tell how a launch is to be begun; a process that can fork it may be begun for that."""
        direct = launch.direct
        if direct is None or self._forks is None or not self._fits(launch, direct, forked=True):
            return Way.OTHER
        calls = self._forks.calls_in(direct)
        if calls is None:
            return Way.OTHER
        if self._forks.is_due(more=launch.more):
            exports = self._exports_of(direct)
            self._forks.begin(
                calls, launch.place, {**self._environ, **exports, **self._signs(launch)}
            )
        for starter in self._forks.outdated():
            self.drop(starter)
        if self._forks.is_to_wait(calls):
            return Way.WAIT
        return Way.FORK if self._forks.may_do(calls) else Way.OTHER

    @property
    def wait_until_s(self) -> float | None:
        """The monotonic second until which launches wait; None while none is to."""
        return self._forks.wait_until_s if self._forks else None

    def order(
        self, launch: Launch, brief: int, *, forked: bool = False, group: bytes = b""
    ) -> Starter | None:
        """Order a launch of a starter, and return that; None where none can do it now.

        Args:
            launch: what to start.
            brief: how many brief launches there were in a row.
            forked: it is a call that can be forked.
            group: the folder of the control group that this is to enter, empty for none.
        """
        direct = launch.direct
        if direct is None or not self._fits(launch, direct, forked=forked):
            return None
        call = plain_call(direct.call, launch.given) if forked and direct.call else None
        order = packed(self._order(launch, direct, group, call))
        if len(order) > ORDER_BYTES:
            return None
        starter = self._take_forked() if forked else self._take(launch, brief)
        if starter is None:
            return None
        try:
            starter.order(order)
        except NotOrderedError:
            self.drop(starter)
            return None
        return starter

    def take_back(self, starter: Starter, *, lost: bool = False) -> None:
        """Keep a starter whose command has ended for the next one, if it is not gone."""
        if lost:
            self.drop(starter)
        elif not isinstance(starter, ForkedStarter):
            self._idle.append(starter)
        elif not (self._forks and self._forks.take_back(starter)):
            self.drop(starter)

    def drop(self, starter: Starter) -> None:
        """End a starter that is of no more use, or gone."""
        if self._all.pop(starter.pid, None) and self._watch:
            self._watch.remove(starter.pid)
        if isinstance(starter, ForkedStarter) and self._forks:
            self._forks.forget(starter)
        for some in (self._idle, self._beginning):
            if starter in some:
                some.remove(starter)
        starter.kill()
        starter.leave()

    def heard(self, pid: int) -> None:
        """Take in what a starter said of its own accord: that it is ready, or gone."""
        starter = self._all.get(pid)
        if starter is None:
            if self._forks:
                self._forks.heard(pid)
            return
        if starter in self._idle or isinstance(starter, ForkedStarter):
            self.drop(starter)
        elif starter.is_ready():
            self._beginning.remove(starter)
            self.take_back(starter)
        else:
            # It cannot be begun here: no further one is tried.
            self._usable = False
            self.drop(starter)

    def dismiss(self) -> None:
        """End those that have nothing to do, or are yet to begin."""
        for starter in [*self._idle, *self._beginning]:
            self.drop(starter)

    def close(self) -> None:
        """End those that have nothing to do at once, the others once their command has ended."""
        self._usable = False
        self.dismiss()
        for forked in self._forks.close() if self._forks else ():
            self.drop(forked)
        for starter in self._all.values():
            starter.leave()
        self._all.clear()

    def _fits(self, launch: Launch, direct: Direct, *, forked: bool) -> bool:
        """Tell whether a starter may do a launch; only a fork can be kept to limits."""
        if not self._usable or (has_limits(launch) and not forked):
            return False
        # Without it, each shell looks for programs in places of its own.
        if "PATH" not in direct.exports and b"PATH" not in self._environ:
            return False
        of = launch.mark.rpartition(":")[0], launch.place
        self._of = self._of or of
        return self._of == of

    def _take(self, launch: Launch, brief: int) -> Starter | None:
        """Return a starter with nothing to do, None without one; one more is begun if it pays."""
        if not self._idle and self._watch:
            if not self._pays_after:
                self._add(launch, self._watch, wait=True)
            elif brief >= self._pays_after * (len(self._all) + 1):
                self._add(launch, self._watch)
        return self._idle.pop() if self._idle else None

    def _take_forked(self) -> Starter | None:
        """Return a starter that forks calls, None without one."""
        taken = self._forks.take() if self._forks else None
        if taken is None or self._watch is None:
            return None
        starter, is_new = taken
        if is_new:
            self._all[starter.pid] = starter
            try:
                self._watch.add_file(starter.fileno(), starter.pid)
            except OSError:
                self.drop(starter)
                return None
        return starter

    def _add(self, launch: Launch, watch: PidfdWatch, *, wait: bool = False) -> None:
        """Begin one more starter, which is used once it says that it is ready."""
        try:
            starter = Starter({**self._environ, **self._signs(launch)})
        except OSError:
            return
        # All that it starts inherits it.
        if launch.place:
            put_place_brand(starter.pid, launch.place)
        self._all[starter.pid] = starter
        self._beginning.append(starter)
        try:
            watch.add_file(starter.fileno(), starter.pid)
        except OSError:
            self.drop(starter)
        else:
            if wait:
                select.select([starter], [], [])
                self.heard(starter.pid)

    def _signs(self, launch: Launch) -> dict[bytes, bytes]:
        """Return the variables that tell whose a starter is."""
        signs = {_MARK: os.fsencode(starter_mark(launch.mark))}
        if launch.place:
            signs[_PLACE] = os.fsencode(launch.place)
        return signs

    def _exports_of(self, direct: Direct) -> dict[bytes, bytes]:
        """Return what a command gets besides, and what a shell adds to that."""
        # As a shell tells that changes to another folder.
        before = self._environ.get(b"PWD") or os.getcwdb()  # noqa: PTH109 - bytes
        own = {b"OLDPWD": before, b"PWD": os.fsencode(direct.cwd)}
        return {**self._encoded(direct.exports), **own}

    def _encoded(self, exports: Mapping[str, str]) -> dict[bytes, bytes]:
        """Return variables as the system takes them; those of most launches are the same."""
        if exports is not self._exports:
            self._exports = exports
            self._bytes = {os.fsencode(name): os.fsencode(one) for name, one in exports.items()}
        return self._bytes

    def _order(self, launch: Launch, direct: Direct, group: bytes, call: PlainCall | None) -> Order:
        exit_path, cwd = os.fsencode(launch.exit_path), os.fsencode(direct.cwd)
        return Order(
            argv=() if call else tuple(map(os.fsencode, direct.argv)),
            cwd=cwd,
            marks={_MARK: os.fsencode(launch.mark)},
            exports={} if call else self._exports_of(direct),
            script=os.fsencode(launch.script),
            for_script={_EXIT_FILE: exit_path},
            files=(os.fsencode(launch.stdout), os.fsencode(launch.stderr)),
            exit_path=exit_path,
            brands=(mark_limit(launch.mark),),
            limits=_limits(launch, group) if has_limits(launch) else None,
            call=call,
        )


def has_limits(launch: Launch) -> bool:
    """Tell whether a launch has limits of its own."""
    return bool(launch.cpus is not None or launch.nice or launch.memory_bytes)


def _limits(launch: Launch, group: bytes) -> Limits:
    priority = min(NICEST, os.getpriority(os.PRIO_PROCESS, 0) + launch.nice)
    return launch.cpus or (), priority, group
