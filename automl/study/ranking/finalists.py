"""The trials that are judged anew with fresh seeds: the best by the search, and the default."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from automl.space.space import combination_key
from automl.study.ranking.rank import inside, rank
from automl.study.spec import StudySpec
from automl.study.trial import START_WITH, Purpose, Trial, TrialState


def finalists(trials: Mapping[int, Trial], spec: StudySpec) -> list[Trial]:
    """Return the trials that are judged anew: the best by the search, and the default.

    Empty where nothing is confirmed. The default is judged with the whole budget, however far the
    search let it come.
    """
    if not spec.noise.confirm:
        return []
    valued = [
        trial
        for trial in inside(trials.values(), spec.space)
        if trial.value is not None
        and not trial.asked
        and (trial.confirms or trial.state in {TrialState.COMPLETED, TrialState.PRUNED})
    ]
    as_found = [
        replace(
            trial,
            state=TrialState.COMPLETED,
            results=tuple(one for one in trial.results if one.stage.purpose is Purpose.SEARCH),
        )
        for trial in valued
        if found_whole(trial, spec)
    ]
    leaders = [one.id for one in rank(as_found, spec.objectives)[: spec.noise.confirm]]
    default = default_of(trials.values(), spec)
    given = [one.id for one in valued if default and one.id == default.id]
    return [trials[trial_id] for trial_id in dict.fromkeys([*leaders, *given])]


def default_of(trials: Iterable[Trial], spec: StudySpec) -> Trial | None:
    """Return the trial with the user's own values, None where there is none.

    They are the first of `start_with`, whoever proposed them; where the script gives none any
    more, the first that it once gave.
    """
    if not spec.start_with:
        return next((trial for trial in trials if trial.origin == START_WITH), None)
    key = combination_key(spec.start_with[0])
    return next((trial for trial in trials if combination_key(trial.params) == key), None)


def found_whole(trial: Trial, spec: StudySpec) -> bool:
    """Tell whether the search brought a trial to its end, whatever came after."""
    if not trial.confirms:
        return trial.state is TrialState.COMPLETED
    found = [one.stage for one in trial.results if one.stage.purpose is Purpose.SEARCH]
    if spec.ladder:
        return bool(found) and found[-1].budget == spec.ladder.max
    return len(trial.seeds) >= spec.noise.repeats
