"""Samplers and pruners by Optuna's names, arguments and objects."""
