"""How good the search is: automl's whole loop beside plain Optuna, in simulated time."""
