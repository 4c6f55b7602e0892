"""What the numbers are called that an objective returns."""

from collections.abc import Sequence

from automl.errors import SpecError, shown
from automl.inside.reports import VALUE


def value_names(count: int) -> list[str]:
    """Return the names of so many numbers that nobody named."""
    return [VALUE] if count == 1 else [f"{VALUE}s_{place}" for place in range(count)]


def named_values(given: object, count: int) -> list[str]:
    """Return names that the user gave, one for each of so many numbers.

    Raises:
        SpecError: there are more or fewer of them, one comes twice, or one is no text.
    """
    names = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else None
    if names is None or not all(isinstance(one, str) and one.strip() for one in names):
        raise SpecError(f"metric_names must be a list of names, got {shown(given)}")
    if len(names) != count or len(set(names)) != count:
        raise SpecError(
            f"metric_names must be {count} different name{'s' * (count != 1)}, one for each "
            f"direction of the study, got {names}"
        )
    return names
