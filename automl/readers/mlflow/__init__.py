"""Numbers that a program logs to MLflow, in a store on this machine."""
