"""The variables by which a process knows that automl started it, and for which trial."""

MARK_VARIABLE = "AUTOML_MARK"
"""The environment variable that every process of a trial inherits; its value names the trial."""

SCRIPT_VARIABLE = "AUTOML_SCRIPT"
"""The environment variable that tells processes of an objective which script they import."""

FUNCTION_VARIABLE = "AUTOML_FUNCTION"
"""The same for the name of the function, with which `optimize` ends the import."""

TRIAL_DIR_VARIABLE = "AUTOML_TRIAL_DIR"
"""The environment variable with the folder of the trial, where its values are.

The script of a trial sets it, so that it is there too where a person runs that by hand.
"""

OUTER_RANKS_VARIABLE = "AUTOML_OUTER_RANKS"
"""The environment variable with the ranks, `NAME=value` each, that automl itself was started with.

They say nothing of the processes of a trial.
"""
