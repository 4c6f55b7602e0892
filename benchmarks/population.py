"""Population based training beside fixed learning rates, on the example whose best rate changes.

    python -m benchmarks.population [--seeds 10]

Per seed: one population of 8 over 60 epochs (480 in all), the best of 8 fixed rates at 60 epochs
(480 in all), and the best of 96 fixed ones at 60 (5760 in all, as many trials as the population
has). The training is examples/pbt_schedule.py, called in this process; the loop is played.
"""

import argparse
import copy
import runpy
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automl.search.population.proposer import Population, PopulationOptions
from automl.search.sampler import Proposal, Told
from automl.space.parameters import Real
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.objective import Direction
from automl.study.trial import TrialState

SCRIPT = Path(__file__).parents[1] / "examples" / "pbt_schedule.py"
RATE = Real(name="learning_rate", min_value=0.0001, max_value=0.1, log=True)
EPOCHS = Budget(name="epochs", min=5, max=60)
SLOTS = 4


@dataclass(frozen=True, slots=True)
class Training:
    """The example's training, by its own functions."""

    new_model: Callable[[], Any]
    train_epoch: Callable[[Any, float, tuple[int, ...]], float]

    def train(self, model: Any, rate: float, epochs: range, seed: int) -> tuple[Any, float]:  # noqa: ANN401 - the script's model
        """Return a copy of the model that was trained further, and its error."""
        trained = copy.deepcopy(model) if epochs.start else self.new_model()
        errors = [self.train_epoch(trained, rate, (seed, epoch)) for epoch in epochs]
        return trained, errors[-1]


def load_training() -> Training:
    """Return the training of the example script."""
    names = runpy.run_path(str(SCRIPT))
    return Training(names["new_model"], names["train_epoch"])


def best_fixed(training: Training, count: int, seed: int) -> float:
    """Return the least error at the end of `count` rates spread evenly over the range."""
    rates = [RATE.quantile((place + 0.5) / count) for place in range(count)]
    whole = range(int(EPOCHS.max))
    return min(
        training.train(None, rate, whole, 1000 * seed + place)[1]
        for place, rate in enumerate(rates)
    )


def trained_population(training: Training, seed: int) -> tuple[float, list[float]]:
    """Return the least error at the end of a population, and the rates that led to it."""
    population = Population(
        space=SearchSpace((RATE,)),
        direction=Direction.MINIMIZE,
        budget=EPOCHS,
        seed=seed,
        options=PopulationOptions(population=8, interval=5, perturb=(0.5, 2.0)),
    )
    history: list[Told] = []
    plans: list[Proposal] = []
    models: dict[int, Any] = {-1: None}
    ends: list[tuple[float, int]] = []
    running: list[int] = []
    while True:
        while len(running) < SLOTS:
            plan = population.propose(len(plans), history)
            if not isinstance(plan, Proposal):
                break
            running.append(len(plans))
            plans.append(plan)
            history.append(_told(running[-1], plan, TrialState.PLANNED, None))
        if not running:
            break
        trial_id = running.pop(0)
        plan = plans[trial_id]
        epochs = range(int(plan.previous_budget), int(plan.budget or 0))
        models[trial_id], error = training.train(
            models[plan.source], _rate(plan), epochs, 1000 * seed + trial_id
        )
        history.append(_told(trial_id, plan, TrialState.COMPLETED, error))
        if plan.budget == EPOCHS.max:
            ends.append((error, trial_id))
    error, last = min(ends)
    return error, _line(plans, last)


def _line(plans: Sequence[Proposal], trial_id: int) -> list[float]:
    rates: list[float] = []
    while trial_id >= 0:
        rates.insert(0, _rate(plans[trial_id]))
        trial_id = plans[trial_id].source
    return rates


def _rate(plan: Proposal) -> float:
    rate = plan.params["learning_rate"]
    assert isinstance(rate, float)
    return rate


def _told(trial_id: int, plan: Proposal, state: TrialState, value: float | None) -> Told:
    return Told(trial_id=trial_id, params=plan.params, state=state, value=value, source=plan.source)


def main() -> None:
    """Print one line per seed, and the means."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    seeds = range(parser.parse_args().seeds)
    training = load_training()
    rows: list[tuple[float, float, float]] = []
    print("seed  population  best of 8 fixed  best of 96 fixed  rates of the best member")
    for seed in seeds:
        error, rates = trained_population(training, seed)
        row = (error, best_fixed(training, 8, seed), best_fixed(training, 96, seed))
        rows.append(row)
        path = " ".join(f"{rate:.4f}" for rate in rates)
        print(f"{seed:4}  {row[0]:10.3f}  {row[1]:15.3f}  {row[2]:16.3f}  {path}")
    means = [statistics.mean(column) for column in zip(*rows, strict=True)]
    print(f"mean  {means[0]:10.3f}  {means[1]:15.3f}  {means[2]:16.3f}")
    better = [sum(row[0] < row[place] for row in rows) for place in (1, 2)]
    print(f"population better: {better[0]} of {len(rows)}, {better[1]} of {len(rows)}")


if __name__ == "__main__":
    main()
