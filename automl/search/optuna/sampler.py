"""Optuna's samplers behind our ask and tell."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from automl.quiet import muted, unlogged
from automl.search.known import Known
from automl.search.optuna.axes import ask, axis_of
from automl.search.optuna.library import load_optuna
from automl.search.optuna.plain_study import STUDY_LOG
from automl.search.own.draw import generator
from automl.search.shown import Looks, Shown, with_failures_worst
from automl.space.parameters import Parameter, ParamValue
from automl.space.space import Params, SearchSpace
from automl.study.objective import Direction
from automl.study.trial import TrialState

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.trial import FrozenTrial

    from automl.search.optuna.question import ShownTrials
    from automl.search.sampler import Told
from automl.search.unread import Asks

MakeSampler: TypeAlias = "Callable[[int, Known], BaseSampler]"
"""From a seed and what is known to a new sampler of Optuna."""


class Marks(Protocol):
    """What a sampler keeps in the attributes of Optuna's trials and study."""

    def of_trial(self, told: Told) -> Mapping[str, Any]:
        """Return the attributes of a known trial."""
        ...

    def of_asked(self, completed: int) -> Mapping[str, Any]:
        """Return the attributes of the asked trial, given the number of completed ones."""
        ...

    def of_study(self) -> Mapping[str, Any]:
        """Return the attributes of the study."""
        ...

    def keep(self, trial_id: int, params: Params, storage: ShownTrials) -> None:
        """Take in what the sampler wrote while it was asked for `trial_id`."""
        ...


class NoMarks:
    """For samplers that draw everything from the values."""

    def of_trial(self, told: Told) -> Mapping[str, Any]:
        """Return none."""
        del told
        return {}

    def of_asked(self, completed: int) -> Mapping[str, Any]:
        """Return none."""
        del completed
        return {}

    def of_study(self) -> Mapping[str, Any]:
        """Return none."""
        return {}

    def keep(self, trial_id: int, params: Params, storage: ShownTrials) -> None:
        """Keep nothing."""
        del trial_id, params, storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a sampler of Optuna is asked.

    Attributes:
        make: gives the sampler for a seed.
        looks: how ended trials are put to it.
        marks: what it keeps in attributes.
        needs: of so many completed trials a value must be known; before, values are drawn at
            random, and the sampler is not even made.
    """

    make: MakeSampler
    looks: Looks = with_failures_worst
    marks: Marks = field(default_factory=NoMarks)
    needs: int = 0


class OptunaSampler:
    """Any sampler of Optuna, over a study made anew for each question.

    The study holds what `Known` shows of the history. The sampler is new each time, with a
    generator seeded by the study's seed, the trial and the number of asks for it since anything
    was told. So a proposal is a function of seed and history alone, however the history came to
    be known. Only the active parameters of a conditional space are asked for, constants never.

    Args:
        space: what to search.
        directions: which values are better, by objective.
        seed: the study's seed.
        manner: how Optuna is asked.
        constrained: whether trials may break constraints.

    Raises:
        SpecError: a parameter is beyond what Optuna can compute with.
    """

    def __init__(
        self,
        space: SearchSpace,
        directions: Sequence[Direction],
        seed: int,
        manner: Manner,
        *,
        constrained: bool = False,
    ) -> None:
        self._space = space
        self._directions = tuple(directions)
        self._seed = seed
        self._manner = manner
        self._constrained = constrained
        self._known = Known(space, directions)
        self._axes = {
            parameter.name: axis_of(parameter)
            for parameter in space.parameters
            if parameter.searched
        }
        self._distributions: dict[str, Any] = {}
        self._kept: dict[int, tuple[Told, Shown | None, FrozenTrial]] = {}
        self._trials: list[FrozenTrial] = []
        self._completed = 0
        self._valued = 0
        self._trials_of = -1
        self._asks = Asks()

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue]:
        """Return what Optuna proposes next; it may repeat an earlier combination."""
        asks = self._asks.count(trial_id, len(history))
        seed = generator(self._seed, trial_id, f"ask {asks}").getrandbits(31)
        with _quiet():
            self._learn(history)
            return self._ask(trial_id, seed)

    def _ask(self, trial_id: int, seed: int) -> dict[str, ParamValue]:
        import optuna  # noqa: PLC0415 - 0.2 s, paid only by the samplers that need it

        from automl.search.optuna.question import ShownTrials  # noqa: PLC0415

        marks = self._manner.marks
        storage = ShownTrials(self._trials, marks.of_asked(self._completed))
        study = optuna.create_study(
            storage=storage,
            sampler=self._sampler(seed),
            directions=[direction.value for direction in self._directions],
        )
        for key, value in marks.of_study().items():
            storage.set_study_system_attr(0, key, value)
        trial = study.ask()

        def choose(parameter: Parameter) -> ParamValue:
            name = parameter.name
            return self._axes[name].outside(ask(trial, name, self._distributions[name]))

        params = self._space.assemble(choose)
        marks.keep(trial_id, params, storage)
        return params

    def _sampler(self, seed: int) -> BaseSampler:
        if self._valued < self._manner.needs:
            load_optuna()
            from optuna.samplers import RandomSampler  # noqa: PLC0415

            return RandomSampler(seed=seed)
        return self._manner.make(seed, self._known)

    def _learn(self, history: Sequence[Told]) -> None:
        """Make Optuna's trials of the history, unless nothing was told since."""
        if self._trials_of == len(history):
            return
        self._distributions = self._distributions or {
            name: axis.distribution() for name, axis in self._axes.items()
        }
        self._known.read(history)
        looks = self._manner.looks(self._known.shown(), self._directions)
        pairs: list[tuple[Told, Shown | None]] = [(look.told, look) for look in looks]
        pairs += [(told, None) for told in self._known.running.values()]
        self._kept = {told.trial_id: self._made(told, look) for told, look in pairs}
        trials = (trial for _, _, trial in self._kept.values())
        self._trials = sorted(trials, key=lambda trial: trial.number)
        self._completed = sum(bool(look.values) for look in looks)
        self._valued = sum(look.told.state is TrialState.COMPLETED for look in looks if look.values)
        self._trials_of = len(history)

    def _made(self, told: Told, look: Shown | None) -> tuple[Told, Shown | None, FrozenTrial]:
        from automl.search.optuna import question as optuna_study  # noqa: PLC0415

        kept = self._kept.get(told.trial_id)
        if kept and kept[0] is told and _alike(kept[1], look):
            return kept
        number = self._known.numbers[told.trial_id]
        inside = {
            name: self._axes[name].inside(value)
            for name, value in self._space.chosen(told.params).items()
        }
        axes = (inside, {name: self._distributions[name] for name in inside})
        if look is None:
            trial = optuna_study.running_trial(number, axes)
        else:
            trial = optuna_study.ended_trial(look, number, axes, constrained=self._constrained)
        trial.system_attrs = {**trial.system_attrs, **self._manner.marks.of_trial(told)}
        return told, look, trial


def _alike(left: Shown | None, right: Shown | None) -> bool:
    if left is None or right is None:
        return left is right
    return (left.values, left.violation) == (right.values, right.violation)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Optuna from telling its studies and from warning of what we know, in this thread."""
    load_optuna()
    from optuna.exceptions import ExperimentalWarning  # noqa: PLC0415

    # In ranges so wide that floats lose digits, Optuna divides by zero and bears it.
    with muted(RuntimeWarning, ExperimentalWarning), unlogged(STUDY_LOG):
        yield
