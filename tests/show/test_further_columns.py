"""Metrics that rank nothing in tables: all in the frame, few of many on the screen."""

from typing import Any

import pytest

from automl.show.columns import further_columns, table_columns
from automl.show.fitting import FURTHER_SHOWN, Extent
from automl.show.selection import chosen_columns, few_further, rows_where
from automl.show.table import results_table
from automl.show.table_text import table_text
from automl.study.objective import Objective, Objectives
from automl.study.trial import Trial, TrialState

LOSS = Objectives((Objective(metric="loss", direction="minimize"),))


def trial(trial_id: int, metrics: dict[str, float], **fields: Any) -> Trial:
    done = {"state": TrialState.COMPLETED, "value": metrics.get("loss")}
    return Trial(id=trial_id, params={"lr": 0.1 * trial_id}, metrics=metrics, **done | fields)


def results(trials: list[Trial], objectives: Objectives = LOSS) -> list[str]:
    frame = results_table(trials, ["lr"], objectives=objectives)
    return [name for group, name in frame.columns if group == "results"]


def test_each_has_a_column_behind_those_that_rank_in_the_order_it_came_up() -> None:
    trials = [
        trial(1, {"loss": 1.0, "f1": 0.1, "auc": 0.2, "late": 1.0}),
        trial(0, {"loss": 2.0, "auc": 0.3, "f1": 0.4}),
        trial(2, {}, value=0.5),
    ]
    assert results(trials) == ["loss", "auc", "f1", "late"]
    frame = results_table(trials, ["lr"], objectives=LOSS)
    assert frame["results", "late"].isna().tolist() == [True, False, True]
    assert frame["results", "auc"].tolist()[1:] == [0.2, 0.3]


@pytest.mark.parametrize("name", ["interval", "confirmed"])
def test_a_metric_with_the_name_of_another_column_has_its_own(name: str) -> None:
    assert results([trial(0, {"loss": 1.0, name: 3.0})]) == ["loss", f"metric.{name}"]
    weighted = Objectives((Objective(metric="a", weight=1), Objective(metric="b", weight=1)))
    scored = trial(0, {"a": 1.0, "b": 2.0, "score": 7.0}, value=3.0)
    assert results([scored], weighted) == ["score", "a", "b", "metric.score"]


def test_a_metric_may_have_the_name_of_a_parameter() -> None:
    columns = table_columns(
        [trial(n, {"loss": 1.0, "lr": 5.0 + n}) for n in range(3)], [], objectives=LOSS, full=False
    )
    assert columns["params", "lr"][0] == [0.0, 0.1, 0.2]
    assert columns["results", "lr"][0] == [5.0, 6.0, 7.0]
    # The parameter has the plain name, and the group tells the other.
    assert list(chosen_columns(columns, ["lr", "results.lr"])) == [
        ("params", "lr"),
        ("results", "lr"),
    ]
    assert rows_where(columns, "results.lr > 5.5 and lr < 0.15")["metadata", "id"][0] == [1]


def many(count: int) -> list[Trial]:
    return [
        trial(n, {"loss": 1.0 + n, **{f"layer{k}/norm": k + n / 3 for k in range(count)}})
        for n in range(3)
    ]


@pytest.mark.parametrize("fits", [True, False])
def test_many_leave_the_table_readable_and_are_counted(*, fits: bool) -> None:
    columns = table_columns(many(500), ["lr"], objectives=LOSS, full=False)
    assert len([key for key in columns if key[0] == "results"]) == 501
    further = further_columns(columns, LOSS)
    shown = table_text(columns, Extent(width=80, fits=fits), file="r.csv", further=further)
    lines = shown.splitlines()
    seen = lines[1].count("/norm")
    assert 0 < seen <= FURTHER_SHOWN
    assert f"+{500 - seen} columns (layer" in shown
    assert "more); all with every digit: r.csv" in " ".join(shown.split())
    assert len(lines) < 20
    assert not fits or max(map(len, lines)) <= 80
    assert len(few_further(columns, further)) == 1 + 1 + FURTHER_SHOWN + 1


def test_nothing_is_said_of_metrics_that_no_trial_has() -> None:
    both = Objectives((Objective(metric="a", weight=1), Objective(metric="b", weight=1)))
    failed = [trial(n, {}, state=TrialState.FAILED) for n in range(2)]
    columns = table_columns(failed, [], objectives=both, full=False)
    assert "the same" not in table_text(columns)


def test_they_make_room_for_parameters_and_reasons() -> None:
    trials = [
        Trial(
            id=n,
            params={f"parameter{k}": n + k for k in range(4)},
            state=TrialState.COMPLETED,
            value=1.0 + n,
            metrics={"loss": 1.0 + n, **{f"further{k}": k + n / 3 for k in range(9)}},
            violation=float(n),
        )
        for n in range(3)
    ]
    columns = table_columns(trials, [], objectives=LOSS, full=False)
    further = further_columns(columns, LOSS)
    head = table_text(columns, Extent(width=100, fits=True), further=further).splitlines()[1]
    assert [f"parameter{k}" in head for k in range(4)] == [True] * 4
    assert "reason" in head
    assert "further8" not in head
