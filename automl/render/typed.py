"""Values with placeholders in them that keep their type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from automl.errors import RenderError
from automl.render import syntax
from automl.render.context import getter
from automl.render.template import Template, TemplateContext, expression


class TypedTemplate:
    """A value for a config file: what has placeholders is filled in, anything else is kept.

    A text that is nothing but one placeholder becomes the value itself: a number stays a number,
    True stays True. In lists and dicts, each item is taken so.

    Args:
        value: a plain JSON value.
        where: what it is part of, for messages.

    Attributes:
        templates: the texts in it.

    Raises:
        SpecError: a text is no template.
    """

    def __init__(self, value: Any, *, where: str) -> None:  # noqa: ANN401 - any JSON value
        self.templates: list[Template] = []
        self._fill = self._filling(value, where)

    def value(self, context: TemplateContext) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value for one trial.

        Raises:
            RenderError: an expression failed, or its value is none that a file can hold.
        """
        return self._fill(context)

    def _filling(self, value: Any, where: str) -> Callable[[TemplateContext], Any]:  # noqa: ANN401
        if isinstance(value, list | tuple):
            items = [self._filling(item, where) for item in value]
            return lambda context: [fill(context) for fill in items]
        if isinstance(value, dict):
            pairs = {key: self._filling(item, where) for key, item in value.items()}
            return lambda context: {key: fill(context) for key, fill in pairs.items()}
        if not isinstance(value, str):
            return lambda _context: value
        template = Template(value, where=where)
        self.templates.append(template)
        return lambda context: _value(template, context)


def _whole(pieces: Sequence[syntax.Piece]) -> Callable[[TemplateContext], Any] | None:
    """Return what gives the value of a text that is one placeholder, None for other texts."""
    if len(pieces) != 1 or pieces[0].is_text:
        return None
    (piece,) = pieces
    if piece.name:
        return getter(piece.name)
    return expression(piece.text) if piece.text.startswith("{{") else None


def _value(template: Template, context: TemplateContext) -> Any:  # noqa: ANN401 - any JSON value
    get = _whole(template.pieces)
    if get is None:
        return template.render(context)
    try:
        found = get(context)
        if not (found is None or isinstance(found, str | int | float | list | tuple | dict)):
            raise TypeError(f"it gives a {type(found).__name__}, which no file can hold")  # noqa: TRY301
    except Exception as error:  # an expression of the user's may raise anything
        raise RenderError(
            f"trial {context.trial_id}: {template.where}: cannot fill in {template.shown}: "
            f"{type(error).__name__}: {error}"
        ) from error
    return found
