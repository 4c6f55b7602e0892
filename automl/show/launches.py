"""What kind of launch each running trial is, and how many trials wait to go on, in few words."""

from collections.abc import Sequence

from automl.show.progress import Progress, RunningTrial
from automl.study.budget import Budget
from automl.study.ranking.reached import budget_reached
from automl.study.spec import StudySpec
from automl.study.trial import Purpose, Stage, Trial

_NOTHING = "-"


def launch_columns(spec: StudySpec, trials: Sequence[RunningTrial]) -> dict[str, list[str]]:
    """Return the columns that tell the launches of `trials` apart, by heading, a cell for each.

    Only what the study has is there: `budget`, as `9/81`; `seed`, as `2/3` for those of the search
    and `fresh 2/5` for those that confirm; `continues`, the trial whose checkpoint is continued.
    """
    columns: dict[str, list[str]] = {}
    if spec.budget:
        # A heading as wide as the last rung lets the columns beside it stand still.
        heading = "budget".rjust(len(_share(spec.budget.max, spec.budget)))
        columns[heading] = [_share(trial.stage.budget, spec.budget) for trial in trials]
    if spec.noise.repeats > 1 or any(trial.stage.purpose is Purpose.CONFIRM for trial in trials):
        columns["seed"] = [_seed(trial.stage, spec) for trial in trials]
    if any(trial.source >= 0 for trial in trials):
        columns["continues"] = [
            str(trial.source) if trial.source >= 0 else _NOTHING for trial in trials
        ]
    return columns


def reached_share(spec: StudySpec, trial: Trial) -> str:
    """Return how far a trial came, as `9/81`; empty for a study without a budget."""
    return _share(budget_reached(trial), spec.budget) if spec.budget else ""


def waiting_text(progress: Progress) -> str:
    """Return how many trials wait at each rung, as `waiting: 8 at 1, 2 at 3 of 27 epochs; 1 done`.

    Empty while none does.
    """
    budget = progress.spec.budget
    counts = [f"{n} at {reached:g}" for reached, n in sorted(progress.waiting.items()) if n]
    if budget is None or not counts:
        return ""
    done = f"; {progress.completed} done" * bool(progress.completed)
    return f"waiting: {', '.join(counts)} of {budget.max:g} {budget.name}{done}"


def reached_text(progress: Progress) -> str:
    """Return ` at 9 of 27 epochs` for a best trial that has not had the whole budget."""
    best, budget = progress.best, progress.spec.ladder
    reached = budget_reached(best) if best else None
    if budget is None or reached is None or reached >= budget.max:
        return ""
    return f" at {reached:g} of {budget.max:g} {budget.name}"


def _share(reached: float | None, budget: Budget) -> str:
    return _NOTHING if reached is None else f"{reached:g}/{budget.max:g}"


def _seed(stage: Stage, spec: StudySpec) -> str:
    if stage.purpose is Purpose.CONFIRM:
        return f"fresh {stage.seed_number}/{spec.noise.confirm_seeds}"
    return f"{stage.seed_number + 1}/{spec.noise.repeats}"
