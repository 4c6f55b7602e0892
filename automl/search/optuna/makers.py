"""Makers of Optuna's samplers with the settings that we chose."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from automl.search.known import Known
from automl.search.optuna.library import load_optuna

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from optuna.samplers import BaseSampler, GPSampler, TPESampler

    from automl.search.optuna.question import ShownTrials
    from automl.search.optuna.sampler import MakeSampler
    from automl.search.sampler import Told
    from automl.space.space import Params

SWITCH_AT = 100
"""After so many trials the mixture goes from multivariate to independent TPE."""
GP_ENDS_AT = 200
"""A Gaussian process is given up for TPE after so many ended trials, as its cost grows so fast."""


def make_tpe(*, initial_trials_num: int, multivariate: bool, group: bool = False) -> MakeSampler:
    """Return a maker of TPE with the constant liar for parallel trials.

    Args:
        initial_trials_num: so many trials must have ended before a model is asked.
        multivariate: whether the parameters are seen together.
        group: whether those are that appear together in trials, where not all appear in each.
    """

    def make(seed: int, known: Known) -> BaseSampler:
        del known
        return _tpe(seed, initial_trials_num, multivariate=multivariate, group=group)

    return make


def make_mixture(
    *, initial_trials_num: int, multivariate: bool, group: bool = False
) -> MakeSampler:
    """Return a maker of TPE, multivariate for the first `SWITCH_AT` trials, then independent.

    Args:
        initial_trials_num: so many trials must have ended before a model is asked.
        multivariate: False: independent from the start, for several objectives.
        group: as for `make_tpe`.
    """

    def make(seed: int, known: Known) -> BaseSampler:
        early = len(known.numbers) < SWITCH_AT
        return _tpe(seed, initial_trials_num, multivariate=multivariate and early, group=group)

    return make


def make_gp(*, initial_trials_num: int) -> MakeSampler:
    """Return a maker of a Gaussian process, and of TPE from `GP_ENDS_AT` ended trials on.

    Parameters that are not in every trial are left to TPE, one by one.
    """

    def make(seed: int, known: Known) -> BaseSampler:
        tpe = _tpe(seed, initial_trials_num, multivariate=False)
        return tpe if len(known.ended) >= GP_ENDS_AT else _gp(seed, initial_trials_num, tpe)

    return make


def make_evolution(*, population_size: int, variant: str) -> MakeSampler:
    """Return a maker of NSGA-II or, with `variant='III'`, NSGA-III."""

    def make(seed: int, known: Known) -> BaseSampler:
        del known
        load_optuna()
        from optuna.samplers import NSGAIIISampler, NSGAIISampler  # noqa: PLC0415

        if variant == "III":
            return NSGAIIISampler(population_size=population_size, seed=seed)
        return NSGAIISampler(population_size=population_size, seed=seed)

    return make


def make_any(
    kind: Callable[..., BaseSampler], options: Mapping[str, Any], *, seeded: bool
) -> MakeSampler:
    """Return a maker of samplers of a class; `seeded` tells whether it takes `seed=`."""

    def make(seed: int, known: Known) -> BaseSampler:
        del known
        own = copy.deepcopy(dict(options))
        return kind(seed=seed, **own) if seeded else kind(**own)

    return make


@dataclass(frozen=True, slots=True)
class SteadyState:
    """The generations of an evolution without waiting: the parents are the best so far.

    Optuna's genetic samplers number generations in the order of asking, which is forgotten at a
    restart, and drop what ends after its generation. We show them two generations: all known
    trials, and the asked one, so that the parents are chosen from all that ended.

    Args:
        population_size: so many trials are drawn at random first.
        variant: `II` or `III`.
    """

    population_size: int
    variant: str

    def of_trial(self, told: Told) -> Mapping[str, Any]:
        """Return the mark of the first generation."""
        del told
        return {self._key: 0}

    def of_asked(self, completed: int) -> Mapping[str, Any]:
        """Return the mark of the second generation once the first is complete."""
        return {self._key: int(completed >= self.population_size)}

    def of_study(self) -> Mapping[str, Any]:
        """Return none."""
        return {}

    def keep(self, trial_id: int, params: Params, storage: ShownTrials) -> None:
        """Keep nothing."""
        del trial_id, params, storage

    @property
    def _key(self) -> str:
        return f"NSGA{self.variant}Sampler:generation"


@dataclass(slots=True)
class Memory:
    """What a sampler wrote into attributes, for as long as this process lives.

    Some samplers keep their state there. It is written when a trial is asked for, and counts for
    a trial that was planned with the values that were asked.
    """

    _study: dict[str, Any] = field(default_factory=dict)
    _asked: dict[int, tuple[Params, dict[str, Any]]] = field(default_factory=dict)

    def of_trial(self, told: Told) -> Mapping[str, Any]:
        """Return what was written when the trial was asked for."""
        params, attributes = self._asked.get(told.trial_id, ({}, {}))
        return attributes if params == told.params else {}

    def of_asked(self, completed: int) -> Mapping[str, Any]:
        """Return none."""
        del completed
        return {}

    def of_study(self) -> Mapping[str, Any]:
        """Return what was written last."""
        return self._study

    def keep(self, trial_id: int, params: Params, storage: ShownTrials) -> None:
        """Take in what the sampler wrote while it was asked for `trial_id`."""
        self._study = dict(storage.get_study_system_attrs(0))
        self._asked[trial_id] = (params, dict(storage.get_trial(0).system_attrs))


def _tpe(
    seed: int, initial_trials_num: int, *, multivariate: bool, group: bool = False
) -> TPESampler:
    load_optuna()
    from optuna.samplers import TPESampler  # noqa: PLC0415

    return TPESampler(
        n_startup_trials=initial_trials_num,
        multivariate=multivariate,
        group=group and multivariate,
        constant_liar=True,
        seed=seed,
    )


def _gp(seed: int, initial_trials_num: int, otherwise: BaseSampler) -> GPSampler:
    load_optuna()
    from optuna.samplers import GPSampler  # noqa: PLC0415

    return GPSampler(
        n_startup_trials=initial_trials_num,
        independent_sampler=otherwise,
        warn_independent_sampling=False,
        seed=seed,
    )
