"""What a study is by its journal alone, whatever became of the other files of its folder."""

from collections.abc import Iterator, Mapping
from typing import Any

from automl.errors import JournalError
from automl.journal.events import StudyOpened
from automl.studies.given.trial_parts import task
from automl.study.budget import Budget
from automl.study.description import objectives_from, space_from
from automl.study.ends.keep import Keep
from automl.study.limits import EarlyStop, Limits, TrialLimits
from automl.study.noise import Noise
from automl.study.resources import ResourceSpec
from automl.study.spec import Algorithm, PrunerSpec, StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask, Task
from automl.study.tasks.workspace import workspace_from


def recorded_spec(name: str, opening: StudyOpened | None) -> StudySpec:
    """Return what a study was when it was started last.

    The journal does not have all that may change between two starts: `detach`, `on_end`,
    `success_codes`, `confirm_seeds` and the weight of an only objective are as if they were not
    given.

    Args:
        name: the study's.
        opening: the last one that its journal tells of.

    Raises:
        JournalError: the study has not begun, or the journal describes it in another way than this
            release does.
    """
    if opening is None:
        raise JournalError(f"the study {name!r} has not begun")
    try:
        return _spec(name, opening.study)
    except (KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise JournalError(
            f"the journal of the study {name!r} describes it in a way that this release does not "
            f"know: {what}. Use the release of automl that wrote it, or a newer one, with the "
            "packages that add to it"
        ) from error


def _spec(name: str, study: Mapping[str, Any]) -> StudySpec:
    budget, stop, pruner = study.get("budget"), study.get("early_stop"), study.get("pruner")
    return StudySpec(
        name=name,
        space=space_from(study),
        tasks=tuple(_tasks(study)),
        objectives=objectives_from(study),
        limits=Limits(**study["limits"]),
        trial_limits=TrialLimits(**study.get("trial_limits", {})),
        resources=ResourceSpec(**study.get("resources", {})),
        mode=study.get("mode", "local"),
        algorithm=Algorithm(**_typed(study.get("algorithm", {"type": "auto"}))),
        pruner=PrunerSpec(**_typed(pruner)) if pruner else None,
        budget=Budget(**budget) if budget else None,
        noise=Noise(repeats=study.get("repeats", 1), confirm=study.get("confirm", 0)),
        start_with=tuple(study.get("start_with", ())),
        early_stop=EarlyStop(**stop) if stop else None,
        keep=Keep(**study.get("keep", {})),
        seed=study.get("seed"),
        cwd=study["cwd"],
        workspace=workspace_from(study["workspace"]) if study.get("workspace") else None,
        env=study.get("env", {}),
        secret_env=tuple(study.get("secret_env", ())),
    )


def _typed(described: Mapping[str, Any]) -> dict[str, Any]:
    options = dict(described)
    return {"type": options.pop("type"), "options": options}


def _tasks(study: Mapping[str, Any]) -> Iterator[Task]:
    """Give the tasks; the kinds that are the oldest are not named in journals."""
    cleanups = study.get("cleanup", [])
    for number, described in enumerate(study["tasks"]):
        options = {"type": BashTask.__name__, **described}
        if "metric_reader" in options:
            options["metric_reader"] = _readers(options["metric_reader"])
        if number < len(cleanups) and cleanups[number] is not None:
            options["cleanup"] = cleanups[number]
        yield task(options, f"task_list[{number}]")


def _readers(described: Any) -> Any:  # noqa: ANN401 - one, some or no reader
    if isinstance(described, list):
        return [_readers(one) for one in described]
    return {"type": LocalReader.type, **described} if described else None
