"""The reader of databases: `reader.create(type="sqlite_reader", query="SELECT ...", ...)`."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from automl.errors import SpecError
from automl.readers.databases.query import rows_of, syntax_problem
from automl.readers.whole.follower import WholeFollower, whole_file
from automl.study.objective import METRIC
from automl.study.tasks.location import NEWEST, check_which
from automl.study.tasks.remote import PATIENCE_S

_EXAMPLE = "SELECT loss, epoch AS step FROM log ORDER BY epoch"
_BESIDE = ("-wal",)
"""Where SQLite writes first, in one of its modes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteReader:
    """Numbers that a query finds in a database of SQLite.

    Args:
        location: path of the file, with placeholders.
        query: one SELECT that gives a row a number; a column called `step` has the steps, the
            first other one the numbers. Give it an order.
        which: of several files that a location with `*` names, `newest` or `all`.
        metric: what the number is called.
        patience: for how long a file that `location` names by a URL is waited for once its trial
            has ended.
    """

    type: ClassVar[str] = "sqlite_reader"
    cure: ClassVar[str] = "correct the location or query of its reader"
    sought: ClassVar[str] = "query"

    location: str
    query: str
    which: str = NEWEST
    metric: str = METRIC
    patience: float | str = PATIENCE_S

    def __post_init__(self) -> None:
        check_which(self.which)
        if not isinstance(self.query, str) or not self.query.strip():
            raise SpecError(
                f"reader: query must be one SELECT, such as {_EXAMPLE!r}; got {self.query!r}"
            )
        problem = syntax_problem(self.query)
        if problem:
            raise SpecError(f"reader: query {self.query!r} is no SELECT that can be run: {problem}")

    def follow(self, path: str) -> WholeFollower:
        """Return what reads the file that the location became."""
        whole = whole_file(partial(rows_of, query=self.query), _BESIDE)
        return WholeFollower(self.metric, f"row of {self.query!r}", path, whole)
