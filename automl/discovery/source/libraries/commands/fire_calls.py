"""fire: options of the parameters of functions, and of the methods of classes."""

from collections.abc import Callable, Mapping

from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.definitions import Bound, Class, Function, Instance
from automl.discovery.source.evaluation.objects.enumerations import order_of
from automl.discovery.source.evaluation.values import UNKNOWN, Value
from automl.discovery.source.libraries.command import Command
from automl.discovery.source.libraries.fields.dataclass_options import options_of
from automl.discovery.source.libraries.fields.lines import FieldsLine
from automl.discovery.source.libraries.fields.styles import FIRE


def _fire(call: Call) -> Value:
    of = call.given("component", 0)
    command = _command(of, call)
    if command is None:
        call.evaluation.doubt(
            f"{call.place} makes options of something that only a run tells, so they are not known"
        )
        return UNKNOWN
    call.evaluation.keep(FieldsLine(FIRE.library, command))
    call.evaluation.parsed()
    return UNKNOWN


def _command(of: Value, call: Call) -> Command | None:
    if isinstance(of, Bound):
        return Command(list(options_of(of.function, FIRE, call.evaluation))[1:])
    if isinstance(of, Function):
        return Command(list(options_of(of, FIRE, call.evaluation)))
    if isinstance(of, dict):
        return Command((), _all({str(name): one for name, one in of.items()}, call))
    own = of.of if isinstance(of, Instance) else of
    if not isinstance(own, Class):
        return None
    begin = list(options_of(own, FIRE, call.evaluation)) if isinstance(of, Class) else []
    return Command(begin, _all(_methods(own), call))


def _methods(of: Class) -> dict[str, Value]:
    return {
        name: Bound(value, of)
        for one in reversed(order_of(of))
        for name, value in one.scope.names.items()
        if isinstance(value, Function) and not name.startswith("_")
    }


def _all(named: Mapping[str, Value], call: Call) -> dict[str, Command]:
    found = {name: _command(one, call) for name, one in named.items()}
    return {name: one for name, one in found.items() if one is not None}


FIRE_CALLS: Mapping[str, Callable[[Call], Value]] = {"fire.Fire": _fire, "fire.core.Fire": _fire}
"""By dotted name."""
