"""How a study deals with results that differ from run to run of the same combination."""

from dataclasses import dataclass

from automl.errors import SpecError
from automl.study.limits import whole_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """With how many seeds combinations are run.

    Args:
        repeats: seeds of each combination; it is ranked by the mean, and given up early when it
            can hardly become the best.
        confirm: how many of the best are judged anew at the end, with fresh seeds, the user's
            default beside them; 0: none.
        confirm_seeds: with how many fresh seeds each of these is run.
    """

    repeats: int = 1
    confirm: int = 0
    confirm_seeds: int = 5

    def __post_init__(self) -> None:
        whole_number("repeats", self.repeats)
        if type(self.confirm) is not int or self.confirm < 0:
            raise SpecError(f"confirm must be a whole number of 0 or more, got {self.confirm!r}")
        if type(self.confirm_seeds) is not int or self.confirm_seeds < LEAST_SEEDS:
            raise SpecError(
                f"confirm_seeds must be a whole number of at least {LEAST_SEEDS}, got "
                f"{self.confirm_seeds!r}: fewer cannot show how much results differ"
            )


LEAST_SEEDS = 2
