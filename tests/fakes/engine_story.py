"""Random events in random order for an engine, over several controllers."""

from typing import Any

from engine_player import Player, Scripted, bad, good, killed, lost, out_of_memory, silent
from hypothesis import strategies as st
from loop_fakes import make_spec

from automl.engine.actions import Phase
from automl.engine.engine import Engine
from automl.engine.stimuli import (
    Adopted,
    AttemptExcused,
    PhaseAsked,
    StopAsked,
    TrialAdded,
    TrialRetryAsked,
    TrialStopAsked,
    Vanished,
)
from automl.study.limits import EarlyStop
from automl.study.objective import Direction
from automl.study.spec import PrunerSpec
from automl.study.trial import TrialState

FAILED, STOPPED, PRUNED = TrialState.FAILED, TrialState.STOPPED, TrialState.PRUNED
PLANNED, RUNNING = TrialState.PLANNED, TrialState.RUNNING


def launched(engine: Engine) -> set[int]:
    """The trials that the journal shows as launched and not ended."""
    active = {TrialState.RUNNING, TrialState.STOPPING}
    return {trial.id for trial in engine.view.trials.values() if trial.state in active}


OUTCOMES = [
    good(),
    good(0.95),
    good(0.3),
    good(0.6),
    bad(),
    bad("other"),
    lost(),
    silent(),
    out_of_memory(),
]
STEPS = ["end", "end", "end", "fill", "fill", "tick", "quiet", "pause", "resume", "drain"]
STEPS += ["dismiss", "retry", "add", "parallel", "trials", "excuse", "refuse", "restart"]
STEPS += ["interrupt", "kill"]


class Story:
    """A study to which anything may happen.

    Args:
        data: draws what.
        pruner: what stops trials early, if anything.
        more: what else the study has.
    """

    def __init__(self, data: st.DataObject, *, pruner: Scripted | None = None, **more: Any) -> None:
        draw = data.draw
        self.draw = draw
        self.size = draw(st.integers(1, 12), "size")
        limit = draw(st.sampled_from([None, 0.9]), "threshold")
        self.spec = make_spec(
            max_trials=draw(st.integers(1, 8), "max_trials"),
            max_parallel=draw(st.integers(1, 4), "max_parallel"),
            fail_fast=draw(st.sampled_from([None, 1, 3]), "fail_fast"),
            max_retries=draw(st.integers(0, 2), "max_retries"),
            timeout_s=draw(st.sampled_from([None, 40.0]), "timeout_s"),
            no_progress_s=draw(st.sampled_from([None, 20.0]), "no_progress_s"),
            max_runtime_s=draw(st.sampled_from([None, 200.0]), "max_runtime_s"),
            early_stop=EarlyStop(direction=Direction.MAXIMIZE, threshold=limit),
            pruner=PrunerSpec(type="median") if pruner else None,
            **more,
        )
        self.pruner = pruner
        self.player = Player(self.spec, size=self.size, pruner=pruner)
        self.retried: list[int] = []
        self.frozen: int | None = None

    def step(self, what: str) -> None:
        getattr(self, what)()
        self.player.check()
        if self.frozen is not None:
            assert len(self.player.starts) == self.frozen

    def _one(self, *states: TrialState) -> int | None:
        trials = self.player.engine.view.trials.values()
        ids = [trial.id for trial in trials if trial.state in states]
        return self.draw(st.sampled_from(ids), "trial") if ids else None

    def fill(self) -> None:
        self.player.refuses = lambda _: False
        self.player.fill()

    def refuse(self) -> None:
        refused = self.draw(st.sets(st.integers(0, 9)), "refused")
        self.player.refuses = lambda trial_id: trial_id in refused
        self.player.fill()

    def end(self) -> None:
        if self.player.running:
            trial = self.draw(st.sampled_from(sorted(self.player.running)), "trial")
            stopped = self.player.state_of(trial) is TrialState.STOPPING
            outcome = killed() if stopped else self.draw(st.sampled_from(OUTCOMES), "outcome")
            self.player.end(trial, outcome)

    def measure(self) -> None:
        if self.player.running:
            trial = self.draw(st.sampled_from(sorted(self.player.running)), "trial")
            self.player.measure(trial, self.draw(st.sampled_from([0.0, 0.5, 2.0]), "value"))

    def excuse(self) -> None:
        if self.player.running:
            trial = self.draw(st.sampled_from(sorted(self.player.running)), "trial")
            del self.player.running[trial]
            self.player.tell(AttemptExcused(trial, bad(), "the disk was full"))

    def tick(self) -> None:
        self.player.tick(self.draw(st.sampled_from([1.0, 15.0, 50.0]), "seconds"))

    def quiet(self) -> None:
        self.player.tick(25.0, quiet=True)

    def pause(self) -> None:
        self.player.tell(PhaseAsked(Phase.PAUSED, "paused"))

    def resume(self) -> None:
        self.player.tell(PhaseAsked(Phase.RUNNING, ""))

    def drain(self) -> None:
        self.player.tell(PhaseAsked(Phase.DRAINING, "drained"))

    def dismiss(self) -> None:
        trial = self._one(PLANNED, RUNNING)
        if trial is not None:
            self.player.tell(TrialStopAsked(trial))

    def retry(self) -> None:
        trial = self._one(FAILED, STOPPED, PRUNED)
        if trial is not None and self.retried.count(trial) < 2:
            self.retried.append(trial)
            self.player.tell(TrialRetryAsked(trial))

    def add(self) -> None:
        trials = self.player.engine.view.trials
        taken = {trial.params["x"] for trial in trials.values()}
        free = [x for x in range(self.size) if x not in taken]
        if free:
            self.player.tell(TrialAdded({"x": free[-1]}))

    def parallel(self) -> None:
        self.player.ask(max_parallel=self.draw(st.integers(1, 5), "max_parallel"))

    def trials(self) -> None:
        self.player.ask(max_trials=self.draw(st.integers(1, 10), "max_trials"))

    def interrupt(self) -> None:
        self.player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT"))
        self.frozen = len(self.player.starts)

    def kill(self) -> None:
        self.player.tell(StopAsked(Phase.INTERRUPTED, "stopped by SIGINT", 0.0))
        self.frozen = len(self.player.starts)

    def restart(self) -> None:
        old = self.player
        self.frozen = None
        self.player = new = Player(
            self.spec, old.events, size=self.size, now_s=old.now_s, pruner=self.pruner
        )
        assert launched(new.engine) == set(old.running)
        for trial, attempt in old.running.items():
            if self.draw(st.booleans(), "still runs"):
                new.running[trial] = attempt
                new.tell(Adopted(trial_id=trial, since_s=new.now_s, over=False))
            elif new.state_of(trial) is TrialState.STOPPING:
                new.running[trial] = attempt
                new.tell(Adopted(trial_id=trial, since_s=new.now_s, over=True))
                new.end(trial, lost())
            else:
                new.tell(Vanished(trial))

    def finish(self) -> None:
        """Let new controllers take over until everything has ended."""
        for _ in range(4):
            self.restart()
            player = self.player
            player.refuses = lambda _: False
            for _ in range(200):
                player.fill()
                if player.engine.view.over:
                    break
                for trial in list(player.running):
                    stopped = player.state_of(trial) is TrialState.STOPPING
                    player.end(trial, killed() if stopped else good(0.1))
                player.tick(1.0)
            assert player.engine.view.over
            if player.engine.view.complete:
                return
        raise AssertionError(player.engine.view.reason)
