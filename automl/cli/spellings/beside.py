"""The spelling where a file or a script describes the study, and options stand beside it."""

from collections.abc import Mapping

from automl.cli.spellings.command_line import CommandLine
from automl.spelling.spelling import Described


class Beside:
    """How a description is written to which options may be added.

    What is no part of the description but tells of this start alone, such as `--fresh`, is an
    option; all else is written where the description is.

    Args:
        described: how the description is written.
    """

    def __init__(self, described: Described) -> None:
        self._described = described
        self._options = CommandLine()

    def name(self, keyword: str) -> str:
        """Return a keyword without a value."""
        return self._of(keyword).name(keyword)

    def setting(self, keyword: str, value: object) -> str:
        """Return a keyword with a value."""
        return self._of(keyword).setting(keyword, value)

    def part(self, keyword: str, options: Mapping[str, object]) -> str:
        """Return a part of the description."""
        return self._described.part(keyword, options)

    def retry(self, study: str) -> str:
        """Return the command that runs failed trials again."""
        return self._options.retry(study)

    def _of(self, keyword: str) -> Described:
        from automl.studies.keywords import BY_NAME  # noqa: PLC0415 - most commands say nothing

        row = BY_NAME.get(keyword)
        only_now = row is not None and not row.kept and row.spellings
        return self._options if only_now else self._described
