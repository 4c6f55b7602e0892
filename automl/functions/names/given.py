"""What a module with Optuna's names gives, once it is asked for.

A script is imported once more for its trials. What it names by `from automl.samplers import ...` is
then to cost nothing, and its study is not to run: what makes studies has something in its place.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from automl.inside.calling.importing import imported_again

_INSTEAD = {
    "functions.builders.tune.tune": "tune",
    "functions.choices.pruners": "unused",
    "functions.choices.samplers": "unused",
    "functions.create.create_study": "create_study",
    "functions.create.delete_study": "unused",
    "functions.create.load_study": "load_study",
    "functions.study.Study": "StudyStandIn",
}
"""What is given in the process of a trial in place of a module's names, or of one name."""


def given(module: str, name: str, places: Mapping[str, str]) -> Any:  # noqa: ANN401 - of each kind
    """Return what a module gives by a name.

    Args:
        module: the full name of the module.
        name: what is asked for.
        places: where each of its names is, in `automl`.

    Raises:
        AttributeError: it has none of that name.
    """
    if name not in places:
        raise AttributeError(_unknown(module, name, places))
    place = places[name]
    instead = _INSTEAD.get(place) or _INSTEAD.get(f"{place}.{name}")
    if instead and imported_again():
        return getattr(import_module("automl.inside.stand_in"), instead)
    return getattr(import_module(f"automl.{place}"), name)


def _unknown(module: str, name: str, places: Mapping[str, str]) -> str:
    problem = f"module {module!r} has no attribute {name!r}"
    if name.startswith("_"):
        return problem
    # Only then: few scripts come here.
    from automl.functions.names.elsewhere import ELSEWHERE  # noqa: PLC0415
    from automl.registry import did_you_mean  # noqa: PLC0415

    if module == "automl" and name in ELSEWHERE:
        return f"{problem} of Optuna's; {ELSEWHERE[name]}"
    return f"{problem}{did_you_mean(name, places)}"
