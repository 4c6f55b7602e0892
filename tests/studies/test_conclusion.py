from dataclasses import replace
from pathlib import Path
from typing import Any

from automl.journal.folder import StudyFolder
from automl.loop.result import StudyResult
from automl.space.parameters import Integer
from automl.space.space import SearchSpace
from automl.studies.telling.conclusion import conclusion
from automl.studies.telling.folder_size import size_lines
from automl.study.budget import Budget
from automl.study.ends.keep import Keep
from automl.study.limits import Limits
from automl.study.noise import Noise
from automl.study.objective import Objective, Objectives
from automl.study.ranking.rank import best
from automl.study.spec import PrunerSpec, StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

COMPLETED, PRUNED = TrialState.COMPLETED, TrialState.PRUNED


def spec_of(*metrics: str, **changes: Any) -> StudySpec:
    readers = tuple(
        LocalReader(location="{{ trial.dir }}/log", parser_pattern=r"(\S+)", metric=name)
        for name in metrics or ("metric",)
    )
    fields: dict[str, Any] = {
        "name": "study",
        "space": SearchSpace((Integer(name="x", min_value=0, max_value=9),)),
        "tasks": (BashTask(cmd=("true",), metric_reader=readers),),
        "limits": Limits(max_trials=4, max_parallel=1),
        "cwd": "/",
    }
    return StudySpec(**fields | changes)


def done(trial_id: int, value: float, **more: Any) -> Trial:
    fields = {"state": COMPLETED, "value": value, "duration_s": 10.0}
    return Trial(id=trial_id, params={"x": trial_id}, **fields | more)


def lines(spec: StudySpec, *trials: Trial, **more: Any) -> str:
    fields = {
        "best": best(trials, spec.objectives),
        "confirmed": (),
        "default": None,
        "reached": False,
        "best_command": "true",
        "continued": True,
        "max_trials": 4,
        "reason": "all 4 trials have ended",
        "complete": True,
        "idle": False,
        "signal": "",
    }
    result = StudyResult(trials=trials, **fields | more)
    return "\n".join(conclusion(spec, StudyFolder(Path("/place"), "study"), result))


def test_what_early_stopping_saved_is_told() -> None:
    spec = spec_of(pruner=PrunerSpec(type="median"))
    stopped = done(1, 0.1, state=PRUNED, stopped_step=3.0, duration_s=4.0)
    told = lines(spec, done(0, 0.5), stopped)
    assert "early stopping: 1 of 2 trials stopped, about 6.0 s saved (30% of 20 s)" in told
    assert "early stopping: 0 of 1 trials stopped\n" in lines(spec, done(0, 0.5, measurements=2))
    told = lines(spec, done(0, 0.5, measurements=1))
    assert "0 of 1 trials stopped, as none printed its metric more than once\n" in told
    assert "early stopping" not in lines(spec_of(), done(0, 0.5))


def test_a_trial_that_was_stopped_and_run_again_is_told_apart() -> None:
    spec = spec_of(pruner=PrunerSpec(type="median"))
    again = done(2, 0.1, spared=True, measurements=9)
    assert "0 of 1 trials stopped for good, 1 run again to the end\n" in lines(spec, again)
    stopped = done(1, 0.1, state=PRUNED, stopped_step=3.0, duration_s=4.0)
    told = lines(spec, again, stopped)
    assert "1 of 2 trials stopped for good, 1 run again to the end, about 6.0 s saved" in told


def test_what_promotion_saved_is_told() -> None:
    spec = spec_of(budget=Budget(name="epochs", min=1, max=9))
    small = Result(stage=Stage(budget=1), value=0.1)
    large = Result(stage=Stage(budget=9, previous_budget=1), value=0.5)
    told = lines(spec, done(0, 0.5, results=(small, large)), done(1, 0.1, results=(small,)))
    assert "budget: 10 of 18 epochs spent (56%)" in told
    assert "budget" not in lines(spec, Trial(id=0, params={"x": 0}))


def test_the_best_is_compared_with_the_default() -> None:
    spec = spec_of(noise=Noise(confirm=1, confirm_seeds=2))

    def seeds(*values: float) -> tuple[Result, ...]:
        stages = [Stage(seed_number=one, purpose=Purpose.CONFIRM) for one in (1, 2)]
        return tuple(
            Result(stage=stage, value=value) for stage, value in zip(stages, values, strict=True)
        )

    default = done(0, 0.5, origin="start_with", results=seeds(0.5, 0.51))
    found = done(1, 0.9, results=seeds(0.9, 0.91))
    told = lines(spec, default, found, confirmed=(1, 0), default=default)
    assert "best: trial 1, metric 0.9, confirmed 0.905, x=1" in told
    assert "confirmed: trial 1 is better than the default (trial 0)" in told
    told = lines(spec, done(0, 0.5), found, confirmed=(1, 0), complete=False)
    assert "confirmed: not compared with the default yet" in told
    assert "did not complete" not in told
    assert "confirmed: " not in lines(spec, done(0, 0.5), confirmed=(0,))


def test_the_front_and_broken_constraints_are_told() -> None:
    both = Objectives((Objective(metric="a"), Objective(metric="b")))
    trials = [
        done(0, 0.5, metrics={"a": 0.5, "b": 0.1}),
        done(1, 0.1, metrics={"a": 0.1, "b": 0.5}),
        done(2, 0.0, metrics={"a": 0.0, "b": 0.0}),
    ]
    told = lines(spec_of("a", "b", objectives=both), *trials)
    assert "not dominated by any other: trials 0, 1" in told
    limited = Objectives((Objective(),), ("metric >= 2",))
    told = lines(spec_of(objectives=limited), done(0, 0.5, violation=1.5))
    assert "no trial keeps the constraints: metric >= 2" in told
    assert "best:" not in told


def test_a_study_with_nothing_to_do_says_what_would_let_it_go_on() -> None:
    told = lines(spec_of(), done(0, 0.5), idle=True)
    assert "To go on, raise max_trial_num=; to start afresh" in told
    failed = [Trial(id=one, params={"x": one}, state=TrialState.FAILED) for one in (1, 2)]
    told = lines(spec_of(), done(0, 0.5), *failed, idle=True)
    assert "max_trial_num=, or run the 2 failed trials again: tuner.retry_failed()" in told
    told = lines(spec_of(), done(0, 0.5), idle=True, reached=True)
    assert "To go on, set another threshold in earlystop=; to start afresh" in told


def test_a_script_that_would_go_on_from_the_final_checkpoint_is_not_called_what_ran_here() -> None:
    spec, member = spec_of(), done(1, 0.5, source=0)
    onto = "its last launch, onto its checkpoint as it is now, environment included: sh "
    assert onto in lines(spec, done(0, 0.5), continued=True)
    for told in (lines(spec, done(0, 0.5), continued=False), lines(spec, member, continued=True)):
        assert "as it ran here, environment included: sh " in told


def test_a_value_that_always_failed_is_told_at_the_end() -> None:
    spec = spec_of(space=SearchSpace((Integer(name="x", min_value=0, max_value=1),)))
    failed = [
        Trial(id=number, params={"x": 1}, state=TrialState.FAILED, reason="boom")
        for number in range(5)
    ]
    ended = [replace(done(number, 0.5), params={"x": 0}) for number in range(5, 10)]
    assert "all 5 trials with x=1 failed, and none of the 5 others did" in lines(
        spec, *failed, *ended
    )


def test_how_large_the_folder_is_is_told() -> None:
    folder = StudyFolder(Path.cwd(), "study")
    told = size_lines(spec_of(), folder, 5_000_000, whole=True)
    assert told == ["its folder takes 5 MB: study"]
    assert size_lines(spec_of(), folder, 5000, whole=False) == [
        "its folder takes more than 5 kB: study"
    ]
    assert size_lines(spec_of(), folder, 0, whole=True) == []
    (large,) = size_lines(spec_of(), folder, 3 << 30, whole=True)
    assert "takes 3.0 GB: study; keep='best' with artifacts=" in large
    kept = spec_of(keep=Keep(which=1, artifacts=["{{ trial.dir }}/m*"]))
    assert size_lines(kept, folder, 3 << 30, whole=True) == ["its folder takes 3.0 GB: study"]
