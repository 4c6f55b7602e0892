"""Plain Optuna on simulated time: its samplers and pruners as its documentation shows them."""

import heapq
import random
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import optuna
from optuna.pruners import BasePruner, MedianPruner, NopPruner, SuccessiveHalvingPruner
from optuna.samplers import (
    BaseSampler,
    CmaEsSampler,
    GPSampler,
    NSGAIISampler,
    QMCSampler,
    RandomSampler,
    TPESampler,
)
from optuna.trial import Trial, TrialState

from benchmarks.search.log_lines import errors_only
from benchmarks.search.task import Axis, Played, Trained, Values
from benchmarks.search.trace import Ended, Setting

SAMPLERS: dict[str, Callable[[int], BaseSampler]] = {
    "tpe": lambda seed: TPESampler(seed=seed),
    "random": lambda seed: RandomSampler(seed=seed),
    "sobol": lambda seed: QMCSampler(seed=seed, scramble=True),
    "gp": lambda seed: GPSampler(seed=seed),
    "cmaes": lambda seed: CmaEsSampler(seed=seed),
    "nsga": lambda seed: NSGAIISampler(seed=seed),
}

PRUNERS: dict[str, Callable[[], BasePruner]] = {
    "none": NopPruner,
    "median": MedianPruner,
    "halving": SuccessiveHalvingPruner,
}


@dataclass(order=True, slots=True)
class _Running:
    """One training, ordered by the second at which it next prints or ends."""

    next_s: float
    trial_id: int
    began_s: float = field(compare=False)
    trial: Trial = field(compare=False)
    values: Values = field(compare=False)
    played: Played = field(compare=False)
    printed: int = field(default=0, compare=False)

    def print_next(self) -> None:
        """Set the second of the next line."""
        share = (self.printed + 1) / len(self.played.curve)
        self.next_s = self.began_s + self.played.duration_s * share


class PlainSearch:
    """Ask and tell, as many trainings at once as there are slots, never waiting for the others."""

    def __init__(
        self, task: Trained, setting: Setting, study: optuna.Study, *, stops: bool
    ) -> None:
        self._task = task
        self._setting = setting
        self._study = study
        self._stops = stops
        self._running: list[_Running] = []
        self._started = 0
        self._now_s = 0.0
        self._ends: list[Ended] = []

    def run(self) -> list[Ended]:
        """Return the ends of the trainings, in the order of time."""
        for _ in range(self._setting.slots):
            self._start()
        while self._running:
            one = heapq.heappop(self._running)
            self._now_s = one.next_s
            if self._stops and self._prune_or_go_on(one):
                continue
            self._study.tell(one.trial, one.played.values)
            self._end(one, one.played.value)
        return self._ends

    def _start(self) -> None:
        if self._started == self._setting.trials:
            return
        trial = self._study.ask()
        values = suggested(trial, self._task.axes)
        played = self._task.play(values, noise_seed(self._setting.seed, self._started))
        one = _Running(
            next_s=self._now_s + played.duration_s,
            trial_id=self._started,
            began_s=self._now_s,
            trial=trial,
            values=values,
            played=played,
        )
        if self._stops:
            one.print_next()
        self._started += 1
        heapq.heappush(self._running, one)

    def _prune_or_go_on(self, one: _Running) -> bool:
        """Report a line; tell whether the training goes on or was stopped, not ended by itself."""
        one.trial.report(one.played.curve[one.printed], one.printed + 1)
        one.printed += 1
        if one.printed == len(one.played.curve):
            return False
        if one.trial.should_prune():
            self._study.tell(one.trial, state=TrialState.PRUNED)
            self._end(one, None)
        else:
            one.print_next()
            heapq.heappush(self._running, one)
        return True

    def _end(self, one: _Running, value: float | None) -> None:
        self._ends.append(
            Ended(
                trial_id=one.trial_id,
                values=one.values,
                ended_s=self._now_s,
                spent_s=self._now_s - one.began_s,
                value=value,
                whole=one.played.value,
            )
        )
        self._start()


def run_plain(
    task: Trained, setting: Setting, *, sampler: str, pruner: str = "none"
) -> list[Ended]:
    """Return what plain Optuna did with a task.

    Args:
        task: what to search.
        setting: how.
        sampler: one of SAMPLERS, each with Optuna's own settings.
        pruner: one of PRUNERS, likewise.
    """
    with errors_only("optuna"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is experimental, and of samplers that fall back
        study = optuna.create_study(
            directions=task.directions,
            sampler=SAMPLERS[sampler](setting.seed),
            pruner=PRUNERS[pruner](),
        )
        return PlainSearch(task, setting, study, stops=pruner != "none").run()


def suggested(trial: Trial, axes: tuple[Axis, ...]) -> Values:
    """Return the values of a trial, asked for one after the other, as a script does it."""
    values: Values = {}
    for axis in axes:
        if axis.holds(values):
            values[axis.name] = _suggest(trial, axis)
    return values


def _suggest(trial: Trial, axis: Axis) -> Any:  # noqa: ANN401 - a value of any type
    if axis.candidates:
        return trial.suggest_categorical(axis.name, axis.candidates)
    if axis.type == "Integer":
        return trial.suggest_int(axis.name, int(axis.low), int(axis.high), step=axis.step)
    return trial.suggest_float(axis.name, axis.low, axis.high, log=axis.log)


def noise_seed(seed: int, trial_id: int) -> int:
    """Return what decides the noise of one training."""
    return random.Random(f"{seed}/{trial_id}").getrandbits(31)  # noqa: S311 - no secret
