"""How much of a space its rules and steps leave, checked before a study starts."""

from automl.errors import SpecError
from automl.space.kinds.numeric import Integer, Real
from automl.space.rules import broken
from automl.space.space import SearchSpace
from automl.spelling.spelling import spelled

LEAST_SHARE = 0.01
"""A smaller part of the space than this, left by the rules, is worth a warning."""

MOST_DRAWS = 10_000
"""After so many draws without an allowed one, the rules count as allowing nothing."""


def check_rules(space: SearchSpace) -> str | None:
    """Return a warning if the rules of a space leave little of it, None if there is none to give.

    1,000 draws are tried, and 10,000 if none of these is allowed and the space cannot be counted.

    Raises:
        SpecError: the rules allow nothing, or a condition cannot be computed for some values.
    """
    _check_computable(space)
    if not space.rules:
        return None
    share = allowed_share(space)
    if not share and space.size is None:
        share = allowed_share(space, MOST_DRAWS)
    if not (share if space.size is None else space.size):
        none = (
            "no combination" if space.size is not None else f"none of {MOST_DRAWS:,} random draws"
        )
        raise SpecError(
            f"{_spelled_rules(space)} allow {none}{_example(space)}; loosen or correct a rule"
        )
    if share >= LEAST_SHARE:
        return None
    left = f"{share:.2%} of the random combinations" if share else f"{space.size} combinations"
    return (
        f"{_spelled_rules(space)} allow only {left}: most of what an algorithm proposes is "
        "refused. Parameters that keep the rules by themselves are searched better, for example "
        "a total and a share in place of two numbers whose sum is limited"
    )


def _spelled_rules(space: SearchSpace) -> str:
    return spelled("rules", list(space.rules))


def check_steps(space: SearchSpace) -> None:
    """Raise SpecError for a range of which only the lowest value is in reach.

    It is checked here, as studies of earlier releases may have one and must stay readable.
    """
    for one in space:
        if not isinstance(one, Integer | Real) or one.step is None or one.count != 1:
            continue
        if one.max_value > one.min_value:
            raise SpecError(
                f"parameter {one.name!r}: {spelled('step', one.step)} is larger than the range "
                f"from "
                f"{one.min_value} to {one.max_value}, so it would always be {one.min_value}; give "
                f"a step of at most {one.max_value - one.min_value:.6g}, or "
                f"{spelled('type', 'Constant')}"
            )


def allowed_share(space: SearchSpace, draws: int = 1000) -> float:
    """Return which share of so many random combinations the rules of a space allow, 0 to 1."""
    if not space.rules:
        return 1.0
    return sum(map(space.allows, space.draws(draws))) / draws


def _check_computable(space: SearchSpace) -> None:
    formulas = [one for axis in space if axis.when for one in axis.when.formulas]
    if not formulas:
        return
    for params in space.draws(_DRAWS):
        for formula in formulas:
            if all(name in params for name in formula.names):
                formula.evaluate(params)


def _example(space: SearchSpace) -> str:
    """Return what stands against the first of the draws."""
    for params in space.draws(1):
        found = [line for rule in space.read_rules if (line := broken(rule, params))]
        if found:
            return f" (for example, {found[0]})"
    return ""


_DRAWS = 1000
