"""One record of a table to its cells, and what stands between them."""

import re
from collections.abc import Collection

BLANKS = " "
"""The delimiter that stands for any number of blanks and tabs."""

_FOUND = ("\t", ";", "|", ",")
"""What is looked for between cells, the surest first; blanks if there is none."""

_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
_SPACES = re.compile(r"[ \t]*")
_WORDS = re.compile(r'[^\s"]\S*')


class OpenError(ValueError):
    """A quoted cell has not ended: the record goes on in the next line."""


class BrokenError(ValueError):
    """Something stands behind the end of a quoted cell."""


def cells_of(record: str, delimiter: str) -> list[str]:
    r"""Return the cells of a record without the blanks around them.

    >>> cells_of('1, "a ""b"", c" ,0.5', ","), cells_of("  1   0.5", " ")
    (['1', 'a "b", c', '0.5'], ['1', '0.5'])

    Raises:
        OpenError: a quoted cell has not ended.
        BrokenError: something stands behind the end of one.
    """
    if '"' in record:
        return _with_quotes(record, delimiter)
    cells = record.split() if delimiter == BLANKS else record.split(delimiter)
    return [one.strip() for one in cells]


def delimiter_of(record: str, names: Collection[str], decimal: str = ".") -> str:
    """Return what stands between the cells of a record, by the columns that it should have.

    Args:
        record: the record.
        names: columns, if it is a header.
        decimal: what stands before the decimals of its numbers.

    >>> delimiter_of("epoch, loss", []), delimiter_of("a;b,c", ["c"]), delimiter_of("1 0.5", [])
    (',', ',', ' ')
    """
    found = [one for one in _FOUND if one in record and one != decimal] + [BLANKS]
    for one in found if names else ():
        try:
            if set(names) <= set(cells_of(record, one)):
                return one
        except ValueError:
            continue
    return found[0]


def _with_quotes(record: str, delimiter: str) -> list[str]:
    cells = []
    at = 0
    while True:
        at = _after_blanks(record, at, delimiter)
        if record.startswith('"', at):
            found = _QUOTED.match(record, at)
            if found is None:
                raise OpenError
            cells.append(found[1].replace('""', '"').strip())
            end = found.end()
            at = _after_blanks(record, end, delimiter)
            if at == len(record):
                return cells
            at = _behind(record, end, at, delimiter)
        else:
            end = _end_of_plain(record, at, delimiter)
            if end > at or delimiter != BLANKS:
                cells.append(record[at:end].strip())
            if end == len(record):
                return cells
            at = end + 1


def _after_blanks(record: str, at: int, delimiter: str) -> int:
    if delimiter == "\t":
        while record.startswith(" ", at):
            at += 1
        return at
    return _SPACES.match(record, at).end()  # type: ignore[union-attr] # it matches nothing too


def _behind(record: str, end: int, at: int, delimiter: str) -> int:
    """Return where the cell behind a quoted one begins."""
    if delimiter == BLANKS:
        if at == end:
            raise BrokenError
        return at
    if not record.startswith(delimiter, at):
        raise BrokenError
    return at + 1


def _end_of_plain(record: str, at: int, delimiter: str) -> int:
    if delimiter == BLANKS:
        found = _WORDS.match(record, at)
        return found.end() if found else at
    end = record.find(delimiter, at)
    return len(record) if end < 0 else end
