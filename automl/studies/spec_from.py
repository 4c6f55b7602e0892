"""From a description to a `StudySpec`: nothing else is done, read or asked."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automl.errors import SpecError, shown
from automl.journal.folder import PLACE
from automl.search.start import checked
from automl.space.space import SearchSpace
from automl.spelling.spelling import OPEN, spelled, spelled_part
from automl.studies.given.choices import pruner as made_pruner
from automl.studies.given.place import at
from automl.studies.reading import read_keywords
from automl.study.constraint import parse_constraint
from automl.study.ends.keep import Keep
from automl.study.limits import Limits, TrialLimits
from automl.study.noise import Noise
from automl.study.objective import METRIC, Objective, Objectives
from automl.study.resources import ResourceSpec
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
    with at("hyperparams"):
        parameters = SearchSpace(values["hyperparams"])
    with at("rules"):
        space = SearchSpace(parameters, rules=values["rules"])
    with at("start_with"):
        # As it is read from a file: a script may give tuples for lists.
        start_with = tuple(json.loads(json.dumps(checked(space, values["start_with"]))))
    return StudySpec(
        name=NAME if values["name"] is None else values["name"],
        space=space,
        tasks=values["task_list"],
        objectives=_objectives(values),
        limits=_limits(values),
        trial_limits=_trial_limits(values),
        resources=_resources(values),
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
        cwd=_absolute(base, values["cwd"] or "."),
        env=values["env"] or {},
        secret_env=values["secret_env"],
    )


def _objectives(values: Mapping[str, Any]) -> Objectives:
    """Return what trials are ranked by: the list, or else the direction of the one metric."""
    items: Sequence[Objective] | None = values["objectives"]
    if items is None:
        metric = _only_metric(values)
        items = (Objective(metric=metric, direction=values["direction"], final=values["final"]),)
    elif (values["direction"], values["final"]) != ("maximize", "last"):
        own = dict.fromkeys(("metric", "direction", "final"), OPEN)
        raise SpecError(
            f"{spelled('objectives')} and {spelled('direction')} or {spelled('final')} are both "
            f"given; give each objective its own, {spelled_part('objectives', **own)}",
            place="objectives",
        )
    with at("objectives"):
        alone = Objectives(items=tuple(items))
    with at("constraints"):
        return Objectives(items=alone.items, constraints=values["constraints"])


def _only_metric(values: Mapping[str, Any]) -> str:
    """Return the metric that ranks where nobody named one: the only one that is read.

    Those that constraints compare are beside it.

    Raises:
        SpecError: several are read, so that one has to be chosen.
    """
    names = list(dict.fromkeys(one.metric for task in values["task_list"] for one in task.readers))
    if METRIC in names or not names:
        return METRIC
    with at("constraints"):
        beside = {name for text in values["constraints"] for name in parse_constraint(text).names}
    left = [name for name in names if name not in beside] or names
    if len(left) > 1:
        chosen = spelled("objectives", [{"metric": left[0]}])
        raise SpecError(
            f"{' and '.join(map(repr, left))} are read, and nothing says which of them ranks the "
            f"trials; name it, as in {chosen}, or name several",
            place="objectives",
        )
    return str(left[0])


def _limits(values: Mapping[str, Any]) -> Limits:
    return Limits(
        max_trials=values["max_trial_num"],
        max_parallel=values["max_parallel"],
        fail_fast=values["fail_fast"],
        grace_s=values["grace"],
        max_runtime_s=values["max_runtime"],
    )


def _trial_limits(values: Mapping[str, Any]) -> TrialLimits:
    timeout_s, timeout_factor = values["trial_timeout"] or (None, None)
    with at("trial_timeout"):
        return TrialLimits(
            timeout_s=timeout_s,
            timeout_factor=timeout_factor,
            no_progress_s=values["no_progress_timeout"],
            max_retries=values["max_retries"],
        )


def _resources(values: Mapping[str, Any]) -> ResourceSpec:
    with at("gpus"):
        gpus = ResourceSpec(gpus=values["gpus"]).gpus
    with at("gpus_per_trial"):
        return ResourceSpec(
            memory_bytes=values["memory_per_trial"],
            gpus=gpus,
            gpus_per_trial=values["gpus_per_trial"],
            cpus=values["cpus_per_trial"],
            nice=values["nice"],
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
