"""What the engine asked for and is not done yet."""

from collections import deque
from collections.abc import Callable, Iterable
from itertools import takewhile
from types import TracebackType

from automl.clock import Clock
from automl.engine.actions import Action, Cancel, Record
from automl.errors import StorageError, may_pass
from automl.executors.executor import Executor
from automl.journal.events import Event
from automl.journal.journal import Journal
from automl.loop.machine.blockage import Blockage
from automl.study.launch import Handle


class Pending:
    """Keeps three lines: events to write, trials to stop, and all else, each in its order.

    Stops wait for nothing, so that a disk that is full or a machine that can start nothing holds up
    no limit and no request. All else waits until the events before it are written.

    Args:
        journal: takes the events.
        executor: stops trials.
        clock: tells when to try again.
        handle_of: gives the handle of a trial that runs, None for any other.
        carry_out: does what is neither an event nor a stop.
        blockage: is told what cannot be done now.

    Attributes:
        blockage: as above.
        events: what is not written yet.
    """

    def __init__(
        self,
        journal: Journal,
        executor: Executor,
        clock: Clock,
        handle_of: Callable[[int], Handle | None],
        carry_out: Callable[[Action], None],
        blockage: Blockage,
    ) -> None:
        self.blockage = blockage
        self.events: list[Event] = []
        self._journal = journal
        self._executor = executor
        self._clock = clock
        self._pausing = _Pausing(blockage, clock)
        self._handle_of = handle_of
        self._carry_out = carry_out
        self._cancels: list[Cancel] = []
        self._actions: deque[Action] = deque()

    @property
    def waits(self) -> bool:
        """Whether it is too early to try again what could not be done."""
        return self.blockage.waits(self._clock.monotonic())

    def add(self, actions: Iterable[Action]) -> None:
        """Stop at once what is to be stopped, and let everything else wait in line."""
        for action in actions:
            match action:
                case Record():
                    self.events.append(action.event)
                case Cancel():
                    self._cancels.append(action)
                case _:
                    self._actions.append(action)
        self.stop()

    def stop(self) -> None:
        """Stop what is to be stopped, and write before that it is, if anything can be written.

        What cannot be written now is written later, or found again from the trials' folders.
        """
        if not self._cancels:
            return
        self.written()
        with self.pausing():
            while self._cancels:
                # First in line until it is done, so that it is tried again when it fails.
                # Together, as it may take long to find out where their processes are.
                alike = _alike(self._cancels)
                handles = [self._handle_of(one.trial_id) for one in alike]
                known = [handle for handle in handles if handle is not None]
                self._executor.cancel(known, alike[0].grace_s)
                del self._cancels[: len(alike)]

    def flush(self) -> None:
        """Write what happened before anything is done that depends on it.

        Raises:
            StorageError: it cannot be written now; it stays in line.
        """
        if self.events:
            self._journal.append(self.events)
            self.events = []

    def written(self) -> bool:
        """Write what happened as far as that can be now; tell whether all of it is written."""
        if not self.waits:
            with self.pausing():
                self.flush()
        return not self.events

    def carry_out_all(self) -> None:
        """Do what is neither an event nor a stop, until nothing of it is left."""
        while self._actions:
            self._carry_out(self._actions.popleft())

    def pausing(self) -> "_Pausing":
        """Take what the machine cannot do now for a pause of the study, not for its end."""
        return self._pausing


class _Pausing:
    """A context in which an error that passes begins a pause; entered several times a trial."""

    __slots__ = ("_blockage", "_clock")

    def __init__(self, blockage: Blockage, clock: Clock) -> None:
        self._blockage = blockage
        self._clock = clock

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(error, StorageError | OSError):
            return False
        if isinstance(error, OSError) and not may_pass(error.errno):
            return False
        self._blockage.begin(error, self._clock.monotonic())
        return True


def _alike(cancels: list[Cancel]) -> list[Cancel]:
    """Return the first of some stops, with those behind it that have the same grace."""
    return list(takewhile(lambda one: one.grace_s == cancels[0].grace_s, cancels))
