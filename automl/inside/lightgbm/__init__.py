"""A callback of LightGBM that reports: `lightgbm.train(..., callbacks=[ReportCallback()])`."""

from typing import Any

from automl.inside.scripts.reporting import report_all


class ReportCallback:
    """Reports each metric of each data set that is watched, as `valid_0-l2`.

    The first part is the name of the data set, the second that of the metric; of a cross-validation
    it is the mean. The step is how many rounds there were. Outside of a trial it does nothing.

    Attributes:
        order: its place among other callbacks: before early stopping, which may end a round.
        before_iteration: it is called behind each round.
    """

    order = 25
    before_iteration = False

    def __call__(self, env: Any) -> None:  # noqa: ANN401 - what LightGBM gives its callbacks
        """Report the numbers of a round that has ended."""
        numbers = {
            f"{data}-{name}": number for data, name, number, *_ in env.evaluation_result_list
        }
        report_all(numbers, env.iteration + 1)
