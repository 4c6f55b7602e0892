"""From a command to a draft of its study."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from automl.discovery.option import MISSING, Found, How, Option
from automl.studies.draft.asked_help import Place
from automl.studies.draft.command_words import command_of
from automl.studies.draft.config_draft import config_draft
from automl.studies.draft.draft import Draft, Metric
from automl.studies.draft.finding import program_name
from automl.studies.draft.judging.judge import Judged, Verdict, judge
from automl.studies.draft.metric_files import with_own_files
from automl.study.objective import METRIC

_NAME = re.compile(r"[A-Za-z_][\w.-]*")


def draft_of(
    words: Sequence[str], place: Place, found: Found, metrics: Sequence[Metric], file: str
) -> Draft:
    """Return a draft of the study of a command.

    Args:
        words: the command.
        place: where it runs.
        found: the options of its program.
        metrics: what trials are ranked by, none if nobody said.
        file: path of the file that it becomes; empty for none.
    """
    judged = _not_together([judge(one) for one in found.options if _is_asked(one, words, found)])
    found = replace(found, doubts=(*found.doubts, *_needed(judged)))
    tuned = [one for one in judged if one.verdict is Verdict.TUNED]
    config = None if tuned else config_draft(words, found.start, place.cwd)
    command = command_of(words, found.start, found.options, tuned, found.options_at)
    if config:
        found = replace(found, how=How.CONFIG)
        judged, command = [*config.judged, *judged], list(config.command)
    command, known = with_own_files(command, metrics, found.options, place.cwd)
    folder = str(Path(place.cwd, file).parent) if file else place.cwd
    away = os.path.realpath(folder) != os.path.realpath(place.cwd)
    name = program_name(words, place)
    return Draft(
        words=words,
        found=found,
        judged=judged,
        metrics=_ranked(known, reports=found.reports),
        command=command,
        name=name if _NAME.fullmatch(name) else "",
        file=file or "study.yaml",
        cwd=os.path.relpath(place.cwd, folder) if away else "",
        files=(config.described,) if config else (),
    )


def _ranked(metrics: Sequence[Metric], *, reports: bool) -> tuple[Metric, ...]:
    """Return what trials are ranked by; what nothing else finds, a program reports that does."""
    if not reports:
        return tuple(metrics) or (Metric(),)
    reported = [replace(one, reported=one.reported or not one.reader) for one in metrics]
    return tuple(reported) or (Metric(name=METRIC, reported=True),)


def _needed(judged: Sequence[Judged]) -> list[str]:
    """Tell of what a program does not start without, and nothing gives it."""
    names = [
        one.option.names[0]
        for one in judged
        if one.option.required and one.option.given is None and one.verdict is not Verdict.TUNED
    ]
    listed = ", ".join(names)
    return [f"the program needs {listed}: add it to the command"] if names else []


def _is_asked(option: Option, words: Sequence[str], found: Found) -> bool:
    """Tell whether an option is of the program itself, or of a subcommand in the command."""
    path = option.subcommand.split()
    return not path or list(words[found.start :])[: len(path)] == path or path[-1] in words


def _not_together(judged: Sequence[Judged]) -> list[Judged]:
    """Return options, of which one is left alone where another is given or searched before it."""
    kept: list[Judged] = []
    taken: set[str] = set()
    for one in judged:
        others = taken.intersection(one.option.excludes)
        if one.verdict is Verdict.TUNED and others:
            why = f"cannot be given beside {min(others)}"
            one = replace(one, verdict=Verdict.LEFT, why=why, described={}, start=MISSING)  # noqa: PLW2901
        if one.verdict is Verdict.TUNED or one.option.given is not None:
            taken.add(one.option.names[0])
        kept.append(one)
    return kept
