"""The contract of the spaces of other tools, and what one becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Beside = Callable[[str, Callable[[Any], T]], T]
"""Takes the path of a file that a space names, relative to its own, and what is made of its data.

Mistakes that are raised meanwhile are told with the lines of that file.
"""


@dataclass(frozen=True, slots=True)
class Argument:
    """Words by which a command is told values.

    Attributes:
        names: the parameters whose values they tell.
        words: with placeholders, as in `--lr`, `{{ trial.param.lr }}`.
        sometimes: whether a trial may be without them, as a condition does not hold.
    """

    names: tuple[str, ...]
    words: tuple[str, ...]
    sometimes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a space of another tool becomes.

    Attributes:
        study: keywords of a study, as a study's file has them; what the space does not say is
            left out. Its paths count from the folder where automl is started, but for `cwd`,
            which counts from that of the space's file.
        notes: what has no counterpart, or another one than its user may expect.
        ranked_notes: the same of what trials are ranked by, where nobody says it otherwise.
        arguments: how a command is told the values that are not in it, whether the space has the
            command or it is given beside it.
        instead: how it is told all of them at once, where its program has this option, and, by its
            source, not all of the others.
        changes: path to value, of a file that is itself the config of the program: each trial gets
            it with these values.
    """

    study: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    ranked_notes: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] = ()
    instead: Argument | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


class ForeignSpace(Protocol):
    """How another tool writes a space. Files are read elsewhere; it sees plain data alone.

    Attributes:
        title: what messages call it, such as `an NNI search space`.
    """

    title: str

    def recognises(self, data: Any) -> bool:  # noqa: ANN401 - whatever a file holds
        """Tell from its data whether a file is one of this tool.

        Args:
            data: what the file holds; the text of one that is neither JSON nor YAML nor TOML.
        """
        ...

    def converted(self, data: Any, beside: Beside[Any]) -> Converted:  # noqa: ANN401 - as above
        """Return the study that a space becomes.

        Raises:
            SpecError: it is not as the tool has it, or has a type that is unknown; `place` is
                where in the data.
        """
        ...
