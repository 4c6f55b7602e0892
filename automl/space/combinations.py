"""Going through the combinations of countable parameters in grid order."""

from collections.abc import Iterator, Sequence

from automl.space.expression import Expression
from automl.space.parameter import Parameter, named
from automl.space.rules import holds
from automl.space.values import ParamValue


def numbered(
    parameters: Sequence[Parameter], rules: Sequence[Expression]
) -> Iterator[tuple[int, dict[str, ParamValue]] | None]:
    """Return each allowed combination with its number, the last parameter turning fastest.

    A parameter that is not in use has no values to go through. A rule is asked as soon as the
    last of its parameters has a value, so that what it forbids is not gone through further.

    Args:
        parameters: the parameters, all countable.
        rules: what must hold.

    Yields:
        The number of a combination in the product of all parameters, those not in use counted as
        at their first value, and its values; or None for each dead end at a rule, so that a
        caller can limit how long it looks.
    """
    due = _due(parameters, rules)

    def below(
        place: int, number: int, params: dict[str, ParamValue]
    ) -> Iterator[tuple[int, dict[str, ParamValue]] | None]:
        if place == len(parameters):
            yield number, params
            return
        parameter = parameters[place]
        count = parameter.count or 0
        number *= count
        if parameter.when is not None and not parameter.when.holds(params):
            yield from below(place + 1, number, params)
            return
        for index in range(count):
            longer = params | named(parameter, parameter.value_at(index))
            if all(holds(rule, longer) for rule in due[place]):
                yield from below(place + 1, number + index, longer)
            else:
                yield None

    return below(0, 0, {})


def _due(parameters: Sequence[Parameter], rules: Sequence[Expression]) -> list[list[Expression]]:
    """Return for each parameter the rules that can be asked once it has a value."""
    places = {name: place for place, one in enumerate(parameters) for name in one.names}
    due: list[list[Expression]] = [[] for _ in parameters]
    for rule in rules:
        due[max(places[name] for name in rule.names)].append(rule)
    return due
