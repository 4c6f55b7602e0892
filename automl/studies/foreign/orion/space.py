"""What Orion searches: a command line with marks, or a space in the config of an experiment."""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from automl.errors import SpecError
from automl.studies.foreign.entry import Entry, entry_of
from automl.studies.foreign.orion.config import has_marks, of_config
from automl.studies.foreign.orion.priors import PRIORS, is_prior
from automl.studies.foreign.orion.priors_found import NAMELESS, Priors
from automl.studies.foreign.renamed import Renamed, ignored, left_out
from automl.studies.foreign.space import Beside, Converted

_MARK = re.compile(
    r"(?P<option>(?P<dashes>-{0,2})(?P<name>[A-Za-z_/][\w./\-]*))~(?P<kind>[+\-=>]?)(?P<prior>.*)",
    re.DOTALL,
)
_IN_TEXT = re.compile(rf"~\+?['\"]?(?:{'|'.join([*PRIORS, 'fidelity'])})\(")
_FLAGS = {
    *("--enable-evc", "--ignore-code-changes", "--auto-resolution", "--manual-resolution"),
    *("--debug", "-d", "-v", "-vv", "-vvv", "--non-monitored-arguments"),
}
"""Options of `orion hunt` without a value."""

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
_OPTIONS = {
    "-n": "name",
    "--name": "name",
    "--max-trials": "max_trial_num",
    "--exp-max-trials": "max_trial_num",
    "--n-workers": "max_parallel",
    "--exp-max-broken": "fail_fast",
}
_KNOWN = {"name", "space", "max_trials", "algorithm", "algorithms", "n_workers", "max_broken"}


class OrionSpace:
    """`./train.py --lr~'loguniform(1e-5, 1.0)'`, or `space: {lr: "loguniform(1e-5, 1.0)"}`."""

    title = "a command line or config with Orion's marks, or an experiment of Orion"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether there are priors as Orion writes them."""
        if isinstance(data, str):
            return _IN_TEXT.search(data) is not None
        return _experiment(data) is not None or has_marks(data)

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; Orion minimizes, and does not name the metric."""
        del beside
        if isinstance(data, str):
            return _of_line(data)
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


def _of_line(text: str) -> Converted:
    """Return the study of a command line, with `orion hunt` before it or without."""
    line = " ".join(one for one in text.replace("\\\n", " ").splitlines() if _is_said(one))
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise SpecError(f"this is no command line: {error}", place="[0]") from error
    notes: list[str] = []
    study, words = _hunted(words, notes)
    if not words or _OF_CONFIG.search(" ".join(words[:2])):
        raise SpecError(_NO_COMMAND, place="[0]")
    priors = Priors()
    made = [one for word in words for one in _marked(word, priors)]
    notes += priors.notes()
    keywords = priors.keywords()
    return Converted(
        study={
            **keywords,
            **study,
            "objectives": [{"metric": _METRIC, "direction": "minimize"}],
            "task_list": [{"type": "BashTask", "cmd": made}],
        },
        notes=tuple(notes),
        ranked_notes=(f"{NAMELESS}; {_METRIC} is read if none is given",),
    )


_METRIC = "objective"
_OF_CONFIG = re.compile(r"^\S*[=:~]| [=:]$")
_NO_COMMAND = (
    "this is no command line; of configs, JSON and YAML are read, with marks such as "
    "lr: orion~uniform(0, 1); for others write placeholders and give --file"
)


def _is_said(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _hunted(words: list[str], notes: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the keywords that options of `orion hunt` say, and the user's own command."""
    study: dict[str, Any] = {}
    if words[:1] != ["orion"]:
        return study, words
    rest = [word for word in words[1:] if word != "hunt"]
    while rest and rest[0].startswith("-"):
        option, equals, value = rest.pop(0).partition("=")
        if not equals and rest and option not in _FLAGS:
            value = rest.pop(0)
        keyword = _OPTIONS.get(option)
        if keyword is None:
            notes.append(left_out(f"orion's option {option} {value}".rstrip()))
        else:
            study[keyword] = int(value) if value.isdigit() and keyword != "name" else value
    return study, rest


def _marked(word: str, priors: Priors) -> list[str]:
    """Return the words of a command for one that may be marked."""
    found = _MARK.fullmatch(word)
    if found is None or not (found["dashes"] or is_prior(found["prior"])):
        return [word]
    if found["kind"] in {"-", ">"}:
        raise SpecError(
            f"{word!r}: what an experiment was before it branched has no counterpart", place="[0]"
        )
    name = found["name"].lstrip("/").replace("/", ".")
    value = priors.add(name, found["prior"], "[0]")
    if not found["dashes"]:
        return [value]
    option = found["option"]
    return [f"{option}={value}"] if option.startswith("--") else [option, value]
