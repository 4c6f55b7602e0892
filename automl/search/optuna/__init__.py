"""Optuna's samplers behind our contract."""
