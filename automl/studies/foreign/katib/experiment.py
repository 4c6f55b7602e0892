"""An experiment of Katib: a space, an objective, an algorithm, and the job of a trial."""

import re
from typing import Any

from automl.studies.foreign.entry import Entry, entry_of
from automl.studies.foreign.katib.command import TrialCommand, command_of
from automl.studies.foreign.katib.metrics import in_trial, metrics_of, ranked_by, readers_of
from automl.studies.foreign.katib.parameters import distribution_of
from automl.studies.foreign.parameters import Parameters, placed
from automl.studies.foreign.renamed import NO_CHECKPOINTS, Renamed, ignored, left_out, renamed
from automl.studies.foreign.space import Beside, Converted

_ALGORITHMS = {
    "random": Renamed("random"),
    "grid": Renamed("grid"),
    "tpe": Renamed("tpe"),
    "multivariate-tpe": Renamed("tpe"),
    "bayesianoptimization": Renamed(
        "tpe", "its Gaussian process is --algorithm gp, which needs torch"
    ),
    "cmaes": Renamed("cmaes"),
    "sobol": Renamed("sobol"),
    "pbt": Renamed("tpe", NO_CHECKPOINTS),
    "hyperband": Renamed("random", "trials are stopped early by the pruner hyperband"),
}
_KNOWN = {
    *("objective", "algorithm", "parameters", "parallelTrialCount", "maxTrialCount"),
    *("maxFailedTrialCount", "metricsCollectorSpec", "trialTemplate", "earlyStopping"),
}
_AT_ONCE = 3
"""What Katib runs at once where an experiment does not say."""


class KatibExperiment:
    """The YAML of an `Experiment`."""

    title = "an experiment of Katib"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether it is a resource with parameters in a list."""
        spec = data.get("spec") if isinstance(data, dict) else None
        return isinstance(spec, dict) and isinstance(spec.get("parameters"), list)

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; what its job runs in a container, runs on this machine."""
        del beside
        whole = entry_of(data)
        spec = whole.below("spec")
        parameters = Parameters()
        for entry in spec.entries("parameters"):
            with placed(entry.place):
                parameters.add(entry.text("name"), distribution_of(entry), entry.place)
        notes = parameters.notes
        study: dict[str, Any] = {"hyperparams": parameters.described}
        if name := whole.below("metadata", {}).text("name", None):
            study["name"] = name
        _add_algorithm(spec, study, notes)
        _add_limits(spec, study, notes)
        objective = spec.below("objective")
        study |= ranked_by(objective)
        readers, path = readers_of(spec, metrics_of(objective), notes)
        command = command_of(spec, parameters.names)
        if command is not None:
            _add_task(study, command, readers, path)
            notes += command.notes
        notes += ignored(spec, _KNOWN)
        arguments = () if command is not None else parameters.options("--{name}=")
        return Converted(study=study, notes=tuple(notes), arguments=arguments)


def _add_algorithm(spec: Entry, study: dict[str, Any], notes: list[str]) -> None:
    if spec.data.get("algorithm") is None:
        return
    algorithm = spec.below("algorithm")
    study["algorithm"] = renamed(algorithm, "algorithmName", _ALGORITHMS, notes)
    settings = _settings(algorithm)
    if algorithm.data["algorithmName"] == "hyperband":
        study["pruner"] = "hyperband"
    seed = settings.pop("random_state", settings.pop("seed", None))
    if seed is not None:
        study["seed"] = int(seed) if str(seed).isdigit() else seed
    notes += [left_out(f"the setting {name} of the algorithm") for name in settings]


def _settings(entry: Entry) -> dict[str, Any]:
    key = entry.one_of("algorithmSettings", "settings")
    return {one.text("name"): one.get("value") for one in entry.entries(key, [])}


def _add_limits(spec: Entry, study: dict[str, Any], notes: list[str]) -> None:
    study["max_parallel"] = spec.whole("parallelTrialCount", _AT_ONCE)
    count = spec.whole("maxTrialCount", None)
    if count is not None:
        study["max_trial_num"] = count
    failed = spec.whole("maxFailedTrialCount", None)
    if failed:
        study["fail_fast"] = failed
        notes.append(
            f"maxFailedTrialCount: the study pauses when its first {failed} trials fail alike; "
            "later failures are rows of the table"
        )
    if spec.data.get("earlyStopping") is not None:
        study["pruner"] = _pruner(spec.below("earlyStopping"), notes)


def _pruner(early: Entry, notes: list[str]) -> dict[str, Any]:
    early.choice("algorithmName", ("medianstop",))
    names = {"min_trials_required": "startup_trials", "start_step": "start_step"}
    pruner: dict[str, Any] = {"type": "median"}
    for one in early.entries("algorithmSettings", []):
        name = one.text("name")
        if name in names:
            pruner[names[name]] = one.whole("value")
        else:
            notes.append(left_out(f"the setting {name} of medianstop"))
    return pruner


def _add_task(
    study: dict[str, Any], command: TrialCommand, readers: list[dict[str, Any]], path: str
) -> None:
    """Take in the command; a file of metrics lies in the trial's folder, as trials share a disk."""
    words = command.words
    env = command.env
    if path:
        known = re.compile(rf"(?<![\w./\-]){re.escape(path)}(?![\w.\-])")
        words = [known.sub(lambda _: in_trial(path), word) for word in words]
        env = {name: known.sub(lambda _: in_trial(path), value) for name, value in env.items()}
    task: dict[str, Any] = {"type": "BashTask", "cmd": words, "metric_reader": readers}
    if len(readers) == 1:
        task["metric_reader"] = readers[0]
    study["task_list"] = [task]
    if env:
        study["env"] = env
