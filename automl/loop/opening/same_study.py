"""Whether a study that is described now goes on with the one that its folder holds."""

import json
from collections.abc import Mapping
from typing import Any

from automl.errors import SpecError
from automl.inside.asked.objective import ASKED
from automl.journal.events import StudyOpened
from automl.journal.fold import StudyState
from automl.journal.folder import StudyFolder
from automl.loop.opening.mode_change import check_mode
from automl.loop.opening.moved import in_new_place, same_place
from automl.spelling.spelling import OPEN, spelled
from automl.study.records.identity import identity_of
from automl.study.spec import StudySpec


def check_goes_on(state: StudyState, spec: StudySpec, folder: StudyFolder) -> None:
    """Raise SpecError unless `spec` goes on, here and now, with the study that a state tells of."""
    known = state.latest
    if known is not None:
        check_same_study(known, spec, folder)
        check_mode(state, spec)


def check_launches(spec: StudySpec) -> None:
    """Raise SpecError where nothing can be launched, as a program asks for the trials."""
    if is_asked_for(spec.describe()):
        raise SpecError(
            "the trials of this study are a program's, which asks for them (`study.ask()`): start "
            "that program; there is nothing else to run",
            place="function",
        )


def is_asked_for(study: Mapping[str, Any]) -> bool:
    """Tell whether a program asks for all trials of a study, by its description."""
    return any(task.get("function") == ASKED for task in study.get("tasks", ()))


def check_same_study(known: StudyOpened, spec: StudySpec, folder: StudyFolder) -> None:
    """Raise SpecError, with the difference, unless `spec` goes on with the `known` study."""
    was, now = identity_of(known.study), spec.identity()
    if is_asked_for(known.study):
        # What a study runs whose trials a program asked for so far is open.
        was["tasks"] = now["tasks"]
    if was.get("cwd") != spec.cwd and same_place(known, spec.cwd, folder):
        was = in_new_place(was, now, str(was.get("cwd")), spec.cwd)
        was["cwd"] = spec.cwd
    differences = [
        _difference(key, was.get(key), now.get(key))
        for key in dict.fromkeys([*now, *was])
        if was.get(key) != now.get(key)
    ]
    if differences:
        raise SpecError(
            f"{folder.path} holds another study, which this one cannot go on with:\n"
            + "\n".join(differences)
            + f"\nGive this one another name ({spelled('name', OPEN)}), or pass "
            f"{spelled('fresh', value=True)} to begin anew (the old folder is kept)"
        )


def _difference(key: str, was: Any, now: Any) -> str:  # noqa: ANN401 - any JSON value
    if key == "env":
        # Names only: the values may be secrets.
        was, now = was or {}, now or {}
        names = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
        return f"  env: another value of {', '.join(names)}, or none"
    return f"  {key}: was {_text(was)}\n  {' ' * len(key)}  now {_text(now)}"


def _text(value: object) -> str:
    return "not given" if value is None else json.dumps(value)
