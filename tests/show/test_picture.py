"""What the live view shows, for windows and studies of any size."""

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest
from progress_facts import progress_of

from automl.show.live.picture import picture
from automl.show.progress import Progress, RunningTrial
from automl.space.parameters import Categorical, Constant, Integer, Parameter, Real
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.objective import Direction, Objective, Objectives
from automl.study.spec import StudySpec
from automl.study.trial import Result, Stage, Trial, TrialState

MakeTrial = Callable[..., Trial]
MakeSpec = Callable[..., StudySpec]


def space(*more: Parameter) -> SearchSpace:
    return SearchSpace(
        (
            Real(name="lr", min_value=0.0, max_value=100.0),
            Categorical(name="text", candidates=("[red]x[/red]", "[bold]")),
            Constant(name="d", value=3),
            *more,
        )
    )


def running(number: int, value: float | None, **changes: Any) -> RunningTrial:
    facts = {
        "id": number,
        "params": {"lr": 10.000000001 / (number + 1), "text": "[red]x[/red]", "d": 3},
        "elapsed_s": 12.0,
        "value": value,
        "measurements": 4 * number,
    }
    return RunningTrial(**{**facts, **changes})


def many(count: int) -> list[RunningTrial]:
    return [running(number, number / 100) for number in range(count)]


def lines(shown: Progress, width: int = 80, height: int = 24) -> list[str]:
    return picture(shown, width, height).plain.splitlines()


@pytest.fixture
def spec(make_spec: MakeSpec) -> StudySpec:
    return make_spec(space=space())


@pytest.fixture
def leaders(completed: MakeTrial) -> tuple[Trial, ...]:
    return tuple(
        completed(30 - place, 0.9 - place / 100, lr=0.25 / (place + 1), text="[bold]", d=3)
        for place in range(12)
    )


def test_golden_picture(spec: StudySpec, leaders: tuple[Trial, ...]) -> None:
    trials = [running(9, None), running(10, 0.1234567891), running(11, 0.12)]
    shown = progress_of(
        spec, *trials, best=leaders[0], leaders=leaders[:3], note="stopping", hint="Ctrl-C stops"
    )
    assert lines(shown) == [
        "digits ━━━━━━━━━━━━╸╸╸╸─────────── 9/20, 1 failed, 1 min 05 s, ~2 min 10 s left",
        " trial     time  seen    metric       lr  text",
        "     9     0:12    36         -  1        [red]x[/red]",
        "  > 10     0:12    40  0.123457  0.9091   [red]x[/red]",
        "    11     0:12    44  0.12      0.8333   [red]x[/red]",
        "  best so far:",
        "  * 30     0:02     3  0.9       0.25     [bold]",
        "    29     0:02     3  0.89      0.125    [bold]",
        "    28     0:02     3  0.88      0.08333  [bold]",
        "stopping",
        "Ctrl-C stops",
    ]


def test_an_ascii_terminal_has_a_bar_of_ascii(spec: StudySpec) -> None:
    head = picture(progress_of(spec, *many(2)), 80, 24, "latin-1").plain.splitlines()[0]
    assert head.startswith("digits ##########")
    assert head.isascii()


def test_a_study_without_limit_has_no_bar(spec: StudySpec) -> None:
    shown = progress_of(spec, total=None, left_s=None, failed=0)
    assert lines(shown) == ["digits 9 done, 1 min 05 s"]
    assert "left" not in lines(progress_of(spec, left_s=0.0))[0]


@pytest.mark.parametrize("direction", list(Direction))
def test_the_running_trial_that_leads_is_marked(make_spec: MakeSpec, direction: Direction) -> None:
    spec = make_spec(
        space=space(), objectives=Objectives((Objective(metric="metric", direction=direction),))
    )
    shown = lines(progress_of(spec, running(3, None), running(4, 0.5), running(5, 0.25)))
    [marked] = [line for line in shown if ">" in line]
    assert marked.split()[1] == ("4" if direction is Direction.MAXIMIZE else "5")
    assert not any(">" in line for line in lines(progress_of(spec, running(3, None))))


def test_the_step_that_a_program_prints_takes_the_place_of_the_count(spec: StudySpec) -> None:
    shown = lines(progress_of(spec, running(3, 0.5, step=1200.0), running(4, None)))
    assert shown[1].split()[:4] == ["trial", "time", "step", "metric"]
    assert shown[2].split()[3:5] == ["1200", "0.5"]
    assert shown[3].split()[2:4] == ["-", "-"]


def test_one_long_value_hides_no_parameter(make_spec: MakeSpec, completed: MakeTrial) -> None:
    long = Categorical(name="data", candidates=("/data/" + "x" * 200 + "/train.csv", "b"))
    more = Integer(name="k", min_value=0, max_value=9)
    spec = make_spec(space=space(long, more))
    params = {"lr": 0.5, "text": "[bold]", "d": 3, "data": long.candidates[0], "k": 7}
    best = completed(3, 0.9, **params)
    shown = lines(progress_of(spec, running(9, 0.5, params=params), best=best, leaders=(best,)))
    assert shown[1].split()[-3:] == ["text", "data", "k"]
    assert [line.split()[-1] for line in shown if line.split()[0] in {">", "*"}] == ["7", "7"]
    shown = lines(progress_of(spec, best=best), 60)
    assert any("k=7" in line for line in shown)


def test_a_wide_window_shows_long_values_whole(make_spec: MakeSpec) -> None:
    long = Categorical(
        name="data", candidates=("/data/sets/v1/train.csv", "/data/sets/v2/train.csv")
    )
    spec = make_spec(space=space(long))
    params = {"lr": 0.5, "text": "[bold]", "d": 3, "data": long.candidates[0]}
    shown = progress_of(spec, running(9, 0.5, params=params))
    assert lines(shown, 120)[2].endswith("  /data/sets/v1/train.csv")
    assert lines(shown, 70)[2].endswith("/dat...n.csv")


def test_parameters_without_room_are_counted_and_the_best_has_them_all(
    make_spec: MakeSpec, completed: MakeTrial
) -> None:
    names = [f"parameter_{number}" for number in range(9)]
    spec = make_spec(
        space=SearchSpace(tuple(Real(name=n, min_value=0, max_value=1) for n in names))
    )
    params = dict.fromkeys(names, 0.123456789)
    best = completed(3, 0.98765432198, **params)
    shown = lines(progress_of(spec, running(4, 0.5, params=params), best=best, leaders=(best,)))
    assert shown[1].endswith("parameter_3 +5") or shown[1].endswith("parameter_2 +6")
    text = " ".join(" ".join(shown).split())
    assert "best 0.987654, trial 3: parameter_0=0.123457" in text
    assert max(map(len, shown)) < 80


def test_a_parameter_that_is_off_has_no_value(make_spec: MakeSpec) -> None:
    spec = make_spec(space=space())
    only = running(4, 0.5, params={"lr": 0.5, "d": 3})
    assert lines(progress_of(spec, only))[1].split()[-1] == "lr"
    assert lines(progress_of(spec, only, running(5, 0.5)))[2].split()[-1] == "-"


@pytest.mark.parametrize(
    ("count", "best", "height", "shown"),
    [
        (4, 12, 24, (4, 10, "")),
        (16, 12, 24, (14, 3, "+2")),
        (60, 12, 24, (14, 3, "+46")),
        (60, 0, 24, (18, 0, "+42")),
        (4, 12, 50, (4, 10, "")),
        (40, 12, 50, (40, 3, "")),
        (4, 12, 8, (4, 0, "")),
        (4, 12, 10, (2, 3, "+2")),
        (1, 12, 8, (1, 3, "")),
    ],
)
def test_lines_are_shared_out(
    spec: StudySpec,
    leaders: tuple[Trial, ...],
    count: int,
    best: int,
    height: int,
    shown: tuple[int, int, str],
) -> None:
    told = lines(progress_of(spec, *many(count), leaders=leaders[:best]), height=height)
    bests = told.index("  best so far:") if "  best so far:" in told else len(told)
    rows = [place for place, line in enumerate(told) if re.match(r" +[>*]? ?\d+ +\d+:\d\d ", line)]
    more = next((line.split()[0] for line in told if line.startswith("  +")), "")
    assert len(told) <= height
    assert sum(place < bests for place in rows), told
    assert (sum(p < bests for p in rows), sum(p > bests for p in rows), more) == shown


@pytest.mark.parametrize("height", [1, 2, 5, 6, 10, 24])
@pytest.mark.parametrize("width", [10, 40, 80])
def test_the_picture_fits_the_window(
    completed: MakeTrial, width: int, height: int, make_spec: MakeSpec
) -> None:
    params = {f"parameter_{number}": "漢字" * 9 for number in range(9)}
    chosen = tuple(Categorical(name=name, candidates=(text, "b")) for name, text in params.items())
    best = completed(3, 0.9085, **params)
    spec = make_spec(
        name="s" * 99,
        space=SearchSpace(chosen),
        budget=Budget(name="used_data_percent", min=0.1, max=1.0),
    )
    full = progress_of(
        spec,
        *[running(number, 0.5, params=params) for number in range(50)],
        best=best,
        leaders=(best,) * 12,
        note="x\ny" * 90,
        hint="z" * 100,
        waiting={0.1: 60, 0.3: 20},
    )
    shown = picture(full, width, height).split("\n")
    assert len(shown) <= height
    assert max(line.cell_len for line in shown) < width


def test_a_study_with_budgets_shows_how_far_launches_go_and_where_trials_wait(
    completed: MakeTrial, make_spec: MakeSpec
) -> None:
    spec = make_spec(budget=Budget(name="epochs", min=1, max=81))
    trials = [
        running(4 * rung, None, params={"x": 1}, elapsed_s=1.0, stage=Stage(budget=rung))
        for rung in (1, 9)
    ]
    best = dataclasses.replace(
        completed(3, 0.9085, x=9),
        state=TrialState.PRUNED,
        results=tuple(Result(stage=Stage(budget=rung), value=0.9) for rung in (1, 3)),
    )
    waits = {3: 2, 1: 8, 9: 0}
    shown = progress_of(spec, *trials, waiting=waits, best=best, leaders=(best,), left_s=None)
    assert lines(shown) == [
        "digits ━━━━━━━━━━━━━━━━━━╸╸╸╸────────────────── 9/20, 1 failed, 1 min 05 s",
        "  waiting: 8 at 1, 2 at 3 of 81 epochs",
        " trial  budget     time  seen    metric  x",
        "     4    1/81     0:01    16         -  1",
        "    36    9/81     0:01   144         -  1",
        "  best so far:",
        "   * 3    3/81     0:02     3    0.9085  9",
    ]
    assert (
        "best 0.9085 at 3 of 81 epochs, trial 3: x=9"
        in lines(dataclasses.replace(shown, leaders=()))[-1]
    )


def test_the_best_of_several_objectives_is_that_in_the_first(
    completed: MakeTrial, make_spec: MakeSpec
) -> None:
    both = Objectives((Objective(metric="acc"), Objective(metric="ms")))
    shown = progress_of(make_spec("acc", "ms", objectives=both), best=completed(3, 0.5, n=90))
    assert lines(shown)[-1] == "  best in acc 0.5, trial 3: n=90"


def test_letters_that_a_terminal_lacks_take_the_room_that_they_need(
    make_spec: MakeSpec, completed: MakeTrial
) -> None:
    text = Categorical(name="größe", candidates=("漢字漢字", "b"))
    spec = make_spec(space=SearchSpace((text,)), name="é" * 20)
    best = completed(3, 0.9, größe="漢字漢字")
    shown = progress_of(spec, best=best, leaders=(best,), note="ü" * 40)
    for width in (30, 50, 80):
        plain = picture(shown, width, 24, "ascii").plain
        assert plain.isascii()
        assert max(map(len, plain.splitlines())) < width
    assert r"\u6f22" in plain
