"""A sampler that may fail, and what stands in for it."""

import logging
from collections.abc import Sequence

from automl.errors import AutomlError
from automl.search.sampler import Sampler, Told
from automl.space.parameters import ParamValue

log = logging.getLogger(__name__)


class Guarded:
    """Asks a sampler, and another one where the first raises an exception.

    Args:
        sampler: what is asked first.
        otherwise: what is asked after an exception.
        what: the sampler in words, for messages.
        stop: whether an exception ends the study instead.
    """

    def __init__(self, sampler: Sampler, otherwise: Sampler, what: str, *, stop: bool) -> None:
        self._sampler = sampler
        self._otherwise = otherwise
        self._what = what
        self._stop = stop
        self._told = False

    def suggest(self, trial_id: int, history: Sequence[Told]) -> dict[str, ParamValue] | None:
        """Return the sampler's proposal, or the other's; the first exception is logged.

        Raises:
            AutomlError: the sampler raised an exception, and that is to end the study.
        """
        try:
            return self._sampler.suggest(trial_id, history)
        except Exception as error:
            problem = f"{self._what} raised {type(error).__name__}: {error}"
            if self._stop:
                raise AutomlError(
                    f"trial {trial_id}: {problem}; use another algorithm, or leave out "
                    "stop_when_exception=True to go on with random values where it fails"
                ) from error
            if not self._told:
                self._told = True
                log.warning(
                    "trial %d: %s; it gets random values, as do later ones where this happens "
                    "again", trial_id, problem, exc_info=True,
                )  # fmt: skip
            return self._otherwise.suggest(trial_id, history)
