"""What the first trials of a study would run, without anything being started or written."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from automl.launch.launcher import Launcher
from automl.search.algorithms import make_proposer
from automl.search.problem import problem_of
from automl.search.sampler import Proposal, Told
from automl.space.space import Params
from automl.studies.prepared import Prepared
from automl.study.spec import StudySpec
from automl.study.trial import Stage, Trial, TrialState


@dataclass(frozen=True, slots=True)
class PreviewedTrial:
    """A trial that would be started.

    Attributes:
        params: its values.
        command: its commands, as a line for a shell.
        metric_paths: the file in which each metric would be looked for, by the metric's name; a
            URL where it is elsewhere.
    """

    params: Params
    command: str
    metric_paths: Mapping[str, str]


def previewed(study: Prepared, count: int) -> list[PreviewedTrial]:
    """Return what the first trials of a new study would be, as the search proposes them at once.

    Without a seed in the study, its random values are those of the seed 0.

    Args:
        study: which.
        count: how many trials at the most.
    """
    launcher = Launcher(study.spec, study.folder, study.spec.seed or 0, "", os.environ)
    here = os.path.realpath(".")
    return [
        PreviewedTrial(
            one.planned,
            launcher.command_line(one, here),
            {**launcher.metric_paths(one), **launcher.objects(one)},
        )
        for one in first_trials(study, count)
    ]


def first_trials(study: Prepared, count: int) -> Iterator[Trial]:
    """Give the first trials of a new study; see `previewed`."""
    spec = study.spec
    problem = problem_of(spec, spec.seed or 0, spec.limits.max_trials)
    proposer = make_proposer(spec.algorithm, problem).proposer
    history = list(study.known)
    for number in range(min(count, spec.limits.max_trials)):
        proposal = proposer.propose(number, history)
        if not isinstance(proposal, Proposal):
            return
        params, proposed = proposal.params, proposal.proposed
        planned = TrialState.PLANNED
        history.append(Told(trial_id=number, params=params, state=planned, proposed=proposed))
        stage = _stage(spec, number, proposal)
        yield Trial(id=number, params=params, stage=stage, proposed=proposed)


def _stage(spec: StudySpec, number: int, proposal: Proposal) -> Stage:
    """Return how far a trial would train first."""
    if proposal.budget is not None:
        return Stage(budget=proposal.budget, previous_budget=proposal.previous_budget)
    if spec.ladder:
        return Stage(budget=spec.ladder.start(number))
    return Stage(budget=spec.budget.min if spec.budget else None)
