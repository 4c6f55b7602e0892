"""The table of results as a pandas frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

from automl.show.columns import table_columns
from automl.space.space import SearchSpace
from automl.study.objective import Objectives
from automl.study.trial import Trial

# pandas takes 0.4 s to import, so only the one function that needs it does so.
if TYPE_CHECKING:
    import pandas as pd

    Table: TypeAlias = pd.DataFrame


def results_table(
    trials: Iterable[Trial],
    space_names: Sequence[str],
    *,
    objectives: Objectives,
    full: bool = False,
    space: SearchSpace | None = None,
) -> pd.DataFrame:
    """Return one row per trial, best first as `rank` has it, rows numbered from 0.

    Those that the space does not hold any more stand below all others.

    The columns have two levels: `('params', name)` in alphabetical order, the results, and the
    metadata. Only what the study has is there:

    - `('results', metric)` for each metric that ranks or is constrained; `('results', 'score')`
      before them is their weighted sum; `('results', 'interval')` is the half width of the 95 %
      interval of the value's mean over its seeds, `('results', 'confirmed')` the mean over the
      fresh seeds. All are float64 with NaN for missing.
    - `('metadata', 'id')`; `outside`, whether it lies outside the space, if any trial does;
      `front`, the number of the non-dominated front from 1, missing for
      trials that did not complete or break a constraint; `budget`, the largest one reached;
      `checkpoint_id`, the trial whose checkpoint it continued, -1 for none; `note`, why a user
      wanted it tried, empty for the others; and `reason` if there is one: why and where a trial
      ended early, or which constraint it breaks. A reason is empty for the others, for those that
      only wait with less than the whole budget, and the state's name where nothing else is known.

    A parameter's column is int64, float64 or bool when all its values are of that one type;
    otherwise it holds the values as they are. NaN, a float, stands where a trial lacks one.

    Args:
        trials: in any order and state.
        space_names: the parameters of the space; others that a trial has get a column as well.
        objectives: what the trials are ranked by.
        full: add to the metadata violation (if there are constraints), state, failure (its kind),
            reason, start (UTC), duration_s, attempts, exit_code, peak_memory_mb (of 10**6 bytes),
            cpu_s, measurements, launches (those that gave a result), avoided (combinations that
            were proposed for it, but had been tried) and origin (of its values).
        space: what the best trial must lie in, None if it does not matter.
    """
    import pandas as pd  # noqa: PLC0415 - slow

    columns = table_columns(trials, space_names, objectives=objectives, full=full, space=space)
    # The stubs allow no list of mixed values, which is what an object column is for.
    series = [
        pd.Series(cast("list[str]", values), dtype=dtype) for values, dtype in columns.values()
    ]
    frame = pd.DataFrame(dict(enumerate(series)))
    frame.columns = pd.MultiIndex.from_tuples(list(columns))
    return frame
