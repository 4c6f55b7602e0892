"""The variables by which a process knows that automl started it."""

MARK_VARIABLE = "AUTOML_MARK"
"""The environment variable that every process of a trial inherits; its value names the trial."""

SCRIPT_VARIABLE = "AUTOML_SCRIPT"
"""The environment variable that tells processes of an objective which script they import."""

FUNCTION_VARIABLE = "AUTOML_FUNCTION"
"""The same for the name of the function, with which `optimize` ends the import."""
