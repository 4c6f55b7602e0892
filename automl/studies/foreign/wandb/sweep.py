"""A sweep of W&B: method, metric, parameters, command, early_terminate."""

from typing import Any

from automl.studies.foreign.counted import combinations
from automl.studies.foreign.entry import Entry, entry_of
from automl.studies.foreign.parameters import Parameters, placed
from automl.studies.foreign.renamed import Renamed, ignored, renamed
from automl.studies.foreign.space import Beside, Converted
from automl.studies.foreign.wandb.command import command_of, has_flags
from automl.studies.foreign.wandb.distributions import distribution_of
from automl.studies.given.place import inside

_METHODS = {
    "grid": Renamed("grid"),
    "random": Renamed("random"),
    "bayes": Renamed("tpe", "its Gaussian process is --algorithm gp, which needs torch"),
}
_OF_SWEEPS = ("method", "program", "command", "early_terminate", "run_cap")
_KNOWN = {*_OF_SWEEPS, "parameters", "metric", "name"}


class WandbSweep:
    """The YAML of a sweep."""

    title = "a sweep of W&B"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether it has parameters, and something else that only sweeps have."""
        return (
            isinstance(data, dict)
            and isinstance(data.get("parameters"), dict)
            and any(key in data for key in _OF_SWEEPS)
        )

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; nested parameters have the names above them, with dots."""
        del beside
        sweep = entry_of(data)
        parameters = Parameters()
        tree = _add_below(sweep.below("parameters"), parameters, "", flags=has_flags(sweep))
        notes = parameters.notes + list(ignored(sweep, _KNOWN))
        study: dict[str, Any] = {"hyperparams": parameters.described}
        study["algorithm"] = renamed(sweep, "method", _METHODS, notes)
        study |= _limits(sweep, study, notes)
        ranked = _ranked(sweep, study)
        command = command_of(sweep, parameters.described, tree)
        if command is not None:
            study["task_list"] = [{"type": "BashTask", "cmd": command.words, **_reader(study)}]
            if command.variables:
                study["env_from"] = command.variables
        if any(isinstance(below, dict) for below in tree.values()):
            notes.append(_NESTED)
        return Converted(
            study=study,
            notes=tuple(notes),
            ranked_notes=ranked,
            arguments=() if command is not None else parameters.options("--{name}="),
        )


_NESTED = (
    "nested parameters have names with dots: an option is --optimizer.lr=0.1, where W&B gives one "
    "with a dictionary; ${args_json} has dictionaries, ${args_json_file} has names with dots"
)


def _add_below(parent: Entry, parameters: Parameters, before: str, *, flags: bool) -> Any:  # noqa: ANN401 - a tree
    """Take in the parameters of a dictionary; return their names as they are nested."""
    tree: dict[str, Any] = {}
    for key, value in parent.data.items():
        entry = entry_of(value, inside(parent.place, key))
        name = f"{before}{key}"
        if "parameters" in entry.data:
            below = entry.below("parameters")
            tree[key] = _add_below(below, parameters, f"{name}.", flags=flags)
            continue
        tree[key] = name
        with placed(entry.place):
            made = distribution_of(entry)
        if flags and _is_truth(made.described.get("candidates")):
            flag = {"type": "Flag", "name": name, "on": f"--{name}"}
            parameters.insert(flag, entry.place)
        else:
            parameters.add(name, made, entry.place)
    return tree


def _is_truth(values: Any) -> bool:  # noqa: ANN401 - a list, or None
    return values is not None and len(values) == 2 and all(type(one) is bool for one in values)  # noqa: PLR2004 - True and False


def _limits(sweep: Entry, study: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if name := sweep.text("name", None):
        limits["name"] = name
    count = sweep.whole("run_cap", None)
    if count is None and study["algorithm"] == "grid":
        count = combinations(study["hyperparams"])
    if count is not None:
        limits["max_trial_num"] = count
    if sweep.data.get("early_terminate") is not None:
        limits["pruner"] = _pruner(sweep.below("early_terminate"), notes)
    return limits


def _pruner(early: Entry, notes: list[str]) -> dict[str, Any]:
    """Return hyperband's one ladder of rungs, from `min_iter` up, or from `max_iter` down."""
    kind = early.choice("type", ("hyperband",))
    eta = early.number("eta", 3)
    factor = max(2, round(eta))
    if factor != eta:
        notes.append(f"early_terminate: eta {eta} is {factor}, a whole number of 2 or more")
    pruner: dict[str, Any] = {"type": kind, "factor": factor, "brackets": 1}
    least = early.number("min_iter", None)
    if least is not None:
        pruner["start_step"] = least
    else:
        most, depth = early.number("max_iter"), early.whole("s", 1)
        pruner |= {"start_step": most / eta**depth, "max_step": most}
    notes += ignored(early, {"type", "eta", "min_iter", "max_iter", "s", "strict"})
    if early.get("strict", default=False):
        notes.append("early_terminate: strict has no counterpart, and is left out")
    return pruner


def _ranked(sweep: Entry, study: dict[str, Any]) -> tuple[str, ...]:
    """Take in what trials are ranked by; return what is to be known of it."""
    if sweep.data.get("metric") is None:
        return ()
    metric = sweep.below("metric")
    name = metric.text("name")
    goal = metric.choice("goal", ("minimize", "maximize"), "minimize")
    study["objectives"] = [{"metric": name, "direction": goal}]
    target = metric.number("target", None)
    if target is not None:
        kind = "large_is_better" if goal == "maximize" else "small_is_better"
        study["earlystop"] = {"type": kind, "threshold": target}
    return (f"{name} is read where the program prints it; wandb.log alone tells automl nothing",)


def _reader(study: dict[str, Any]) -> dict[str, Any]:
    if "objectives" not in study:
        return {}
    metric = study["objectives"][0]["metric"]
    return {"metric_reader": {"type": "stdout_reader", "metric": metric}}
