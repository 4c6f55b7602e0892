"""Trials as Optuna shows them, and those that are to come."""
