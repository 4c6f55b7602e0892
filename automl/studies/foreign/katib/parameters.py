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
    low, high, step = space.whole("min"), space.whole("max"), space.whole("step", 1)
    made = of.integer(low, high, log=_by_log(named, low), step=step)
    return made.noting(*_no_bell(named))


def _real(space: Entry, named: str) -> Distribution:
    low, high = space.number("min"), space.number("max")
    step, log = space.number("step", None), _by_log(named, low)
    made = of.real(low, high, log=log) if step is None else of.stepped(low, high, step, log=log)
    return made.noting(*_no_bell(named))


def _by_log(named: str, low: float) -> bool:
    return named == "logUniform" or (named == "logNormal" and low > 0)


def _no_bell(named: str) -> list[str]:
    """Return the note on what no parameter is: a bell that is cut at any bounds."""
    if named not in {"normal", "logNormal"}:
        return []
    alike = "as likely over orders of magnitude" if named == "logNormal" else "as likely"
    return [f"{named} between two bounds has no counterpart: all values are {alike}"]
