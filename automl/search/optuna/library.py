"""Loading Optuna, which takes 0.2 s and so is done only where it is needed."""

from automl.quiet import muted


def load_optuna() -> None:
    """Import Optuna as a whole, before any part of it.

    Threads that begin with different parts of it at the same time, as the searches of several
    studies do, would meet modules that are only half there: each part imports others.
    """
    # Such as, in a notebook, of a bar of progress that nobody is going to see.
    with muted(Warning):
        import optuna  # noqa: F401, PLC0415
