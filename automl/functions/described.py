"""The arguments of `create_study`, as keywords of a study."""

from collections.abc import Mapping, Sequence
from typing import Any

from automl.errors import SpecError, shown
from automl.functions.choices.from_optuna import pruner_from, sampler_from
from automl.functions.choices.pruners import Pruner
from automl.functions.choices.samplers import Sampler
from automl.functions.named_values import value_names
from automl.registry import did_you_mean
from automl.studies.keywords import KEYWORDS
from automl.study.objective import Direction
from automl.study.spec import Algorithm, PrunerSpec

OWN = frozenset(
    {
        "hyperparams",
        "task_list",
        "max_parallel",
        "max_trial_num",
        "user_id",
        "name",
        "study_dir",
        "function",
        "direction",
        "final",
        "objectives",
        "algorithm",
        "pruner",
        "early_stopping",
        "max_runtime",
        "fresh",
        "cwd",
    }
)
"""Keywords of a study that Optuna has other words for, or that a function has no use for."""

FURTHER = tuple(row.name for row in KEYWORDS if row.name not in OWN)
"""Keywords of a study that `create_study` takes besides Optuna's."""

_WORDS = ("direction", "directions", "sampler", "pruner")

PRUNER = "both"
"""What stops trials that ask `should_prune` if nothing else is said."""


def described_study(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords of a study.

    Args:
        given: `direction`, `directions`, `sampler`, `pruner`, and keywords of a study.

    Raises:
        SpecError: one of them is not allowed; a ValueError too.
    """
    further = _further("create_study", given)
    ranked = _ranked_by(given.get("direction"), given.get("directions"))
    sampler, pruner = _sampler(given.get("sampler"), given.get("seed")), given.get("pruner")
    # Several numbers have no curve; where trials have a budget, that decides which of them go on.
    decided = (
        "objectives" in ranked or further.get("budget") or _trains_population(sampler["algorithm"])
    )
    stops = PRUNER if pruner is None and not decided else _pruner(pruner)
    return {**further, **ranked, **sampler, "pruner": stops}


def changed_study(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords that change of a study on the disk.

    Args:
        given: `sampler`, `pruner`, and keywords of a study; only those that change.

    Raises:
        SpecError: one of them is not allowed; a ValueError too.
    """
    changed = _further("load_study", given)
    if "sampler" in given:
        changed |= _sampler(given["sampler"], given.get("seed"))
    return changed | ({"pruner": _pruner(given["pruner"])} if "pruner" in given else {})


def _further(what: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords of a study among the arguments of a function."""
    further = {name: value for name, value in given.items() if name not in _WORDS}
    for name in further:
        if name not in FURTHER:
            raise SpecError(
                f"{what} has no argument {name!r}{did_you_mean(name, FURTHER)}; besides "
                f"Optuna's it takes {', '.join(FURTHER)}",
                place=name,
            )
    return further


def _ranked_by(direction: object, directions: Sequence[object] | None) -> dict[str, Any]:
    if directions is None:
        return {"direction": _direction("minimize" if direction is None else direction)}
    if direction is not None:
        raise SpecError("Specify only one of `direction` and `directions`.", place="direction")
    if isinstance(directions, str) or not isinstance(directions, Sequence) or not directions:
        raise SpecError(
            f"directions must be a list such as ['minimize', 'maximize'], got {shown(directions)}",
            place="directions",
        )
    if len(directions) == 1:
        return {"direction": _direction(directions[0])}
    names = value_names(len(directions))
    named = zip(names, directions, strict=True)
    return {"objectives": [{"metric": name, "direction": _direction(one)} for name, one in named]}


def _direction(given: object) -> str:
    """Return a direction in our words; Optuna's enum has names in capital letters."""
    word = str(getattr(given, "name", given)).lower()
    if word not in {one.value for one in Direction}:
        raise SpecError(
            f"Please set either 'minimize' or 'maximize' to direction, got {given!r}.",
            place="direction",
        )
    return word


def _sampler(given: object, seed: object) -> dict[str, Any]:
    """Return what proposes values, and its seed where the study has none."""
    found = sampler_from(given)
    if isinstance(given, Sampler):
        found = given
    if found is not None:
        seeded = {} if found.seed is None or seed is not None else {"seed": found.seed}
        return {"algorithm": found.algorithm, **seeded}
    if given is None or isinstance(given, Algorithm | str):
        return {"algorithm": given}
    raise SpecError(
        f"sampler: automl does not know {shown(given)}; give a sampler of automl.samplers, the "
        "type of an algorithm such as 'tpe', or the class of one of your own, "
        "sampler='package:Class', which is made anew for each trial",
        place="sampler",
    )


def _pruner(given: object) -> PrunerSpec | str | None:
    if given is None or isinstance(given, PrunerSpec | str):
        return given
    found = given if isinstance(given, Pruner) else pruner_from(given)
    if found is not None:
        return found.spec
    raise SpecError(
        f"pruner: automl does not know {shown(given)}; give a pruner of automl.pruners, or the "
        "type of one, such as 'median'",
        place="pruner",
    )


def _trains_population(algorithm: Algorithm | str | None) -> bool:
    given = Algorithm(type=algorithm) if isinstance(algorithm, str) else algorithm
    return given is not None and given.trains_population
