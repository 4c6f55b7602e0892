import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_player import check_stages, stages_of
from hypothesis import given, settings
from hypothesis import strategies as st
from loop_bench import Bench
from loop_fakes import PATTERN, fails, prints

from automl.engine.view import View
from automl.journal.control import append_request
from automl.journal.events import TrialEnded
from automl.journal.requests import RetryTrial, StopTrial
from automl.show.table import results_table
from automl.study.budget import Budget
from automl.study.launch import Launch
from automl.study.noise import Noise
from automl.study.objective import Direction, Objective, Objectives
from automl.study.ranking.rank import best
from automl.study.ranking.savings import budget_spent
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import TrialState
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]
COMPLETED, FAILED, PRUNED = TrialState.COMPLETED, TrialState.FAILED, TrialState.PRUNED
LADDER = Budget(name="epochs", min=1, max=9)


def task(*cmd: str, metric: str = "metric", pattern: str = PATTERN) -> BashTask:
    location = "{{ trial.dir }}/stdout.log"
    reader = LocalReader(location=location, parser_pattern=pattern, metric=metric)
    return BashTask(cmd=cmd, metric_reader=reader)


TRAINING = task("train", "{{ trial.previous_budget }}", "{{ trial.budget }}", "{{ trial.seed }}")


class Launches:
    """A program whose value depends on the trial, its budget and its seed, and what it was told.

    Attributes:
        told: trial, previous budget, budget and seed of each launch, as its command says.
    """

    def __init__(self, bench: Bench, value: Callable[[int, str, int], float]) -> None:
        self.bench = bench
        self.value = value
        self.told: list[tuple[int, str, str, int]] = []
        self.broken: Callable[[int, str], bool] = lambda *_: False
        self.after_s: Callable[[int], float] = lambda trial: 1.0 + trial % 3
        bench.program = self.program

    def program(self, launch: Launch) -> FakeRun:
        script = Path(launch.script).read_text().splitlines()
        line = next(one for one in script if one.startswith("(exec train"))
        _, _, previous, budget, seed = shlex.split(line.rstrip(" &)"))
        trial = launch.trial_id
        self.told.append((trial, previous, budget, int(seed)))
        after_s = self.after_s(trial)
        if self.broken(trial, budget):
            return fails(launch, after_s=after_s)
        value = self.value(trial, budget, int(seed))
        return prints(launch, f"value={value}", after_s=after_s)


def check_told(one: Bench, view: View) -> None:
    """The journal tells what the engine knows, and no stage was launched after its end."""
    assert one.state().trials == view.trials
    check_stages(one.events())
    table = results_table(
        list(view.trials.values()), ("x",), objectives=one.spec.objectives, full=True
    )
    assert sorted(table["metadata", "id"]) == sorted(view.trials)


def climbing(make: Callable[..., Bench], **changes: Any) -> tuple[Bench, Launches]:
    """A study with a ladder of 1, 3 and 9 epochs; the later the trial the better."""
    fields = {"max_trials": 9, "max_parallel": 3, "budget": LADDER, "tasks": (TRAINING,)}
    one = make(**fields | changes)
    return one, Launches(one, lambda trial, budget, _: trial + float(budget) / 100)


# Budgets


def test_the_best_go_on_with_the_next_budget_in_the_same_folder(bench: MakeBench) -> None:
    one, launches = climbing(bench)
    view = one.run()
    assert view.complete
    trials = view.trials
    assert trials[8].state is COMPLETED
    assert (trials[8].value, trials[8].attempts) == (8.09, 3)
    assert [told[:3] for told in launches.told if told[0] == 8] == [
        (8, "0", "1"),
        (8, "1", "3"),
        (8, "3", "9"),
    ]
    # A launch that goes on is the same training, with the same seed.
    assert len({seed for trial, *_, seed in launches.told if trial == 8}) == 1
    assert Path(one.folder.trial(8).attempts, "1", "stdout.log").read_text() == "value=8.01\n"
    assert [trial.id for trial in one.observer.ended].count(8) == 3
    check_told(one, view)


def test_it_saves_most_of_the_budget(bench: MakeBench) -> None:
    one, launches = climbing(bench, max_trials=27, max_parallel=1)
    launches.value = lambda trial, *_: -trial
    trials = one.run().trials.values()
    assert [trial for trial, _, budget, _ in launches.told if budget == "9"] == [0, 1, 2]
    assert budget_spent(trials, LADDER, continued=True)[1] == 27 * 9
    spent = sum(float(budget) - float(before) for _, before, budget, _ in launches.told)
    assert budget_spent(trials, LADDER, continued=True)[0] == spent
    assert spent < 27 * 9 / 3
    again = sum(float(budget) for _, _, budget, _ in launches.told)
    assert budget_spent(trials, LADDER, continued=False)[0] == again


def test_a_real_budget_keeps_its_digits(bench: MakeBench) -> None:
    share = Budget(name="used_data_percent", min=0.1, max=1.0)
    one, launches = climbing(bench, budget=share, max_trials=4)
    one.run()
    assert {told[1:3] for told in launches.told} == {("0", "0.1"), ("0.1", "0.3"), ("0.3", "1.0")}


def test_brackets_begin_at_different_rungs(bench: MakeBench) -> None:
    several = Budget(name="epochs", min=1, max=9, brackets=2)
    one, launches = climbing(bench, budget=several, max_trials=12)
    view = one.run()
    firsts = {trial: budget for trial, before, budget, _ in launches.told if before == "0"}
    assert set(firsts.values()) == {"1", "3"}
    assert sorted(firsts) == list(range(12))
    assert sum(trial.state is COMPLETED for trial in view.trials.values()) >= 2
    check_told(one, view)


def test_a_user_who_stops_a_trial_on_its_way_keeps_what_it_had(bench: MakeBench) -> None:
    one, launches = climbing(bench, max_trials=3, max_parallel=1)
    launches.after_s = lambda _: 10.0
    one.ask_after(35, StopTrial(trial=2))
    view = one.run()
    trial = view.trials[2]
    assert (trial.state, trial.value, trial.stage.budget) == (TrialState.STOPPED, 2.01, 3)
    assert view.complete
    assert best(view.trials.values(), one.spec.objectives) == view.trials[1]
    check_told(one, view)


def test_a_user_may_have_a_rung_tried_again(bench: MakeBench) -> None:
    one, launches = climbing(bench, max_trials=3, max_parallel=1)
    launches.broken = lambda trial, budget: (trial, budget) == (2, "3")
    assert one.run().trials[2].state is FAILED
    launches.broken = lambda *_: False
    append_request(one.folder.control, RetryTrial(trial=2))
    view = one.run()
    assert [stage.budget for stage in stages_of(one.events())[2]] == [1, 3, 3, 9]
    assert view.trials[2].state is COMPLETED
    check_told(one, view)


@pytest.mark.integration
@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    lives=st.lists(st.tuples(st.floats(0, 12), st.floats(0, 12)), max_size=4),
    lasts=st.lists(st.floats(0.01, 5), min_size=5, max_size=5),
    order=st.permutations(range(9)),
    broken=st.sets(st.tuples(st.integers(0, 8), st.sampled_from(["1", "3", "9"])), max_size=3),
    brackets=st.integers(1, 2),
    slots=st.integers(1, 4),
)
def test_however_often_it_is_killed_no_launch_is_lost_or_repeated(  # noqa: PLR0913, PLR0917
    tmp_path_factory: pytest.TempPathFactory,
    lives: list[tuple[float, float]],
    lasts: list[float],
    order: list[int],
    broken: set[tuple[int, str]],
    brackets: int,
    slots: int,
) -> None:
    folder = tmp_path_factory.mktemp("study")
    ladder = Budget(name="epochs", min=1, max=9, brackets=brackets)
    one, launches = climbing(
        lambda **changes: Bench(folder, **changes),
        budget=ladder,
        max_parallel=slots,
        fail_fast=None,
    )
    launches.value = lambda trial, *_: order[trial]
    launches.broken = lambda trial, budget: (trial, budget) in broken
    launches.after_s = lambda trial: lasts[trial % len(lasts)]
    view = one.live(lives)
    assert view.complete
    # Fake processes outlive their controller, so that none need be launched again.
    assert len(launches.told) == len({told[:3] for told in launches.told})
    trials = view.trials
    assert sorted(trials) == list(range(9))
    assert len([event for event in one.events() if isinstance(event, TrialEnded)]) == len(
        launches.told
    )
    if not broken:
        assert [trial for trial in trials.values() if trial.state is COMPLETED]
    check_told(one, view)


# Repeats and confirmation


def repeating(make: Callable[..., Bench], **changes: Any) -> tuple[Bench, Launches]:
    seeded = task("train", "0", "0", "{{ trial.seed }}")
    fields = {"max_trials": 4, "max_parallel": 2, "tasks": (seeded,)}
    one = make(**fields | changes)
    return one, Launches(one, lambda trial, _, seed: trial + seed % 100 / 1000)


def test_repeats_share_their_seeds(bench: MakeBench) -> None:
    one, launches = repeating(bench, noise=Noise(repeats=3))
    view = one.run()
    seeds = {trial: [seed for one, *_, seed in launches.told if one == trial] for trial in range(4)}
    full = [listed for listed in seeds.values() if len(listed) == 3]
    assert len(set(full[0])) == 3
    assert all(listed == full[0][: len(listed)] for listed in seeds.values())
    for trial in view.trials.values():
        assert trial.value == pytest.approx(sum(trial.seeds) / len(trial.seeds))
    check_told(one, view)


def test_without_repeats_each_trial_has_its_own_seed(bench: MakeBench) -> None:
    one, launches = repeating(bench)
    one.run()
    assert len({seed for *_, seed in launches.told}) == 4


def test_a_confirmation_gets_seeds_that_the_search_never_had(bench: MakeBench) -> None:
    one, launches = repeating(bench, noise=Noise(repeats=2, confirm=2, confirm_seeds=3))
    view = one.run()
    search = {seed for *_, seed in launches.told[:8]}
    fresh = [(trial, seed) for trial, *_, seed in launches.told[8:]]
    assert len(search) == 2
    assert not search & {seed for _, seed in fresh}
    assert sorted({trial for trial, _ in fresh}) == [2, 3]
    assert len({seed for _, seed in fresh}) == 3
    assert len(fresh) == 6
    assert view.trials[3].value == pytest.approx(sum(view.trials[3].seeds) / 2)
    check_told(one, view)


def test_ctrl_c_during_a_confirmation_keeps_the_best_and_goes_on(bench: MakeBench) -> None:
    noise = Noise(confirm=1, confirm_seeds=2)
    one, _ = repeating(bench, noise=noise, max_parallel=1, max_trials=2)
    one.interrupt_after(3.5)
    view = one.run()
    found = best(view.trials.values(), one.spec.objectives)
    assert found is not None
    assert found.id == 1
    assert found.state is TrialState.PLANNED
    value = found.value
    view = one.run()
    assert view.complete
    assert sorted(view.trials[1].confirmations) == [1, 2]
    assert view.trials[1].value == value
    check_told(one, view)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    lives=st.lists(st.tuples(st.floats(0, 10), st.floats(0, 6)), max_size=4),
    noise=st.builds(
        Noise, repeats=st.integers(1, 3), confirm=st.integers(0, 2), confirm_seeds=st.just(2)
    ),
    slots=st.integers(1, 3),
)
def test_repeats_and_confirmations_survive_kills(
    tmp_path_factory: pytest.TempPathFactory,
    lives: list[tuple[float, float]],
    noise: Noise,
    slots: int,
) -> None:
    folder = tmp_path_factory.mktemp("study")

    def make(**changes: Any) -> Bench:
        return Bench(folder, **changes)

    one, launches = repeating(make, noise=noise, max_parallel=slots)
    launches.value = lambda trial, *_: float(trial)
    view = one.live(lives)
    assert view.complete
    assert len(launches.told) == len(set(launches.told))
    trials = view.trials
    whole = [trial.id for trial in trials.values() if len(trial.seeds) == noise.repeats]
    assert whole == [trial.id for trial in trials.values() if trial.state is COMPLETED]
    confirmed = [trial.id for trial in trials.values() if trial.confirmations]
    assert confirmed == whole[len(whole) - noise.confirm :]
    for trial in trials.values():
        assert len(trial.confirmations) == (2 if trial.id in confirmed else 0)
        assert trial.value == trial.id
    check_told(one, view)


# Several metrics


def measured(make: Callable[..., Bench], text: Callable[[int], str], **changes: Any) -> Bench:
    """A study that maximizes the accuracy and reads a latency."""
    reader = {
        name: LocalReader(
            location="{{ trial.dir }}/stdout.log", parser_pattern=rf"{name}=(\S+)", metric=name
        )
        for name in ("accuracy", "latency")
    }
    both = BashTask(cmd=("true",), metric_reader=tuple(reader.values()))
    only = Objectives((Objective(metric="accuracy"),), ("latency <= 20",))
    fields = {"tasks": (both,), "objectives": only, "max_parallel": 1, "fail_fast": None}
    one = make(**fields | changes)
    one.program = lambda launch: prints(launch, text(launch.trial_id))
    return one


def test_a_trial_that_breaks_a_constraint_is_recorded_and_never_the_best(bench: MakeBench) -> None:
    latency = [10, 25, 30, 20]
    one = measured(bench, lambda trial: f"accuracy=0.{trial}\nlatency={latency[trial]}")
    view = one.run()
    trials = view.trials
    assert [trial.violation for trial in trials.values()] == [0, 5, 10, 0]
    assert trials[1].metrics == {"accuracy": 0.1, "latency": 25.0}
    assert {trial.state for trial in trials.values()} == {COMPLETED}
    assert view.best == trials[3] == best(trials.values(), one.spec.objectives)
    told = [one.violation for one in view.history if one.state is COMPLETED]
    assert told == [0, 5, 10, 0]
    check_told(one, view)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("accuracy=0.5", "metric 'latency': "),
        ("latency=3", "metric 'accuracy': "),
        ("accuracy=0.5\nlatency=nan", r"metric 'latency': 'latency=(\\S+)' read nan in "),
        ("accuracy=inf\nlatency=3", r"metric 'accuracy': 'accuracy=(\\S+)' read inf in "),
    ],
)
def test_a_missing_metric_fails_the_trial_and_is_named(
    bench: MakeBench, text: str, reason: str
) -> None:
    one = measured(bench, lambda _: text, max_trials=1)
    trial = one.run().trials[0]
    assert trial.state is FAILED
    assert trial.failure == "no metric"
    assert trial.reason.startswith(reason)
    assert len(trial.reason) > len("metric 'accuracy': ")
    assert trial.value is None


def test_the_front_is_told_to_the_search(bench: MakeBench) -> None:
    both = Objectives(
        (Objective(metric="accuracy"), Objective(metric="latency", direction=Direction.MINIMIZE))
    )
    one = measured(
        bench, lambda trial: f"accuracy=0.{trial}\nlatency={trial}", objectives=both, max_trials=2
    )
    view = one.run()
    told = [one.values for one in view.history if one.state is COMPLETED]
    assert told == [(0.0, 0.0), (0.1, 1.0)]


def test_a_constraint_on_the_only_metric_is_told_in_the_table(bench: MakeBench) -> None:
    only = Objectives((Objective(),), ("metric <= 1",))
    one = bench(objectives=only, max_trials=3, max_parallel=1)
    one.program = lambda launch: prints(launch, f"value={launch.trial_id}")
    view = one.run()
    found = view.best
    assert found is not None
    assert found.id == 1
    table = results_table(list(view.trials.values()), ("x",), objectives=only)
    assert list(table["metadata", "reason"]) == ["", "", "breaks metric <= 1"]
