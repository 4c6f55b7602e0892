"""The experiments of NNI, of both forms: a space, a command, a tuner and limits."""

from collections.abc import Mapping
from typing import Any

from automl.studies.foreign.arguments import words_of
from automl.studies.foreign.entry import Entry, entry_of
from automl.studies.foreign.nni.space import NniSpace, parameters_of
from automl.studies.foreign.parameters import Parameters
from automl.studies.foreign.renamed import NO_CHECKPOINTS, Renamed, ignored, left_out, renamed
from automl.studies.foreign.space import Beside, Converted

_SPACES = ("searchSpace", "searchSpaceFile", "searchSpacePath")

_TUNERS = {
    "TPE": Renamed("tpe"),
    "Random": Renamed("random"),
    "GridSearch": Renamed("grid"),
    "Evolution": Renamed("evolution"),
    "Anneal": Renamed("tpe", "annealing has no counterpart"),
    "SMAC": Renamed("tpe", "its random forest has no counterpart"),
    "GP": Renamed("tpe", "its Gaussian process is --algorithm gp, which needs torch"),
    "Metis": Renamed("tpe", "its Gaussian process is --algorithm gp, which needs torch"),
    "PBTTuner": Renamed("tpe", NO_CHECKPOINTS),
    "BatchTuner": Renamed("grid"),
    "Hyperband": Renamed("random"),
    "BOHB": Renamed("tpe"),
}
_ASSESSORS = {
    "Medianstop": Renamed("median"),
    "Curvefitting": Renamed("median", "curves are not extrapolated, but compared"),
}
_ADVISORS = ("Hyperband", "BOHB")

_KNOWN = {
    *_SPACES,
    *("experimentName", "trialCommand", "trialCodeDirectory", "trialConcurrency"),
    *("trialGpuNumber", "maxTrialNumber", "maxExperimentDuration", "maxTrialDuration", "tuner"),
    *("assessor", "advisor", "trial", "maxTrialNum", "maxExecDuration"),
}
_FINAL = r"Final result: ([-+\d.eE]+)"
_METRIC = "default"


class NniExperiment:
    """`searchSpace`, `trialCommand`, `tuner` and the like, in both forms; or a space alone."""

    title = "an experiment or a search space of NNI"

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell whether it names a space as NNI does, or is one."""
        return _is_experiment(data) or NniSpace().recognises(data)

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study; the values are options of the command."""
        if not _is_experiment(data):
            return NniSpace().converted(data, beside)
        whole = entry_of(data)
        parameters = _parameters(whole, beside)
        study: dict[str, Any] = {"hyperparams": parameters.described}
        notes = list(parameters.notes)
        _add_tuner(whole, study, notes)
        _add_limits(whole, study)
        _add_command(whole, study)
        notes += ignored(whole, _KNOWN)
        return Converted(
            study=study,
            notes=(*notes, _TOLD),
            ranked_notes=(_RANKED,),
            arguments=parameters.options(),
        )


_TOLD = (
    "a script gets its values as options, or by automl.params(); nni.get_next_parameter() gives "
    "it none here"
)
_RANKED = (
    "NNI does not name the metric: the number behind 'Final result:' counts, which "
    "nni.report_final_result prints; --maximize NAME or --minimize NAME reads another"
)


def _is_experiment(data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
    return isinstance(data, dict) and any(key in data for key in _SPACES)


def _parameters(whole: Entry, beside: Beside[Any]) -> Parameters:
    if whole.data.get("searchSpace") is not None:
        return parameters_of(whole.below("searchSpace"))
    key = whole.one_of("searchSpaceFile", "searchSpacePath")
    found: Parameters = beside(whole.text(key), lambda data: parameters_of(entry_of(data)))
    return found


def _add_tuner(whole: Entry, study: dict[str, Any], notes: list[str]) -> None:
    direction, seed = "maximize", None
    for role, table in (("tuner", _TUNERS), ("advisor", _TUNERS), ("assessor", _ASSESSORS)):
        if whole.data.get(role) is None:
            continue
        entry = whole.below(role)
        options = entry.below("classArgs", {})
        key = entry.one_of("name", f"builtin{role.capitalize()}Name")
        if role != "assessor":
            direction = options.choice("optimize_mode", ("maximize", "minimize"), direction)
            seed = options.whole("seed", None)
        if "className" in entry.data or "classFileName" in entry.data:
            notes.append(left_out(f"{role}: a class of your own"))
            continue
        found = renamed(entry, key, table, notes)
        if role == "assessor":
            study["pruner"] = _pruner(found, options)
        else:
            study["algorithm"] = found
        if role == "advisor":
            study["pruner"] = "hyperband"
            notes.append("STEPS and epochs of the program are one run: a trial is stopped early")
    study["objectives"] = [{"metric": _METRIC, "direction": direction}]
    if seed is not None:
        study["seed"] = seed


def _pruner(found: str, options: Entry) -> dict[str, Any] | str:
    start = options.whole("start_step", None)
    return {"type": found, "start_step": start} if start else found


def _add_limits(whole: Entry, study: dict[str, Any]) -> None:
    if name := whole.text("experimentName", None):
        study["name"] = name
    study["max_trial_num"] = whole.whole(whole.one_of("maxTrialNumber", "maxTrialNum"), None)
    study["max_parallel"] = whole.whole("trialConcurrency", 1)
    study["max_runtime"] = whole.get(whole.one_of("maxExperimentDuration", "maxExecDuration"), None)
    study["trial_timeout"] = whole.get("maxTrialDuration", None)
    gpus = whole.number("trialGpuNumber", None) or _trial(whole).number("gpuNum", None)
    if gpus:
        study |= {"gpus": "auto", "gpus_per_trial": gpus}
    for keyword in [keyword for keyword, value in study.items() if value is None]:
        del study[keyword]


def _trial(whole: Entry) -> Entry:
    """Return the part of the older form that has the command."""
    return whole.below("trial", {})


def _add_command(whole: Entry, study: dict[str, Any]) -> None:
    line = whole.text("trialCommand", None) or _trial(whole).text("command", None)
    if line is None:
        return
    words = words_of(line)
    cmd = line if words == [line] and " " in line else words
    study["task_list"] = [{"type": "BashTask", "cmd": cmd, "metric_reader": _READER}]
    folder = whole.text("trialCodeDirectory", None) or _trial(whole).text("codeDir", ".")
    study["cwd"] = folder


_READER: Mapping[str, Any] = {
    "type": "local_reader",
    "location": "{{ trial.dir }}/stdout.log",
    "parser_pattern": _FINAL,
    "metric": _METRIC,
}
