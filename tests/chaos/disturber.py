"""Runs one study to its end under random signals, and counts them."""

import contextlib
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tests.chaos.chaos_checks import Findings
from tests.chaos.chaos_subject import ChaosStudy
from tests.chaos.functions.strikes import KINDS, Strike, strike

END_TIMEOUT_S = 180.0
"""How long a controller that is left alone may take to its end."""

STOP_TIMEOUT_S = 120.0
"""How long a controller may take to end after SIGTERM or SIGHUP."""

STRIKE_PAUSE_S = 0.4
"""The longest time between two kills of servers or starters."""

MAX_FAILED_STARTS = 3

NOTHING: Mapping[str, int] = MappingProxyType({})

MAX_TOLD = 20
"""How many problems of one check are told one by one; a study that stuck has one for each trial."""


@dataclass(slots=True)
class Total:
    """The figures of a full run."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def take(self, study: int, found: Findings) -> None:
        """Add what was found in one study."""
        self.counts["lost"] += found.lost
        self.counts["run_twice"] += found.run_twice
        self.counts["rerun_after_stop"] += found.rerun_after_stop
        self.counts["rerun_after_kill"] += found.rerun_after_kill
        self.tell(study, found.problems)

    def tell(self, study: int, problems: list[str]) -> None:
        """Add the problems of one study."""
        self.counts["wrong"] += len(problems)
        self.problems += [f"study {study}: {problem}" for problem in problems[:MAX_TOLD]]
        if len(problems) > MAX_TOLD:
            self.problems.append(f"study {study}: and {len(problems) - MAX_TOLD} more of these")


class Disturber:
    """Runs one study to its end under random signals."""

    def __init__(self, study: ChaosStudy, rng: random.Random, total: Total) -> None:
        self._study = study
        self._rng = rng
        self._total = total
        self.stops_s: list[float] = []
        self.kills_s: list[float] = []
        self.strikes: list[Strike] = []
        self._to_strike: Counter[str] = Counter()

    def run(self, kills: int, to_strike: Mapping[str, int] = NOTHING) -> bool:
        """Disturb the study, then let it end; return whether it did.

        Args:
            kills: how many of the controller.
            to_strike: how many of servers and starters, by their kind.
        """
        self._to_strike = Counter(to_strike)
        failed = 0
        while failed < MAX_FAILED_STARTS:
            controller = self._study.start()
            self._total.counts["starts"] += 1
            try:
                if kills > 0:
                    kills -= self._disturb(controller)
                code = self._wait(controller, END_TIMEOUT_S if kills <= 0 else STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._problem(f"the controller did not end:\n{self._study.log_tail()}")
                return False
            finally:
                if controller.poll() is None:
                    controller.kill()
                    controller.wait()
            if code == 0 and self._study.table() is not None:
                return True
            # 130 and 143 are how a script ends that was stopped; it has more to do.
            if code >= 0 and code not in {129, 130, 143}:
                failed += 1
                self._problem(f"the controller ended with {code}:\n{self._study.log_tail()}")
        return False

    def _disturb(self, controller: subprocess.Popen[bytes]) -> int:
        """Send one signal after a random delay; return how many kills that were."""
        try:
            self._wait(controller, self._delay_s(controller))
        except subprocess.TimeoutExpired:
            pass
        else:
            return 0
        kind = self._rng.choices(
            [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP], weights=[80, 10, 10]
        )[0]
        if kind is signal.SIGKILL:
            return self._kill(controller)
        self._total.counts[kind.name.lower()] += 1
        if kind is signal.SIGTERM:
            self.stops_s.append(time.time())
        controller.send_signal(kind)
        if self._rng.random() < 0.3:  # killed while it stops
            with contextlib.suppress(subprocess.TimeoutExpired):
                controller.wait(self._rng.uniform(0, 0.2))
                self._stopped(kind)
                return 0
            self._stopped(kind)
            return self._kill(controller)
        controller.wait(STOP_TIMEOUT_S)
        self._stopped(kind)
        return 0

    def _wait(self, controller: subprocess.Popen[bytes], for_s: float) -> int:
        """Return how the controller ended; servers and starters are killed meanwhile.

        Raises:
            subprocess.TimeoutExpired: it has not ended in that time.
        """
        deadline = time.monotonic() + for_s
        while wanted := [kind for kind in KINDS if self._to_strike[kind] > 0]:
            left_s = max(0.0, deadline - time.monotonic())
            pause_s = min(left_s, self._rng.uniform(0, STRIKE_PAUSE_S))
            try:
                return controller.wait(pause_s)
            except subprocess.TimeoutExpired:
                if pause_s == left_s:
                    raise
            struck = strike(self._rng.choice(wanted), self._study.processes(), self._rng)
            if struck:
                self.strikes.append(struck)
                self._to_strike[struck.kind] -= 1
                self._total.counts[f"{struck.kind}_kills"] += 1
        return controller.wait(max(0.0, deadline - time.monotonic()))

    def _stopped(self, kind: signal.Signals) -> None:
        """Note that a stop has ended: what began while the controller was at it was hit too."""
        if kind is signal.SIGTERM:
            self.stops_s.append(time.time())

    def _kill(self, controller: subprocess.Popen[bytes]) -> int:
        starting = not self._study.has_lock(controller)
        self.kills_s.append(time.time())
        controller.kill()
        # If it ended a moment before, there was nothing to kill.
        killed = controller.wait() == -signal.SIGKILL
        self._total.counts["kills"] += killed
        self._total.counts["kills_during_start"] += killed and starting
        seen = len(self._study.processes())
        self._total.counts["most_outliving"] = max(self._total.counts["most_outliving"], seen)
        return int(killed)

    def _delay_s(self, controller: subprocess.Popen[bytes]) -> float:
        """Return when the next signal comes: a third of them in the start-up, others after it."""
        if self._rng.random() < 1 / 3:
            return self._rng.uniform(0.0, 0.6)
        while controller.poll() is None and not self._study.has_lock(controller):
            time.sleep(0.01)
        return self._rng.uniform(0.0, self._study.longest_delay_s)

    def _problem(self, text: str) -> None:
        self._total.problems.append(f"{self._study.folder.name}: {text}")
