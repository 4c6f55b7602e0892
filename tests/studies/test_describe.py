"""A study is the same after it was described, whatever it is."""

import json
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automl.render.config import yaml_text
from automl.studies.keywords import KEYWORDS
from automl.studies.spec_from import spec_from
from automl.study.description import describe
from automl.study.objective import Direction
from automl.study.spec import StudySpec

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
WORD = st.sampled_from(["a", "b", "lr", "x-y", "größe", "yes", "1e3", "null"])
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=3,
)
DURATION = st.sampled_from(["90s", "1h30m", "5m"]) | st.floats(0.1, 1e9) | st.integers(1, 99)


def ranged(kind: str, number: Any) -> Any:
    return st.tuples(number, number, st.booleans(), st.none() | st.just(1)).map(
        lambda one: {
            "type": kind,
            "min_value": min(one[:2]),
            "max_value": max(one[:2]),
            "log": one[2] and one[3] is None and min(one[:2]) >= 1,
            "step": one[3],
        }
    )


KINDS = st.one_of(
    st.builds(
        lambda values: {"type": "Categorical", "candidates": values},
        st.lists(VALUE, min_size=1, max_size=4, unique_by=json.dumps),
    ),
    ranged("Integer", st.integers(-99, 99)),
    ranged("Real", st.floats(-1e6, 1e6)),
    st.builds(
        lambda kind, mean, std: {"type": kind, "mean": mean, "std": std},
        st.sampled_from(["Normal", "LogNormal"]),
        st.floats(-9, 9),
        st.floats(0.1, 9),
    ),
    st.builds(lambda value: {"type": "Constant", "value": value}, VALUE),
)


@st.composite
def parameters(draw: st.DrawFn) -> list[dict[str, Any]]:
    names = draw(st.lists(WORD, min_size=1, max_size=4, unique=True))
    made: list[dict[str, Any]] = [
        {"name": "opt", "type": "Categorical", "candidates": ["sgd", "adam", 2]}
    ]
    for name in names:
        whens = [None, {"opt": "sgd"}, {"opt": ["adam", 2]}, "opt == 'sgd'", ["opt == 2"]]
        made.append({"name": name, **draw(KINDS), "when": draw(st.sampled_from(whens))})
    choice = {"type": "Choice", "name": "model", "options": {"svm": [], "tree": []}}
    inner = {"name": "inner", **draw(KINDS)}
    linked = {"type": "Linked", "names": ["w", "d"], "candidates": [[1, 2.0], [True, None]]}
    return [
        *made,
        *([{**choice, "options": {"svm": [inner], "tree": []}}] if draw(st.booleans()) else []),
        *([linked] if draw(st.booleans()) else []),
    ]


READERS = st.builds(
    lambda location, pattern, metric: {
        "type": "local_reader",
        "location": f"{location}x",
        "parser_pattern": pattern,
        "metric": metric,
    },
    TEXT,
    st.sampled_from([r"(\S+)", r"epoch (?P<step>\d+): (\S+)"]),
    st.just("metric"),
)


@st.composite
def tasks(draw: st.DrawFn, both: object) -> list[dict[str, Any]]:
    word = st.integers() | TEXT
    cmd = st.just("echo 1") | st.lists(word, max_size=3).map(lambda words: ["run", *words])
    reader = draw(READERS)
    second = {**reader, "metric": "ms"}
    return [
        {"type": "BashTask", "cmd": draw(cmd), "metric_reader": draw(st.sampled_from([None, []]))},
        {
            "type": "BashTask",
            "cmd": draw(cmd),
            "metric_reader": [reader, second] if both else reader,
            "cleanup": draw(st.none() | cmd),
            "success_codes": draw(st.sampled_from([[0], [20, 0, 10], [7]])),
        },
    ]


ALGORITHMS = st.sampled_from(
    [
        None,
        "random",
        {"type": "tpe", "initial_trials_num": 3, "multivariate": False},
        {"type": "evolution", "variant": "III"},
        {"type": "package.module:Class", "option": [1, {"a": None}]},
        "gp",
    ]
)
POPULATION = {"type": "pbt", "population": 4, "perturb": [0.5, 2]}
PRUNERS = st.sampled_from(
    [None, "median", {"type": "patient", "wraps": "both", "factor": 2.0}, {"type": "wilcoxon"}]
)
BUDGET = st.builds(
    lambda low, factor: {"name": "epochs", "min": low, "max": 99, "factor": factor},
    st.integers(1, 9) | st.floats(0.1, 9),
    st.sampled_from([2, 3, 2.5]),
)
DIRECTION = st.sampled_from(["maximize", "minimize"])
FINAL = st.sampled_from(["last", "best", "mean", "max", "min"])
SINGLE = {"direction": DIRECTION, "final": FINAL}
WEIGHTED = [{"direction": "minimize", "weight": 1}, {"metric": "ms", "final": "best", "weight": 2}]
SEVERAL = [{"direction": "minimize"}, {"metric": "ms"}]
REPEATED = {"repeats": st.integers(1, 3), "confirm": st.integers(0, 3)}
TOGETHER = st.sampled_from(
    [
        {**SINGLE, **REPEATED, "algorithm": ALGORITHMS, "pruner": PRUNERS},
        {**SINGLE, **REPEATED, "algorithm": ALGORITHMS, "early_stopping": st.booleans()},
        {**SINGLE, "confirm": st.integers(0, 3), "algorithm": ALGORITHMS, "budget": BUDGET},
        {**SINGLE, "algorithm": st.just(POPULATION), "budget": BUDGET},
        {**REPEATED, "objectives": st.just(WEIGHTED), "algorithm": ALGORITHMS},
        {"objectives": st.just(SEVERAL), "algorithm": ALGORITHMS, "repeats": st.integers(1, 3)},
        {"objectives": st.just([{"metric": "metric", "weight": 2}]), "pruner": PRUNERS},
    ]
).flatmap(st.fixed_dictionaries)
"""Keywords that exclude each other, in sets that do not."""

OTHERS: dict[str, Any] = {
    "max_parallel": st.integers(1, 99),
    "max_trial_num": st.integers(1, 10**6),
    "mode": st.just("local"),
    "user_id": st.none(),
    "name": st.none() | st.sampled_from(["digits", "größe", "a b", "yes", "1e3"]),
    "study_dir": st.none() | st.just("x"),
    "constraints": st.sampled_from([[], ["metric <= 2", "1 < metric < 3"]]),
    "rules": st.sampled_from([[], ["opt != 2"], ["opt == 2 or opt == 'sgd'"]]),
    "warm_start": st.just([]),
    "confirm_seeds": st.integers(2, 9),
    "seed": st.none() | st.integers(0, 2**40),
    "cwd": st.none() | st.sampled_from([".", "..", "a/../b", "/x", "größe"]),
    "workspace": st.sampled_from([None, None, "copy", {"type": "link", "ignore": ["a"]}]),
    "env": st.dictionaries(st.sampled_from(["A", "B_1"]), TEXT | st.integers(), max_size=2),
    "secret_env": st.lists(st.sampled_from(["C", "D"]), max_size=2),
    "fresh": st.booleans(),
    "fail_fast": st.none() | st.integers(1, 9),
    "grace": st.integers(0, 9) | DURATION,
    "max_runtime": st.none() | DURATION,
    "trial_timeout": st.none() | DURATION | st.sampled_from(["3x", "1.25x", f"{9**99}x"]),
    "no_progress_timeout": st.none() | DURATION,
    "max_retries": st.integers(0, 9),
    "memory_per_trial": st.none() | st.sampled_from(["8G", "1.5M", 10**9]),
    "gpus": st.sampled_from([None, "auto", [0, 1], ["GPU-5f1c", 2]]),
    "gpus_per_trial": st.sampled_from([1, 2, 0.5, 1.0]),
    "cpus_per_trial": st.none() | st.integers(1, 9),
    "nice": st.integers(0, 19),
    "detach": st.booleans(),
    "on_end": st.none() | st.just("echo {{ study.event }}") | st.just(["mail", "{{ study.name }}"]),
}
KEPT = st.sampled_from(
    [{}, {"artifacts": ["{{ trial.dir }}/m*"]}]
    + [{"keep": keep, "artifacts": ["{{ trial.dir }}/m*"]} for keep in ("all", "best", 3)]
)
DRAWN = ("keep", "artifacts", "hyperparams", "task_list", "start_with", "earlystop")
"""Keywords that depend on others, drawn by `studies`."""


@st.composite
def studies(draw: st.DrawFn) -> StudySpec:
    """Return a study of any keywords."""
    together = draw(TOGETHER) | draw(KEPT)
    data: dict[str, Any] = {
        "hyperparams": draw(parameters()),
        "task_list": draw(tasks("objectives" in together or draw(st.booleans()))),
        **together,
        **draw(st.fixed_dictionaries({}, optional=OTHERS)),
    }
    for needed in ("max_parallel", "max_trial_num"):
        data.setdefault(needed, 3)
    spec = spec_from(data, "/base")
    if draw(st.booleans()):
        large = spec.objectives.direction is Direction.MAXIMIZE
        kind = "large_is_better" if large else "small_is_better"
        data["earlystop"] = {"type": kind, "threshold": draw(st.floats(-9, 9))}
    if draw(st.booleans()):
        start = [dict(params) for params in spec.space.draws(2) if spec.space.contains(params)]
        data["start_with"] = start
    return spec_from(data, "/base")


def test_every_keyword_is_drawn() -> None:
    together = {"direction", "final", "objectives", "algorithm", "pruner", "early_stopping"}
    together |= {"budget", "repeats", "confirm", "function"}
    assert {*OTHERS, *DRAWN, *together} == {row.name for row in KEYWORDS}


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(studies())
def test_a_study_is_the_same_after_it_was_described(spec: StudySpec) -> None:
    described = describe(spec)
    assert spec_from(described, "/elsewhere") == spec
    assert json.loads(json.dumps(described)) == described
    assert yaml.safe_load(yaml_text(described)) == described


def test_a_description_has_every_keyword_that_is_kept() -> None:
    examples = {row.name: row.example for row in KEYWORDS if row.kept}
    weighted = {"objectives": [{"metric": "metric", "weight": 2}]}
    stop = {"type": "large_is_better", "threshold": 1}
    changes = (
        (weighted, {"direction", "final", "early_stopping", "budget", "function"}),
        (
            {"direction": "maximize"},
            {"objectives", "early_stopping", "pruner", "repeats", "function"},
        ),
        (
            {"constraints": ()},
            {"task_list", "direction", "final", "objectives", "early_stopping", "budget"},
        ),
    )
    found = set()
    for change, apart in changes:
        plain = {name: value for name, value in examples.items() if name not in apart}
        found |= set(describe(spec_from({**plain, "earlystop": stop, **change}, "/base")))
    assert found == {row.name for row in KEYWORDS if row.kept} - {"early_stopping"}


def test_what_is_not_given_is_left_out() -> None:
    needed = ("hyperparams", "task_list", "max_parallel", "max_trial_num")
    least = {row.name: row.example for row in KEYWORDS if row.name in needed}
    described = describe(spec_from(least, "/base"))
    assert "pruner" not in described
    assert "env" not in described
    assert described["fail_fast"] == 5
    never = describe(spec_from({**least, "fail_fast": None}, "/base"))
    assert never["fail_fast"] is None
    assert spec_from(never, "/").limits.fail_fast is None
