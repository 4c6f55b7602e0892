"""How a study deals with results that differ from run to run of the same combination."""

from dataclasses import dataclass

from automl.space.numbers import whole_number


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
        whole_number("confirm", self.confirm, 0)
        whole_number("confirm_seeds", self.confirm_seeds, LEAST_SEEDS, why=FEW_SEEDS)


LEAST_SEEDS = 2
FEW_SEEDS = ": fewer cannot show how much results differ"
