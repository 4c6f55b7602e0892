"""Optuna's names that are no part of a study: enums, errors, ranges, and how modules give them."""
