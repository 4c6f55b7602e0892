"""A config of Hydra with `hydra.sweeper.params`, of the basic sweeper and those of plugins."""

from collections.abc import Mapping
from typing import Any

from automl.studies.foreign import distributions as of
from automl.studies.foreign.counted import combinations
from automl.studies.foreign.entry import Entry, entry_of, unknown
from automl.studies.foreign.hydra.overrides import distribution_of
from automl.studies.foreign.parameters import Parameters, placed_here
from automl.studies.foreign.renamed import Renamed, left_out
from automl.studies.foreign.space import Argument, Beside, Converted
from automl.studies.given.place import inside

_SAMPLERS = {
    "TPESampler": Renamed("tpe"),
    "RandomSampler": Renamed("random"),
    "GridSampler": Renamed("grid"),
    "CmaEsSampler": Renamed("cmaes"),
    "NSGAIISampler": Renamed("evolution"),
    "QMCSampler": Renamed("sobol"),
}
_TYPES = ("float", "int", "categorical")
_NO_COUNTERPART = ("storage", "optim", "ax_config", "custom_search_space", "max_failure_rate")


class HydraSweeper:
    """`hydra: {sweeper: {params: {db.timeout: "5,10", lr: "interval(0, 1)"}}}`."""

    title = "a config of Hydra with hydra.sweeper.params"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether there is a sweeper with parameters."""
        return _sweeper(data) is not None

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; the command gets the values as overrides."""
        del beside
        sweeper = _sweeper(data) or entry_of(data).below("hydra").below("sweeper")
        parameters = Parameters()
        _add_params(sweeper, parameters)
        _add_search_space(sweeper, parameters)
        notes = parameters.notes
        study: dict[str, Any] = {"hyperparams": parameters.described}
        _add_metric(data, sweeper, study)
        _add_keywords(sweeper, study, notes)
        overrides = Argument(tuple(parameters.names), ("{{ trial.overrides }}",))
        return Converted(study=study, notes=tuple(notes), arguments=(overrides, _FOLDER))


_FOLDER = Argument((), ("hydra.run.dir='{{ trial.dir }}/hydra'",))
"""Trials that begin in the same second would share the folder that Hydra names by the time."""


def _sweeper(data: Any) -> Entry | None:  # noqa: ANN401 - whatever a file holds
    """Return the part of a config that describes the sweep: of the whole, or of its group."""
    if not isinstance(data, Mapping):
        return None
    place, found = "", data
    if isinstance(data.get("hydra"), Mapping):
        place, found = "hydra.sweeper", data["hydra"].get("sweeper")
    elif isinstance(data.get("hydra.sweeper.params"), Mapping):
        place, found = "", {"params": data["hydra.sweeper.params"]}
    elif "Sweeper" not in str(data.get("_target_", "")):
        return None
    if not isinstance(found, Mapping) or not found.keys() & {"params", "search_space"}:
        return None
    return Entry(found, place)


def _add_params(sweeper: Entry, parameters: Parameters) -> None:
    params = sweeper.below("params", {})
    for name, value in params.data.items():
        place = inside(params.place, name)
        if name.startswith("~"):
            params.fail("a key that is deleted has no values; take it out", name)
        if isinstance(value, Mapping) and value.get("type") in _TYPES:
            _add_described(params.below(name), name, parameters)
            continue
        with placed_here(place):
            made = distribution_of(value) if isinstance(value, str) else of.constant(value)
            if made is not None:
                parameters.add(name, made, place)
                continue
        found = left_out(f"{name}: {value}, which only Hydra can list,")
        parameters.notes.append(f"{found}; write the choices, as in {name}: a,b")


def _add_search_space(sweeper: Entry, parameters: Parameters) -> None:
    """Take in what the Optuna sweeper had before `params`."""
    space = sweeper.below("search_space", {})
    for name in space.data:
        _add_described(space.below(name), name, parameters)


def _add_described(one: Entry, name: str, parameters: Parameters) -> None:
    """Take in a parameter that is described by type, bounds and choices."""
    kind = one.choice("type", _TYPES)
    log = bool(one.get("log", default=False))
    with placed_here(one.place):
        if kind == "categorical":
            made = of.listed(one.listed("choices"))
        elif kind == "int":
            made = of.integer(
                one.whole("low"), one.whole("high"), log=log, step=one.whole("step", 1)
            )
        elif one.get("step", None) is not None:
            made = of.stepped(one.number("low"), one.number("high"), one.number("step"))
        else:
            made = of.real(one.number("low"), one.number("high"), log=log)
        parameters.add(name, made, one.place)


def _add_keywords(sweeper: Entry, study: dict[str, Any], notes: list[str]) -> None:
    sweeper = _without_references(sweeper, notes)
    named = {"n_trials": "max_trial_num", "n_jobs": "max_parallel"}
    for key, keyword in named.items():
        if (count := sweeper.whole(key, None)) is not None:
            study[keyword] = count
    if name := sweeper.text("study_name", None):
        study["name"] = name
    if (direction := sweeper.get("direction", None)) is not None and not study.get("objectives"):
        given = direction if isinstance(direction, list) else [direction]
        options = " ".join(f"--{one} NAME" for one in given)
        notes.append(f"direction: Hydra does not name the metric; give {options}")
    if sweeper.data.get("sampler") is not None:
        _add_sampler(_without_references(sweeper.below("sampler"), notes), study)
    elif "n_trials" not in study and not sweeper.data.keys() & {"_target_", *_NO_COUNTERPART}:
        _add_grid(study)
    notes += [left_out(f"{sweeper.place}.{key}") for key in _NO_COUNTERPART if key in sweeper.data]


def _without_references(entry: Entry, notes: list[str]) -> Entry:
    """Return a part without what refers to elsewhere, such as `${seed}`: only Hydra follows it."""
    referring = {
        key: value for key, value in entry.data.items() if isinstance(value, str) and "${" in value
    }
    notes += [left_out(f"{entry.place}.{key}: {value}") for key, value in referring.items()]
    return Entry({key: one for key, one in entry.data.items() if key not in referring}, entry.place)


def _add_metric(data: Any, sweeper: Entry, study: dict[str, Any]) -> None:  # noqa: ANN401 - whatever a file holds
    """Take in the metric where a config names it, as many templates of projects do."""
    metric, direction = data.get("optimized_metric"), sweeper.data.get("direction")
    if isinstance(metric, str) and "${" not in metric and direction in {"minimize", "maximize"}:
        study["objectives"] = [{"metric": metric, "direction": direction}]


def _add_sampler(sampler: Entry, study: dict[str, Any]) -> None:
    kind = sampler.text("_target_", "").rpartition(".")[2]
    if kind and kind not in _SAMPLERS:
        sampler.fail(unknown("the sampler", kind, _SAMPLERS), "_target_")
    if kind:
        study["algorithm"] = _SAMPLERS[kind].ours
    if (seed := sampler.whole("seed", None)) is not None:
        study["seed"] = seed


def _add_grid(study: dict[str, Any]) -> None:
    """Walk all combinations, as the basic sweeper does."""
    count = combinations(study["hyperparams"])
    if count is not None:
        study |= {"algorithm": "grid", "max_trial_num": count}
