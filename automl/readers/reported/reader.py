"""The reader of what programs and functions report: `type="report_reader"`."""

from dataclasses import dataclass
from typing import ClassVar

from automl.errors import SpecError
from automl.inside.files import REPORTS
from automl.inside.reports import VALUE
from automl.readers.reported.follower import ReportFollower


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReader:
    """A number that a function returns, or a program reports by `automl.report`, by its name.

    What is reported without a name is the metric that the study ranks by, if that is one.

    Args:
        metric: its name; `value` if not given, which is what a function with one number returns.
    """

    type: ClassVar[str] = "report_reader"

    metric: str = VALUE

    def __post_init__(self) -> None:
        if not isinstance(self.metric, str) or not self.metric:
            raise SpecError(f"reader: metric must be a name, got {self.metric!r}")

    @property
    def location(self) -> str:
        """The file that is read, the same for all names."""
        return f"{{{{ trial.dir }}}}/{REPORTS}"

    def follow(self, path: str) -> ReportFollower:
        """Return what reads the file that the location became."""
        return ReportFollower(self.metric, path)
