"""The parameters of an experiment: a type, and the space that is feasible."""

from automl.studies.foreign import distributions as of
from automl.studies.foreign.distributions import Distribution
from automl.studies.foreign.entry import Entry, number_in

TYPES = ("double", "int", "categorical", "discrete")
_DISTRIBUTIONS = ("uniform", "logUniform", "normal", "logNormal")


def distribution_of(entry: Entry) -> Distribution:
    """Return what a parameter becomes; Katib writes numbers as texts.

    Raises:
        SpecError: it is not as Katib has it.
    """
    kind = entry.choice(entry.one_of("parameterType", "parametertype"), TYPES)
    space = entry.below(entry.one_of("feasibleSpace", "feasible"))
    space.refuse_others(("min", "max", "step", "list", "distribution"))
    if kind == "categorical":
        return of.listed([str(one) for one in space.listed("list")])
    if kind == "discrete":
        return of.listed(_numbers(space))
    named = space.choice("distribution", _DISTRIBUTIONS, "uniform")
    make = _whole if kind == "int" else _real
    return make(space, named)


def _numbers(space: Entry) -> list[int | float]:
    numbers = []
    for one in space.listed("list"):
        number = number_in(one)
        if number is None:
            space.fail(f"discrete values must be numbers, got {one!r}", "list")
        numbers.append(number)
    return numbers


def _whole(space: Entry, named: str) -> Distribution:
    low, high = space.whole("min"), space.whole("max")
    if named in {"normal", "logNormal"}:
        return of.integer(low, high).noting(_no_bell(named))
    step = space.whole("step", 1)
    return of.integer(low, high, log=named == "logUniform", step=step)


def _real(space: Entry, named: str) -> Distribution:
    low, high = space.number("min"), space.number("max")
    step = space.number("step", None)
    if named in {"normal", "logNormal"}:
        return of.real(low, high).noting(_no_bell(named))
    log = named == "logUniform"
    return of.real(low, high, log=log) if step is None else of.stepped(low, high, step, log=log)


def _no_bell(named: str) -> str:
    return f"{named} between two bounds has no counterpart: all values are as likely"
