"""Callbacks of Keras as a user gives them: one, several, or what makes them for each model."""

from collections.abc import Iterable
from typing import Any, NoReturn

from automl.errors import SpecError, shown


def given_callbacks(given: Any) -> Any:  # noqa: ANN401 - whatever a user gives
    """Return `callbacks=` as it is kept: a tuple of callbacks, or what makes them.

    Raises:
        SpecError: it is neither.
    """
    # A class makes its callback, although it has the methods of one.
    if isinstance(given, type) or (callable(given) and not _is_callback(given)):
        return given
    return _listed(given)


def callbacks_of(kept: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    """Return the callbacks of one model; they are made now if that was asked for.

    Raises:
        SpecError: what was made are no callbacks.
    """
    return kept if isinstance(kept, tuple) else _listed(kept())


def _listed(given: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    if given is None:
        return ()
    if _is_callback(given):
        return (given,)
    if isinstance(given, type):
        _refuse(f"the class {given.__name__}; make one of it: {given.__name__}()")
    if isinstance(given, str | bytes | dict) or not isinstance(given, Iterable):
        _refuse(shown(given))
    # Keras takes lists in lists.
    return tuple(one for part in given for one in _listed(part))


def _is_callback(given: Any) -> bool:  # noqa: ANN401 - as above
    # Keras is loaded in the processes of models only, so that no class of it is compared with.
    return not isinstance(given, type) and callable(getattr(given, "set_model", None))


def _refuse(got: str) -> NoReturn:
    raise SpecError(
        "callbacks must be a callback of Keras, a list of them, or a function that makes them, "
        f"got {got}",
        place="callbacks",
    )
