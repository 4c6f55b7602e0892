"""The spaces of LibCity and Ray Tune in JSON: a name to a type and its numbers."""

from collections.abc import Callable
from typing import Any

from automl.studies.foreign import distributions as of
from automl.studies.foreign.counted import combinations
from automl.studies.foreign.distributions import Distribution
from automl.studies.foreign.entry import Entry, entry_of, unknown
from automl.studies.foreign.parameters import Parameters, placed
from automl.studies.foreign.space import Argument, Beside, Converted
from automl.studies.given.place import inside

METRIC = "val_loss"
"""The metric by which LibCity ranks: the loss on the validation set, as its programs print it."""


class RaySpace:
    """`{"lr": {"type": "loguniform", "lower": 1e-4, "upper": 0.1}}`."""

    title = "a space of LibCity or Ray Tune in JSON"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether some values have a type and all others are plain."""
        if not isinstance(data, dict):
            return False
        described = [one for one in data.values() if isinstance(one, dict)]
        return bool(described) and all("type" in one and "name" not in one for one in described)

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; what has no type is the same in every trial."""
        del beside
        whole = entry_of(data)
        parameters = Parameters()
        walked: list[str] = []
        for name, value in whole.data.items():
            place = inside("", name)
            if not isinstance(value, dict):
                parameters.add(name, of.constant(value), place)
                continue
            entry = Entry(value, place)
            kind = entry.text("type")
            if kind not in TYPES:
                entry.fail(unknown("type", kind, TYPES), "type")
            with placed(place):
                parameters.add(name, TYPES[kind](entry), place)
            walked += [name] if kind == "grid_search" else []
        return Converted(
            study={
                "hyperparams": parameters.described,
                **ranked(),
                **_grid(whole, walked, parameters.described),
            },
            notes=(*parameters.notes, *_notes(whole, walked)),
            ranked_notes=(RANKED_NOTE,),
            arguments=parameters.options(),
            instead=config_file(parameters),
        )


def config_file(parameters: Parameters) -> Argument:
    """Return how a program of LibCity is told values that are none of its options."""
    words = ("--config_file", "{{ trial.params_file | relative | without_extension }}")
    return Argument(tuple(parameters.names), words)


RANKED_NOTE = (
    f"trials are ranked by {METRIC}, the smallest first, as LibCity does; --minimize NAME or "
    "--maximize NAME says otherwise"
)


def ranked() -> dict[str, Any]:
    """Return by what LibCity ranks, as keywords of a study."""
    return {"objectives": [{"metric": METRIC, "direction": "minimize"}]}


def _grid(whole: Entry, walked: list[str], described: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how many combinations are walked where there is nothing but lists to walk."""
    if not walked or len(walked) < len(_typed(whole)):
        return {}
    count = combinations(described)
    return {"algorithm": "grid"} | ({} if count is None else {"max_trial_num": count})


def _typed(whole: Entry) -> list[str]:
    return [name for name, value in whole.data.items() if isinstance(value, dict)]


def _notes(whole: Entry, walked: list[str]) -> list[str]:
    if not walked or len(walked) == len(_typed(whole)):
        return []
    note = "only a space of nothing but grid_search is walked combination by combination"
    return [f"{', '.join(walked)}: grid_search is one of a list like the others; {note}"]


def _uniform(entry: Entry) -> Distribution:
    return of.real(entry.number("lower"), entry.number("upper"))


def _loguniform(entry: Entry) -> Distribution:
    return of.real(entry.number("lower"), entry.number("upper"), log=True)


def _quniform(entry: Entry) -> Distribution:
    return of.quantized(*_bounds_and_step(entry))


def _qloguniform(entry: Entry) -> Distribution:
    return of.quantized(*_bounds_and_step(entry), log=True)


def _bounds_and_step(entry: Entry) -> tuple[float, float, float]:
    return entry.number("lower"), entry.number("upper"), entry.number("q")


def _randint(entry: Entry) -> Distribution:
    return of.below(entry.whole("lower", 0), entry.whole("upper"))


def _lograndint(entry: Entry) -> Distribution:
    return of.below(entry.whole("lower"), entry.whole("upper"), log=True)


def _qrandint(entry: Entry) -> Distribution:
    # Ray includes the upper bound here, though not for randint.
    return of.rounded(entry.whole("lower"), entry.whole("upper"), entry.whole("q", 1))


def _qlograndint(entry: Entry) -> Distribution:
    return of.rounded(entry.whole("lower"), entry.whole("upper"), entry.whole("q", 1), log=True)


def _randn(entry: Entry) -> Distribution:
    return of.bell(entry.number("mean", 0.0), entry.number(entry.one_of("sd", "std"), 1.0))


def _qrandn(entry: Entry) -> Distribution:
    return of.bell(
        entry.number("mean", 0.0),
        entry.number(entry.one_of("sd", "std"), 1.0),
        entry.number("q"),
    )


def _choice(entry: Entry) -> Distribution:
    return of.listed(entry.listed(entry.one_of("list", "categories", "values")))


TYPES: dict[str, Callable[[Entry], Distribution]] = {
    "uniform": _uniform,
    "quniform": _quniform,
    "loguniform": _loguniform,
    "qloguniform": _qloguniform,
    "randint": _randint,
    "qrandint": _qrandint,
    "lograndint": _lograndint,
    "qlograndint": _qlograndint,
    "randn": _randn,
    "qrandn": _qrandn,
    "choice": _choice,
    "grid_search": _choice,
}
"""Each type with what makes a parameter of it."""
