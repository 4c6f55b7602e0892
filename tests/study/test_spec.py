import json
import re
from pathlib import Path
from typing import Any

import pytest

import automl
from automl.errors import SpecError
from automl.space.parameters import Categorical, Integer, Real
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.launch import EXIT_FILE_VARIABLE, OWN_VARIABLES
from automl.study.limits import EarlyStop, Limits
from automl.study.objective import Direction, Final, Objective, Objectives
from automl.study.spec import Algorithm, StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

READER = LocalReader(location="{{trial.dir}}/m.log", parser_pattern="(.+)")
SPACE = SearchSpace(
    (
        Categorical(name="k", candidates=("a", [1, 2], None)),
        Integer(name="n", min_value=1, max_value=9, step=2),
        Real(name="lr", min_value=1e-5, max_value=0.1, log=True),
    )
)


def study(**changes: Any) -> StudySpec:
    options: dict[str, Any] = {
        "name": "digits",
        "space": SPACE,
        "tasks": (BashTask(cmd=("python", "train.py"), metric_reader=READER),),
        "limits": Limits(max_trials=20),
        "cwd": "/work",
    }
    return StudySpec(**{**options, **changes})


@pytest.mark.parametrize("wrong", ["", " ", ".", "..", "a/b", "/", "a\0", 3, None])
def test_a_name_is_a_plain_folder_name(wrong: Any) -> None:
    message = f"name must be a plain folder name without '/', got {wrong!r}; use study_dir="
    with pytest.raises(SpecError, match=f"^{re.escape(message)}"):
        study(name=wrong)


@pytest.mark.parametrize("name", ["digits", "a b", ".hidden", "...", "é"])
def test_other_names_will_do(name: str) -> None:
    assert study(name=name).name == name


def test_a_study_needs_a_task() -> None:
    with pytest.raises(SpecError, match=r"^task_list is empty; give at least one task$"):
        study(tasks=())


def test_one_task_must_have_a_metric_reader() -> None:
    prepare = BashTask(cmd="make data")
    with pytest.raises(SpecError, match=r"no task has a metric_reader.*reader\.create\(\.\.\.\)"):
        study(tasks=(prepare, prepare))
    train = BashTask(cmd="make train", metric_reader=READER)
    assert study(tasks=(prepare, train)).tasks == (prepare, train)


@pytest.mark.parametrize("wrong", [-1, 1.0, "1", True])
def test_a_seed_is_a_whole_number(wrong: Any) -> None:
    message = f"seed must be a whole number of 0 or more, got {wrong!r}"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        study(seed=wrong)


def test_a_seed_may_be_zero_or_left_out() -> None:
    assert study(seed=0).seed == 0
    assert study().seed is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, "a") for name in ("", "A=B", "A\0", "1A", "A-B", "A\n", "é", 1)],
        *[("A", value) for value in ("a\0", 1)],
    ],
)
def test_what_cannot_be_a_variable_is_refused(name: Any, value: Any) -> None:
    message = f"env: {name!r} cannot be exported by a shell; allowed in a name: letters"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}"):
        study(env={name: value})


@pytest.mark.parametrize("name", [*sorted(OWN_VARIABLES), EXIT_FILE_VARIABLE.lower()])
def test_what_tells_trials_apart_is_not_for_the_user_to_set(name: str) -> None:
    with pytest.raises(SpecError, match=f"^env: '{name}' is automl's own; use another name$"):
        study(env={name: "1"})


def test_a_variable_may_be_empty_and_hold_what_looks_like_one() -> None:
    env = {"A": "", "B": "C=D"}
    assert study(env=env).env == env


def test_two_studies_do_not_share_their_defaults() -> None:
    assert study().env is not study().env
    assert Algorithm().options is not Algorithm().options


FULL = {
    "objectives": Objectives((Objective(direction=Direction.MINIMIZE, final=Final.BEST),)),
    "algorithm": Algorithm(type="tpe", options={"multivariate": True}),
    "early_stop": EarlyStop(direction=Direction.MINIMIZE, threshold=0.1, max_runtime_s=60),
    "seed": 3,
    "env": {"A": "{{trial.id}}"},
}


@pytest.mark.parametrize("spec", [study(), study(**FULL)], ids=["short", "full"])
def test_descriptions_are_equal_to_what_is_read_back_of_them(spec: StudySpec) -> None:
    for described in (spec.identity(), spec.readings(), spec.describe()):
        assert json.loads(json.dumps(described)) == described


def test_a_description_has_the_whole_study() -> None:
    described = study(**FULL).describe()
    assert described["hyperparams"] == [
        {"type": "Categorical", "name": "k", "candidates": ["a", [1, 2], None]},
        {
            "type": "Integer",
            "name": "n",
            "min_value": 1,
            "max_value": 9,
            "log": False,
            "step": 2,
        },
        {
            "type": "Real",
            "name": "lr",
            "min_value": 1e-5,
            "max_value": 0.1,
            "log": True,
            "step": None,
        },
    ]
    assert described["algorithm"] == {"type": "tpe", "multivariate": True}
    assert described["early_stop"] == {
        "direction": "minimize",
        "threshold": 0.1,
        "max_runtime_s": 60,
    }
    assert described["tasks"] == [
        {
            "cmd": ["python", "train.py"],
            "metric_reader": {"location": "{{trial.dir}}/m.log", "parser_pattern": "(.+)"},
        }
    ]
    assert described["limits"]["max_trials"] == 20
    assert (described["seed"], described["name"], described["cwd"]) == (3, "digits", "/work")
    assert (described["direction"], described["final"]) == ("minimize", "best")


@pytest.mark.parametrize(
    "change",
    [
        {"tasks": (BashTask(cmd=("python", "other.py"), metric_reader=READER),)},
        {"tasks": (BashTask(cmd="python train.py", metric_reader=READER),)},
        {"cwd": "/elsewhere"},
        {"env": {"A": "1"}},
    ],
    ids=str,
)
def test_another_command_is_another_study(change: dict[str, Any]) -> None:
    assert study(**change).identity() != study().identity()


OTHER_READER = LocalReader(location="{{trial.dir}}/m.log", parser_pattern="(.+)%")


@pytest.mark.parametrize(
    "change",
    [
        {"objectives": Objectives((Objective(direction=Direction.MINIMIZE),))},
        {"objectives": Objectives((Objective(final=Final.MEAN),))},
        {"objectives": Objectives((Objective(),), ("metric < 3",))},
        {"tasks": (BashTask(cmd=("python", "train.py"), metric_reader=OTHER_READER),)},
        {"tasks": (BashTask(cmd=("python", "train.py"), metric_reader=[OTHER_READER]),)},
    ],
    ids=str,
)
def test_another_metric_or_direction_is_read_anew(change: dict[str, Any]) -> None:
    assert study(**change).identity() == study().identity()
    assert study(**change).readings() != study().readings()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "moved"},
        {"space": SearchSpace(SPACE.parameters[:1])},
        {"limits": Limits(max_trials=99, max_parallel=4)},
        {"algorithm": Algorithm(type="random")},
        {"seed": 1},
        {"early_stop": EarlyStop(direction=Direction.MAXIMIZE, threshold=1)},
    ],
    ids=str,
)
def test_more_trials_or_another_search_is_the_same_study(change: dict[str, Any]) -> None:
    assert study(**change).identity() == study().identity()
    assert study(**change).readings() == study().readings()


def test_a_population_has_a_budget_without_rungs_and_no_combinations_to_count() -> None:
    budget = Budget(name="epochs", min=1, max=9)
    space = SearchSpace((Integer(name="n", min_value=1, max_value=9),))
    usual = study(space=space, budget=budget)
    population = study(space=space, budget=budget, algorithm=Algorithm(type="pbt"))
    assert (usual.trains_population, population.trains_population) == (False, True)
    assert (usual.ladder, population.ladder) == (budget, None)
    assert (usual.combination_count, population.combination_count) == (9, None)


def test_only_the_spec_compares_the_algorithms_name() -> None:
    package = Path(automl.__file__).parent
    comparison = re.compile(r"algorithm\.type\s*(==|!=|in|not in)\s|POPULATION")
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if comparison.search(path.read_text("utf-8"))
    }
    assert found == {"study/spec.py"}, "StudySpec has properties that say what is meant"
