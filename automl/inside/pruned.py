"""What an objective raises to end its trial early."""


class TrialPruned(Exception):  # noqa: N818 - Optuna's name for it
    """The trial is not worth going on with; what it reported last is its value."""
