"""What is said of the best trial of a study that ended, and of what it took to find it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from automl.journal.folder import StudyFolder
from automl.show.lines import duration_text, ranked, value_text, varied, with_params
from automl.study.ranking.confirmation import confirmed_mean, verdict
from automl.study.ranking.rank import best, front_of, inside
from automl.study.ranking.savings import budget_spent, time_saved
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState

if TYPE_CHECKING:
    from automl.loop.result import StudyResult

BY_CALLER = "a program asked for it, and told what it gave"
"""How a trial ran that has no process."""


def best_lines(spec: StudySpec, folder: StudyFolder, result: StudyResult) -> list[str]:
    """Return which trial is the best and how to run it again, after what the search saved."""
    trial, objectives = result.best, spec.objectives
    lines = [*_front(spec, result), *_effort(spec, result)]
    if trial is None or trial.value is None:
        if objectives.constraints and any(
            one.state is TrialState.COMPLETED for one in result.trials
        ):
            lines.append(f"no trial keeps the constraints: {', '.join(objectives.constraints)}")
        return lines
    script = os.path.relpath(folder.trial(trial.id).script)
    value = f"{objectives.name} {value_text(ranked(trial, objectives))}"
    confirmed = confirmed_mean(trial) if objectives.single else None
    if confirmed is not None:
        value += f", confirmed {confirmed:.6g}"
    how = _how_it_ran(trial, continued=result.continued)
    which = "best" if objectives.single else f"best in {objectives.name}"
    return [
        *lines,
        with_params(f"{which}: trial {trial.id}, {value}", ", ", varied(trial.params, spec.space)),
        *_confirmed(spec, result),
        # Of a function, it is what the script of the trial does, and no more.
        *([] if spec.of_functions else [f"again: {result.best_command}"]),
        f"{how}, environment included: {result.shell} {script}" if not trial.asked else BY_CALLER,
    ]


def _how_it_ran(trial: Trial, *, continued: bool) -> str:
    if trial.confirmations:
        return "its last confirmation"
    # One that continues another trial copies that one's checkpoint anew.
    onto_its_own = continued and trial.source < 0
    return "its last launch, onto its checkpoint as it is now" if onto_its_own else "as it ran here"


def _front(spec: StudySpec, result: StudyResult) -> list[str]:
    """Return which trials no other dominates, where several objectives are compared."""
    if spec.objectives.single:
        return []
    trials = inside(result.trials, spec.space)
    ids = [str(trial.id) for trial in front_of(trials, spec.objectives)]
    return [f"not dominated by any other: trial{'s' * (len(ids) > 1)} {', '.join(ids)}"] * bool(ids)


def _effort(spec: StudySpec, result: StudyResult) -> list[str]:
    """Return what early stopping or promotion saved."""
    if spec.pruner:
        stopped, saved_s, whole_s = time_saved(result.trials)
        text = f"early stopping: {stopped} of {len(result.trials)} trials stopped"
        if spared := sum(one.spared for one in result.trials):
            text += f" for good, {spared} run again to the end"
        if not stopped and all(one.measurements <= 1 for one in result.trials):
            # One that functions have unasked is for those that report.
            if spec.of_functions:
                return []
            return [f"{text}, as none printed its metric more than once"]
        if not stopped or not whole_s:
            return [text]
        share = f"{saved_s / whole_s:.0%} of {duration_text(whole_s)}"
        return [f"{text}, about {duration_text(saved_s)} saved ({share})"]
    if spec.ladder:
        spent, whole = budget_spent(result.trials, spec.ladder, continued=result.continued)
        name = spec.ladder.name
        if whole:
            return [f"budget: {spent:g} of {whole:g} {name} spent ({spent / whole:.0%})"]
    return []


def _confirmed(spec: StudySpec, result: StudyResult) -> list[str]:
    """Return whether the best of the confirmed trials can be told apart from the default."""
    trials = {trial.id: trial for trial in result.trials}
    judged = [trials[one] for one in result.confirmed if trials[one].confirmations]
    found = best(judged, spec.objectives)
    if found is None:
        return []
    if not result.complete:
        return ["confirmed: not compared with the default yet, as the study is not complete"]
    return [f"confirmed: {verdict(found, result.default, spec.objectives.direction)}"]
