"""What Orion searches: a command line with marks, or a space in the config of an experiment."""

from collections.abc import Iterator, Mapping
from typing import Any

from automl.studies.foreign.entry import Entry, entry_of
from automl.studies.foreign.orion.config import has_marks, of_config
from automl.studies.foreign.orion.line import is_line, of_line
from automl.studies.foreign.orion.priors import is_prior
from automl.studies.foreign.orion.priors_found import NAMELESS, Priors
from automl.studies.foreign.renamed import Renamed, ignored, left_out
from automl.studies.foreign.space import Beside, Converted

_ALGORITHMS = {
    "random": Renamed("random"),
    "tpe": Renamed("tpe"),
    "gridsearch": Renamed("grid"),
    "grid_search": Renamed("grid"),
    "hyperband": Renamed("random", "a fidelity is a budget: the best trials go on"),
    "asha": Renamed("random", "a fidelity is a budget: the best trials go on"),
    "bohb": Renamed("tpe", "a fidelity is a budget: the best trials go on"),
    "evolutiones": Renamed("evolution"),
    "pbt": Renamed("pbt", "its members continue from {{ trial.checkpoint_dir }}"),
}
_KNOWN = {"name", "space", "max_trials", "algorithm", "algorithms", "n_workers", "max_broken"}


class OrionSpace:
    """`./train.py --lr~'loguniform(1e-5, 1.0)'`, or `space: {lr: "loguniform(1e-5, 1.0)"}`."""

    title = "a command line or config with Orion's marks, or an experiment of Orion"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether there are priors as Orion writes them."""
        if isinstance(data, str):
            return is_line(data)
        return _experiment(data) is not None or has_marks(data)

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; Orion minimizes, and does not name the metric."""
        del beside
        if isinstance(data, str):
            return of_line(data)
        if has_marks(data):
            return of_config(data)
        found = _experiment(data)
        return _of_experiment(found if found is not None else entry_of(data))


def _experiment(data: Any) -> Entry | None:  # noqa: ANN401 - whatever a file holds
    """Return the part of a config that has a space."""
    if not isinstance(data, Mapping):
        return None
    for place, found in (("", data), ("experiment", data.get("experiment"))):
        if not isinstance(found, Mapping):
            continue
        space = found.get("space")
        if isinstance(space, Mapping) and any(is_prior(one) for one in _texts(space)):
            return Entry(found, place)
    return None


def _texts(space: Mapping[str, Any]) -> Iterator[str]:
    for one in space.values():
        yield from _texts(one) if isinstance(one, Mapping) else [str(one).removeprefix("~")]


def _of_experiment(experiment: Entry) -> Converted:
    priors = Priors()
    _add_below(experiment.below("space"), priors, "")
    notes = priors.notes()
    study = priors.keywords()
    if name := experiment.text("name", None):
        study["name"] = name
    for key, keyword in (("max_trials", "max_trial_num"), ("n_workers", "max_parallel")):
        if (count := experiment.whole(key, None)) is not None:
            study[keyword] = count
    if (count := experiment.whole("max_broken", None)) is not None:
        study["fail_fast"] = count
    key = experiment.one_of("algorithm", "algorithms")
    if experiment.data.get(key) is not None:
        _add_algorithm(experiment, key, study, notes)
    notes += ignored(experiment, _KNOWN)
    return Converted(
        study=study,
        notes=tuple(notes),
        ranked_notes=(NAMELESS,),
        arguments=priors.arguments(),
    )


def _add_below(space: Entry, priors: Priors, before: str) -> None:
    for key, value in space.data.items():
        if isinstance(value, Mapping):
            _add_below(space.below(key), priors, f"{before}{key}.")
            continue
        text = str(value).removeprefix("orion").removeprefix("~").removeprefix("+")
        priors.add(f"{before}{key}".lstrip("/").replace("/", "."), text, f"{space.place}.{key}")


def _add_algorithm(experiment: Entry, key: str, study: dict[str, Any], notes: list[str]) -> None:
    """Take in an algorithm: its name, or a dictionary of its name, or of its type."""
    value = experiment.data[key]
    options: Mapping[str, Any] = {}
    if isinstance(value, Mapping):
        options = value if "type" in value or "of_type" in value else next(iter(value.values()), {})
        value = value.get("type", value.get("of_type", next(iter(value), "")))
    entry = Entry({key: str(value)}, experiment.place)
    word = entry.choice(key, _ALGORITHMS)
    study["algorithm"] = _ALGORITHMS[word].ours
    if _ALGORITHMS[word].note:
        notes.append(f"{word} becomes {_ALGORITHMS[word].ours}: {_ALGORITHMS[word].note}")
    options = entry_of(options or {}, key).data
    seed = options.get("seed")
    if isinstance(seed, int):
        study["seed"] = seed
    notes += [left_out(f"{key}.{one}") for one in options if one not in {"seed", "type", "of_type"}]
