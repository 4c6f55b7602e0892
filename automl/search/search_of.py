"""What searches have in common: no combination twice, the user's first, small spaces walked."""

from automl.search.learnt.growing import MakeSampler
from automl.search.learnt.proposer import GivenFirst, LearntProposer
from automl.search.own.walk import ShuffledWalk
from automl.search.problem import Problem, Recipe, Search
from automl.search.sampler import Proposer
from automl.search.start import StartWith, checked
from automl.search.unseen import ASKS, Unseen


def or_walk(make: Recipe) -> Recipe:
    """Return a recipe that walks the space where the limit covers it."""

    def make_either(problem: Problem) -> Search:
        search = make(problem)
        size = problem.space.size
        if size is None or size > problem.max_trials:
            return search
        note = (
            f"search: {problem.max_trials} trials cover all {size} combinations, so each is tried "
            "once, in random order"
        )
        return search_of(problem, _walk, asks=None, aside=False, note=note)

    return make_either


def _walk(problem: Problem) -> ShuffledWalk:
    return ShuffledWalk(problem.space, problem.seed)


def search_of(
    problem: Problem,
    make: MakeSampler,
    *,
    asks: int | None = ASKS,
    aside: bool = True,
    note: str = "",
) -> Search:
    """Return what proposes trials by a sampler, the user's own first and none twice.

    Args:
        problem: what the search is made for.
        make: makes what gives values; where the space is learnt, anew whenever it has grown.
        asks: how often it is asked for a combination that was not tried, None for no end.
        aside: whether an answer may take long.
        note: what was chosen and why, empty if the user chose.
    """
    if problem.space.learnt:
        learnt = LearntProposer(problem, make, asks or ASKS)
        return Search(proposer=GivenFirst(problem.start_with, learnt), aside=aside, note=note)
    proposer: Proposer = Unseen(make(problem), problem.space, problem.seed, asks)
    first = checked(problem.space, problem.start_with)
    if first:
        proposer = StartWith(first, proposer)
    return Search(proposer=proposer, aside=aside, note=note)
