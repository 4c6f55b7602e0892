import dataclasses
import math
from typing import Any

from automl.show.columns import table_columns
from automl.show.table import results_table
from automl.show.table_text import table_text
from automl.space.parameters import Integer
from automl.space.space import SearchSpace
from automl.study.objective import Direction, Objective, Objectives
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

ACC = Objective(metric="acc")
SIZE = Objective(metric="size", direction=Direction.MINIMIZE)
PLAIN = Objectives()


def trial(trial_id: int, value: float | None, **fields: Any) -> Trial:
    return Trial(
        id=trial_id,
        params={"x": trial_id},
        value=value,
        **{"state": TrialState.COMPLETED, **fields},
    )


def both(trial_id: int, acc: float, size: float, **fields: Any) -> Trial:
    return trial(trial_id, acc, metrics={"acc": acc, "size": size}, **fields)


def launches(*values: float, purpose: Purpose = Purpose.SEARCH) -> tuple[Result, ...]:
    return tuple(
        Result(stage=Stage(seed_number=number, purpose=purpose), value=value)
        for number, value in enumerate(values)
    )


def headers(trials: list[Trial], objectives: Objectives = PLAIN, *, full: bool = False) -> Any:
    frame = results_table(trials, ["x"], objectives=objectives, full=full)
    return [name for group, name in frame.columns if group != "params"]


def text(trials: list[Trial], objectives: Objectives = PLAIN) -> list[str]:
    columns = table_columns(trials, ["x"], objectives=objectives, full=False)
    return table_text(columns).splitlines()


def test_a_plain_study_has_plain_columns() -> None:
    one_launch = launches(0.5)
    trials = [trial(0, 0.5, results=one_launch), trial(1, 0.4, origin="start_with", avoided=3)]
    assert headers(trials) == ["metric", "id"]
    assert headers(trials, Objectives((ACC,))) == ["acc", "id"]


def test_several_objectives_and_constraints() -> None:
    trials = [
        both(0, 0.9, 5.0),
        both(1, 0.8, 5.0),
        both(2, 0.7, 1.0),
        both(3, 0.95, 30.0, violation=10.0),
        trial(4, None, state=TrialState.FAILED, reason="exit code 1"),
    ]
    assert text(trials, Objectives((ACC, SIZE), ("size <= 20",))) == [
        "   params  results     metadata",
        "        x   acc  size  id  front  reason",
        "0       0  0.90   5.0   0      1",
        "1       2  0.70   1.0   2      1",
        "2       1  0.80   5.0   1      2",
        "3       3  0.95  30.0   3      -  breaks size <= 20",
        "4       4     -     -   4      -  exit code 1",
    ]


def test_a_metric_that_is_only_constrained_has_a_column() -> None:
    good = trial(0, 0.5, metrics={"metric": 0.5, "ms": 7.0})
    bad = trial(1, 0.5, metrics={"metric": 0.5}, violation=1.0)
    objectives = Objectives(constraints=("ms <= 10 and ms > 1", "metric > 0"))
    frame = results_table([good, bad], ["x"], objectives=objectives, full=True)
    assert frame["results"].columns.tolist() == ["metric", "ms"]
    assert frame["results", "ms"].iloc[0] == 7.0
    assert math.isnan(frame["results", "ms"].iloc[1])
    assert frame["metadata", "violation"].tolist() == [0.0, 1.0]
    assert frame["metadata", "reason"].tolist() == ["", "breaks ms <= 10 and ms > 1"]
    assert "violation" not in headers([good, bad], full=True)


def test_a_weighted_sum_stands_before_its_metrics_without_noise_in_the_last_digits() -> None:
    weighted = Objectives(
        (dataclasses.replace(ACC, weight=1.0), dataclasses.replace(SIZE, weight=0.1))
    )
    metrics = {"acc": 0.7, "size": 3.0}
    one = trial(0, weighted.score(metrics), metrics=metrics)
    assert len(repr(one.value)) > 10
    assert text([one], weighted) == [
        "   params  results           metadata",
        "        x  score  acc  size        id",
        "0       0    0.4  0.7   3.0         0",
    ]


def test_repeats_show_the_mean_with_its_interval() -> None:
    seeds = [0.9, 0.92, 0.95]
    rows = [
        trial(7, sum(seeds) / 3, results=launches(*seeds)),
        trial(2, 0.5, results=launches(0.5), state=TrialState.PRUNED, reason="1 of 3 repeats"),
    ]
    frame = results_table(rows, ["x"], objectives=PLAIN)
    assert frame["results", "metric"].iloc[0] == rows[0].value
    assert text(rows) == [
        "   params  results             metadata",
        "        x    metric  interval  id  reason",
        "0       7  0.923333     0.063   7",
        "1       2  0.500000         -   2  1 of 3 repeats",
    ]


def test_confirmed_trials_have_their_confirmed_mean() -> None:
    fresh = launches(0.5, 0.75, purpose=Purpose.CONFIRM)
    rows = [trial(0, 0.9), trial(1, 0.8, results=fresh)]
    assert headers(rows) == ["metric", "confirmed", "id"]
    frame = results_table(rows, ["x"], objectives=PLAIN)
    assert frame["results", "confirmed"].iloc[0] == 0.625
    assert math.isnan(frame["results", "confirmed"].iloc[1])


def test_budgets_and_checkpoints() -> None:
    at = [Result(stage=Stage(budget=budget), value=0.5) for budget in (1, 3, 9)]
    rows = [
        trial(0, 0.9, results=tuple(at)),
        trial(
            1,
            0.8,
            state=TrialState.PRUNED,
            stage=at[0].stage,
            results=tuple(at[:1]),
            reason="at 1 of 9 epochs",
        ),
        trial(2, None, state=TrialState.FAILED, source=0),
    ]
    assert text(rows) == [
        "   params  results  metadata",
        "        x   metric  id  budget  checkpoint_id  reason",
        "0       0      0.9   0       9             -1",
        "1       1      0.8   1       1             -1",
        "2       2        -   2       -              0  failed",
    ]
    full = results_table(rows, ["x"], objectives=PLAIN, full=True)["metadata"]
    assert full["launches"].tolist() == [3, 1, 0]
    assert full["reason"].tolist() == ["", "at 1 of 9 epochs", "failed"]
    stopped = dataclasses.replace(rows[1], state=TrialState.STOPPED, reason="out of time")
    assert text([stopped])[-1].endswith("1  out of time")


def test_a_reason_says_where_a_trial_was_stopped() -> None:
    rows = [
        trial(0, 0.5, state=TrialState.PRUNED, stopped_step=12.0, reason="asked to"),
        trial(1, 0.4, state=TrialState.PRUNED, stopped_step=3.0, reason="median at step 3"),
        trial(2, 0.3, state=TrialState.PRUNED, stopped_step=0.5),
        trial(3, 0.2, state=TrialState.PRUNED),
    ]
    frame = results_table(rows, ["x"], objectives=PLAIN)
    assert frame["metadata", "reason"].tolist() == [
        "at step 12: asked to",
        "median at step 3",
        "at step 0.5: pruned",
        "pruned",
    ]


def test_where_values_come_from_is_in_the_full_table() -> None:
    one = trial(0, 0.5, origin="start_with", avoided=3, results=launches(0.5))
    row = results_table([one], ["x"], objectives=PLAIN, full=True)["metadata"].iloc[0]
    assert (row["origin"], row["avoided"], row["launches"]) == ("start_with", 3, 1)


def test_trials_outside_the_space_stand_below_all_others_and_make_no_front() -> None:
    space = SearchSpace((Integer(name="x", min_value=0, max_value=1),))
    objectives = Objectives((ACC, SIZE))
    failed = trial(1, None, state=TrialState.FAILED, reason="exit code 1")
    trials = [both(3, 0.9, 1.0), both(2, 0.95, 1.0), both(0, 0.5, 5.0), failed]
    frame = results_table(trials, ["x"], objectives=objectives, space=space)
    assert frame["metadata", "id"].tolist() == [0, 1, 2, 3]
    assert frame["metadata", "outside"].tolist() == [False, False, True, True]
    assert frame["metadata", "front"].tolist()[0] == 1
    assert frame["metadata", "front"].isna().tolist() == [False, True, True, True]


def test_without_any_outside_there_is_no_word_of_it() -> None:
    space = SearchSpace((Integer(name="x", min_value=0, max_value=9),))
    frame = results_table([trial(0, 1.0)], ["x"], objectives=PLAIN, space=space)
    assert ("metadata", "outside") not in frame.columns
