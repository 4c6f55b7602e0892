"""A kind of parameter is one added file: that of docs/contributing/parameter.md, as it stands."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from toy_package import blocks, install, run, run_tests

from automl.errors import SpecError
from automl.journal.fold import fold
from automl.journal.journal import load
from automl.search.algorithms import make_proposer
from automl.search.optuna.axes import axis_of
from automl.search.optuna.plain_values import plain_columns
from automl.search.own.walk import GridSampler
from automl.search.problem import Problem
from automl.search.sampler import Proposer, Told
from automl.space.conditions import Condition
from automl.space.kinds.kind import Kind
from automl.space.kinds.registry import PARAMETERS, item_from
from automl.space.parameter import Span
from automl.space.parameters import Integer, Parameter
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.trial import TrialState
from automl.testing import PARAMETER_CHECKS, SAMPLER_CHECKS

SOURCE, SCRIPT, CHECKED = blocks("parameter.md", "python")
ENTRY_POINT = blocks("parameter.md", "toml")[0]
POWERS = {2**exponent for exponent in range(4, 11)}

ALGORITHMS = {
    "auto": {},
    "cmaes": {"population_size": 4},
    "evolution": {"population_size": 4},
    "grid": {},
    "random": {},
    "sobol": {},
    "tpe": {"initial_trials_num": 4},
}


@dataclass(frozen=True, kw_only=True)
class Day(Kind):
    """A day of a calendar: texts that have an order, of a kind that nothing here counts in."""

    name: str
    first: str
    last: str
    when: Condition | None = None

    @property
    def allowed(self) -> str:
        return f"a day from {self.first} to {self.last}"

    @property
    def count(self) -> int:
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    def value_at(self, index: int) -> str:
        return (date.fromisoformat(self.first) + timedelta(days=index)).isoformat()

    def contains(self, value: Any) -> bool:
        return type(value) is str and value in map(self.value_at, range(self.count))


@dataclass(frozen=True, kw_only=True)
class Inverse(Kind):
    """A number whose inverse is evenly likely: one that cannot be counted, of a bent range."""

    name: str
    low: float
    high: float
    when: Condition | None = None
    count: ClassVar[None] = None

    @property
    def allowed(self) -> str:
        return f"a number with a decimal point from {self.low} to {self.high}"

    @property
    def span(self) -> Span:
        return Span(low=self.low, high=self.high, even=False)

    def value_at(self, index: int) -> float:
        raise TypeError(index)

    def quantile(self, share: float) -> float:
        value = 1 / ((1 - share) / self.low + share / self.high)
        return min(max(value, self.low), self.high)

    def contains(self, value: Any) -> bool:
        return type(value) is float and self.low <= value <= self.high


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the class of the documentation, known by its name."""
    module = ModuleType("power_of_two")
    monkeypatch.setitem(sys.modules, "power_of_two", module)
    exec(SOURCE, vars(module))  # noqa: S102 - it is what the test is about
    for kind in (module.PowerOfTwo, Day, Inverse):
        monkeypatch.setitem(PARAMETERS._factories, kind.__name__, kind)
    return module.PowerOfTwo


@pytest.fixture
def toys(toy: Any) -> list[Parameter]:
    return [
        toy(name="batch", lowest=16, highest=1024),
        toy(name="one", lowest=8, highest=8),
        Day(name="day", first="2024-02-27", last="2024-03-03"),
    ]


@pytest.fixture
def uncounted() -> Parameter:
    return Inverse(name="inverse", low=0.5, high=8.0)


@pytest.mark.parametrize("check", PARAMETER_CHECKS)
def test_it_keeps_the_contract(check: Any, toys: list[Parameter], uncounted: Parameter) -> None:
    for parameter in (*toys, uncounted):
        check(parameter)


def space_of(toys: list[Parameter]) -> SearchSpace:
    choice = {
        "type": "Choice",
        "name": "kind",
        "options": {
            "big": [{"type": "PowerOfTwo", "name": "width", "lowest": 2, "highest": 8}],
            "small": [],
        },
    }
    return SearchSpace((*toys, item_from(choice)), rules=("batch > 16 or one < 9",))


@pytest.mark.parametrize("check", SAMPLER_CHECKS[:2])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_takes_it(
    algorithm: str, check: Any, toys: list[Parameter], uncounted: Parameter
) -> None:
    toys += [] if algorithm == "grid" else [uncounted]
    space = SearchSpace(toys) if algorithm == "cmaes" else space_of(toys)

    def make(space: SearchSpace, seed: int) -> Proposer:
        problem = Problem(
            space=space,
            directions=(Direction.MAXIMIZE,),
            seed=seed,
            max_trials=40,
            max_parallel=2,
        )
        options = ALGORITHMS[algorithm]
        return make_proposer(Algorithm(type=algorithm, options=options), problem).proposer

    check(make, space)


@pytest.mark.slow
def test_a_model_learns_which_of_its_values_are_good(toys: list[Parameter]) -> None:
    space = SearchSpace((*toys, Integer(name="depth", min_value=1, max_value=40)))
    for algorithm in ("tpe", "cmaes", "evolution"):
        problem = Problem(
            space=space,
            directions=(Direction.MAXIMIZE,),
            seed=1,
            max_trials=200,
            max_parallel=1,
        )
        search = make_proposer(Algorithm(type=algorithm, options=ALGORITHMS[algorithm]), problem)
        history: list[Told] = []
        good = 0
        for trial_id in range(80):
            params: Any = search.proposer.propose(trial_id, history).params  # type: ignore[union-attr]
            history.append(Told(trial_id=trial_id, params=params, state=TrialState.PLANNED))
            value = params["batch"] + params["depth"] / 100
            ended = TrialState.COMPLETED
            history.append(Told(trial_id=trial_id, params=params, state=ended, value=value))
            good += trial_id >= 40 and params["batch"] >= 512
        assert good > 20, f"{algorithm}: {good} of 40 have one of the two best of seven values"


def test_a_population_moves_by_a_place(toys: list[Parameter], uncounted: Parameter) -> None:
    batch, _, day = toys
    assert [batch.moved(64, factor) for factor in (0.8, 1.25)] == [32, 128]
    assert [batch.moved(value, 1.25) for value in (512, 1024)] == [1024, 1024]
    assert [day.moved("2024-02-29", factor) for factor in (0.8, 1.25)] == [
        "2024-02-28",
        "2024-03-01",
    ]
    problem = Problem(
        space=SearchSpace([*toys, uncounted]),
        directions=(Direction.MAXIMIZE,),
        seed=1,
        max_trials=40,
        max_parallel=1,
        budget=Budget(name="epochs", min=1, max=5),
    )
    search = make_proposer(Algorithm(type="pbt", options={"population": 4}), problem)
    history: list[Told] = []
    for trial_id in range(20):
        answer: Any = search.proposer.propose(trial_id, history)
        params, source = answer.params, answer.source
        assert problem.space.contains(params)
        for state, value in ((TrialState.PLANNED, None), (TrialState.COMPLETED, params["batch"])):
            told = Told(trial_id=trial_id, params=params, state=state, value=value, source=source)
            history.append(told)


def test_what_cannot_be_counted_has_no_grid_but_a_range(uncounted: Parameter) -> None:
    with pytest.raises(SpecError, match="'inverse' is a Inverse that cannot be counted; use"):
        GridSampler(SearchSpace([uncounted]), seed=1)
    column = plain_columns(uncounted)["inverse"]
    assert repr(column.distribution) == "FloatDistribution(high=8.0, log=False, low=0.5, step=None)"
    assert [axis_of(uncounted).inside(value) for value in (0.5, 8.0)] == pytest.approx([0, 1])


def test_an_optuna_study_shows_its_values(toys: list[Parameter]) -> None:
    columns = [plain_columns(parameter)[parameter.name] for parameter in toys]
    choices: list[Any] = [column.distribution for column in columns]
    assert set(choices[0].choices) == POWERS
    assert choices[2].choices[2] == "2024-02-29"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder where the kind is installed as a package."""
    place = tmp_path / "site"
    install(place, "power_of_two", SOURCE, ENTRY_POINT)
    return place


def trials(folder: Path) -> list[Any]:
    (journal,) = folder.glob("automl_studies/*/journal.jsonl")
    return list(fold(load(journal)[0]).trials.values())


def script(count: int, algorithm: str = "auto") -> str:
    return SCRIPT.replace("TRIALS", str(count)).replace("ALGORITHM", algorithm)


@pytest.mark.integration
@pytest.mark.slow
def test_a_whole_study_of_it_runs_and_goes_on_with_others(tmp_path: Path, site: Path) -> None:
    for count, algorithm in ((4, "grid"), (8, "random"), (16, "tpe")):
        done = run(script(count, algorithm), tmp_path, site)
        assert done.returncode == 0, done.stderr
        assert len(trials(tmp_path)) == count
    ended = trials(tmp_path)
    assert all(one.params["batch"] in POWERS and one.value == one.params["batch"] for one in ended)
    best = max(one.params["batch"] for one in ended)
    assert f" {best} " in done.stdout.replace("\n", " ").replace("|", " ")
    described = journal_space(tmp_path)
    assert {"type": "PowerOfTwo", "name": "batch", "lowest": 16, "highest": 1024} in described


def journal_space(folder: Path) -> list[Any]:
    (journal,) = folder.glob("automl_studies/*/journal.jsonl")
    opened = json.loads(journal.read_text("utf-8").splitlines()[0])
    return opened["study"]["hyperparams"]  # type: ignore[no-any-return]


READ_AGAIN = """
from automl.hpo import *

study = open_study("tune")
print([study.best_trial.params["batch"], study.importance() is not None])
print(study.to_optuna().best_trial.params["batch"])
"""


@pytest.mark.integration
@pytest.mark.slow
def test_a_finished_study_of_it_is_read_again(tmp_path: Path, site: Path) -> None:
    assert run(script(24), tmp_path, site).returncode == 0
    (tmp_path / "tune.py").unlink()
    best = max(one.params["batch"] for one in trials(tmp_path))
    done = run(READ_AGAIN, tmp_path, site)
    assert done.stdout.split("\n")[:2] == [f"[{best}, True]", f"{best}"], done.stderr


@pytest.mark.integration
@pytest.mark.slow
def test_the_table_of_a_study_warms_another_up(tmp_path: Path, site: Path) -> None:
    kept = script(4, "grid").replace(".fit()", ".fit().to_csv('results.csv', index=False)")
    assert run(kept, tmp_path, site).returncode == 0
    again = script(2).replace("seed=1,", "seed=1, name='again', warm_start=['results.csv'],")
    done = run(again, tmp_path, site)
    assert done.returncode == 0, done.stderr
    assert "warm start: 4 of 4 trials taken" in done.stderr


DESCRIBED = r"""
import yaml

from automl.hpo import *

with open("study.yaml") as file:
    AutoTuner.create_tuner(yaml.safe_load(file), max_parallel=2, max_trial_num=2).fit()
"""

YAML = r"""
hyperparams:
  - {type: PowerOfTwo, name: batch, lowest: 16, highest: 1024}
  - {type: Integer, name: depth, min_value: 1, max_value: 4}
tasks:
  - type: BashTask
    cmd: ["echo", "score: {{ trial.param.batch }}", "at depth {{ trial.param.depth }}"]
    metric_reader:
      type: local_reader
      location: "{{ trial.dir }}/stdout.log"
      parser_pattern: 'score: (\S+)'
environment: {seed: 1}
"""


@pytest.mark.integration
@pytest.mark.slow
def test_a_study_of_it_in_yaml_goes_on_as_a_script(tmp_path: Path, site: Path) -> None:
    (tmp_path / "study.yaml").write_text(YAML, "utf-8")
    done = run(DESCRIBED, tmp_path, site)
    assert done.returncode == 0, done.stderr
    assert len(trials(tmp_path)) == 2
    done = run(script(3), tmp_path, site)
    assert done.returncode == 0, done.stderr
    assert len(trials(tmp_path)) == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lowest": 17}, "17 is no power of two"),
        ({"hihgest": 1024}, "has no option 'hihgest' .did you mean 'highest'"),
        ({"type": "PowerOfThree"}, "did you mean 'PowerOfTwo'"),
        ({"name": ""}, "is empty"),
        ({"when": "batch >"}, "when"),
    ],
)
def test_its_errors_are_told(toy: Any, wrong: dict[str, Any], said: str) -> None:
    right = {"type": "PowerOfTwo", "name": "batch", "lowest": 16, "highest": 1024}
    assert item_from(right) == toy(name="batch", lowest=16, highest=1024)
    with pytest.raises(SpecError, match=said):
        item_from({**right, **wrong})


@pytest.mark.integration
@pytest.mark.slow
def test_its_own_test_of_the_documentation_passes(tmp_path: Path, site: Path) -> None:
    done = run_tests(CHECKED, tmp_path, site)
    assert done.returncode == 0, done.stdout
    assert f"{len(PARAMETER_CHECKS)} passed" in done.stdout
