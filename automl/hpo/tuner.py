"""`AutoTuner`: a study as a script describes, runs and reads it."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from automl import logs
from automl.errors import AutomlError, SpecError
from automl.hpo.conclusion import conclusion, leave, script_name, show
from automl.hpo.description import from_dictionary
from automl.hpo.given import all_of, chosen_objectives, chosen_pruner, given, is_a
from automl.hpo.running import controller_of, run
from automl.hpo.view import Snapshot, StudyView
from automl.journal.fold import fold
from automl.journal.folder import StudyFolder
from automl.journal.journal import load
from automl.launch.launcher import Launcher
from automl.launch.preflight import check_commands, check_programs
from automl.loop.problem import problem_of
from automl.patience import patiently, start_thread
from automl.registry import Registry, names_its_options
from automl.search.algorithms import make_proposer
from automl.search.sampler import Told
from automl.search.start import checked
from automl.space.coverage import check_rules
from automl.space.parameters import SpaceItem
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.durations import parse_duration, parse_timeout
from automl.study.limits import EarlyStop, Limits, TrialLimits
from automl.study.noise import Noise
from automl.study.objective import Objective
from automl.study.ranking.curve import Curve
from automl.study.resources import ResourceSpec, parse_size
from automl.study.spec import Algorithm, PrunerSpec, StudySpec
from automl.study.task import Task
from automl.study.trial import TrialState

if TYPE_CHECKING:
    from automl.loop.controller import Controller, StudyResult
    from automl.show.table import Table

logger = logging.getLogger(__name__)

MODES: Registry[str] = Registry("mode", {"local": lambda: "local"})


class AutoTuner(StudyView):
    """Tunes the parameters of a command.

    Everything is checked here, before anything starts.

    Args:
        hyperparams: what `hyperparam.create` returned, in any number.
        task_list: what `task.create` returned; the tasks of a trial run in this order.
        max_parallel: how many trials run at once, at the most.
        max_trial_num: how many trials are started, at the most.
        mode: where they run; `local`: on this machine.
        user_id: accepted for scripts of other products; nothing uses it.
        name: the study's name and folder; the script's own name if not given.
        study_dir: where study folders are; `automl_studies` in the current directory.
        direction: `maximize` or `minimize`.
        final: which number of a trial counts: `last`, `best`, `mean`, `max` or `min`.
        objectives: what `objective.create` returned, in place of `direction` and `final`.
        constraints: comparisons of metrics that a good trial keeps, such as 'latency_ms <= 20'.
        rules: expressions over parameters that every trial keeps, such as 'n * d <= 200'.
        algorithm: what `algorithm.create` returned, or its type; `auto` if not given.
        start_with: combinations that are tried first; the first is the user's default.
        warm_start: what earlier searches found: studies, CSV files, DataFrames.
        early_stopping: stop running trials that can hardly become the best; the pruner `both`.
        pruner: what `pruner.create` returned, or its type.
        budget: what `budget.create` returned: trials start small, and the best go on.
        repeats: with how many seeds each combination is run; it is ranked by the mean.
        confirm: how many of the best are judged anew at the end, the default beside them.
        confirm_seeds: with how many fresh seeds each of these is run.
        earlystop: what `earlystop.create` returned: what ends the whole study early.
        seed: makes the proposals reproducible; drawn, and kept, if not given.
        cwd: the commands' working directory; the current one if not given.
        env: variables for the commands; values may hold placeholders.
        secret_env: names of variables whose values commands get, but no file does.
        fresh: begin anew; an earlier study of this name is kept aside.
        fail_fast: pause once this many first trials failed alike; None: never.
        grace: seconds between asking a trial to stop and killing it.
        max_runtime: how long this run of the study may take, seconds or a text such as '8h';
            nothing is started that could not end before, and what is left then is stopped.
        trial_timeout: how long one attempt may take, or '3x' for three times the median so far.
        no_progress_timeout: how long an attempt may print nothing and write no metric.
        max_retries: how often a trial is tried again after a crash, a hang or a loss.
        memory_per_trial: bytes or a text such as '8G' that a trial may use; it starts only when
            as much is free.
        gpus: 'auto', or a list of indices or UUIDs, to hand out to trials.
        gpus_per_trial: GPUs of a trial; a share such as 0.5 lets trials share one.
        cpus_per_trial: CPUs to which each trial is bound.
        nice: how much lower than this script's a trial's priority is, 0 to 19.
        detach: on Ctrl-C, leave the running trials to the next start of this script.

    Raises:
        SpecError: something in it cannot work; the message says what to do.
    """

    @names_its_options("AutoTuner")
    def __init__(  # noqa: PLR0913 - the script's one constructor: every keyword has a default
        self,
        hyperparams: Sequence[SpaceItem],
        task_list: Sequence[Task],
        max_parallel: int,
        max_trial_num: int,
        mode: str = "local",
        user_id: str | None = None,
        *,
        name: str | None = None,
        study_dir: str | os.PathLike[str] | None = None,
        direction: str = "maximize",
        final: str = "last",
        objectives: Sequence[Objective] | None = None,
        constraints: Sequence[str] = (),
        rules: Sequence[str] = (),
        algorithm: Algorithm | str | None = None,
        start_with: Sequence[Mapping[str, Any]] = (),
        warm_start: Sequence[object] = (),
        early_stopping: bool = False,
        pruner: PrunerSpec | str | None = None,
        budget: Budget | None = None,
        repeats: int = 1,
        confirm: int = 0,
        confirm_seeds: int = 5,
        earlystop: EarlyStop | None = None,
        seed: int | None = None,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, object] | None = None,
        secret_env: Sequence[str] = (),
        fresh: bool = False,
        fail_fast: int | None = 5,
        grace: float | str = 10.0,
        max_runtime: float | str | None = None,
        trial_timeout: float | str | None = None,
        no_progress_timeout: float | str | None = None,
        max_retries: int = 0,
        memory_per_trial: int | str | None = None,
        gpus: str | Sequence[int | str] | None = None,
        gpus_per_trial: float = 1,
        cpus_per_trial: int | None = None,
        nice: int = 0,
        detach: bool = False,
    ) -> None:
        del user_id
        logs.ensure_handler()
        MODES.create(mode, {})
        timeout_s, timeout_factor = (
            (None, None) if trial_timeout is None else parse_timeout("trial_timeout", trial_timeout)
        )
        is_a(Algorithm | str | None, "algorithm", algorithm, "algorithm.create(...) or its type")
        is_a(EarlyStop | None, "earlystop", earlystop, "earlystop.create(...)")
        is_a(Budget | None, "budget", budget, "budget.create(...)")
        is_a(Mapping | None, "env", env, "a dictionary of variables")
        is_a(bool, "fresh", fresh, "True or False")
        space = SearchSpace(
            all_of(SpaceItem, "hyperparams", hyperparams, "hyperparam.create(...)"),
            rules=all_of(str, "rules", rules, "a text such as 'n * d <= 200'"),
        )
        self._spec = StudySpec(
            name=script_name() if name is None else name,
            space=space,
            tasks=all_of(Task, "task_list", task_list, "task.create(...)"),
            objectives=chosen_objectives(objectives, constraints, direction, final),
            limits=Limits(
                max_trials=max_trial_num,
                max_parallel=max_parallel,
                fail_fast=fail_fast,
                grace_s=parse_duration("grace", grace) if isinstance(grace, str) else grace,
                max_runtime_s=given(parse_duration, "max_runtime", max_runtime),
            ),
            trial_limits=TrialLimits(
                timeout_s=timeout_s,
                timeout_factor=timeout_factor,
                no_progress_s=given(parse_duration, "no_progress_timeout", no_progress_timeout),
                max_retries=max_retries,
            ),
            resources=ResourceSpec(
                memory_bytes=given(parse_size, "memory_per_trial", memory_per_trial),
                gpus=gpus if gpus is None or isinstance(gpus, str) else tuple(gpus),
                gpus_per_trial=gpus_per_trial,
                cpus=cpus_per_trial,
                nice=nice,
            ),
            detach=detach,
            algorithm=Algorithm(type=algorithm)
            if isinstance(algorithm, str)
            else algorithm or Algorithm(),
            pruner=chosen_pruner(pruner, early_stopping=early_stopping),
            budget=budget,
            noise=Noise(repeats=repeats, confirm=confirm, confirm_seeds=confirm_seeds),
            start_with=checked(
                space, all_of(Mapping, "start_with", start_with, "a dictionary of values")
            ),
            early_stop=earlystop,
            seed=seed,
            cwd=os.path.abspath(cwd or "."),  # noqa: PTH100 - does not follow links
            env={str(key): str(value) for key, value in (env or {}).items()},
            secret_env=all_of(str, "secret_env", secret_env, "the name of a variable"),
        )
        place = os.path.abspath(study_dir or "automl_studies")  # noqa: PTH100
        self._folder = StudyFolder(Path(place), self._spec.name)
        self._fresh = fresh
        self._check()
        self._known = _known_before(warm_start, self._spec, Path(place))
        self._controller: Controller | None = None
        self._result: StudyResult | None = None
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._over = threading.Event()

    @classmethod
    def create_tuner(
        cls, data: Mapping[str, Any], *, max_parallel: int, max_trial_num: int
    ) -> AutoTuner:
        """Return a tuner described by one dictionary.

        Args:
            data: `hyperparams` and `tasks` as lists of dictionaries with `type` and options (a
                task may nest a `metric_reader` or a list of them), and optionally `algorithm`,
                `pruner` and `earlystop` as one such dictionary each, `budget` and a list of
                `objectives` without `type`, and `environment` with keywords of this class. What
                `create` returned may stand in place of a dictionary.
            max_parallel: see the class.
            max_trial_num: see the class.

        Raises:
            SpecError: as the class, or `data` has an unknown or lacks a needed key.
        """
        keywords = from_dictionary(data)
        return cls(max_parallel=max_parallel, max_trial_num=max_trial_num, **keywords)

    def __repr__(self) -> str:
        limits = self._spec.limits
        return (
            f"AutoTuner(name={self._spec.name!r}, hyperparams={list(self._spec.space.names)}, "
            f"max_parallel={limits.max_parallel}, max_trial_num={limits.max_trials})"
        )

    @overload
    def fit(self, synchronize: Literal[True] = True) -> Table: ...  # noqa: FBT002
    @overload
    def fit(self, synchronize: bool) -> Table | None: ...  # noqa: FBT001

    def fit(self, synchronize: bool = True) -> Table | None:  # noqa: FBT001, FBT002 - the script's word
        """Run the study, or go on with it, and return its table.

        Args:
            synchronize: False returns None at once; `wait` then gives the table. Called in the main
                thread, signals stop the study as they do otherwise, and end the process once it
                has ended; in another thread, they do what they did before.

        Raises:
            SpecError: the folder holds a study of other commands, metric or direction.
            JournalError: the folder cannot be used, or another controller has the study.
            SystemExit: the user interrupted it (code 130), after its table was shown.
        """
        if self._thread is not None:
            raise AutomlError("this tuner is running already; call wait()")
        self._controller = controller_of(
            self._spec, self._folder, fresh=self._fresh, known=self._known
        )
        if synchronize:
            self._result = run(self._controller)
            return self._conclude()
        self._error = None
        self._over.clear()
        thread = threading.Thread(target=self._run_aside, name="automl-study")
        self._controller.listen(aside=True)
        try:
            patiently(lambda: start_thread(thread), then="the study begins")
        except BaseException:
            self._controller.unlisten()
            raise
        self._thread = thread
        return None

    def wait(self) -> Table:
        """Wait for a study that was begun with `fit(synchronize=False)`; return its table.

        Raises:
            AutomlError: no study was begun; otherwise as `fit`.
        """
        if self._thread is None or self._controller is None:
            raise AutomlError("nothing to wait for; call fit(synchronize=False) first")
        self._controller.listen(aside=False)
        try:
            # Not by joining the thread: an interrupted join takes it for ended (Python 3.11).
            while not self._over.is_set():
                try:
                    self._over.wait()
                except KeyboardInterrupt:
                    # From a handler that the program set meanwhile.
                    self._controller.interrupt()
            self._thread.join()
        finally:
            self._controller.unlisten()
        self._thread = None
        if self._error is not None:
            raise self._error
        return self._conclude()

    def _snapshot(self) -> Snapshot:
        return Snapshot(
            name=self._spec.name,
            objectives=self._spec.objectives,
            space=self._spec.space,
            trials=self._finished_run().trials,
        )

    def _curves(self) -> Mapping[int, Curve]:
        return fold(load(self._folder.journal)[0], curves=True).curves or {}

    def _check(self) -> None:
        """Check what needs more than one value of the description."""
        spec = self._spec
        stop = spec.early_stop
        direction = spec.objectives.direction
        if stop and stop.threshold is not None and stop.direction != direction:
            raise SpecError(
                f"earlystop and direction disagree: direction={direction.value!r}, "
                f"but the threshold is for values to {stop.direction.value}; change one of them"
            )
        warning = check_rules(spec.space)
        if warning:
            logger.warning("%s", warning)
        make_proposer(spec.algorithm, problem_of(spec, 0, spec.limits.max_trials))
        check_commands(spec, Launcher(spec, self._folder, 0, "", os.environ))
        check_programs(spec, os.environ)

    def _run_aside(self) -> None:
        assert self._controller is not None  # noqa: S101 - for the type checker
        try:
            self._result = run(self._controller)
        except BaseException as error:  # noqa: BLE001 - wait() raises it in the user's thread
            self._error = error
        finally:
            self._over.set()
            self._controller.unlisten()

    def _finished_run(self) -> StudyResult:
        if self._result is None:
            raise AutomlError("the study has not been run yet; call fit() first")
        return self._result

    def _conclude(self) -> Table:
        """Show how the study ended, and return its table."""
        result = self._finished_run()
        width = shutil.get_terminal_size().columns
        lines = [
            logs.stamped("INFO", "results:"),
            self._table_text(width),
            *conclusion(self._spec, self._folder, result),
        ]
        show("".join(f"{line}\n" for line in lines), leaving=bool(result.signal))
        if result.signal:
            leave(result.signal)
        # Only now, as it loads pandas.
        return patiently(self.table, then="the table is made")


def _known_before(sources: Sequence[object], spec: StudySpec, place: Path) -> list[Told]:
    """Return what other studies found, as the search is told it: with ids below 0."""
    if not sources:
        return []
    from automl.hpo.warm_start import observations  # noqa: PLC0415

    told: list[Told] = []
    for number, one in enumerate(observations(sources, spec.space, spec.objectives, place), 1):
        planned = Told(trial_id=-number, params=one.params, state=TrialState.PLANNED)
        values = () if spec.objectives.single else one.values
        told += [
            planned,
            replace(planned, state=TrialState.COMPLETED, value=one.value, values=values),
        ]
    return told
