"""The door for Python functions, with Optuna's words; `automl` itself gives them."""
