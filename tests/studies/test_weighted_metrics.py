"""A study that ranks by the weighted sum of a reader's metrics, through every door."""

from typing import Any

import pytest
from written_studies import AT

from automl.errors import SpecError
from automl.hpo import objective, reader, task
from automl.journal.events import VERSION, StudyOpened
from automl.render.config import yaml_text
from automl.render.documents.yaml_reading import yaml_value
from automl.studies.on_disk.recorded import recorded_spec
from automl.studies.spec_from import spec_from
from automl.study.description import describe
from automl.study.objective import Direction, Final
from automl.study.spec import StudySpec

WEIGHTS = {"auc": 0.25, "recall": 0.5, "loss": -0.1}
FINALS = {"auc": 0.8, "recall": 0.5, "loss": 2.0}
SUM = 0.25 * 0.8 + 0.5 * 0.5 - 0.1 * 2.0
WHERE = {"type": "json_reader", "location": "{{ trial.dir }}/m.json"}
TASK = {"type": "BashTask", "cmd": ["echo", "{{ trial.param.x }}"]}
X = {"type": "Integer", "name": "x", "min_value": 0, "max_value": 9}


def described(*readers: Any, **keywords: Any) -> dict[str, Any]:
    return {
        "name": "w",
        "hyperparams": [X],
        "task_list": [{**TASK, "metric_reader": [*readers]}],
        "max_parallel": 1,
        "max_trial_num": 1,
        **keywords,
    }


def study(metric_dict: dict[str, float] = WEIGHTS, **keywords: Any) -> StudySpec:
    more = {name: keywords.pop(name) for name in ("final_mode",) if name in keywords}
    return spec_from(described({**WHERE, "metric_dict": metric_dict, **more}, **keywords), "/w")


def test_the_sum_ranks_and_the_largest_is_the_best() -> None:
    objectives = study().objectives
    assert objectives.score(FINALS) == pytest.approx(SUM)
    assert (objectives.name, objectives.direction) == ("score", Direction.MAXIMIZE)
    assert objectives.metrics == tuple(WEIGHTS)


def test_a_sum_that_is_minimized_is_the_same_sum() -> None:
    spec = study(direction="minimize")
    assert spec.objectives.score(FINALS) == pytest.approx(SUM)
    assert spec.objectives.direction is Direction.MINIMIZE
    # What is better of each metric turns as well, which decides on the best of its numbers.
    assert [str(one.direction) for one in spec.objectives.items] == [
        "minimize",
        "minimize",
        "maximize",
    ]


@pytest.mark.parametrize(
    ("weight", "direction", "better"),
    [
        (2, "maximize", "maximize"),
        (-2, "maximize", "minimize"),
        (2, "minimize", "minimize"),
        (-2, "minimize", "maximize"),
    ],
)
def test_one_metric_alone_ranks_itself(weight: float, direction: str, better: str) -> None:
    objectives = study({"auc": weight}, direction=direction).objectives
    assert (objectives.name, str(objectives.direction)) == ("auc", better)
    assert objectives.score({"auc": 0.75}) == 0.75


def test_the_study_says_what_counts_where_the_reader_does_not() -> None:
    spec = study(final="mean", final_mode={"auc": "best"})
    assert [one.final for one in spec.objectives.items] == [Final.BEST, Final.MEAN, Final.MEAN]


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
def test_it_is_the_same_through_every_door(direction: str) -> None:
    spec = study(direction=direction, final_mode="best")
    read = reader.create(**WHERE, metric_dict=WEIGHTS, final="best")
    made = task.create(**TASK, metric_reader=read)
    script = spec_from({**described(), "task_list": [made], "direction": direction}, "/w")
    assert script.describe() == spec.describe()
    assert script.objectives == spec.objectives
    written = yaml_value(yaml_text(describe(spec)))
    again = spec_from(written, "/w")
    assert again.objectives == spec.objectives
    assert again.describe() == spec.describe()
    told = spec.describe()
    opening = StudyOpened(v=VERSION, at=AT, study=told, seed=1, uid="u", host="h", pid=1)
    assert recorded_spec("w", opening).objectives == spec.objectives


def test_other_readers_beside_it_are_recorded_or_constrained() -> None:
    ms = {"type": "stdout_reader", "metric": "ms"}
    mb = {"type": "stdout_reader", "metric": "mb"}
    given = described({**WHERE, "metric_dict": WEIGHTS}, ms, mb, constraints=["ms <= 20"])
    spec = spec_from(given, "/w")
    assert spec.objectives.metrics == (*WEIGHTS, "ms")


def test_several_of_them_make_one_sum() -> None:
    given = described(
        {**WHERE, "metric_dict": {"auc": 1}}, {"type": "stdout_reader", "metric_dict": {"ms": -1}}
    )
    assert spec_from(given, "/w").objectives.score({"auc": 3, "ms": 2}) == 1


def test_another_weight_is_another_reading_and_no_other_study() -> None:
    one, other = study(), study({**WEIGHTS, "auc": 0.3})
    assert one.identity() == other.identity()
    assert one.readings() != other.readings()


def test_what_ranks_is_told_once() -> None:
    with pytest.raises(SpecError, match=r"objectives.* and metric_dict of a reader both say"):
        study(objectives=[{"metric": "auc"}])
    twice = [{"type": "stdout_reader", "metric_dict": {"auc": 1}}] * 2
    with pytest.raises(SpecError, match="2 readers read the metric 'auc'"):
        spec_from(described(*twice), "/w")


def test_what_is_wrong_in_a_file_is_told_with_its_place() -> None:
    with pytest.raises(SpecError, match="weight of 'auc' is 0") as caught:
        study({"auc": 0})
    assert caught.value.place == "task_list[0].metric_reader[0].metric_dict"


def test_objectives_with_weights_may_be_minimized_together() -> None:
    readers = [{"type": "stdout_reader", "metric": name} for name in ("loss", "acc")]
    items = [
        {"metric": "loss", "direction": "minimize", "weight": 2},
        {"metric": "acc", "direction": "maximize", "weight": 1},
    ]
    spec = spec_from(described(*readers, objectives=items, direction="minimize"), "/w")
    assert spec.objectives.score({"loss": 3, "acc": 4}) == 2 * 3 - 4
    assert spec_from(describe(spec), "/w").objectives == spec.objectives
    unweighted = [{**one, "weight": None} for one in items]
    with pytest.raises(SpecError, match="both given"):
        spec_from(described(*readers, objectives=unweighted, direction="minimize"), "/w")


def test_a_sum_is_told_as_it_was_in_earlier_releases() -> None:
    told = study().describe()
    assert "sum_direction" not in str(told)
    assert told["direction"] == "maximize"
    assert made_by_objectives().describe()["objectives"] == told["objectives"]


def made_by_objectives() -> StudySpec:
    readers = [{**WHERE, "key": name, "metric": name} for name in WEIGHTS]
    items = [
        objective.create(
            name, direction="maximize" if weight > 0 else "minimize", weight=abs(weight)
        )
        for name, weight in WEIGHTS.items()
    ]
    return spec_from(described(*readers, objectives=items), "/w")


def test_constraints_name_metrics_as_their_readers_do() -> None:
    names = ("eval-auc", "val/loss", "valid's auc", "MAE@12", "ms")
    readers = [{"type": "stdout_reader", "metric": name} for name in names]
    texts = ["eval-auc >= 0.5 and val/loss * 2 < 1", "valid's auc - MAE@12 < ms"]
    keywords = {"objectives": [{"metric": "ms"}], "constraints": texts}
    spec = spec_from(described(*readers, **keywords), "/w")
    assert set(spec.objectives.metrics) == {*names}
    good = {"eval-auc": 0.75, "val/loss": 0.25, "valid's auc": 0.5, "MAE@12": 1.0, "ms": 3.0}
    assert spec.objectives.violation(good) == 0
    assert spec.objectives.violation({**good, "val/loss": 0.75}) == 0.5
    assert spec.objectives.broken({**good, "MAE@12": -9.0}) == (texts[1],)
    assert spec_from(describe(spec), "/w").objectives == spec.objectives
    opening = StudyOpened(v=VERSION, at=AT, study=spec.describe(), seed=1, uid="u", host="h", pid=1)
    assert recorded_spec("w", opening).objectives == spec.objectives


def test_a_difference_of_metrics_stays_one() -> None:
    readers = [{"type": "stdout_reader", "metric": name} for name in ("a", "b")]
    keywords = {"objectives": [{"metric": "a"}], "constraints": ["a-b < 1"]}
    assert spec_from(described(*readers, **keywords), "/w").objectives.metrics == ("a", "b")
