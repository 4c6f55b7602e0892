"""How a value is written where every value is a text."""

from automl.errors import SpecError
from automl.render.number_words import float_word

_PAIRS = (("true", "false"), ("yes", "no"), ("on", "off"), ("1", "0"))


def word_of(value: object, *, before: str | None, what: str) -> str:
    """Return a value as text.

    Args:
        value: text, a number, True or False.
        before: what stood there; where that was `yes` or `Off`, so is what True or False becomes.
        what: the format, for the message.

    Raises:
        SpecError: it is none of these.

    >>> word_of(1e-05, before="0.1", what="INI"), word_of(True, before="No", what="INI")
    ('0.00001', 'Yes')
    """
    if isinstance(value, bool):
        return _switch(before or "")[not value]
    if isinstance(value, float):
        return float_word(value)
    if isinstance(value, str | int):
        return str(value)
    raise SpecError(f"{what} has no value {value!r}; its values are texts and numbers")


def is_number_or_switch(text: str) -> bool:
    """Tell whether a text is a number or a word for yes or no."""
    if any(text.lower() in pair for pair in _PAIRS):
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def _switch(before: str) -> tuple[str, str]:
    """Return the words for True and False, written as the one that stood there."""
    found = next((pair for pair in _PAIRS if before.lower() in pair), None)
    if found is None:
        return _PAIRS[0]
    if before.isupper():
        return found[0].upper(), found[1].upper()
    if before.istitle():
        return found[0].title(), found[1].title()
    return found
