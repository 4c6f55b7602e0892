"""A callback of XGBoost that reports: `xgboost.train(..., callbacks=[ReportCallback()])`."""

from collections.abc import Mapping
from typing import Any

import xgboost

from automl.inside.scripts.reporting import report_all


class ReportCallback(xgboost.callback.TrainingCallback):  # type: ignore[misc] # it has no types
    """Reports each metric of each data set that is watched, by the name that XGBoost prints.

    That is `eval-rmse` for the metric `rmse` of `evals=[(data, "eval")]`; of a cross-validation, it
    is the mean. The step is how many rounds there were. Outside of a trial it does nothing.
    """

    def after_iteration(
        self,
        model: Any,  # noqa: ANN401 - a booster
        epoch: int,
        evals_log: Mapping[str, Mapping[str, list[Any]]],
    ) -> bool:
        """Report the numbers of a round that has ended; the training goes on."""
        del model
        if xgboost.collective.get_rank() == 0:
            newest = {
                f"{data}-{metric}": values[-1]
                for data, metrics in evals_log.items()
                for metric, values in metrics.items()
            }
            # A mean has its deviation behind it.
            means = {
                name: one[0] if isinstance(one, tuple) else one for name, one in newest.items()
            }
            report_all(means, epoch + 1)
        return False
