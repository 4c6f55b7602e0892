"""What the loop works with."""

from dataclasses import dataclass

from automl.clock import Clock
from automl.executors.executor import Executor
from automl.executors.site import Allotment
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal
from automl.launch.launcher import Launcher
from automl.loop.leavings.disposal import Disposal
from automl.loop.machine.interrupts import Interrupts
from automl.loop.observer import Observer
from automl.search.algorithms import Search
from automl.waker import Waker


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What the loop works with, each behind its contract."""

    clock: Clock
    disposal: Disposal
    executor: Executor
    folder: StudyFolder
    interrupts: Interrupts
    journal: Journal
    launcher: Launcher
    observer: Observer
    resources: Allotment
    search: Search
    waker: Waker
