"""Which values of a file a path means: `layers[0].size`, `layers[*].size`, `a.lr; b.lr`."""

from automl.data_path.choice import field_of, positions, value_text
from automl.data_path.path import Span, Step, Where, linked_paths, parse_path, path_text
from automl.data_path.repeatable import listed
from automl.errors import SpecError
from automl.render.patch.compared import value_at
from automl.render.patch.data_kinds import Folded
from automl.render.patch.missing import missing_path
from automl.render.patch.patcher import Documents, Steps


def chosen(path: str, data: object, *, create: bool) -> list[Steps]:
    """Return where the values are that a path means, in the order of the file; one at least.

    Args:
        path: as the user wrote it.
        data: what the file holds.
        create: the end of a path may be missing: keys, or the position behind the last of a list.

    Raises:
        SpecError: it is no path, or there is no such value.
    """
    found: list[Steps] = []
    for one in linked_paths(path):
        steps = parse_path(one)
        if isinstance(data, Documents) and isinstance(steps[0], str):
            steps = (0, *steps)
        found += _Choice(one, data, create=create).of(steps)
    return found


class _Choice:
    def __init__(self, path: str, data: object, *, create: bool) -> None:
        self._path = path
        self._data = data
        self._create = create

    def of(self, path: tuple[Step, ...]) -> list[Steps]:
        """Return where the values of one path are."""
        found: list[tuple[Steps, object]] = [((), self._data)]
        for at, step in enumerate(path):
            below = [one for steps, value in found for one in self._below(steps, value, path[at:])]
            if not below and isinstance(step, Where | Span):
                raise SpecError(self._nothing(path[: at + 1], found))
            found = below
        return [steps for steps, _ in found]

    def _below(
        self, steps: Steps, value: object, path: tuple[Step, ...]
    ) -> list[tuple[Steps, object]]:
        step = path[0]
        if isinstance(step, str):
            step = (value.written(step) or step) if isinstance(value, Folded) else step
            if isinstance(value, dict) and step in value:
                return [((*steps, step), value[step])]
            return self._made(steps, value, path, {})
        items = self._items(steps, value)
        if isinstance(step, int):
            if -len(items) <= step < len(items):
                at = step % len(items)
                return [(_item(steps, value, at), items[at])]
            return self._made(steps, value, path, [])
        return [(_item(steps, value, at), items[at]) for at in positions(items, step)]

    def _items(self, steps: Steps, value: object) -> list[object]:
        """Return what a list holds; where each value is a list of one, too, that one."""
        around = value_at(self._data, steps[:-1]) if steps else None
        items = listed(value, around)
        return items if isinstance(items, list) else []

    def _made(
        self, steps: Steps, value: object, path: tuple[Step, ...], empty: object
    ) -> list[tuple[Steps, object]]:
        """Return a place that is not there but may be made."""
        step = path[0]
        fits = value is None or isinstance(value, type(empty))
        fits = fits and not isinstance(value, Documents)
        if isinstance(step, int):
            fits = fits and step == len(value if isinstance(value, list) else [])
        if not (self._create and fits) or isinstance(step, Where | Span):
            raise missing_path(path_text((*steps, *path)), self._data)
        return [((*steps, step), None)]

    def _nothing(self, path: tuple[Step, ...], found: list[tuple[Steps, object]]) -> str:
        """Return why no item of a list is meant."""
        step = path[-1]
        told = f"{self._path!r}: {path_text(path)!r} means no item"
        lists = [items for one in found if (items := self._items(*one)) or one[1] == []]
        if not lists:
            return f"{told}: {path_text(path[:-1]) or 'the file'!r} is no list"
        if isinstance(step, Where) and step.field:
            there = [value for item in lists[0] for value in field_of(item, step.field)]
            shown = ", ".join(f"[{step.field}={value_text(value)}]" for value in there[:5])
            return f"{told}; there is: {shown}" if shown else f"{told}: none has {step.field!r}"
        return f"{told}: the list has {len(lists[0])}"


def _item(steps: Steps, value: object, at: int) -> Steps:
    return (*steps, at) if isinstance(value, list) else steps
