"""Modules with Optuna's names, where code that names them by module finds them."""
