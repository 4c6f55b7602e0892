"""What trials leave that is kept once they have ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from automl.errors import SpecError
from automl.space.numbers import whole_number
from automl.spelling.spelling import spelled

ALL = "all"
BEST = "best"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Which trials keep what they leave in their folders.

    Args:
        which: `all`; `best`, the best one; or a number, so many of the best.
        artifacts: patterns of what the others lose, with placeholders, below the trial's folder.
    """

    which: str | int = ALL
    artifacts: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "artifacts", tuple(self.artifacts))
        if isinstance(self.which, str):
            if self.which not in {ALL, BEST}:
                raise SpecError(
                    f"keep must be 'all', 'best' or how many of the best, got {self.which!r}",
                    place="keep",
                )
        else:
            whole_number("keep", self.which)
        if self.count is not None and not self.artifacts:
            raise SpecError(
                f"{spelled('keep', self.which)} needs {spelled('artifacts')}, which says what the "
                "other trials lose, such as "
                f"{spelled('artifacts', ['{{ trial.dir }}/model*'])}",
                place="keep",
            )

    @property
    def count(self) -> int | None:
        """How many of the best keep theirs, None for all trials."""
        if self.which == ALL:
            return None
        return self.which if isinstance(self.which, int) else 1
