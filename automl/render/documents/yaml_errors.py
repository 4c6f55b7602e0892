"""What PyYAML says is wrong with a text, as errors that say where."""

from collections.abc import Iterator
from contextlib import contextmanager

from automl.errors import SpecError

_DEEPEST = 100
"""What is nested deeper is no study, and no config file."""


@contextmanager
def yaml_errors(text: str) -> Iterator[None]:
    """Raise SpecError, with line and column, where a text that is read in the block is no YAML."""
    import yaml  # noqa: PLC0415 - 30 ms, and not every start reads one

    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise SpecError(f"{where}{error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        told = f"the character U+{error.character:04X} is not allowed in YAML"
        raise SpecError(f"{_where(text, error.position)}: {told}") from error
    except RecursionError as error:
        raise SpecError(f"{_where(text, _deep(text))}: this is nested too deep") from error


def _where(text: str, index: int) -> str:
    """Return the line and the column of a character, from 1, in words."""
    before = text[:index]
    return f"line {before.count(chr(10)) + 1}, column {index - before.rfind(chr(10))}"


def _deep(text: str) -> int:
    """Return where a document is nested deeper than any study."""
    import yaml  # noqa: PLC0415 - as above

    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return event.start_mark.index if event.start_mark else 0
    return 0
