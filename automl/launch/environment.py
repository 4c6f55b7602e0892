"""The variables of the controller that trials get."""

from collections.abc import Mapping

from automl.errors import SpecError
from automl.study.resources import THREAD_VARIABLES
from automl.study.spec import StudySpec

SHAPING_VARIABLES = (
    "PATH",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "CUDA_VISIBLE_DEVICES",
    "PYTHONHASHSEED",
)
"""Variables of the controller that decide what a command does; kept in each script.

Not the whole environment: it may hold secrets, and a script is there to be shown.
"""


def exported(spec: StudySpec, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that every trial gets; what the user set is left as it is."""
    names = (*SHAPING_VARIABLES, *THREAD_VARIABLES)
    given = {name: environ[name] for name in names if name in environ}
    # Those of threads that nobody set come with what a trial is given of the machine.
    all_of_them = given | {"PYTHONUNBUFFERED": environ.get("PYTHONUNBUFFERED", "1")}
    return {name: value for name, value in all_of_them.items() if name not in spec.secret_env}


def secret_values(spec: StudySpec, environ: Mapping[str, str]) -> list[str]:
    """Return the values of `secret_env`, all of which must be there."""
    missing = [name for name in spec.secret_env if not environ.get(name)]
    if missing:
        raise SpecError(
            f"secret_env: {', '.join(missing)} {'are' if len(missing) > 1 else 'is'} not set, or "
            "empty; set it in the environment in which the script starts (export NAME=...), or "
            "take it out of secret_env="
        )
    return [environ[name] for name in spec.secret_env]
