"""automl on simulated time: its whole loop, but for the clock and the processes."""

import math
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from automl.clock import Clock
from automl.hpo import AutoTuner, budget, hyperparam, objective, reader
from automl.hpo import task as tasks
from automl.loop.controller import Controller
from automl.loop.opening.study import open_study
from automl.loop.proposals import Proposals
from automl.loop.result import StudyResult
from automl.search.algorithms import Search
from automl.show.progress import Progress
from automl.space.parameters import SpaceItem
from automl.study.tasks.reader import Reader
from automl.study.trial import Trial, TrialState
from automl.testing import FakeClock
from benchmarks.search.log_lines import errors_only
from benchmarks.search.played import BUDGET, BUDGET_WORDS, VALUE, WORDS, PlayedProcesses, more_name
from benchmarks.search.task import Axis, Trained
from benchmarks.search.trace import Ended, Setting

MEMORY = Path("/dev/shm")  # noqa: S108 - a study of its own below it, removed at the end


class Quiet:
    """An observer that shows nothing."""

    interval_s = math.inf
    holds = False

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """Show nothing."""

    def progress(self, progress: Progress) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Clean up nothing."""


class Prompt(Proposals):
    """Asks at the moments at which proposals are asked for aside, and has each at once.

    Simulated time does not wait for a thread. Suggestions take milliseconds where trainings take
    seconds, so that none is late in real time either; what they know is the same.
    """

    def __init__(self, search: Search, wake: Callable[[], None], clock: Clock) -> None:
        super().__init__(search, wake, clock)
        self._thread = threading.Thread()  # never started; with one there, no other is made

    def ask(self, *question: Any, **more: Any) -> None:  # noqa: ANN401 - as Proposals takes them
        """Ask, and do the thread's work."""
        super().ask(*question, **more)
        self._questions.put(None)
        self._work()

    def close(self) -> None:
        """End no thread."""


class PlayedController(Controller):
    """A controller with another clock and executor."""

    def play(self, processes: PlayedProcesses, clock: Clock) -> StudyResult:
        """Run the study to its end."""
        study = open_study(self._spec, self._folder, clock, fresh=False)
        try:
            with patch("automl.loop.runner.Proposals", Prompt):
                return self._opened_run().run(study, processes, self._earlier(clock))
        finally:
            study.close()
            self._waker.close()


class PlayedTuner(AutoTuner):
    """A tuner whose study is played."""

    def play(self, processes: PlayedProcesses, clock: Clock) -> StudyResult:
        """Run the study to its end, showing nothing."""
        study = self._study
        return PlayedController(study.spec, study.folder, Quiet()).play(processes, clock)


def run_automl(
    task: Trained, setting: Setting, *, promotes: str = "", **keywords: object
) -> list[Ended]:
    """Return what automl did with a task.

    Args:
        task: what to search.
        setting: how.
        promotes: with a budget: `continued` if a command goes on from its checkpoint, `anew` if
            it starts over; empty for no budget.
        **keywords: of AutoTuner, such as `algorithm` or `early_stopping`.
    """
    return play(task, setting, promotes=promotes, **keywords)[0]


def play(
    task: Trained,
    setting: Setting,
    *,
    promotes: str = "",
    **keywords: Any,  # noqa: ANN401 - AutoTuner's own
) -> tuple[list[Ended], StudyResult]:
    """Return what automl did with a task, and what its table is made of; see `run_automl`."""
    clock = FakeClock()
    streams = bool(keywords.keys() & {"pruner", "early_stopping"})
    processes = PlayedProcesses(task, clock, streams=streams, continues=promotes == "continued")
    if promotes:
        keywords["budget"] = budget.create(name="parts", min=BUDGET // 9, max=BUDGET)
    words = (*WORDS, *BUDGET_WORDS) if promotes else WORDS
    metrics = [VALUE, *(more_name(number) for number in range(len(task.directions) - 1))]
    place = MEMORY if MEMORY.is_dir() else None
    folders = tempfile.TemporaryDirectory(prefix="automl-search-", dir=place)
    with errors_only("automl"), folders as folder:
        tuner = PlayedTuner(
            hyperparams=[_parameter(axis) for axis in task.axes],
            task_list=[
                tasks.create(
                    type="BashTask",
                    cmd=["true", *words],
                    metric_reader=[_prints(metric) for metric in metrics],
                )
            ],
            max_parallel=setting.slots,
            max_trial_num=setting.trials,
            name=task.name,
            study_dir=folder,
            cwd=folder,
            objectives=[
                objective.create(metric, direction, task.final)
                for metric, direction in zip(metrics, task.directions, strict=True)
            ],
            seed=setting.seed,
            **keywords,
        )
        result = tuner.play(processes, clock)
    pruned = {trial.id for trial in result.trials if trial.state is TrialState.PRUNED}
    # One that was stopped at the very moment of its end has ended by itself, but does not count.
    ends = [
        replace(end, value=None) if end.trial_id in pruned and not promotes else end
        for end in processes.ends
    ]
    return ends, result


def _prints(metric: str) -> Reader:
    return reader.create(
        type="local_reader",
        metric=metric,
        location="{{ trial.dir }}/stdout.log",
        parser_pattern=rf"{metric}=(\S+)",
    )


def _parameter(axis: Axis) -> SpaceItem:
    more: dict[str, Any] = {"when": {name: list(of) for name, of in axis.when.items()}}
    if not axis.when:
        more = {}
    if axis.candidates:
        more["candidates"] = list(axis.candidates)
    else:
        more |= {"min_value": axis.low, "max_value": axis.high, "log": axis.log}
        if axis.step != 1:
            more["step"] = axis.step
    return hyperparam.create(axis.type, name=axis.name, **more)
