"""`--space-file FILE`: the space of another tool beside what was typed."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automl.cli.run.described import AT_ONCE, TRIALS, Typed, name_of, told_by
from automl.cli.run.metrics import Asked
from automl.errors import SpecError
from automl.studies.ranges.command import is_told
from automl.studies.study_file.variables import with_variables

if TYPE_CHECKING:
    from automl.studies.foreign.reading import ReadSpace
    from automl.studies.foreign.space import Argument


@dataclass(frozen=True, slots=True)
class SpaceFile:
    """The study that the space of another tool and a command line describe.

    Attributes:
        path: the file of the space.
        description: a value by keyword.
        base: absolute path of the folder from which relative paths count.
        notes: what is different from the other tool.
    """

    path: Path
    description: dict[str, Any]
    base: str
    notes: tuple[str, ...]

    def line_of(self, place: str) -> str:
        """Return nothing: what the file itself says was checked as it was read."""
        del place
        return ""


def space_file_of(values: Mapping[str, Any], typed: Typed) -> tuple[SpaceFile, Typed] | None:
    """Return what `--space-file` and a command line say together; None without one.

    Args:
        values: the options, as click read them.
        typed: what was typed besides.

    Raises:
        SpecError: the file has a mistake, or command or metric are missing.
    """
    if values["space_file"] is None:
        if values["space_kind"] is not None:
            raise SpecError("--from says whose space --space-file names; give that as well")
        return None
    if values["files"]:
        raise SpecError(
            f"{values['files'][0]} and --space-file both describe a study; give one of them, or "
            f"put -- before the command"
        )
    from automl.studies.foreign.reading import read_space  # noqa: PLC0415 - most runs have none

    read = read_space(values["space_file"], values["space_kind"])
    return _together(read, _walked(read.converted.study, values, typed))


def _walked(study: Mapping[str, Any], values: Mapping[str, Any], typed: Typed) -> Typed:
    """Return what was typed, where a space is walked: with LibCity, samples are repeats then."""
    if study.get("algorithm") != "grid":
        return typed
    keywords = dict(typed.keywords)
    if str(values["search_alg"]).casefold() == "basicsearch":
        del keywords["algorithm"]
    notes = [note for note in typed.notes if "BasicSearch" not in note]
    if values["num_samples"]:
        keywords["repeats"] = keywords.pop("max_trial_num")
        notes.append(
            f"grid_search: all combinations are run, each with {keywords['repeats']} seeds "
            "(--repeats), as --num-samples says"
        )
    return replace(typed, keywords=keywords, notes=notes)


def _together(read: "ReadSpace", typed: Typed) -> tuple[SpaceFile, Typed]:
    from automl.studies.foreign.arguments import with_arguments  # noqa: PLC0415 - as above
    from automl.studies.foreign.reading import study_name  # noqa: PLC0415 - as above

    study = with_variables(read.converted.study, os.environ)
    untold = [one for one in read.converted.arguments if not _in_files(one, typed.files)]
    words = with_arguments(typed.words, untold, ".", read.converted.instead)
    task = dict((study.pop("task_list", None) or [{"type": "BashTask"}])[0])
    _check(read, study, task, typed)
    notes = read.converted.notes
    if not typed.asked.names:
        notes = (*notes, *read.converted.ranked_notes)
        if "metric_reader" not in task or typed.asked.patterns or typed.asked.metric_file:
            readers = _asked(study, typed.asked).readers(told_by(words))
            task["metric_reader"] = readers if len(readers) > 1 else readers[0]
            typed = replace(typed, asked=Asked())
    own = [f"{read.path}:{path}={value}" for path, value in read.converted.changes.items()]
    typed = replace(typed, files=[*typed.files, *own])
    if typed.words and "name" not in study:
        study["name"] = name_of(typed.words)
    description = {
        "name": study_name(read.path.stem),
        "max_trial_num": TRIALS,
        "max_parallel": AT_ONCE,
        **study,
        "task_list": [task],
    }
    here = os.path.abspath(".")  # noqa: PTH100 - keeps links
    return SpaceFile(read.path, description, here, notes), replace(typed, words=words)


def _check(
    read: "ReadSpace", study: Mapping[str, Any], task: Mapping[str, Any], typed: Typed
) -> None:
    """Raise SpecError where the file says less than a study needs, and nobody else says it."""
    metric = "" if study.get("objectives") else "--maximize NAME "
    example = f"automl run --space-file {read.path} {metric}-- python train.py"
    if not typed.words and "cmd" not in task:
        raise SpecError(f"{read.path} names no command; give it behind --: {example}")
    if not typed.asked.names and not study.get("objectives"):
        raise SpecError(
            f"{read.path} does not say what is good; give --maximize NAME or --minimize NAME, a "
            f"metric as the program prints it: {example}"
        )


def _in_files(argument: "Argument", files: Sequence[str]) -> bool:
    """Tell whether a value is told by a config file: `--file conf.yaml:optimizer.lr=lr`."""
    values = [text.rpartition("=")[2].strip() for text in files]
    return any(name in values or is_told(values, name) for name in argument.names)


def _asked(study: Mapping[str, Any], asked: Asked) -> Asked:
    """Return the metrics that the file names, read as those of a command line are."""
    ranked = [(str(one["metric"]), str(one["direction"])) for one in study["objectives"]]
    return replace(asked, ranked=ranked)
