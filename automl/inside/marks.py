"""The variables by which a process knows that automl started it."""

MARK_VARIABLE = "AUTOML_MARK"
"""The environment variable that every process of a trial inherits; its value names the trial."""
