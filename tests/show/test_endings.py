import dataclasses
from collections.abc import Callable
from typing import Any

from loop_fakes import make_spec

from automl.show.endings import trial_line
from automl.space.parameters import Categorical, Constant, Integer
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.launch import Exit
from automl.study.noise import Noise
from automl.study.objective import Direction, Objective, Objectives
from automl.study.spec import Algorithm, StudySpec
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

MakeSpec = Callable[..., StudySpec]
MakeTrial = Callable[..., Trial]
PARAMS = {"d": 2, "lr": 0.32, "n": 50, "s": 2}


def failed(**more: Any) -> Trial:
    return Trial(id=4, params=PARAMS, state=TrialState.FAILED, **{"duration_s": 0.31, **more})


def test_completed_line_names_the_best(completed: MakeTrial, make_spec: MakeSpec) -> None:
    trial = completed(7, 0.9085, **PARAMS)
    expected = "trial 7 completed: 0.9085 in 2.1 s (best 0.9160, trial 3); d=2 lr=0.32 n=50 s=2"
    assert trial_line(trial, completed(3, 0.916), make_spec()) == expected
    assert "0.9085 in 2.1 s (best so far); d=2" in trial_line(trial, trial, make_spec())
    assert "0.9085 in 2.1 s; d=2" in trial_line(trial, None, make_spec())


def test_completed_line_says_that_a_constraint_is_broken(
    completed: MakeTrial, make_spec: MakeSpec
) -> None:
    trial = dataclasses.replace(completed(7, 0.95, d=2), violation=0.05)
    spec = make_spec(objectives=Objectives(constraints=("metric <= 0.9",)))
    assert trial_line(trial, completed(3, 0.916), spec) == (
        "trial 7 completed: 0.950 in 2.1 s, breaks metric <= 0.9 (best 0.916, trial 3); d=2"
    )
    # The constraint of an earlier start, which is not there any more.
    assert "breaks a constraint" in trial_line(trial, completed(3, 0.916), make_spec())


def test_failed_line_names_the_exit_once(make_spec: MakeSpec) -> None:
    params = "; d=2 lr=0.32 n=50 s=2"
    exit_1 = Exit(code=1)
    expected = f"trial 4 failed after 0.3 s: exit code 1: no such file{params}"
    assert trial_line(failed(reason="no such file", exit=exit_1), None, make_spec()) == expected
    assert (
        trial_line(failed(reason="exit code 1: no such file", exit=exit_1), None, make_spec())
        == expected
    )
    killed = trial_line(failed(exit=Exit(code=-9)), None, make_spec())
    assert killed.endswith(f"0.3 s: killed by SIGKILL{params}")
    silent = trial_line(failed(reason="no\nmetric", exit=Exit(code=0)), None, make_spec())
    assert silent.endswith(rf"0.3 s: no\nmetric{params}")
    assert (
        trial_line(failed(duration_s=None), None, make_spec())
        == f"trial 4 failed: no reason known{params}"
    )


def test_other_ends(completed: MakeTrial, make_spec: MakeSpec) -> None:
    pruned = dataclasses.replace(
        completed(5, 0.5, d=2), state=TrialState.PRUNED, reason="stopped early (median): 0.5"
    )
    assert trial_line(pruned, completed(3, 0.916), make_spec()) == (
        "trial 5 stopped early (median): 0.5; 0.500 in 2.1 s (best 0.916, trial 3); d=2"
    )
    stopped = dataclasses.replace(pruned, state=TrialState.STOPPED, value=None, reason="")
    assert trial_line(stopped, None, make_spec()) == "trial 5 stopped after 2.1 s; d=2"


def test_what_waits_says_how_far_it_came(completed: MakeTrial, make_spec: MakeSpec) -> None:
    waits = dataclasses.replace(
        completed(5, 0.5, d=2), state=TrialState.PRUNED, reason="at 1 of 9 epochs"
    )
    assert trial_line(waits, completed(3, 0.916), make_spec()) == (
        "trial 5 at 1 of 9 epochs: 0.500 in 2.1 s (best 0.916, trial 3); d=2"
    )


def test_a_fresh_seed_is_told_beside_what_the_search_found(
    completed: MakeTrial, make_spec: MakeSpec
) -> None:
    spec = make_spec(noise=Noise(confirm=1, confirm_seeds=5))
    fresh = Stage(seed_number=2, purpose=Purpose.CONFIRM)
    results = (Result(stage=Stage(), value=0.5), Result(stage=fresh, value=0.75))
    judged = dataclasses.replace(completed(5, 0.5, d=2), stage=fresh, results=results)
    assert trial_line(judged, judged, spec) == (
        "trial 5 with fresh seed 2 of 5: 0.75 in 2.1 s (the search found 0.5); d=2"
    )
    # The user's default, which the search had stopped.
    alone = dataclasses.replace(judged, results=results[1:])
    assert trial_line(alone, judged, spec) == "trial 5 with fresh seed 2 of 5: 0.75 in 2.1 s; d=2"
    # The user's default, which the search left at a low budget.
    low = Result(stage=Stage(budget=1), value=0.5)
    high = Result(stage=dataclasses.replace(fresh, budget=9), value=0.75)
    left = dataclasses.replace(judged, stage=high.stage, results=(low, high))
    assert "the search found" not in trial_line(left, judged, spec)
    failed_once = dataclasses.replace(judged, results=results[:1])
    assert "with fresh seed 2 of 5: no value in 2.1 s" in trial_line(failed_once, judged, spec)


def test_an_interval_of_a_population_names_what_it_continued(
    completed: MakeTrial, make_spec: MakeSpec
) -> None:
    budget = Budget(name="epochs", min=4, max=20)
    spec = make_spec(budget=budget, algorithm=Algorithm(type="pbt"))
    stage = Stage(budget=8, previous_budget=4)
    interval = dataclasses.replace(completed(9, 0.5, d=2), stage=stage, source=5)
    assert trial_line(interval, interval, spec) == (
        "trial 9 completed 8 of 20 epochs: 0.5 in 2.1 s (best so far); continued trial 5; d=2"
    )
    last = dataclasses.replace(interval, stage=Stage(budget=20), source=-1)
    assert trial_line(last, last, spec) == "trial 9 completed: 0.5 in 2.1 s (best so far); d=2"


def test_every_metric_is_told_and_which_constraint_is_broken(
    completed: MakeTrial, make_spec: MakeSpec
) -> None:
    items = (Objective(metric="acc"), Objective(metric="ms", direction=Direction.MINIMIZE))
    several = make_spec("acc", "ms", objectives=Objectives(items, ("ms <= 20",)))
    slow = dataclasses.replace(
        completed(7, 0.5, d=2), metrics={"acc": 0.5, "ms": 24.00034567}, violation=4.0
    )
    assert trial_line(slow, completed(3, 0.75), several) == (
        "trial 7 completed: acc 0.50, ms 24.0003 in 2.1 s, breaks ms <= 20 "
        "(best in acc 0.75, trial 3); d=2"
    )
    weighted = Objectives(tuple(dataclasses.replace(one, weight=1.0) for one in items))
    told = trial_line(slow, slow, make_spec("acc", "ms", objectives=weighted))
    assert "completed: score 0.5, acc 0.5, ms 24.0003 in 2.1 s" in told
    assert "(best so far)" in told


def test_constants_are_no_news() -> None:
    alone = Categorical(name="b", candidates=("word",))
    space = SearchSpace(
        (Integer(name="x", min_value=0, max_value=9), Constant(name="a", value=1), alone)
    )
    told = trial_line(
        Trial(id=0, params={"x": 3, "a": 1, "b": "word"}, state=TrialState.FAILED, reason="boom"),
        None,
        make_spec("/", space=space),
    )
    assert told.endswith("; x=3")
