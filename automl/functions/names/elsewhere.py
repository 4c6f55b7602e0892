"""Names of Optuna that are not here, and what does the same."""

_TO_OPTUNA = "the study as Optuna's own is open_study(NAME).to_optuna() of automl.hpo"

ELSEWHERE = {
    "artifacts": "a trial's files are in its folder, trial.dir",
    "copy_study": "another study learns from one by create_study(warm_start=[NAME])",
    "importance": f"the shares are open_study(NAME).importance() of automl.hpo; {_TO_OPTUNA}",
    "integration": "report by trial.report(value, step), and ask trial.should_prune()",
    "search_space": _TO_OPTUNA,
    "storages": "a study is kept in its folder, and found there again; leave storage= out",
    "visualization": f"{_TO_OPTUNA}, for which optuna.visualization draws",
}
"""By the name, as `automl` would have it."""
