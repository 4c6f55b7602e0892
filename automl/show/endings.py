"""The log line of a trial of which a launch ended."""

from math import nan

from automl.show.lines import duration_text, float_texts, one_line, ranked, varied, with_params
from automl.study.objective import Objectives
from automl.study.ranking.rank import has_value
from automl.study.ranking.trial_value import searched_mean
from automl.study.spec import StudySpec
from automl.study.trial import Trial, TrialState


def trial_line(trial: Trial, best: Trial | None, spec: StudySpec) -> str:
    """Return the line, starting with the trial's id.

    Args:
        trial: the trial; one that has not ended gets its state and parameters.
        best: the best one so far, this trial included, None while there is none.
        spec: the study.
    """
    if trial.state is TrialState.COMPLETED and trial.confirms:
        text = _judged(trial, spec)
    elif trial.state is TrialState.COMPLETED:
        text = f"completed{_interval(trial, spec)}: {_figures(trial, best, spec.objectives)}"
    elif trial.state is TrialState.PRUNED and trial.reason:
        reason = one_line(trial.reason)
        link = "; " if ": " in reason else ": "
        text = f"{reason}{link}{_figures(trial, best, spec.objectives)}"
    else:
        text = _ended(trial, best, spec.objectives)
    source = f"; continued trial {trial.source}" if trial.source >= 0 else ""
    return with_params(f"trial {trial.id} {text}{source}", "; ", varied(trial.params, spec.space))


def breach_text(trial: Trial, objectives: Objectives) -> str:
    """Return `breaks a <= 1 and b > 2`, empty for a trial that keeps the constraints."""
    if trial.violation <= 0:
        return ""
    # A trial of one metric has it as its value alone.
    metrics = trial.metrics or {objectives.name: nan if trial.value is None else trial.value}
    broken = " and ".join(objectives.broken(metrics))
    return one_line(f"breaks {broken or 'a constraint'}")


def _interval(trial: Trial, spec: StudySpec) -> str:
    """Return how far a launch went that was one interval of a training."""
    reached, budget = trial.stage.budget, spec.budget
    if budget is None or reached is None or reached >= budget.max:
        return ""
    return f" {reached:g} of {budget.max:g} {budget.name}"


def _judged(trial: Trial, spec: StudySpec) -> str:
    """Tell what the fresh seed gave that just ended."""
    number = trial.stage.seed_number
    found = trial.confirmations.get(number)
    value = "no value" if found is None else float_texts([found])[0]
    mean = searched_mean(trial)
    search = "" if mean is None else f" (the search found {mean:.6g})"
    fresh = f"with fresh seed {number} of {spec.noise.confirm_seeds}"
    return f"{fresh}: {value}{_took(trial, 'in')}{search}"


def _ended(trial: Trial, best: Trial | None, objectives: Objectives) -> str:
    head = f"{trial.state}{_took(trial, 'after')}"
    if trial.state is TrialState.FAILED:
        return f"{head}: {_failure(trial)}"
    if has_value(trial):
        value = f"{_values(trial, best, objectives)}{_against(trial, best, objectives)}"
        head = f"{head} at {value}"
    return f"{head}: {one_line(trial.reason)}" if trial.reason else head


def _figures(trial: Trial, best: Trial | None, objectives: Objectives) -> str:
    breach = breach_text(trial, objectives)
    values = f"{_values(trial, best, objectives)}{_took(trial, 'in')}"
    return f"{values}{', ' * bool(breach)}{breach}{_against(trial, best, objectives)}"


def _took(trial: Trial, word: str) -> str:
    return "" if trial.duration_s is None else f" {word} {duration_text(trial.duration_s)}"


def _values(trial: Trial, best: Trial | None, objectives: Objectives) -> str:
    """Return the ranked value; with its name and the other metrics, where there are others."""
    value = ranked(trial, objectives)
    other = ranked(best, objectives) if best else None
    text = "no value" if value is None else _beside(value, other)
    others = [
        f"{one_line(name)} {trial.metrics[name]:.6g}"
        for name in objectives.metrics
        if name != objectives.name and name in trial.metrics
    ]
    return ", ".join([f"{objectives.name} {text}", *others]) if others else text


def _against(trial: Trial, best: Trial | None, objectives: Objectives) -> str:
    found = ranked(best, objectives) if best else None
    if best is None or found is None:
        return ""
    which = "best" if objectives.single else f"best in {objectives.name}"
    if best.id == trial.id:
        return f" ({which} so far)"
    return f" ({which} {_beside(found, ranked(trial, objectives))}, trial {best.id})"


def _beside(value: float, other: float | None) -> str:
    """Return a value with as many decimals as the other one that stands beside it has."""
    return float_texts([value] if other is None else [value, other])[0]


def _failure(trial: Trial) -> str:
    """Name the exit before the reason, unless the command ended well or the reason has it."""
    reason = one_line(trial.reason)
    if trial.exit is None or not trial.exit.code or str(trial.exit) in reason:
        return reason or "no reason known"
    return f"{trial.exit}: {reason}" if reason else str(trial.exit)
