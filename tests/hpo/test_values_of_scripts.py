"""What scripts give: paths and numpy's numbers, wherever a path, a word or a number may stand."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from automl.errors import SpecError
from automl.hpo import (
    AutoTuner,
    algorithm,
    budget,
    earlystop,
    hyperparam,
    objective,
    pruner,
    reader,
    task,
)
from automl.search.start import checked
from automl.space.parameters import (
    Categorical,
    Constant,
    Flag,
    Integer,
    Linked,
    Real,
)
from automl.space.space import SearchSpace
from automl.studies.prepared import prepare
from automl.study.description import describe

ONE, HALF, YES = np.int64(1), np.float32(0.5), np.bool_(True)  # noqa: FBT003 - numpy's


def plain(value: Any) -> bool:
    """Tell whether nothing in a value is numpy's or a path."""
    if isinstance(value, dict):
        return all(type(key) is str and plain(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return all(map(plain, value))
    return value is None or type(value) in {bool, int, float, str}


def test_numbers_of_numpy_may_stand_wherever_a_number_may(tmp_path: Path) -> None:
    create = hyperparam.create
    parameters = [
        create(type="Integer", name="i", min_value=ONE, max_value=np.uint8(9), step=ONE),
        create(type="Real", name="r", min_value=HALF, max_value=np.float64(2), log=YES),
        create(type="Normal", name="n", mean=ONE, std=HALF),
        create(type="Categorical", name="c", candidates=np.array([[1, 2], [3, 4]])),
        create(type="Categorical", name="d", candidates=[ONE, [HALF], {"a": [YES]}, Path("a/b")]),
        create(type="Constant", name="k", value=np.array([1.5])),
        create(type="Linked", names=["x", "y"], candidates=np.array([[1, 2], [3, 4]])),
        create(type="Choice", name="o", options={"a": [create(type="Flag", name="f", on="-f")]}),
        create(type="Integer", name="w", min_value=1, max_value=2, when={"i": np.int32(3)}),
    ]
    words = " ".join(f"{{{{ trial.param['{name}'] }}}}" for name in "irncdkxyo")
    metric = reader.create(
        type="local_reader", location=Path("{{ trial.dir }}") / "log", parser_pattern="(x)"
    )
    train = task.create(
        type="BashTask",
        cmd=[Path("/bin/echo"), ONE, HALF, Path("a b"), words],
        metric_reader=metric,
        cleanup=Path("/bin/true"),
        files=[],
    )
    given = {
        "hyperparams": parameters,
        "task_list": [train],
        "max_parallel": ONE,
        "max_trial_num": np.int16(5),
        "algorithm": algorithm.create(type="tpe", initial_trials_num=np.int64(3)),
        "pruner": pruner.create(type="median", startup_trials=np.int64(3)),
        "earlystop": earlystop.create(type="large_is_better", threshold=HALF),
        "objectives": [objective.create(metric="metric", direction="maximize")],
        "seed": np.int64(7),
        "confirm": np.int64(0),
        "grace": np.float64(3),
        "trial_timeout": np.int64(60),
        "max_runtime": np.float32(100),
        "memory_per_trial": np.int64(10**9),
        "nice": ONE,
        "early_stopping": np.bool_(False),  # noqa: FBT003 - numpy's
        "env": {"N": ONE, "P": Path("a/b"), "U": None},
        "cwd": tmp_path,
        "study_dir": tmp_path,
    }
    spec = prepare(given, str(tmp_path)).spec
    assert plain(json.loads(json.dumps(describe(spec))))
    assert spec.tasks[0].cmd is not None
    assert spec.tasks[0].cmd[:4] == ("/bin/echo", "1", "0.5", "a b")
    assert spec.tasks[0].cleanup == ("/bin/true",)
    assert spec.env == {"N": "1", "P": "a/b", "U": None}
    assert (spec.seed, spec.limits.max_trials, type(spec.limits.max_trials)) == (7, 5, int)


def test_budgets_of_numpy_and_a_path_alone_as_a_command() -> None:
    made = budget.create(name="epochs", min=ONE, max=np.int64(27), factor=np.int64(3))
    assert plain([made.min, made.max, made.factor])
    assert task.create(type="BashTask", cmd=Path("a b/run")).cmd == ("a b/run",)


SPACE = SearchSpace(
    (
        Integer(name="depth", min_value=1, max_value=9),
        Real(name="lr", min_value=0, max_value=1),
        Categorical(name="opt", candidates=("sgd", "adam", "")),
        Real(name="momentum", min_value=0, max_value=1, when={"opt": "sgd"}),
        Flag(name="fast", on="--fast"),
        Categorical(name="none", candidates=(None, 1, 2.5, [1])),
        Linked(names=("a", "b"), candidates=([1, 2.5], [3, None])),
        Constant(name="k", value=5),
    )
)
ROWS: list[dict[str, Any]] = [
    {"depth": 3, "lr": 0.5, "opt": "sgd", "momentum": 0.25, "fast": True, "none": None},
    {"depth": 4, "lr": 1.0, "opt": "adam", "fast": False, "none": 1},
    {"depth": 5, "lr": 0.0, "opt": "", "fast": True, "none": [1]},
]
LINKED = ({"a": 1, "b": 2.5}, {"a": 3, "b": None}, {"a": 1, "b": 2.5})
FULL: list[dict[str, Any]] = [
    {**row, **linked, "k": 5} for row, linked in zip(ROWS, LINKED, strict=True)
]


def test_rows_of_a_table_may_be_started_with() -> None:
    frame = pd.DataFrame(FULL, dtype=object)
    for rows in (
        [frame.iloc[place].to_dict() for place in range(3)],
        frame.to_dict("records"),
        [frame.astype(object).iloc[place].to_dict() for place in range(3)],
    ):
        found = checked(SPACE, rows)  # type: ignore[arg-type]
        assert [json.dumps(one, sort_keys=True) for one in found] == [
            json.dumps(one, sort_keys=True) for one in FULL
        ]


def test_a_row_of_nothing_but_numbers_has_its_whole_numbers_back() -> None:
    space = SearchSpace(
        (
            Integer(name="n", min_value=1, max_value=9),
            Categorical(name="c", candidates=(64, 128)),
            Linked(names=("a", "b"), candidates=([1, 2], [3, 4])),
            Real(name="x", min_value=0, max_value=9),
        )
    )
    row = pd.DataFrame([{"n": 3, "c": 64, "a": 3, "b": 4, "x": 0.5}]).iloc[0].to_dict()
    assert row["n"] == 3.0
    (found,) = checked(space, [row])
    assert json.dumps(found) == '{"n": 3, "c": 64, "a": 3, "b": 4, "x": 0.5}'


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**FULL[0], "depth": 3.5}, "depth=3.5 is not allowed"),
        ({**FULL[0], "depth": math.nan}, "'depth' has no value"),
        ({**FULL[0], "depth": "3"}, "depth='3' is not allowed"),
        ({**FULL[1], "momentum": 0.5}, "'momentum' is used only when opt == 'sgd'"),
        ({**FULL[0], "momentum": math.nan}, "'momentum' has no value"),
        ({**FULL[0], "fast": 1.0}, "fast=1.0 is not allowed"),
        ({**FULL[0], "metric": 0.5}, "'metric' is no parameter"),
        ({**FULL[0], "k": 6}, "k=6 is not allowed"),
    ],
)
def test_what_is_no_row_of_the_space_is_refused(row: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        checked(SPACE, [row])


def test_a_row_with_all_columns_is_told_which_to_take() -> None:
    one = hyperparam.create(type="Integer", name="x", min_value=1, max_value=3)
    train = task.create(type="BashTask", cmd="true {{ trial.param.x }}")
    row: dict[Any, Any] = {("params", "x"): 1, ("results", "metric"): 0.5}
    with pytest.raises(SpecError, match=r"take table\['params'\].iloc\[0\].to_dict\(\)"):
        AutoTuner([one], [train], 1, 1, start_with=[row])
