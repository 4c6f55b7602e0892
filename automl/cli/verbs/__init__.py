"""A module a verb: its `command` is what `automl VERB` runs, and returns the exit code."""
