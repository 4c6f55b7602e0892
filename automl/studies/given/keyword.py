"""What is known of one keyword of a study."""

from dataclasses import dataclass
from typing import Any

from automl.plain_data import plain
from automl.studies.given.kinds import Kind
from automl.studies.given.place import at
from automl.studies.given.plain import check_plain

NEEDED = object()
"""The default of a keyword that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """One keyword of a study.

    Attributes:
        name: as users write it.
        kind: what it takes.
        default: what it has if it is not given; `NEEDED` if it must be.
        help: what it is, in one line.
        example: plain data that it takes.
        also: another name for it in a description.
        kept: whether it describes the study; else only how this start of it is made.
        instead: the keyword with which this one, if it is needed, may be left out: it is empty.
        option: how a command line spells it where that is not `--name-with-hyphens`; None where it
            has no option of its own there.
    """

    name: str
    kind: Kind
    default: Any = NEEDED
    help: str
    example: Any
    also: str = ""
    kept: bool = True
    instead: str = ""
    option: tuple[str, ...] | None = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """How a command line spells it, empty where it has no option of its own there.

        >>> from automl.studies.keywords import BY_NAME
        >>> BY_NAME["max_runtime"].spellings, BY_NAME["max_parallel"].spellings
        (('--max-runtime',), ('-j', '--max-parallel'))
        """
        if self.option is None:
            return ()
        return self.option or (f"--{self.name.replace('_', '-')}",)

    def read(self, value: object, place: str) -> Any:  # noqa: ANN401 - as its kind has it
        """Return a value in the form that a study has it.

        Raises:
            SpecError: it is not allowed; the error names the place.
        """
        if value is None and self.default is None:
            return None
        value = plain(value)
        check_plain(value, place)
        with at(place):
            return self.kind.read(value, place)
