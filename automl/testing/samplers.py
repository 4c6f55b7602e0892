"""The contract of what proposes trials, as checks that anyone can run against their own.

With pytest:

    @pytest.mark.parametrize("check", SAMPLER_CHECKS)
    @pytest.mark.parametrize("space", SAMPLER_SPACES.values(), ids=SAMPLER_SPACES)
    def test_my_sampler(check, space):
        check(lambda space, seed: Unseen(MySampler(space, seed), space, seed), space)

A sampler is checked as a study uses it: within `Unseen`, which keeps it from repeating itself.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

from automl.search.sampler import Nothing, Proposer, Told
from automl.space.conditions import condition_of
from automl.space.parameters import (
    Categorical,
    Choice,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    ParamValue,
    Real,
)
from automl.space.space import Params, SearchSpace, combination_key
from automl.study.trial import TrialState
from automl.testing.contract import ContractError, demand

MakeProposer: TypeAlias = Callable[[SearchSpace, int], Proposer]
"""From a space and a seed to a new proposer."""

SAMPLER_SPACES: Mapping[str, SearchSpace] = MappingProxyType(
    {
        "single value": SearchSpace((Integer(name="only", min_value=3, max_value=3),)),
        "look-alikes": SearchSpace(
            (
                Categorical(
                    name="mixed", candidates=(1, 1.0, True, "1", None, [1, 2], {"a": [1.0]})
                ),
                Categorical(name="odd name", candidates=(False, 0)),
            )
        ),
        "numbers in a list": SearchSpace(
            (
                Categorical(name="n", candidates=(30, 10.5, -2, 1000)),
                Categorical(name="flag", candidates=(True, False)),
            )
        ),
        "grids": SearchSpace(
            (
                Integer(name="stepped", min_value=-3, max_value=4, step=3),
                Real(name="tenths", min_value=0.1, max_value=0.35, step=0.1),
                Integer(name="magnitude", min_value=1, max_value=3, log=True),
            )
        ),
        "ranges": SearchSpace(
            (
                Real(name="plain", min_value=-1.5, max_value=2),
                Real(name="magnitude", min_value=1e-6, max_value=0.1, log=True),
                Integer(name="wide", min_value=1, max_value=10**6, log=True),
                Real(name="fixed", min_value=0.5, max_value=0.5),
                Categorical(name="kind", candidates=("a", "b c", "")),
            )
        ),
        "conditions": SearchSpace(
            (
                Choice(
                    name="opt",
                    options={
                        "sgd": [
                            Categorical(name="momentum", candidates=(0, 0.5, 0.9)),
                            Choice(
                                name="decay",
                                options={
                                    "step": [Integer(name="every", min_value=1, max_value=2)],
                                    "none": [],
                                },
                            ),
                        ],
                        "adam": [],
                    },
                ),
                Integer(name="depth", min_value=1, max_value=3),
                Categorical(
                    name="width",
                    candidates=(8, 16),
                    when=condition_of("width", "opt == 'adam' and depth > 1"),
                ),
            )
        ),
        "conditional ranges": SearchSpace(
            (
                Categorical(name="kernel", candidates=("linear", "rbf", "poly")),
                Real(name="C", min_value=1e-3, max_value=1e3, log=True),
                Real(
                    name="gamma",
                    min_value=1e-4,
                    max_value=1,
                    log=True,
                    when=condition_of("gamma", {"kernel": ["rbf", "poly"]}),
                ),
                Integer(
                    name="degree",
                    min_value=2,
                    max_value=5,
                    when=condition_of("degree", {"kernel": "poly"}),
                ),
            )
        ),
        "linked and constant": SearchSpace(
            (
                Constant(name="data", value={"set": ["a", 1]}),
                Linked(names=("layers", "width"), candidates=([1, 512], [2, 256.0], [4, "small"])),
                Integer(name="n", min_value=1, max_value=4),
            )
        ),
        "normal": SearchSpace(
            (
                Normal(name="shift", mean=-1, std=0.5),
                LogNormal(name="rate", mean=-7, std=2),
                Normal(name="tenths", mean=0.5, std=0.1, step=0.1),
                LogNormal(name="whole", mean=2, std=1, step=1),
            )
        ),
        "normal in steps": SearchSpace(
            (
                Normal(name="threes", mean=0, std=0.6, step=3),
                LogNormal(name="halves", mean=0, std=0.2, step=0.5),
            )
        ),
        "rules": SearchSpace(
            (
                Integer(name="n", min_value=1, max_value=5),
                Categorical(name="d", candidates=(4, 2, 1)),
                Categorical(name="slow", candidates=(False, True)),
            ),
            rules=("n * d <= 6", "not slow or n > d"),
        ),
        "ruled ranges": SearchSpace(
            (
                Real(name="a", min_value=0, max_value=1),
                Real(name="b", min_value=0, max_value=1),
                Integer(name="n", min_value=1, max_value=3, when=condition_of("n", "a > 0.5")),
            ),
            rules=("a + b <= 1", "n * b <= 1"),
        ),
    }
)
"""Small spaces of every kind, countable but for `normal` and those with ranges."""

TRIALS = 16
PARALLEL = 3
SEED = 20200807
_ENDS = (
    TrialState.COMPLETED,
    TrialState.COMPLETED,
    TrialState.FAILED,
    TrialState.PRUNED,
    TrialState.STOPPED,
)
_VALUED = (TrialState.COMPLETED, TrialState.PRUNED)


class _Study:
    """Plays a study: trials run beside each other, end out of order, and some of them badly."""

    def __init__(
        self, make: MakeProposer, space: SearchSpace, ends: Sequence[TrialState] = _ENDS
    ) -> None:
        self.history: list[Told] = []
        self.planned: list[Params] = []
        self._make = make
        self._space = space
        self._proposer = make(space, SEED)
        self._running: list[int] = []
        self._ended: list[int] = []
        self._rng = random.Random(SEED)  # noqa: S311 - chooses which trial ends
        self._ends = ends

    def suggest(self) -> dict[str, ParamValue] | None:
        return _asked(self._proposer, len(self.planned), self.history)

    def suggest_rebuilt(self) -> dict[str, ParamValue] | None:
        """Ask a new proposer that is told the whole history at once, as after a restart."""
        return _asked(self._make(self._space, SEED), len(self.planned), list(self.history))

    def know(self, known: Sequence[Params]) -> None:
        """Begin with what an earlier study found."""
        for place, params in enumerate(known, start=1):
            for state, value in ((TrialState.PLANNED, None), (TrialState.COMPLETED, float(place))):
                self.history.append(Told(trial_id=-place, params=params, state=state, value=value))

    def restart(self) -> None:
        """Let a new proposer take over: told first of all plans, then of the ends by trial."""
        plans = [told for told in self.history if told.state is TrialState.PLANNED]
        ends = [told for told in self.history if told.state is not TrialState.PLANNED]
        self.history = plans + sorted(ends, key=lambda told: told.trial_id)
        self._proposer = self._make(self._space, SEED)

    def plan(self, params: Params) -> None:
        trial_id = len(self.planned)
        self.planned.append(params)
        self.history.append(Told(trial_id=trial_id, params=params, state=TrialState.PLANNED))
        self._running.append(trial_id)
        if len(self._running) == PARALLEL:
            self._end(self._running.pop(self._rng.randrange(PARALLEL)))

    def _end(self, trial_id: int) -> None:
        self._tell(trial_id)
        self._ended.append(trial_id)
        if len(self._ended) % PARALLEL == 0:
            # As after a retry, or with a larger budget: the later end replaces the earlier.
            self._tell(self._rng.choice(self._ended))

    def _tell(self, trial_id: int) -> None:
        state = self._rng.choice(self._ends)
        value = self._rng.uniform(-1, 1) if state in _VALUED else None
        self.history.append(
            Told(
                trial_id=trial_id,
                params=self.planned[trial_id],
                state=state,
                value=value,
                reached=float(trial_id % 4) if state is TrialState.PRUNED else None,
            )
        )


def check_sampler_stays_in_space(make: MakeProposer, space: SearchSpace) -> None:
    """Every proposal has an allowed value of the right type for each parameter that is in use.

    It has no value for what is not in use, the order of the space, and it keeps the rules.
    """
    study = _Study(make, space)
    for _ in range(TRIALS):
        params = study.suggest()
        if params is None:
            break
        problem = space.problem(params)
        demand(space.contains(params), f"proposed {params!r}, which is not in {space!r}: {problem}")
        in_order = [name for name in space.names if name in params]
        demand(
            list(params) == in_order,
            f"proposed the parameters in the order {list(params)}, the space has {space.names}",
        )
        study.plan(params)


def check_sampler_rebuilds(make: MakeProposer, space: SearchSpace) -> None:
    """The same seed and history give the same proposal, however the sampler came to know them."""
    study = _Study(make, space)
    for _ in range(TRIALS):
        params, rebuilt = study.suggest(), study.suggest_rebuilt()
        demand(
            _key(params) == _key(rebuilt),
            f"trial {len(study.planned)}: proposed {params!r}, but a new one with the same "
            f"seed and history {rebuilt!r}",
        )
        if params is None:
            break
        study.plan(params)


def check_sampler_answers_again(make: MakeProposer, space: SearchSpace) -> None:
    """A question changes nothing: asked again it is answered alike, and the history stays."""
    study = _Study(make, space)
    for _ in range(TRIALS):
        before = list(study.history)
        params, again = study.suggest(), study.suggest()
        demand(
            _key(params) == _key(again),
            f"trial {len(study.planned)}: proposed {params!r} and, asked again, {again!r}",
        )
        demand(study.history == before, "the sampler changed the history that it was given")
        if params is None:
            break
        study.plan(params)


def check_sampler_never_repeats(make: MakeProposer, space: SearchSpace) -> None:
    """No combination twice; a countable space gives each one once, over a restart, then None."""
    study = _Study(make, space)
    limit = TRIALS if space.size is None else space.size
    for number in range(limit):
        if number == limit // 2:
            study.restart()
        params = study.suggest()
        if params is None:
            raise ContractError(f"proposed nothing after {number} trials, of {limit} possible ones")
        study.plan(params)
    keys = sorted(map(combination_key, study.planned))
    for left, right in pairwise(keys):
        demand(left != right, f"proposed {left} twice")
    if space.size is not None:
        params = study.suggest()
        demand(params is None, f"proposed {params!r} after all {limit} combinations were planned")


def check_sampler_survives_failures(make: MakeProposer, space: SearchSpace) -> None:
    """A study in which every trial fails still gets proposals until the space is used up."""
    study = _Study(make, space, (TrialState.FAILED,))
    limit = TRIALS if space.size is None else min(TRIALS, space.size)
    for number in range(limit):
        params = study.suggest()
        if params is None:
            raise ContractError(
                f"proposed nothing after {number} failed trials, of {limit} possible"
            )
        study.plan(params)


def check_sampler_bears_strangers(make: MakeProposer, space: SearchSpace) -> None:
    """Trials of before the space was changed are in the history and do no harm."""
    study = _Study(make, space)
    for stranger in ({"gone": 1}, {}, dict.fromkeys(space.names, "never allowed")):
        study.plan(stranger)
    known = len(study.planned)
    limit = TRIALS if space.size is None else min(TRIALS, space.size)
    for _ in range(limit):
        params = study.suggest()
        if params is None or not space.contains(params):
            raise ContractError(f"proposed {params!r} beside {known} trials outside of the space")
        study.plan(params)


def check_sampler_takes_knowledge(make: MakeProposer, space: SearchSpace) -> None:
    """What an earlier study found does not count as tried: a countable space is tried whole."""
    found = list(space.draws(PARALLEL))
    study = _Study(make, space)
    study.know([params for params in found if space.allows(params)])
    limit = TRIALS if space.size is None else space.size
    for number in range(limit):
        params = study.suggest()
        if params is None or not space.contains(params):
            raise ContractError(f"proposed {params!r} after {number} trials, of {limit} possible")
        study.plan(params)
    if space.size is not None:
        demand(study.suggest() is None, f"a proposal after all {limit} combinations were planned")


SAMPLER_CHECKS: tuple[Callable[[MakeProposer, SearchSpace], None], ...] = (
    check_sampler_stays_in_space,
    check_sampler_rebuilds,
    check_sampler_answers_again,
    check_sampler_never_repeats,
    check_sampler_survives_failures,
    check_sampler_bears_strangers,
    check_sampler_takes_knowledge,
)
"""All checks; each takes a maker of proposers and a space, and raises ContractError."""


def _asked(
    proposer: Proposer, trial_id: int, history: Sequence[Told]
) -> dict[str, ParamValue] | None:
    answer = proposer.propose(trial_id, history)
    if answer is Nothing.NOT_YET:
        raise ContractError("has to wait for a trial to end, though each stands for itself")
    return None if isinstance(answer, Nothing) else answer.params


def _key(params: Params | None) -> str | None:
    return None if params is None else combination_key(params)
