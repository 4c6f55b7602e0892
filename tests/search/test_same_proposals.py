"""The algorithms of our own propose what they did when these values were recorded.

A study that goes on under a newer release must not propose other values for the same seed. TPE,
CMA-ES and evolution depend on the versions of their libraries, and are not recorded.
"""

import json
from typing import Any

import pytest

from automl.search.algorithms import make_proposer
from automl.search.problem import Problem
from automl.search.sampler import Proposal, Told
from automl.space.parameters import (
    Categorical,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    Real,
)
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.trial import TrialState

COUNTED: list[Parameter] = [
    Categorical(name="list", candidates=(30, 10, 20.5)),
    Categorical(name="names", candidates=("a", True, None)),
    Constant(name="same", value=1),
    Integer(name="whole", min_value=-3, max_value=11, step=2),
    Linked(names=("left", "right"), candidates=([1, "x"], [2, "y"], [3, "z"])),
    Integer(name="magnitude", min_value=1, max_value=1000, log=True),
    Real(name="steps", min_value=0.1, max_value=0.7, step=0.2),
    Normal(name="around", mean=0, std=1, step=0.5),
]
RANGES: list[Parameter] = [
    Real(name="real", min_value=-2, max_value=9),
    Real(name="rate", min_value=1e-6, max_value=1, log=True),
    Normal(name="normal", mean=5, std=2),
    LogNormal(name="lognormal", mean=1, std=1, step=1),
    Integer(name="narrow", min_value=4, max_value=4),
]
OPTIONS: dict[str, dict[str, Any]] = {"pbt": {"population": 4}}
RECORDED = {
    "grid": """
[30, "a", 1, -3, 1, "x", 1, 0.1, 1.0]
[30, "a", 1, -3, 1, "x", 1, 0.1, 1.5]
[30, "a", 1, -3, 1, "x", 1, 0.1, 2.0]
[30, "a", 1, -3, 1, "x", 1, 0.1, 2.5]
""",
    "pbt": """
[10, null, 1, -3, 2, "y", 4, 0.5, 1.0, 5.04868049, 0.182984363, 3.1749102, 4, 4]
[10, null, 1, -1, 2, "y", 4, 0.5, 1.0, 5.04868049, 0.326132546, 3.1749102, 1, 4]
[20.5, null, 1, -3, 2, "y", 5, 0.3, 1.5, 4.03894439, 0.14638749, 2.53992816, 5, 4]
[20.5, null, 1, -3, 2, "y", 120, 0.7, 0.5, 6.31085061, 0.228730454, 2.53992816, 3, 4]
""",
    "random": """
[20.5, null, 1, -3, 3, "z", 632, 0.7, -0.5, 4.51628114, 0.0042021894, 2.53266072, 0, 4]
[30, "a", 1, 5, 2, "y", 183, 0.3, 0.5, 8.42483558, 0.000113141404, 5.467223, 3, 4]
[20.5, true, 1, 7, 3, "z", 12, 0.3, 0.0, 1.37032793, 0.000101995076, 5.36668042, 3, 4]
[30, null, 1, 11, 1, "x", 1, 0.3, 0.5, 0.798170077, 1.65630941e-06, 4.79343248, 1, 4]
""",
    "sobol": """
[30, null, 1, 5, 3, "z", 18, 0.1, -0.5, 1.15963698, 0.00287352348, 3.30897964, 4, 4]
[20.5, "a", 1, 1, 1, "x", 27, 0.7, 1.0, 8.5958435, 0.000235696281, 5.90070743, 3, 4]
[20.5, null, 1, 11, 3, "z", 348, 0.5, -0.5, 4.36962261, 8.12025476e-06, 6.9196409, 1, 4]
[30, true, 1, -1, 2, "y", 1, 0.3, 0.5, -0.144687927, 0.0769366325, 3.89486541, 22, 4]
""",
}
"""Recorded when each kind of parameter still had to be known to each algorithm."""


def proposed(algorithm: str) -> list[list[Any]]:
    """Return the values of the last four of 16 proposals, floats to 9 digits."""
    space = SearchSpace(COUNTED if algorithm == "grid" else COUNTED + RANGES)
    problem = Problem(
        space=space,
        directions=(Direction.MAXIMIZE,),
        seed=20200807,
        max_trials=100,
        max_parallel=1,
        budget=Budget(name="epochs", min=1, max=5) if algorithm == "pbt" else None,
    )
    options = OPTIONS.get(algorithm, {})
    search = make_proposer(Algorithm(type=algorithm, options=options), problem)
    history: list[Told] = []
    found = []
    for trial_id in range(16):
        answer = search.proposer.propose(trial_id, history)
        assert isinstance(answer, Proposal)
        params = answer.params
        found.append([_rounded(value) for value in params.values()])
        for state, value in ((TrialState.PLANNED, None), (TrialState.COMPLETED, trial_id * 7 % 5)):
            told = Told(
                trial_id=trial_id, params=params, state=state, value=value, source=answer.source
            )
            history.append(told)
    return found[-4:]


def _rounded(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


@pytest.mark.parametrize("algorithm", RECORDED)
def test_the_same_seed_gives_the_same_proposals(algorithm: str) -> None:
    lines = RECORDED[algorithm].strip().splitlines()
    assert proposed(algorithm) == [json.loads(line) for line in lines]
