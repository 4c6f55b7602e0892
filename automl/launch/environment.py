"""The variables of the controller that trials get."""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from automl.errors import SpecError
from automl.inside.marks import OUTER_RANKS_VARIABLE
from automl.inside.scripts.ranks import outer_ranks
from automl.spelling.spelling import spelled
from automl.study.launch import SHELL
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


_SHOWN = 5
"""So many lost variables are named."""


def exported(spec: StudySpec, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that every trial gets; what the user set is left as it is."""
    given = shaping(environ)
    return {name: value for name, value in given.items() if name not in spec.secret_env}


def shaping(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that decide what any command does, as it gets them."""
    names = (*SHAPING_VARIABLES, *THREAD_VARIABLES)
    given = {name: environ[name] for name in names if name in environ}
    if folder := inactive_folder(environ):
        given["PATH"] = f"{folder}{os.pathsep}{environ.get('PATH') or os.defpath}"
    if ranks := outer_ranks(environ):
        given[OUTER_RANKS_VARIABLE] = ranks
    # Those of threads that nobody set come with what a trial is given of the machine.
    return given | {"PYTHONUNBUFFERED": environ.get("PYTHONUNBUFFERED", "1")}


def command_path(spec: StudySpec, environ: Mapping[str, str]) -> str:
    """Return the PATH in which commands are looked for."""
    own = exported(spec, environ).get("PATH", os.defpath)
    return spec.env.get("PATH", own) or os.defpath


def environment_notes(spec: StudySpec, environ: Mapping[str, str]) -> list[str]:
    """Return what is told of the variables that trials get, when the study begins."""
    lost = _lost_note(environ)
    folder = inactive_folder(environ)
    if not folder or "PATH" in spec.env:
        return lost
    note = (
        f"commands find programs in {folder} first: there is the Python that runs this study, "
        f"and its environment is not activated (PATH in {spelled('env')} wins)"
    )
    return [note, *lost]


def inactive_folder(environ: Mapping[str, str]) -> str:
    """Return the folder of the running interpreter if PATH does not lead to it, else nothing.

    Only that of a virtual or conda environment counts: whoever starts a script by its Python, by
    the button of an editor, or by a tool that made the environment, means its packages. Whoever
    types `automl` and has it found by PATH does not: it may stand in an environment of its own, as
    `pipx` and `uv tool` install it, and `python` is what the same PATH says.
    """
    if _is_found_by(environ.get("PATH") or os.defpath):
        return ""
    folder = Path(sys.executable).parent if sys.executable else Path(sys.prefix, "bin")
    virtual = sys.prefix != sys.base_prefix or Path(sys.prefix, "conda-meta").is_dir()
    if not virtual or os.pathsep in str(folder):
        return ""
    path = environ.get("PATH") or os.defpath
    names = [name for name in ("python", "python3") if (folder / name).exists()]
    found = [shutil.which(name, path=path) for name in names]
    leads = all(one and Path(one).parent.resolve() == folder.resolve() for one in found)
    return "" if leads else str(folder)


def _is_found_by(path: str) -> bool:
    """Tell whether this is the command `automl`, and PATH leads to it."""
    started = Path(sys.argv[0]) if sys.argv else Path()
    found = shutil.which("automl", path=path) if started.name == "automl" else None
    return found is not None and Path(found).absolute() == started.absolute()


def shell_of(environ: Mapping[str, str]) -> str:
    """Return the shell that runs the scripts of trials.

    That is bash where the environment has what `sh` would lose on the way to the commands, unless
    `sh` is bash itself, or there is none.
    """
    bash = shutil.which("bash", path=f"{os.defpath}{os.pathsep}{environ.get('PATH', '')}")
    return bash if bash and _lost(environ) else SHELL


def _lost(environ: Mapping[str, str]) -> list[str]:
    """Return the variables that most kinds of `sh` drop, as their names are no words.

    Among them are the functions that bash exported, such as `module` of clusters.
    """
    if Path(SHELL).resolve().name == "bash":
        return []
    return [name for name in environ if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII)]


def _lost_note(environ: Mapping[str, str]) -> list[str]:
    lost = _lost(environ) if shell_of(environ) == SHELL else []
    if not lost:
        return []
    functions = {name.removeprefix("BASH_FUNC_").removesuffix("%%") for name in lost}
    more = f" and {len(functions) - _SHOWN} more" if len(functions) > _SHOWN else ""
    listed = f"{', '.join(sorted(functions)[:_SHOWN])}{more}"
    return [f"commands do not get {listed}: {SHELL} drops them, and there is no bash here"]


def secret_values(spec: StudySpec, environ: Mapping[str, str]) -> list[str]:
    """Return the values of `secret_env`, all of which must be there."""
    missing = [name for name in spec.secret_env if not environ.get(name)]
    if missing:
        raise SpecError(
            f"secret_env: {', '.join(missing)} {'are' if len(missing) > 1 else 'is'} not set, or "
            "empty; set it in the environment in which the study starts (export NAME=...), or "
            f"take it out of {spelled('secret_env')}"
        )
    return [environ[name] for name in spec.secret_env]
