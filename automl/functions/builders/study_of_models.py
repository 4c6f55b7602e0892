"""The study that `tune` makes: where it is, its keywords, and what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError
from automl.functions.builders.tuned import Tuned
from automl.functions.create import folder_of, is_unnamed
from automl.functions.described import described_study
from automl.functions.study import Study
from automl.functions.words import OPTUNAS
from automl.inside.models.asked import BEST, DEFAULTS, LAST, whole
from automl.inside.models.options import Options
from automl.inside.models.training import Training
from automl.inside.ranges import categorical_range
from automl.registry import did_you_mean
from automl.space.kinds.listed import Categorical, Linked
from automl.studies.keywords import KEYWORDS

GRID = "grid"
"""What walks all combinations in their order, which is done if nothing else is said."""

_OWN = frozenset(
    {"hyperparams", "task_list", "function", "objectives", "constraints", "direction", "final"}
)
"""Keywords of a study that `tune` says by other arguments, or that are not for models."""

FURTHER = tuple(row.name for row in KEYWORDS if row.name not in _OWN)
"""Keywords of a study that `tune` takes besides its own arguments."""


@dataclass(frozen=True, kw_only=True)
class ModelStudy:
    """A study of models.

    Attributes:
        training: what its trials do.
        study: the study, to be read.
        keywords: those that it is run with, but for how many trials there are.
        models: how many models are trained at the most.
        unnamed: whether it has the name of the notebook.
    """

    training: Training
    study: Study
    keywords: Mapping[str, Any]
    models: int
    unnamed: bool = False

    @property
    def tuned(self) -> Tuned:
        """What it found."""
        return Tuned(self.study, self.training)


def study_of_models(number: int, training: Training, arguments: Mapping[str, Any]) -> ModelStudy:
    """Return the study of some models.

    Args:
        number: which of the script's studies without a name it is, from 1; 0: it has one.
        training: what its trials do.
        arguments: those of `tune`, all of them.

    Raises:
        SpecError: an argument is not allowed; a ValueError too.
    """
    given = {name: one for name, one in arguments.items() if name not in DEFAULTS}
    for name in given:
        if name not in {*FURTHER, "study_name"}:
            known = (*DEFAULTS, *FURTHER)
            ours = next((our for our, other in OPTUNAS.items() if other == name), None)
            meant = f" (it is called {ours!r} here)" if ours else did_you_mean(name, known)
            raise SpecError(
                f"tune has no argument {name!r}{meant}; besides build_model and params it takes "
                f"{', '.join(known)}",
                place=name,
            )
    named = given.pop("study_name", None) or given.get("name")
    folder, typed = folder_of(number, named, given.get("study_dir"))
    keywords = {**given, **_searched(given), "max_parallel": given.get("max_parallel", 1)}
    keywords["hyperparams"] = parameters_of(training.options)
    ranked = {"metric": training.metric, "direction": training.direction}
    # So that another metric is read from the same trials by the same rule.
    keywords["objectives"] = [{**ranked, "final": BEST if training.of_best else LAST}]
    keywords.update(typed)
    limit = keywords.pop("max_trial_num", None)
    size = training.options.size
    return ModelStudy(
        training=training,
        study=Study(folder, keywords),
        keywords=keywords,
        unnamed=is_unnamed(named),
        models=size if limit is None else min(whole("max_trial_num", limit), size),
    )


def tuned_of(number: int, training: Training, arguments: Mapping[str, Any]) -> Tuned:
    """Return what an earlier `tune` of the script found, as its study on the disk tells."""
    return study_of_models(number, training, arguments).tuned


def _searched(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what proposes combinations, and what stops models early, by Optuna's objects too."""
    asked = {"sampler": given.get("algorithm"), "seed": given.get("seed")}
    if given.get("pruner") is not None:
        asked["pruner"] = given["pruner"]
    described = described_study(asked)
    algorithm = described["algorithm"] or GRID
    return {
        "algorithm": algorithm,
        "seed": described.get("seed"),
        "pruner": described["pruner"] if "pruner" in asked else None,
    }


def parameters_of(options: Options) -> list[Categorical | Linked]:
    """Return the options as parameters of a search; what JSON does not have is told by its name."""
    told = {name: categorical_range(list(one)).choices for name, one in options.choices.items()}
    if options.rows is None:
        return [Categorical(name=name, candidates=one) for name, one in told.items()]
    rows = tuple(
        [told[name][place] for name, place in zip(told, row, strict=True)] for row in options.rows
    )
    if len(told) == 1:
        (name,) = told
        return [Categorical(name=name, candidates=tuple(row[0] for row in rows))]
    return [Linked(names=tuple(told), candidates=rows)]
