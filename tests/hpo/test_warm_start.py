import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import optuna
import pandas as pd
import pytest

from automl.errors import SpecError
from automl.journal.events import (
    VERSION,
    Event,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialStarted,
    encode,
)
from automl.journal.folder import StudyFolder
from automl.search.optuna.plain_study import plain_study
from automl.show.table import results_table
from automl.space.parameters import Categorical, Choice, Constant, Integer, Linked, Real, described
from automl.space.space import SearchSpace
from automl.studies.study import open_study
from automl.studies.view import Snapshot, StudyView
from automl.studies.warm.start import Observation, observations
from automl.study.objective import Objective, Objectives
from automl.study.trial import Stage, Trial, TrialState

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

SPACE = SearchSpace(
    (
        Integer(name="n", min_value=1, max_value=100),
        Real(name="lr", min_value=0.0, max_value=1.0),
        Categorical(name="flag", candidates=(True, False)),
    )
)

ONE = Objectives()
TWO = Objectives((Objective(metric="acc"), Objective(metric="ms", direction="minimize")))


def trial(trial_id: int, value: float | None, **more: Any) -> Trial:
    params = {"n": 10 + trial_id, "lr": 0.5, "flag": True}
    return Trial(
        **{
            "id": trial_id,
            "params": params,
            "state": TrialState.COMPLETED,
            "value": value,
            "started_at": AT,
            **more,
        }
    )


class View(StudyView):
    """A study that this process ran, without running one."""

    def __init__(self, trials: Sequence[Trial], objectives: Objectives = ONE) -> None:
        self._now = Snapshot(name="mine", space=SPACE, objectives=objectives, trials=trials)

    def _snapshot(self) -> Snapshot:
        return self._now

    def _curves(self) -> Any:
        return {}


def on_disk(folder: Path, values: Sequence[float | None], direction: str = "maximize") -> Path:
    """Write a study of these values to the disk; a trial without one failed."""
    study = {
        "direction": direction,
        "final": "last",
        "hyperparams": [described(parameter) for parameter in SPACE.parameters],
    }
    events: list[Event] = [
        StudyOpened(v=VERSION, at=AT, study=study, seed=1, uid="u", host="h", pid=1)
    ]
    for number, value in enumerate(values):
        params = {"n": 10 + number, "lr": 0.5, "flag": True}
        state = TrialState.FAILED if value is None else TrialState.COMPLETED
        events += [
            TrialPlanned(v=VERSION, at=AT, trial=number, params=params),
            TrialStarted(v=VERSION, at=AT, trial=number, attempt=1, handle={}),
            TrialEnded(v=VERSION, at=AT, trial=number, state=state, value=value),
        ]
    place = StudyFolder(folder, "earlier")
    place.create()
    place.journal.write_bytes(b"".join(encode(event) for event in events))
    return place.path


def csv_file(folder: Path, text: str) -> Path:
    path = folder / "earlier.csv"
    path.write_text(text, encoding="utf-8")
    return path


def all_values(source: object, objectives: Objectives) -> Any:
    return [
        (one.value, one.values)  # noqa: PD011 - no frame
        for one in observations([source], SPACE, objectives)
    ]


def found(source: object, objectives: Objectives = ONE, space: SearchSpace = SPACE) -> Any:
    return [(dict(one.params), one.value) for one in observations([source], space, objectives)]


def test_nothing_is_known_without_sources() -> None:
    assert observations([], SPACE, ONE) == []


def test_a_study_in_this_process_is_a_source() -> None:
    source = View([trial(0, 0.5), trial(1, 0.7)])
    assert observations([source], SPACE, ONE) == [
        Observation(params={"n": 10, "lr": 0.5, "flag": True}, value=0.5, values=(0.5,)),
        Observation(params={"n": 11, "lr": 0.5, "flag": True}, value=0.7, values=(0.7,)),
    ]


@pytest.mark.parametrize("way", ["name", "folder", "text", "opened"])
def test_a_study_on_disk_is_a_source(tmp_path: Path, way: str) -> None:
    path = on_disk(tmp_path / "studies", [0.5, None, 0.7])
    source = {
        "name": "earlier",
        "folder": path,
        "text": str(path),
        "opened": open_study("earlier", tmp_path / "studies"),
    }[way]
    known = observations([source], SPACE, ONE, tmp_path / "studies")
    assert [one.value for one in known] == [0.5, 0.7]


def test_a_study_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    on_disk(tmp_path, [0.5])
    with pytest.raises(SpecError, match=r"'earlyer'.*did you mean 'earlier'"):
        observations(["earlyer"], SPACE, ONE, tmp_path)
    with pytest.raises(SpecError, match="there is no study"):
        observations([tmp_path / "elsewhere" / "earlier"], SPACE, ONE, tmp_path)


def test_a_study_of_the_other_direction_is_refused(tmp_path: Path) -> None:
    path = on_disk(tmp_path, [0.5], "minimize")
    with pytest.raises(SpecError, match="searched to minimize metric, this study is to maximize"):
        observations([path], SPACE, ONE)


def test_what_is_left_out_is_counted_and_said_in_one_line(caplog: Any) -> None:
    trials = [
        trial(0, 0.5),
        trial(1, 0.6, state=TrialState.PRUNED),
        trial(2, None, state=TrialState.FAILED),
        trial(3, 0.7, params={"n": 500, "lr": 0.5, "flag": True}),
        trial(4, 0.7, params={"n": 50, "lr": 0.5}),
        trial(5, 0.7, params={"n": 50, "lr": 0.5, "flag": True, "more": 1}),
        trial(6, float("nan")),
    ]
    with caplog.at_level(logging.INFO, "automl"):
        assert len(found(View(trials))) == 1
    (record,) = caplog.records
    assert record.getMessage() == (
        "warm start: 1 of 7 trials taken from the study 'mine'; left out: 3 outside the space, "
        "2 not completed, 1 without a finite value "
        "(the first outside: n: 500 is not allowed; it is a whole number from 1 to 100)"
    )


def test_only_the_largest_budget_of_a_study_counts() -> None:
    trials = [
        trial(0, 0.5, stage=Stage(budget=1)),
        trial(1, 0.6, stage=Stage(budget=9)),
        trial(2, 0.7, stage=Stage(budget=3)),
    ]
    assert [value for _, value in found(View(trials))] == [0.6]


def test_a_value_takes_the_type_that_its_parameter_has_now() -> None:
    space = SearchSpace(
        (
            Real(name="n", min_value=1, max_value=100),
            Categorical(name="lr", candidates=(0.25, 0.5)),
            Categorical(name="flag", candidates=(True,)),
        )
    )
    ((params, _),) = found(View([trial(0, 0.5)]), space=space)
    assert (params, type(params["n"])) == ({"n": 10.0, "lr": 0.5, "flag": True}, float)


def test_a_metric_that_nobody_named_is_any_metric() -> None:
    named = Objectives((Objective(metric="acc"),))
    assert found(View([trial(0, 0.5, metrics={"metric": 0.5})]), named)[0][1] == 0.5
    assert found(View([trial(0, 0.5, metrics={"acc": 0.5})], named), ONE)[0][1] == 0.5
    other = Objectives((Objective(metric="acc2"),))
    with pytest.raises(
        SpecError, match=r"no objective 'acc2' \(did you mean 'acc'\?\); it has acc"
    ):
        found(View([trial(0, 0.5)], named), other)


def test_several_objectives_need_them_all() -> None:
    both = trial(0, 0.9, metrics={"acc": 0.9, "ms": 20.0})
    half = trial(1, 0.9, metrics={"acc": 0.9})
    assert all_values(View([both, half], TWO), TWO) == [(0.9, (0.9, 20.0))]
    single = Objectives((Objective(metric="acc"),))
    assert all_values(View([both], TWO), single) == [(0.9, (0.9,))]
    turned = Objectives((Objective(metric="acc"), Objective(metric="ms")))
    with pytest.raises(SpecError, match="searched to minimize ms, this study is to maximize ms"):
        observations([View([both], TWO)], SPACE, turned)


def test_a_weighted_sum_is_computed_anew() -> None:
    weighted = Objectives(
        (Objective(metric="acc", weight=1), Objective(metric="ms", direction="minimize", weight=2))
    )
    source = View([trial(0, 9, metrics={"acc": 1, "ms": 3})], TWO)
    assert all_values(source, weighted) == [(-5, (-5,))]


def test_a_study_of_optuna_is_a_source() -> None:
    trials = [trial(0, 0.5), trial(1, None, state=TrialState.FAILED)]
    plain = plain_study("s", SPACE, ONE, trials, {})
    assert found(plain) == [({"n": 10, "lr": 0.5, "flag": True}, 0.5)]
    with pytest.raises(SpecError, match="searched to maximize, this study is to minimize"):
        found(plain, Objectives((Objective(direction="minimize"),)))
    several = optuna.create_study(directions=["maximize", "minimize"])
    several.tell(several.ask(), state=optuna.trial.TrialState.FAIL)
    with pytest.raises(SpecError, match="0 of 1 trials can be used; 1 not completed"):
        found(several, TWO)


def test_anything_with_trials_is_a_source() -> None:
    assert found(SimpleNamespace(trials=[trial(0, 0.5)]))[0][1] == 0.5


def test_a_csv_file_is_read_with_the_types_of_the_space(tmp_path: Path) -> None:
    text = "\ufeffname,n,lr,flag,metric\na,5,0.1,True,0.8\nb,6.0,1,false,9e-1\n"
    known = found(csv_file(tmp_path, text))
    assert known == [
        ({"n": 5, "lr": 0.1, "flag": True}, 0.8),
        ({"n": 6, "lr": 1.0, "flag": False}, 0.9),
    ]
    assert [type(value) for value in known[1][0].values()] == [int, float, bool]


def test_rows_of_a_csv_file_that_do_not_fit_are_left_out(tmp_path: Path, caplog: Any) -> None:
    text = "n,lr,flag,metric\n5,0.1,True,0.8\n5,2,True,0.8\n5,,True,1\n5,0.1,True,\n5,0.1\n\n"
    with caplog.at_level(logging.INFO, "automl"):
        assert len(found(csv_file(tmp_path, text))) == 1
    assert "1 of 5 trials taken" in caplog.text
    assert "3 outside the space, 1 without a finite value" in caplog.text
    assert "lr: '2' is not allowed; it is a number" in caplog.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("n,lr,flga,metric\n", r"no column 'flag' .*did you mean 'flga'.*n, lr, flga, metric"),
        ("n,lr,flag,loss\n", "no column 'metric' for the objective; give its column this name"),
        ("n;lr;flag;metric\n", "its columns: n;lr;flag;metric; put commas between columns"),
        ("n,lr,flag,metric,n\n", "2 columns 'n'"),
        ("n,lr,flag,metric,metric\n", "2 columns 'metric'"),
        ("n,lr,flag,metric\n", "0 of 0 trials can be used; leave it out"),
        ("n,lr,flag,metric\n500,0.1,True,1\n", r"1 outside the space .*n: '500' is not allowed"),
    ],
)
def test_a_csv_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        found(csv_file(tmp_path, text))


def test_a_csv_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot read the CSV file"):
        found(tmp_path / "none.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes(b"n,lr,flag,metric\n\xff")
    with pytest.raises(SpecError, match="cannot read the CSV file"):
        found(path)


def test_a_parameter_that_is_called_as_the_metric_is_refused(tmp_path: Path) -> None:
    space = SearchSpace((Integer(name="metric", min_value=0, max_value=9),))
    with pytest.raises(SpecError, match="'metric' is both a parameter and the metric"):
        found(csv_file(tmp_path, "metric\n1\n"), space=space)


CONDITIONAL = SearchSpace(
    (
        Choice(
            name="opt",
            options={"sgd": [Real(name="momentum", min_value=0, max_value=1)], "adam": []},
        ),
        Constant(name="epochs", value=3),
        Linked(names=("width", "depth"), candidates=([64, 2], [128, 1])),
        Categorical(name="layers", candidates=([1, 2], None)),
    ),
    rules=("width * depth < 200 or opt == 'sgd'",),
)


def test_conditions_links_constants_and_lists_are_read_from_a_csv_file(tmp_path: Path) -> None:
    text = (
        "opt,momentum,width,depth,layers,metric\n"
        'sgd,0.5,64,2,"[1, 2]",1\n'
        "adam,0.7,128,1,,2\n"  # what is off is not looked at
        "adam,,64,1,None,3\n"  # no such pair
        "sgd,,64,2,None,4\n"  # momentum is needed
    )
    base = {"epochs": 3}
    assert found(csv_file(tmp_path, text), space=CONDITIONAL) == [
        ({"opt": "sgd", "momentum": 0.5, **base, "width": 64, "depth": 2, "layers": [1, 2]}, 1.0),
        ({"opt": "adam", **base, "width": 128, "depth": 1, "layers": None}, 2.0),
    ]


def test_a_row_of_another_constant_or_that_breaks_a_rule_is_left_out(tmp_path: Path) -> None:
    space = SearchSpace(
        (Constant(name="epochs", value=3), Integer(name="n", min_value=1, max_value=9)),
        rules=("n < 5",),
    )
    text = "n,epochs,metric\n1,3,1\n2,4,2\n3,,3\n7,3,4\n"
    assert [value for _, value in found(csv_file(tmp_path, text), space=space)] == [1.0, 3.0]


def frame(objectives: Objectives = ONE, *, full: bool = False) -> pd.DataFrame:
    metrics = {"metric": 0.5, "acc": 0.5, "ms": 9.0}
    trials = [
        trial(0, 0.5, metrics=metrics),
        trial(1, 0.9, metrics=metrics, state=TrialState.PRUNED),
        trial(2, None, state=TrialState.FAILED, reason="exit code 1"),
    ]
    return results_table(trials, SPACE.names, objectives=objectives, full=full)


@pytest.mark.parametrize("full", [True, False])
def test_automl_s_own_table_is_a_source(full: bool) -> None:  # noqa: FBT001
    assert found(frame(full=full)) == [({"n": 10, "lr": 0.5, "flag": True}, 0.5)]


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("full", [True, False])
def test_automl_s_own_table_is_a_source_as_a_csv_file(
    tmp_path: Path,
    index: bool,  # noqa: FBT001
    full: bool,  # noqa: FBT001
) -> None:
    path = tmp_path / "results.csv"
    frame(full=full).to_csv(path, index=index)
    assert found(path) == [({"n": 10, "lr": 0.5, "flag": True}, 0.5)]


def test_the_file_of_a_study_s_folder_is_a_source(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    table = frame(full=True)
    table.columns = table.columns.map(".".join)
    table.to_csv(path, index=False)
    assert found(path) == [({"n": 10, "lr": 0.5, "flag": True}, 0.5)]


def test_a_table_of_several_objectives_is_a_source() -> None:
    assert all_values(frame(TWO), TWO) == [(0.5, (0.5, 9.0))]


def test_a_parameter_of_the_table_that_the_space_does_not_know_is_outside() -> None:
    table = frame()
    table["params", "more"] = 1
    with pytest.raises(SpecError, match="more: no parameter of this space"):
        found(table)


def test_a_plain_frame_is_a_source_with_the_objective_s_or_the_usual_name() -> None:
    table = pd.DataFrame({"n": [5, 6], "lr": [0.1, None], "flag": [True, False], "acc": [0.8, 0.9]})
    named = Objectives((Objective(metric="acc"),))
    assert found(table, named) == [({"n": 5, "lr": 0.1, "flag": True}, 0.8)]
    usual = table.rename(columns={"acc": "metric"})
    assert found(usual, named) == found(usual) == found(table, named)
    doubled = pd.concat([table, table[["n"]]], axis=1)
    with pytest.raises(SpecError, match="the DataFrame has 2 columns 'n'"):
        found(doubled, named)


@pytest.mark.parametrize("given", ["earlier", Path("earlier.csv"), View([])])
def test_one_source_without_a_list_is_refused(given: object) -> None:
    with pytest.raises(SpecError, match="warm_start must be a list of sources"):
        observations(given, SPACE, ONE)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [3, None, {"n": 5}])
def test_what_is_no_source_is_refused_with_what_is(given: object) -> None:
    with pytest.raises(SpecError, match="is no source of earlier results; allowed: the name"):
        observations([given], SPACE, ONE)
