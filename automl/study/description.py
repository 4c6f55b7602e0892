"""A space and objectives, read back from the plain JSON values that the journal keeps."""

from collections.abc import Mapping
from typing import Any

from automl.errors import JournalError
from automl.space.kinds.registry import parameter_from
from automl.space.space import SearchSpace
from automl.study.objective import Direction, Final, Objective, Objectives


def space_from(description: Mapping[str, Any]) -> SearchSpace:
    """Return the space of a study that `StudySpec.describe` described.

    Raises:
        JournalError: the description is damaged, or a newer release wrote it.
    """
    try:
        parameters = [parameter_from(one) for one in description["hyperparams"]]
        return SearchSpace(tuple(parameters), rules=tuple(description.get("rules", ())))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unknown("the space", error) from error


def objectives_from(description: Mapping[str, Any]) -> Objectives:
    """Return the objectives of a study that `StudySpec.describe` described.

    Raises:
        JournalError: the description is damaged, or a newer release wrote it.
    """
    usual = {
        "direction": description.get("direction", Direction.MAXIMIZE),
        "final": description.get("final", Final.LAST),
    }
    try:
        items = [Objective(**one) for one in description.get("objectives", [usual])]
        return Objectives(tuple(items), tuple(description.get("constraints", ())))
    except (TypeError, ValueError) as error:
        raise _unknown("the objectives", error) from error


def _unknown(what: str, error: Exception) -> JournalError:
    return JournalError(
        f"the journal describes {what} in a way that this release does not know: "
        f"{type(error).__name__}: {error}. Use the release of automl that wrote it, or a newer one"
    )
