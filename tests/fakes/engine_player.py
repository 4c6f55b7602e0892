"""Plays runner, executor and time for an engine, and checks its promises at every move."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from automl.engine.actions import (
    STARTING,
    STOPPING,
    Action,
    Cancel,
    Moment,
    Note,
    Phase,
    Propose,
    Record,
    Report,
    Start,
)
from automl.engine.engine import Engine
from automl.engine.outcome import Outcome
from automl.engine.stimuli import (
    AttemptEnded,
    LaunchFailed,
    MetricsRead,
    Proposed,
    Requested,
    SlotFree,
    Started,
    Stimulus,
    Tick,
)
from automl.journal.events import (
    VERSION,
    Event,
    Measured,
    RequestTaken,
    TrialEnded,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
)
from automl.journal.fold import StudyState, fold
from automl.search.pruning.pruner import Pruner
from automl.search.sampler import Answer, Nothing, Proposal, Proposer
from automl.space.space import combination_key
from automl.study.launch import Exit
from automl.study.ranking.curve import Curve
from automl.study.spec import StudySpec
from automl.study.trial import Stage, Trial, TrialState


def good(value: float = 1.0, lasted_s: float = 1.0) -> Outcome:
    return Outcome(exit=Exit(code=0), value=value, measurements=1, duration_s=lasted_s)


def bad(line: str = "boom") -> Outcome:
    return Outcome(exit=Exit(code=1), output=(line,), duration_s=1.0)


def lost() -> Outcome:
    return Outcome(exit=Exit(code=None), duration_s=1.0)


def silent() -> Outcome:
    return Outcome(exit=Exit(code=0), problem="no match", duration_s=1.0)


def out_of_memory() -> Outcome:
    return Outcome(exit=Exit(code=-9, out_of_memory=True), duration_s=1.0)


def killed() -> Outcome:
    return Outcome(exit=Exit(code=-15), duration_s=1.0)


@dataclass
class Scripted:
    """A pruner that stops the trials it is told to.

    Attributes:
        stops: the step from which each of them is stopped.
        asked: about whom it was asked, and which trials had ended by then.
    """

    stops: dict[int, float] = field(default_factory=dict)
    asked: list[tuple[int, dict[int, TrialState]]] = field(default_factory=list)

    def should_stop(
        self, trial_id: int, curves: Mapping[int, Curve], ended: Mapping[int, TrialState]
    ) -> str:
        self.asked.append((trial_id, dict(ended)))
        late = curves[trial_id].last_step >= self.stops.get(trial_id, float("inf"))
        return "script: it is said so" if late else ""


def stages_of(events: list[Event]) -> dict[int, list[Stage]]:
    """The stages for which each trial was launched, in order."""
    stage: dict[int, Stage] = {}
    launched: dict[int, list[Stage]] = {}
    for event in events:
        match event:
            case TrialPlanned():
                stage[event.trial] = event.stage
            case TrialRequeued():
                stage[event.trial] = event.stage or stage[event.trial]
            case TrialStarted():
                launched.setdefault(event.trial, []).append(stage[event.trial])
            case _:
                pass
    return launched


def check_stages(events: list[Event]) -> None:
    """Check that no stage was launched again once a launch for it had ended well."""
    state = StudyState()
    for event in events:
        if isinstance(event, TrialStarted):
            trial = state.trials[event.trial]
            assert trial.stage not in [result.stage for result in trial.results]
        state.apply(event)


class Player:
    """One controller's life with an engine, without processes.

    Args:
        spec: the study.
        events: what an earlier controller left.
        size: how many combinations the sampler has.
        capacity: see `Engine`.
        now_s: the monotonic second at which it begins.
        pruner: see `Engine`.
        proposer: what is asked for trials; it may propose one combination twice.
    """

    def __init__(  # noqa: PLR0913 - what an engine takes, and what plays around it
        self,
        spec: StudySpec,
        events: list[Event] | None = None,
        *,
        size: int = 1000,
        capacity: int | None = None,
        now_s: float = 0.0,
        pruner: Pruner | None = None,
        proposer: Proposer | None = None,
    ) -> None:
        self.now_s = now_s
        self.events = list(events or [])
        self._proposer = proposer
        self._curves = pruner is not None
        self.spec = spec
        # The engine's own; nobody else changes it, so here it is only compared.
        self._live = self.folded()
        self.engine = Engine(spec, self._live, now_s, capacity, pruner)
        self.running: dict[int, int] = {}
        self.starts: list[tuple[int, int]] = []
        self.cancelled: dict[int, float] = {}
        self.ended: list[Trial] = []
        self.notes: list[str] = []
        self.refuses: Callable[[int], bool] = lambda _: False
        self._size = size

    @property
    def now(self) -> Moment:
        wall = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=self.now_s)
        return Moment(wall, self.now_s)

    def folded(self) -> StudyState:
        return fold(self.events, curves=self._curves)

    def tell(self, stimulus: Stimulus) -> None:
        """Let the engine take in what happened, and do what it answers."""
        self.do(self.engine.handle(stimulus, self.now))

    def do(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Record():
                    self.events.append(action.event)
                case Propose():
                    self._propose(action.trial_id)
                case Start():
                    self._start(action.trial_id, action.attempt)
                case Cancel():
                    self.cancelled[action.trial_id] = action.grace_s
                case Report():
                    self.ended.append(action.trial)
                case Note():
                    self.notes.append(action.text)
        self.check()

    def fill(self) -> None:
        while actions := self.engine.handle(SlotFree(), self.now):
            self.do(actions)

    def end(self, trial_id: int, outcome: Outcome | None = None) -> None:
        del self.running[trial_id]
        self.tell(AttemptEnded(trial_id, outcome or good()))

    def measure(
        self, trial_id: int, *values: float, steps: Sequence[float] = (), over: bool = False
    ) -> None:
        """Let a trial print values, at steps of its own if it prints them; it may be over."""
        first = self.engine.view.trials[trial_id].measurements
        event = Measured(
            v=VERSION,
            at=self.now.at,
            trial=trial_id,
            steps=list(range(first, first + len(values))),
            values=list(values),
            reported=list(steps),
        )
        self.tell(MetricsRead(event=event, over=over))

    def tick(self, seconds: float, *, quiet: bool = False) -> None:
        """Let time pass; unless it is quiet, every running trial showed life just now."""
        self.now_s += seconds
        alive_s = 0.0 if quiet else self.now_s
        self.tell(Tick(dict.fromkeys(self.running, alive_s)))

    def ask(self, *, max_trials: int | None = None, max_parallel: int | None = None) -> None:
        event = RequestTaken(
            v=VERSION,
            at=self.now.at,
            offset=self.engine.view.control_offset + 1,
            max_trials=max_trials,
            max_parallel=max_parallel,
        )
        self.tell(Requested(event))

    def state_of(self, trial_id: int) -> TrialState:
        return self.engine.view.trials[trial_id].state

    def check(self) -> None:
        """Check what holds at every moment."""
        live = self._live
        folded = self.folded()
        assert repr(folded.curves) == repr(live.curves)
        assert replace(folded, curves=None) == replace(live, curves=None)
        assert list(live.trials) == list(range(len(live.trials)))
        for trial in live.trials.values():
            # What one launch found stays known, but for a failure of a later one.
            assert trial.value is not None or not trial.results or trial.state is TrialState.FAILED
        if self._proposer:
            return
        keys = [combination_key(trial.params) for trial in live.trials.values()]
        assert len(set(keys)) == len(keys)

    def check_accounts(self) -> None:
        """Check that each planned trial ended once, but for those the user had tried again."""
        plans = [event.trial for event in self.events if isinstance(event, TrialPlanned)]
        ends = [event.trial for event in self.events if isinstance(event, TrialEnded)]
        assert sorted(plans) == sorted(set(ends))

    def _propose(self, trial_id: int) -> None:
        history = self.engine.view.history
        proposer = self._proposer
        answer = proposer.propose(trial_id, history) if proposer else self._in_order()
        self.tell(Proposed(trial_id, answer))

    def _in_order(self) -> Answer:
        seen = {trial.params["x"] for trial in self.engine.view.trials.values()}
        free = (x for x in range(self._size) if x not in seen)
        return next((Proposal(params={"x": x}) for x in free), Nothing.USED_UP)

    def _start(self, trial_id: int, attempt: int) -> None:
        assert self.engine.view.phase in STARTING
        assert self.engine.view.phase not in STOPPING | {Phase.DETACHED}
        assert trial_id not in self.running
        assert len(self.running) < self.engine.view.max_parallel
        assert attempt == self.engine.view.trials[trial_id].attempts + 1
        if self.refuses(trial_id):
            self.tell(LaunchFailed(trial_id, "cannot write"))
            return
        self.starts.append((trial_id, attempt))
        self.running[trial_id] = attempt
        self.tell(Started(trial_id, {"pid": trial_id}))
