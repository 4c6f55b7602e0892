"""The combinations that the user wants to see tried first."""

from collections.abc import Mapping, Sequence

from automl.errors import SpecError
from automl.search.sampler import Answer, Proposal, Proposer, Told
from automl.search.unread import Unread
from automl.space.cells import is_missing, read_back
from automl.space.parameter import named, value_in
from automl.space.parameters import Parameter, ParamValue
from automl.space.space import Params, SearchSpace, combination_key
from automl.space.values import json_value


def checked(space: SearchSpace, start_with: Sequence[Params]) -> tuple[dict[str, ParamValue], ...]:
    """Return the given combinations in the order of the space, with constants, none twice.

    A whole number is taken for a real one where the parameter is real, and the other way round, as
    a row of a table may hold one for the other. So does it hold NaN for what is off, which is left
    out. Constants may be left out.

    Raises:
        SpecError: one is no combination of the space; the message says which and why. Where the
            space is learnt while the study runs, any values are: they are fixed.
    """
    checked: dict[str, dict[str, ParamValue]] = {}
    for place, given in enumerate(start_with):
        if not isinstance(given, Mapping):
            raise SpecError(
                f"start_with[{place}] = {given!r} is no combination; give a dict of values by "
                "parameter name"
            )
        if space.learnt:
            fixed = {name: json_value(str(name), "is", one) for name, one in given.items()}
            checked.setdefault(combination_key(fixed), fixed)
            continue
        kept = _without_gaps(space, given)
        params = _completed(space, kept)
        differs = {name: kept[name] for name in kept if kept[name] != params.get(name, params)}
        problem = space.problem({**params, **differs})
        if problem:
            raise SpecError(
                f"start_with[{place}] = {dict(given)!r} is not in the search space: {problem}"
            )
        checked.setdefault(combination_key(params), params)
    return tuple(checked.values())


class StartWith:
    """Proposes the given combinations first, each once, then leaves the word to another.

    Which of them were tried follows from the history, so that a restart goes on with the rest.

    Args:
        first: the combinations, as `checked` returns them.
        then: what proposes after them; it must not repeat what was planned.
    """

    def __init__(self, first: Sequence[dict[str, ParamValue]], then: Proposer) -> None:
        self._waiting = {combination_key(params): params for params in first}
        self._then = then
        self._unread = Unread()

    def propose(self, trial_id: int, history: Sequence[Told]) -> Answer:
        """Return the first of the given combinations that was not planned, then the other's."""
        if self._waiting:
            for told in self._unread.of(history):
                if told.trial_id >= 0:
                    self._waiting.pop(combination_key(told.params), None)
        if not self._waiting:
            return self._then.propose(trial_id, history)
        return Proposal(params=dict(next(iter(self._waiting.values()))))


def _without_gaps(space: SearchSpace, given: Params) -> dict[str, ParamValue]:
    """Return the values without the empty cells of a table; what a parameter may be is none."""
    values: set[str] = set()
    for one in space:
        if given.keys() >= set(one.names) and one.contains(value_in(one, given)):
            values.update(one.names)
    return {name: value for name, value in given.items() if name in values or not is_missing(value)}


def _completed(space: SearchSpace, given: Params) -> dict[str, ParamValue]:
    """Return `given` in the order of the space, with constants; as it is if it does not fit."""

    def choose(parameter: Parameter) -> ParamValue:
        value = value_in(parameter, given)
        if parameter.contains(value):
            return value
        cells = list(named(parameter, value).values())
        if any(isinstance(cell, str) for cell in cells):
            raise KeyError(parameter.name)
        try:
            return read_back(parameter, cells)
        except ValueError:
            raise KeyError(parameter.name) from None

    try:
        return space.assemble(choose)
    except KeyError:
        return {
            **{one.name: one.value_at(0) for one in space if not (one.searched or one.when)},
            **given,
        }
