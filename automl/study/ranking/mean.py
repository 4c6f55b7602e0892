"""The mean of numbers of any size."""

import math
import statistics
from collections.abc import Sequence


def mean_of(values: Sequence[float]) -> float:
    """Return the mean of at least one number, NaN where one is NaN or infinities cancel out.

    Unlike `statistics.fmean` it bears numbers whose sum is beyond the largest float, such as the
    last losses of a training that diverges.

    >>> mean_of([1e308, 1.5e308])
    1.25e+308
    """
    try:
        return math.fsum(values) / len(values)
    except OverflowError:
        return statistics.mean(values)  # exact, but a hundred times slower
    except ValueError:  # infinities of both signs
        return math.nan
