"""Tune the hyperparameters of any command; start at `automl.hpo`."""

__version__ = "0.1.0"
