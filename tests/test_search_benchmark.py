"""The search benchmark's arithmetic, its tables and functions, and that every searcher runs."""

import json
import math
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.study.launch import Began, Launch
from automl.study.trial import TrialState
from automl.testing import FakeClock
from benchmarks.make_tables import every
from benchmarks.search.__main__ import SEVERAL, main
from benchmarks.search.automl_loop import play, run_automl
from benchmarks.search.catalogue import TASKS, task_of
from benchmarks.search.choices import choice_grids
from benchmarks.search.front import Front
from benchmarks.search.fronts import FRONTS
from benchmarks.search.functions import FUNCTIONS
from benchmarks.search.grids import Grid
from benchmarks.search.hypervolume import front_of, hypervolume
from benchmarks.search.intervals import estimate, over_tasks
from benchmarks.search.plan import Plan
from benchmarks.search.played import PlayedProcesses
from benchmarks.search.results import Job, Results, run_job
from benchmarks.search.searchers import SEARCHERS
from benchmarks.search.tables import Table, between, load
from benchmarks.search.task import Axis, Task, Trained, Values, drawn
from benchmarks.search.trace import Ended, Setting, Trace, front_trace, trace_of

ROOT = Path(__file__).parents[1]
BEST = {
    "branin": {"x0": math.pi, "x1": 2.275},
    "hartmann": dict(
        zip(
            [f"x{place}" for place in range(6)],
            (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573),
            strict=True,
        )
    ),
    "rosenbrock": {f"x{place}": 1.0 for place in range(5)},
    "ackley": {f"x{place}": 0.0 for place in range(5)},
    "mixed": {
        "share": 1.0,
        "model": "net",
        "prepare": "standard",
        "rate": 10**-2.5,
        "units": 128,
        "optimizer": "sgd",
        "momentum": 0.9,
    },
}


POINTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12)


def draws(task: Trained, count: int) -> list[Values]:
    rng = random.Random(7)  # noqa: S311 - no secret
    return [drawn(task.axes, rng) for _ in range(count)]


def line(best: float = 10.0) -> Task:
    """A task whose value is its one parameter, seen with noise of one."""
    return Task(
        name="line",
        about="a straight line",
        axes=(Axis(name="x", type="Real", low=0.0, high=best),),
        maximize=True,
        best=best,
        truth=lambda values: values["x"],
        curve=lambda values, seed: (values["x"] + seed % 2,),
        seconds=lambda values: 1 + values["x"],
    )


def end(number: int, x: float, value: float | None, **more: float) -> Ended:
    whole = x if value is None else value
    defaults = {"ended_s": 10.0 * (number + 1), "spent_s": 10.0, "whole": whole}
    return Ended(trial_id=number, values={"x": x}, value=value, **defaults | more)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_its_known_best(name: str) -> None:
    task = FUNCTIONS[name]
    assert task.truth(BEST[name]) == pytest.approx(task.best, abs=1e-4)
    assert task.regret(BEST[name]) == pytest.approx(0.0, abs=1e-3)
    assert all(task.regret(values) > 0 for values in draws(task, 100))


@pytest.mark.parametrize("name", TASKS)
def test_the_median_draw_has_a_regret_of_100_and_takes_the_usual_time(name: str) -> None:
    task = task_of(name)
    assert isinstance(task, Task)
    found = draws(task, 600)
    regrets = sorted(task.regret(values) for values in found)
    assert regrets[0] >= 0
    assert regrets[200] < 100 < regrets[400]
    seconds = sorted(task.play(values, 0).duration_s for values in found)
    assert seconds[200] < 20 < seconds[400]


def test_a_table_gives_its_points_and_interpolates_between_them() -> None:
    found = {
        "final": "last",
        "axes": [
            {"name": "kind", "type": "Categorical", "candidates": ["a", "b"]},
            {
                "name": "rate",
                "type": "Real",
                "low": 0.01,
                "high": 1.0,
                "log": True,
                "grid": [0.01, 0.1, 1.0],
                "when": {"kind": ["a"]},
            },
        ],
        "rows": [
            [["a", 0.01], 1.0, [[0, 1000], [0, 3000]]],
            [["a", 0.1], 2.0, [[0, 4000], [0, 4000]]],
            [["a", 1.0], 4.0, [[0, 5000], [0, 5000]]],
            [["b"], 8.0, [[9000, 100], [9000, 100]]],
        ],
    }
    table = Table(found)
    assert table.truth({"kind": "a", "rate": 0.01}) == pytest.approx(0.2)
    assert table.truth({"kind": "a", "rate": 10**-1.5}) == pytest.approx(0.3)
    assert table.curve({"kind": "a", "rate": 0.01}, 3) == pytest.approx((0.0, 0.3))
    assert table.curve({"kind": "b"}, 0) == pytest.approx((0.9, 0.01))
    assert table.seconds({"kind": "a", "rate": 10**-0.5}) == pytest.approx(3.0)
    assert table.best() == pytest.approx(0.5)


def test_a_length_cuts_the_curve_and_the_time() -> None:
    task = load("digits")
    long, short = ({"n": n, "s": 2, "d": 3, "lr": 0.16} for n in (90, 30))
    assert task.curve(short, 0) == task.curve(long, 0)[:30]
    assert task.truth(short) == task.curve(long, 0)[29]
    assert task.seconds(short) == pytest.approx(task.seconds(long) / 3)


def test_every_combination_leaves_out_what_does_not_hold() -> None:
    axes = [
        {"name": "kind", "candidates": ["a", "b"]},
        {"name": "x", "grid": [1.0, 2.0], "when": {"kind": ["b"]}},
    ]
    expected = [{"kind": "a"}, {"kind": "b", "x": 1.0}, {"kind": "b", "x": 2.0}]
    assert list(every(axes)) == expected


def test_the_chosen_one_is_judged_by_its_noise_free_value() -> None:
    task = line()
    unit = 100 / (10 - 5)  # the median draw is about 5
    trace = trace_of(
        task,
        [end(0, 4.0, 4.0), end(1, 8.0, None, whole=8.6), end(2, 7.0, 8.5), end(3, 7.5, 7.6)],
    )
    regrets = [trace.regret_after(count) for count in (1, 2, 3, 4)]
    assert regrets == pytest.approx([6 * unit, 6 * unit, 3 * unit, 3 * unit], rel=0.1)
    assert trace.regret_at(9.0) is None
    assert trace.regret_at(29.9) == trace.regret_after(1)
    assert trace.reached(1.0) is None
    assert trace.reached(4 * unit) == (3, 30.0)
    assert (trace.ended, trace.lasted_s, trace.spent_s) == (4, 40.0, 40.0)
    assert trace.winner_stopped


def test_a_larger_budget_is_chosen_before_a_better_value() -> None:
    ends = [
        end(0, 6.0, 6.0, budget=0.1, whole=5.0),
        end(1, 9.0, 9.0, budget=0.1, whole=9.0),
        end(0, 6.0, 5.0, budget=1.0, ended_s=30.0),
    ]
    trace = trace_of(line(), ends)
    assert trace.regret_after(2) == trace_of(line(), ends[:1]).regret_after(1)
    assert trace.ended == 2
    assert trace.winner_stopped
    assert not trace_of(line(), [*ends, end(1, 9.0, 9.0)]).winner_stopped


@given(POINTS)
def test_a_hypervolume_is_what_its_points_cover(points: list[tuple[int, int]]) -> None:
    # Of the squares below the reference, one is covered if a point is left of and below it.
    reference = (7, 8)
    covered = sum(
        any(first <= x and second <= y for first, second in points)
        for x in range(reference[0])
        for y in range(reference[1])
    )
    assert hypervolume(points, reference) == covered
    assert hypervolume(front_of(points), reference) == covered


@given(POINTS)
def test_a_front_is_what_no_other_point_beats(points: list[tuple[int, int]]) -> None:
    beaten = {
        one
        for one in points
        for other in points
        if other != one and other[0] <= one[0] and other[1] <= one[1]
    }
    assert front_of(points) == sorted(set(points) - beaten)


@pytest.mark.parametrize("name", FRONTS)
def test_the_regret_of_a_front_is_0_for_the_best_and_100_for_ten_draws(name: str) -> None:
    front = FRONTS[name]
    found = [front.losses(values) for values in draws(front, 400)]
    regrets = sorted(front.regret(found[at : at + 10]) for at in range(0, 400, 10))
    assert regrets[10] < 100 < regrets[30]
    assert 0 < front.regret(found) <= regrets[0]
    assert front.regret(front.best) == 0
    assert front.regret([]) > 100


def test_a_standard_front_covers_what_is_known_of_it() -> None:
    zdt1, fonseca = FRONTS["zdt1"].best, FRONTS["fonseca"].best
    assert hypervolume(zdt1, (1.0, 1.0)) == pytest.approx(2 / 3, abs=2e-3)
    assert fonseca[0] == pytest.approx((0.0, 1 - math.exp(-4)))
    assert fonseca[-1] == pytest.approx((1 - math.exp(-4), 0.0))
    assert len(fonseca) == 1001


def test_reached_means_that_it_stayed() -> None:
    trace = Trace(
        changes=((1, 1.0, 0.5), (2, 2.0, 3.0), (5, 9.0, 0.9)),
        ended=5,
        lasted_s=9.0,
        spent_s=9.0,
        repeats=0,
        winner_stopped=False,
    )
    assert trace.reached(1.0) == (5, 9.0)


def test_the_regret_of_a_front_is_that_of_all_it_found() -> None:
    front = Front(
        name="corner",
        about="a square, best at the origin",
        axes=tuple(Axis(name=name, type="Real", low=0.0, high=1.0) for name in "xy"),
        truths=lambda values: (values["x"], values["y"]),
        known=lambda: [(0.0, 0.0)],
        seconds=lambda values: 1 + values["x"],
    )
    found = [(0.9, 0.2), (0.95, 0.3), (0.2, 0.9), (0.1, 0.1)]
    ends = [
        replace(end(number, x, x), values={"x": x, "y": y}) for number, (x, y) in enumerate(found)
    ]
    trace = front_trace(front, ends)
    assert [count for count, _, _ in trace.changes] == [1, 3, 4]
    for count in (1, 3, 4):
        assert trace.regret_after(count) == pytest.approx(front.regret(found[:count]), abs=1e-3)
    assert (trace.ended, trace.lasted_s, trace.repeats) == (4, 40.0, 0)


def test_what_lies_between_trained_points_is_cut_and_they_are_kept() -> None:
    cut = list(between("mlp", 3))
    rates = sorted({values["rate"] for values in cut})
    assert {1e-4, 5e-4, 2.5e-3, 0.0125, 0.0625, 0.3} <= set(rates)
    assert len(rates) == 16
    task = load("mlp")
    assert max(task.truth(values) for values in cut) == task.best
    assert len(list(between("digits", 3))) == 648


def test_combinations_that_were_started_before_are_counted() -> None:
    trace = trace_of(line(), [end(0, 1.0, 1.0), end(1, 1.0, 2.0), end(2, 2.0, 2.0)])
    assert trace.repeats == 1


def test_an_estimate_has_the_interval_of_students_distribution() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0])
    assert found.mean == 2.5
    assert found.half == pytest.approx(3.182 * math.sqrt(5 / 3) / 2, rel=1e-3)
    assert math.isnan(estimate([1.0]).half)


def test_the_interval_over_tasks_is_that_of_the_seeds() -> None:
    by_task = {"a": {0: 1.0, 1: 2.0, 2: 9.0}, "b": {0: 11.0, 1: 12.0}}
    assert over_tasks(by_task) == estimate([6.0, 7.0])


@pytest.mark.parametrize("name", SEARCHERS)
def test_every_searcher_runs_five_trials(name: str) -> None:
    if SEARCHERS[name].needs:
        pytest.importorskip(SEARCHERS[name].needs)
    task = load("mlp" if SEARCHERS[name].takes(load("mlp")) else "noisy")
    ends = SEARCHERS[name].run(task, Setting(slots=2, seed=3, trials=5))
    assert len({one.trial_id for one in ends}) == 5
    assert [one.ended_s for one in ends] == sorted(one.ended_s for one in ends)
    for one in ends:
        assert task.regret(one.values) >= 0
    running_s = sum(one.spent_s for one in ends)
    assert ends[-1].ended_s <= running_s <= 2 * ends[-1].ended_s


@pytest.mark.parametrize("name", SEVERAL.searchers)
def test_every_searcher_of_two_objectives_is_played_alike_again(name: str) -> None:
    front, setting = FRONTS["mlp-seconds"], Setting(slots=2, seed=3, trials=12)
    ends = SEARCHERS[name].run(front, setting)
    assert [one.value for one in ends] == [front.truths(one.values)[0] for one in ends]
    assert ends == SEARCHERS[name].run(front, setting)


@pytest.mark.parametrize("name", SEARCHERS)
@pytest.mark.parametrize("task", ["svm", "fonseca"])
def test_what_a_searcher_does_not_take_is_refused(task: str, name: str) -> None:
    searcher = SEARCHERS[name]
    if not searcher.takes(task_of(task)):
        with pytest.raises((SpecError, ValueError, NotImplementedError)):
            searcher.run(task_of(task), Setting(slots=1, seed=0, trials=30))


def test_a_played_study_has_the_values_of_both_objectives() -> None:
    front = FRONTS["models"]
    ends, result = play(front, Setting(slots=2, seed=1, trials=12), algorithm="auto")
    assert {trial.id: tuple(trial.metrics.values()) for trial in result.trials} == {
        one.trial_id: front.truths(one.values) for one in ends
    }
    assert result.complete


@pytest.mark.parametrize("slots", [1, 3])
@pytest.mark.parametrize("algorithm", ["random", "auto"])
def test_the_table_of_a_played_study_tells_what_was_played(algorithm: str, slots: int) -> None:
    task = load("noisy")
    setting = Setting(slots=slots, seed=1, trials=12)
    ends, result = play(task, setting, algorithm=algorithm)
    assert {trial.id: trial.value for trial in result.trials} == {
        one.trial_id: one.value for one in ends
    }
    assert {trial.id: dict(trial.params) for trial in result.trials} == {
        one.trial_id: one.values for one in ends
    }
    assert result.complete
    assert ends == play(task, setting, algorithm=algorithm)[0]


def test_early_stopping_tries_the_same_and_spends_less() -> None:
    task, setting = load("mlp"), Setting(slots=4, seed=0, trials=30)
    whole = run_automl(task, setting, algorithm="random")
    ends, result = play(task, setting, algorithm="random", pruner="median")
    values = {one.trial_id: one.values for one in whole}
    assert {one.trial_id: one.values for one in ends} == values
    assert trace_of(task, ends).spent_s < trace_of(task, whole).spent_s
    stopped = {one.trial_id for one in ends if one.value is None}
    assert stopped == {trial.id for trial in result.trials if trial.state is TrialState.PRUNED}
    assert stopped


def test_promotion_trains_the_best_on() -> None:
    task, setting = load("mlp"), Setting(slots=2, seed=0, trials=12)
    on, anew = (
        run_automl(task, setting, algorithm="random", promotes=how) for how in ("continued", "anew")
    )
    assert {round(27 * one.budget) for one in on} == {3, 9, 27}
    longest = max((one for one in on if one.budget == 1), key=lambda one: one.ended_s)
    mine = [one for one in on if one.trial_id == longest.trial_id]
    full_s = task.play(longest.values, 0).duration_s
    assert [round(one.spent_s / full_s * 27) for one in mine] == [3, 6, 18]
    assert mine[-1].value == pytest.approx(task.truth(longest.values))
    spent = [round(one.spent_s / task.play(one.values, 0).duration_s, 6) for one in anew]
    assert set(spent) == {round(budget / 27, 6) for budget in (3, 9, 27)}


def test_lines_appear_when_they_are_due(tmp_path: Path) -> None:
    task = load("mlp")
    values = drawn(task.axes, random.Random(1))  # noqa: S311 - no secret
    played = task.play(values, 5)
    script = tmp_path / "trial.sh"
    script.write_text("cd / &&\n(exec true 5)\n", encoding="utf-8")
    (tmp_path / "params.json").write_text(json.dumps(values), encoding="utf-8")
    out = tmp_path / "stdout.log"
    launch = Launch(
        trial_id=0,
        script=str(script),
        stdout=str(out),
        stderr=str(tmp_path / "stderr.log"),
        exit_path=str(tmp_path / "exit"),
        mark="mark",
    )
    processes = PlayedProcesses(task, FakeClock(), streams=True)
    processes.submit([launch])
    assert [type(one) for one in processes.wait(None)] == [Began]
    assert not processes.wait(played.duration_s * 0.5)
    assert out.read_text("utf-8").split() == [f"value={value!r}" for value in played.curve[:12]]
    assert processes.wait(None)
    assert len(out.read_text("utf-8").split()) == 25
    assert processes.ends[0].spent_s == pytest.approx(played.duration_s)


def test_a_search_is_run_once_and_a_torn_line_again(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    jobs = [
        Job(task="branin", searcher="optuna-random", slots=2, trials=4, seed=seed)
        for seed in (0, 1, 0)
    ]
    first = Results(file)
    assert list(first.run(jobs, 1)) == jobs[:2]

    file.write_bytes(file.read_bytes()[:-5])
    second = Results(file)
    assert jobs[0] in second
    assert jobs[1] not in second
    assert list(second.run(jobs, 1)) == [jobs[1]]
    assert second[jobs[1]] == first[jobs[1]] == run_job(jobs[1])[0]
    assert [json.loads(one)["key"] for one in file.read_text("utf-8").splitlines()] == [
        "branin/optuna-random/2/4/0",
        "branin/optuna-random/2/4/1",
    ]


def test_a_grid_is_shown_for_a_terminal_and_for_a_page() -> None:
    grid = Grid(title="Regret", heads=("who", "r5"), rows=(("long name", "1.0"), ("x", "22.0")))
    assert grid.text().splitlines() == [
        "Regret",
        "who        r5",
        "long name  1.0",
        "x          22.0",
    ]
    assert grid.markdown().splitlines()[2:4] == ["| who | r5 |", "| --- | --- |"]


@pytest.mark.slow
def test_a_quick_run_prints_the_tables_and_writes_json(tmp_path: Path) -> None:
    file = tmp_path / "tables.json"
    chosen = ("--tasks", "branin,svm", "--searchers", "optuna-random", "--json", str(file))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.search", "--quick", "--markdown", *chosen],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "| Optuna, random |" in done.stdout
    tables = json.loads(file.read_text("utf-8"))["tables"]
    assert tables[0]["heads"] == ["searcher", "r5", "repeats", "ms a trial"]
    assert len(tables) == 9


def test_where_a_searcher_refuses_a_task_there_is_a_dash() -> None:
    plan = Plan(
        tasks=("svm", "branin", "noisy"),
        searchers=("automl-cmaes", "optuna-random"),
        slots=(2,),
        trials=(3, 4),
        seeds=2,
    )
    results = Results()
    assert {job.task for job in results.run(plan.jobs(), 1) if "cmaes" in job.searcher} == {
        "branin",
        "noisy",
    }
    every, shared, single = choice_grids(results, plan)
    assert every.rows[0] == ("automl, cmaes", "-", "-")
    assert "over branin, noisy;" in shared.title
    assert "-" not in {*every.rows[1], *shared.rows[0], *shared.rows[1]}
    assert [row[1] == "-" for row in single.rows] == [True, False]
    refused, single = choice_grids(results, replace(plan, tasks=("svm",)))
    assert refused.rows[0] == ("automl, cmaes", "-", "-")


def test_without_its_package_a_searcher_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    main(
        [
            "--only",
            "algorithms",
            "--quick",
            "--tasks",
            "branin",
            "--searchers",
            "automl-gp,optuna-gp,optuna-random",
        ]
    )
    told = capsys.readouterr()
    assert told.err == "left out, without torch: automl-gp, optuna-gp\n"
    assert "Optuna, random" in told.out
    assert "GP" not in told.out


def test_an_unknown_task_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--tasks", "branin,lunch"])
    assert "unknown task 'lunch'; known: digits, svm," in capsys.readouterr().err
