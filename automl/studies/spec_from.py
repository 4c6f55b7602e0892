"""From a description to a `StudySpec`: nothing else is done, read or asked."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError, shown
from automl.journal.folder import PLACE
from automl.search.start import checked
from automl.space.space import SearchSpace
from automl.spelling.spelling import spelled
from automl.studies.given.choices import pruner as made_pruner
from automl.studies.given.function import tasks_of
from automl.studies.given.limits import limits_of, resources_of, trial_limits_of
from automl.studies.given.place import at
from automl.studies.given.ranking import objectives_of
from automl.studies.given.workspace import in_trial, workspace_of
from automl.studies.reading import read_keywords
from automl.study.ends.keep import Keep
from automl.study.noise import Noise
from automl.study.spec import Algorithm, PrunerSpec, StudySpec

NAME = "study"
"""The name of a study that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A study, and how this start of it is made.

    Attributes:
        spec: the study.
        study_dir: absolute path of the folder that has the study's.
        fresh: begin anew; an earlier study of this name is kept aside.
        warm_start: what earlier searches found, not looked at yet.
    """

    spec: StudySpec
    study_dir: str
    fresh: bool
    warm_start: Any


def spec_from(description: object, base: str) -> StudySpec:
    """Return the study that a description describes.

    Args:
        description: plain data, as YAML or JSON can hold it: a value by keyword, see `KEYWORDS`.
        base: absolute path of the folder from which relative paths count.

    Raises:
        SpecError: the description is wrong; `place` and the message name where.
    """
    return described(description, base).spec


def described(description: object, base: str, what: str = "a study") -> Described:
    """Return a study and how it is started, as `spec_from` does.

    Args:
        description: plain data, or what a script made, by keyword.
        base: absolute path of the folder from which relative paths count.
        what: who takes the keywords, for messages.

    Raises:
        SpecError: as for `spec_from`.
    """
    if not isinstance(description, Mapping):
        raise SpecError(
            f"the description of a study must be a dictionary of keywords, got "
            f"{shown(description)}",
            place="description",
        )
    values = read_keywords(description, what)
    with at("description"):
        spec = _spec(values, base)
    return Described(
        spec=spec,
        study_dir=_absolute(base, values["study_dir"] or PLACE),
        fresh=values["fresh"],
        warm_start=values["warm_start"],
    )


def _spec(values: Mapping[str, Any], base: str) -> StudySpec:
    # A function asks for its parameters itself, unless they are described.
    learnt = values["function"] is not None and not values["hyperparams"]
    with at("hyperparams"):
        parameters = SearchSpace(values["hyperparams"], learnt=learnt)
    objectives = objectives_of(values)
    with at("rules"):
        space = SearchSpace(parameters, rules=values["rules"], learnt=learnt)
    with at("start_with"):
        # As it is read from a file: a script may give tuples for lists.
        start_with = tuple(json.loads(json.dumps(checked(space, values["start_with"]))))
    return StudySpec(
        name=NAME if values["name"] is None else values["name"],
        space=space,
        tasks=tasks_of(values, objectives),
        objectives=objectives,
        limits=limits_of(values),
        trial_limits=trial_limits_of(values),
        resources=resources_of(values),
        mode=values["mode"],
        detach=values["detach"],
        algorithm=values["algorithm"] or Algorithm(),
        pruner=_pruner(values["pruner"], early_stopping=values["early_stopping"]),
        budget=values["budget"],
        noise=Noise(
            repeats=values["repeats"],
            confirm=values["confirm"],
            confirm_seeds=values["confirm_seeds"],
        ),
        start_with=start_with,
        early_stop=values["earlystop"],
        keep=Keep(which=values["keep"], artifacts=values["artifacts"]),
        on_end=values["on_end"],
        seed=values["seed"],
        cwd=_absolute(base, "." if in_trial(values["cwd"]) else values["cwd"] or "."),
        workspace=workspace_of(values),
        env=values["env"] or {},
        secret_env=values["secret_env"],
    )


def _pruner(chosen: PrunerSpec | None, *, early_stopping: bool) -> PrunerSpec | None:
    """Return the rule that stops trials: the one given, or `both` for `early_stopping=True`."""
    if chosen is not None and early_stopping:
        both = spelled("early_stopping", value=True)
        raise SpecError(
            f"{both} and {spelled('pruner')} are both given; {both} is "
            "the pruner 'both', so give one of them",
            place="pruner",
        )
    return made_pruner("both", "early_stopping") if early_stopping else chosen


def _absolute(base: str, path: str) -> str:
    """Return a path that does not follow links, as `os.path.abspath` does, but from `base`."""
    return os.path.normpath(os.path.join(base, path))  # noqa: PTH118 - keeps '..' as the shell does
