"""The distributions of Optuna in JSON, as `distribution_to_json` writes them, by name."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from automl.studies.foreign import distributions as of
from automl.studies.foreign.distributions import Distribution
from automl.studies.foreign.entry import Entry, entry_of, unknown
from automl.studies.foreign.parameters import Parameters, placed
from automl.studies.foreign.space import Beside, Converted
from automl.studies.given.place import inside

_SUFFIX = "Distribution"


class OptunaSpace:
    """`{"lr": {"name": "FloatDistribution", "attributes": {"low": 1e-5, "high": 0.1, ...}}}`."""

    title = "distributions of Optuna in JSON"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether some value is called a distribution."""
        return isinstance(data, dict) and any(
            str(_plain(one).get("name", "")).endswith(_SUFFIX) for one in data.values()
        )

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; it does not say by what trials are ranked."""
        del beside
        parameters = Parameters()
        for name, value in entry_of(data).data.items():
            place = inside("", name)
            entry = entry_of(_plain(value), place)
            kind = entry.text("name")
            if kind not in TYPES:
                entry.fail(unknown("name", kind, TYPES), "name")
            with placed(place):
                made = TYPES[kind](entry.below("attributes", {}))
            parameters.add(name, made, place)
        return Converted(
            study={"hyperparams": parameters.described},
            notes=tuple(parameters.notes),
            arguments=parameters.options(),
        )


def _plain(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever a file holds
    """Return a distribution, which may be a text of JSON within JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, Mapping) else {}


def _float(entry: Entry) -> Distribution:
    low, high = entry.number("low"), entry.number("high")
    step = entry.number(entry.one_of("step", "q"), None)
    if step is not None:
        return of.stepped(low, high, step)
    return of.real(low, high, log=bool(entry.get("log", default=False)))


def _log_float(entry: Entry) -> Distribution:
    return of.real(entry.number("low"), entry.number("high"), log=True)


def _int(entry: Entry) -> Distribution:
    log, step = bool(entry.get("log", default=False)), entry.whole("step", 1)
    return of.integer(entry.whole("low"), entry.whole("high"), log=log, step=step)


def _log_int(entry: Entry) -> Distribution:
    return of.integer(entry.whole("low"), entry.whole("high"), log=True)


def _categorical(entry: Entry) -> Distribution:
    return of.listed(entry.listed("choices"))


TYPES: dict[str, Callable[[Entry], Distribution]] = {
    "FloatDistribution": _float,
    "IntDistribution": _int,
    "CategoricalDistribution": _categorical,
    "UniformDistribution": _float,
    "LogUniformDistribution": _log_float,
    "DiscreteUniformDistribution": _float,
    "IntUniformDistribution": _int,
    "IntLogUniformDistribution": _log_int,
}
"""Those of all releases, each with what makes a parameter of it."""
