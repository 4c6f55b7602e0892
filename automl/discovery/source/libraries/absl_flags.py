"""Flags of absl, and of TensorFlow, which has the same."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from automl.discovery.option import MISSING, Kind, Option
from automl.discovery.source.evaluation.calls import Call, Thing
from automl.discovery.source.evaluation.definitions import Class
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import UNKNOWN, Value
from automl.discovery.source.libraries.command import Command
from automl.discovery.source.libraries.kinds import (
    Taken,
    choices_of,
    one_line,
    plain_of,
    taken_by_members,
    with_taken,
)
from automl.space.numbers import is_number

_KINDS = {
    "float": Kind.FLOAT,
    "integer": Kind.INTEGER,
    "string": Kind.TEXT,
    "list": Kind.TEXT,
    "spaceseplist": Kind.TEXT,
    "multi_float": Kind.FLOAT,
    "multi_integer": Kind.INTEGER,
    "multi_string": Kind.TEXT,
}
_MODULES = (
    "absl.flags",
    "tensorflow.app.flags",
    "tensorflow.flags",
    "tensorflow.compat.v1.flags",
    "tensorflow.compat.v1.app.flags",
    "tensorflow.python.platform.flags",
    "gflags",
)


class Flags(Thing):
    """All flags of a program: they are defined one by one, in any of its modules."""

    library = "absl"

    def __init__(self) -> None:
        self.read = True
        self._options: list[Option] = []

    def command(self) -> Command:
        """Return all flags."""
        return Command(list(self._options))

    def functions(self) -> Mapping[str, Callable[[Call], Value]]:
        """Return what defines flags, by dotted name."""
        own: dict[str, Callable[[Call], Value]] = {
            **{f"DEFINE_{name}": self._defining(kind) for name, kind in _KINDS.items()},
            "DEFINE_bool": self._flag,
            "DEFINE_boolean": self._flag,
            "DEFINE_enum": self._enum,
            "DEFINE_enum_class": self._enum_class,
            "mark_flag_as_required": self._require,
            "mark_flags_as_required": self._require,
        }
        return {f"{module}.{name}": one for module in _MODULES for name, one in own.items()}

    def _defining(self, kind: Kind) -> Callable[[Call], Value]:
        def define(call: Call) -> Value:
            low, high = call.keywords.get("lower_bound"), call.keywords.get("upper_bound")
            taken = Taken(
                kind,
                low=low if is_number(low) else None,
                high=high if is_number(high) else None,
            )
            return self._define(call, taken, call.given("help", 2))

        return define

    def _define(self, call: Call, taken: Taken, help_text: Value) -> Value:
        name, default = call.given("name", 0), call.given("default", 1)
        if not isinstance(name, str):
            call.evaluation.doubt(f"{call.place} defines a flag whose name only a run tells")
            return UNKNOWN
        short = call.keywords.get("short_name")
        found = plain_of(default)
        if taken.kind is Kind.TEXT and isinstance(found, list):
            found = ",".join(map(str, found))
        several = isinstance(found, list)
        option = Option(
            (f"--{name}", f"-{short}") if isinstance(short, str) else (f"--{name}",),
            Kind.UNKNOWN,
            MISSING if call.keywords.get("required") is True else found,
            many=several,
            required=call.keywords.get("required") is True,
            help=one_line(help_text),
            place=f"{call.place}",
        )
        self._options = [one for one in self._options if one.names[0] != option.names[0]]
        self._options.append(with_taken(option, taken))
        call.evaluation.keep(self)
        return UNKNOWN

    def _flag(self, call: Call) -> Value:
        self._define(call, Taken(), call.given("help", 2))
        if self._options and isinstance(name := call.given("name", 0), str):
            last = self._options[-1]
            does = last.default is True
            self._options[-1] = replace(last, kind=Kind.FLAG, negative=f"--no{name}", default=does)
        return UNKNOWN

    def _enum(self, call: Call) -> Value:
        choices = choices_of(items_of(call.given("enum_values", 2)) or ())
        return self._define(call, Taken(Kind.CHOICE, choices), call.given("help", 3))

    def _enum_class(self, call: Call) -> Value:
        of = call.given("enum_class", 2)
        taken = taken_by_members(of, names=True) if isinstance(of, Class) else None
        return self._define(call, taken or Taken(), call.given("help", 3))

    def _require(self, call: Call) -> Value:
        given = call.given("flag_name", 0, call.keywords.get("flag_names"))
        names = [given] if isinstance(given, str) else items_of(given) or []
        wanted = {f"--{name}" for name in names}
        self._options = [
            replace(one, required=True, default=MISSING) if one.names[0] in wanted else one
            for one in self._options
        ]
        return UNKNOWN
