"""What was typed after a verb that describes a study."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from automl.cli.run.described import Typed
from automl.cli.run.foreign_words import foreign_keywords, libcity_command
from automl.cli.run.keyword_options import given_keywords
from automl.cli.run.metrics import Asked
from automl.errors import SpecError
from automl.studies.given.workspace import in_trial
from automl.studies.keywords import BY_NAME

_OF_STUDIES = (
    *("maximize", "minimize", "param", "pattern", "metric_file", "measure", "weights", "settings"),
    *("space_file", "space_kind", "config_files"),
)


def typed_of(words: Sequence[str], values: Mapping[str, Any]) -> Typed:
    """Return what was typed.

    Args:
        words: the command, which follows `--`.
        values: the options, as click read them.
    """
    asked = Asked(
        ranked=values["ranked"],
        patterns=values["pattern"],
        metric_file=values["metric_file"] or "",
        constraints=values["constraints"],
        measures=values["measure"],
        weights=values["weights"],
    )
    given = given_keywords({name: values[name] for name in BY_NAME if name in values})
    for name in ("cwd", "study_dir"):
        if name in given and not in_trial(given[name]):
            # What is typed counts from here, what a file says from the file.
            given[name] = os.path.abspath(os.path.expanduser(given[name]))  # noqa: PTH100, PTH111
    foreign, notes = foreign_keywords(values)
    libcity = libcity_command(values)
    if libcity and (words or values["space_file"] is None):
        raise SpecError(
            f"{libcity[2]} is LibCity's word beside --space-file, and stands for a command; put "
            "options of a command behind it, after --"
        )
    return Typed(
        words=words or libcity,
        parameters=values["param"],
        files=values["config_files"],
        asked=asked,
        keywords={**given, **foreign},
        settings=values["settings"],
        notes=notes,
    )


def check_script(path: str, typed: Typed, values: Mapping[str, Any], more: Sequence[str]) -> None:
    """Raise SpecError unless a script is there, and only what it can take was typed.

    Args:
        path: the script.
        typed: what was typed.
        values: the options, as click read them.
        more: options of the verb that are not for scripts.
    """
    if not os.path.isfile(path):  # noqa: PTH113 - as typed
        raise SpecError(f"there is no file {path}")
    if any(values[name] for name in (*_OF_STUDIES, *more)) or typed.words:
        raise SpecError(
            f"{path} is a script, which says itself what is tuned, by which command and metric; "
            "only keywords of AutoTuner can be typed, such as --max-parallel"
        )
