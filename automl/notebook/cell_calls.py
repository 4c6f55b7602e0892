"""Which call of a study each cell makes: the same one whenever the cell is run again."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from automl.notebook.cell import Cell


class CellCall(NamedTuple):
    """A call that a cell makes.

    Attributes:
        number: of the call, from 1.
        names: by which the cell is found again; to be kept with the call.
    """

    number: int
    names: tuple[str, ...]


class CellCalls:
    """The calls that the cells of this kernel have made."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, int], int] = {}
        self._runs: dict[str, tuple[str, int]] = {}

    def call(
        self, place: str, cell: Cell, kept: Mapping[int, Sequence[str]], behind: int
    ) -> CellCall:
        """Return the call that a cell makes now.

        A cell that is run again makes the calls that it made, in their order; so it does after
        the kernel was started anew. A cell that made none makes the next one that there is: calls
        of which nobody knows whose they are, as those of a script, are the first cells', in order.

        Args:
            place: the study.
            cell: the one that runs.
            kept: the names of the cells that made each call, as far as they are known.
            behind: the last of the calls that this kernel has made; what nobody knows of is looked
                for behind it.
        """
        run, count = self._runs.get(place, ("", 0))
        nth = count + 1 if run == cell.run else 1
        self._runs[place] = cell.run, nth
        names = tuple(f"{name}/{nth}" for name in cell.kept_as)
        key = (place, cell.known_as, nth)
        if key not in self._numbers:
            self._numbers[key] = self._found(place, names, kept, behind)
        return CellCall(self._numbers[key], names)

    def _found(
        self, place: str, names: Sequence[str], kept: Mapping[int, Sequence[str]], behind: int
    ) -> int:
        taken = {number for (where, *_), number in self._numbers.items() if where == place}
        free = [number for number in sorted(kept) if number not in taken]
        for name in names:
            for number in free:
                if name in kept[number]:
                    return number
        for number in free:
            if number > behind and not kept[number]:
                return number
        return max([*kept, *taken, 0]) + 1


CELL_CALLS = CellCalls()
"""Those of this kernel."""
